/** Little-endian integer of `width` bytes at `offset`. */
export function littleEndian(bytes: ArrayLike<number>, offset: number, width: number): bigint {
  let value = 0n;
  for (let i = width - 1; i >= 0; i--) value = value * 256n + BigInt(bytes[offset + i]!);
  return value;
}

/** Stores `value` as `width` little-endian bytes at `offset`. */
export function putLittleEndian(
  bytes: { [index: number]: number },
  offset: number,
  width: number,
  value: bigint,
): void {
  for (let i = 0; i < width; i++) {
    bytes[offset + i] = Number(value % 256n);
    value /= 256n;
  }
}

/** Big-endian integer of `width` bytes at `offset`; protection information is stored so. */
export function bigEndian(bytes: ArrayLike<number>, offset: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + bytes[offset + i]!;
  return value;
}

/** The `width` big-endian bytes of `value`. */
export function toBigEndian(value: number, width: number): number[] {
  const bytes: number[] = [];
  for (let i = width - 1; i >= 0; i--) bytes.push(Math.floor(value / 256 ** i) % 256);
  return bytes;
}

/** Bytes of a hexadecimal string. */
export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Hexadecimal string of bytes. */
export function toHex(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
