/** Page size of the model [B]. */
export const PAGE_BYTES = 4096n;

/** Addresses at or above this are never mapped. */
export const ADDRESS_LIMIT = 2n ** 52n;

export const pageOf = (address: bigint): bigint => address - (address % PAGE_BYTES);

/** One address space: a map of bytes, and the set of pages that are present. Present pages start as zeros. */
export class ReferenceMemory {
  readonly bytes = new Map<bigint, number>();
  readonly present = new Set<bigint>();
  /** If set, every page below the limit is present but these. */
  allBut: Set<bigint> | undefined;
  /** Absent pages that a page request makes present; a request for any other page is answered Invalid Request. */
  readonly pageable = new Set<bigint>();
  /** Pages that page requests were sent for, in order. */
  readonly requested: bigint[] = [];

  isPresent(address: bigint): boolean {
    const page = pageOf(address);
    const there = this.allBut === undefined ? this.present.has(page) : !this.allBut.has(page);
    return address < ADDRESS_LIMIT && there;
  }

  /** Asks the host for the page; true when the page is there afterwards. */
  request(address: bigint): boolean {
    const page = pageOf(address);
    this.requested.push(page);
    if (address >= ADDRESS_LIMIT || !this.pageable.has(page)) return false;
    this.present.add(page);
    this.allBut?.delete(page);
    return true;
  }

  get(address: bigint): number {
    return this.bytes.get(address) ?? 0;
  }

  set(address: bigint, value: number): void {
    this.bytes.set(address, value & 0xff);
  }

  read(address: bigint, length: number): number[] {
    const bytes: number[] = [];
    for (let i = 0; i < length; i++) bytes.push(this.get(address + BigInt(i)));
    return bytes;
  }

  write(address: bigint, bytes: ArrayLike<number>): void {
    for (let i = 0; i < bytes.length; i++) this.set(address + BigInt(i), bytes[i]!);
  }

  /** Makes the page(s) under a range present. */
  map(address: bigint, length: number): void {
    for (let page = pageOf(address); page < address + BigInt(length); page += PAGE_BYTES)
      this.present.add(page);
  }
}
