import { putLittleEndian } from './bytes.js';

/** Delta record entries (specification 8.3.8, 8.3.9): a 16-bit offset in units of 8 bytes, then 8 bytes of data. */

export const ENTRY_BYTES = 10;
export const UNIT_BYTES = 8;

export interface DeltaEntry {
  unit: number;
  data: number[];
}

export function entryBytes(unit: number, data: ArrayLike<number>): number[] {
  const entry: number[] = [];
  putLittleEndian(entry, 0, 2, BigInt(unit));
  return [...entry, ...Array.from(data)];
}

export function parseEntry(bytes: ArrayLike<number>): DeltaEntry {
  return { unit: bytes[0]! + 256 * bytes[1]!, data: Array.from(bytes).slice(2, ENTRY_BYTES) };
}
