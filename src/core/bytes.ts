/** Little-endian fields in plain byte arrays, without allocation. */

/** First address that no page table of this simulator maps: 2^52 [B]. */
export const ADDRESS_LIMIT = 4503599627370496;

/** Page size of the simulated address spaces [B]. */
export const PAGE_BYTES = 4096;

const TWO_32 = 4294967296;

/** Reads 16 bits. */
export function readUint16(from: Uint8Array, offset: number): number {
  return from[offset]! | (from[offset + 1]! << 8);
}

/** Reads 32 bits as an unsigned number. */
export function readUint32(from: Uint8Array, offset: number): number {
  return (
    (from[offset]! | (from[offset + 1]! << 8) | (from[offset + 2]! << 16) | (from[offset + 3]! << 24)) >>> 0
  );
}

/**
 * Reads a 64-bit address as a double. Exact below {@link ADDRESS_LIMIT}; above it the low 12 bits are dropped,
 * which a double holds exactly for every page of a 64-bit space: such an address only ever faults.
 */
export function readAddress(from: Uint8Array, offset: number): number {
  return joinAddress(readUint32(from, offset), readUint32(from, offset + 4));
}

/** The address of two unsigned halves, as {@link readAddress} gives it. */
export function joinAddress(low: number, high: number): number {
  return high < 0x10_0000 ? high * TWO_32 + low : high * TWO_32 + ((low & ~(PAGE_BYTES - 1)) >>> 0);
}

/** Writes 16 bits. */
export function writeUint16(into: Uint8Array, offset: number, value: number): void {
  into[offset] = value;
  into[offset + 1] = value >>> 8;
}

/** Writes 32 bits. */
export function writeUint32(into: Uint8Array, offset: number, value: number): void {
  into[offset] = value;
  into[offset + 1] = value >>> 8;
  into[offset + 2] = value >>> 16;
  into[offset + 3] = value >>> 24;
}

/** Writes a 64-bit address. */
export function writeAddress(into: Uint8Array, offset: number, address: number): void {
  writeUint32(into, offset, address >>> 0);
  writeUint32(into, offset + 4, Math.floor(address / TWO_32));
}

/** The start of the page that holds `address`. */
export function pageStart(address: number): number {
  // Division by a power of two is exact, and much faster than a remainder of doubles.
  return Math.floor(address / PAGE_BYTES) * PAGE_BYTES;
}
