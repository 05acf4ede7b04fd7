/**
 * The guard of a data integrity field (DSA specification appendix B): CRC-16 T10-DIF, polynomial 0x8BB7, most
 * significant bit first, no final inversion unless the DIF flags ask. Sixteen bytes a step through sixteen tables.
 */
import type { AddressSpace } from './address-space.js';

const POLYNOMIAL = 0x8bb7;
const SLICES = 16;

/** DIF flags (byte 42 of the descriptor) that change the guard. */
const DIF_FLAG = {
  /** The register starts with all ones instead of zero. */
  seed_ones: 0x4,
  /** The result is inverted. */
  invert: 0x8,
} as const;

const TABLES = makeTables();

function makeTables(): Uint16Array {
  const tables = new Uint16Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & 0x8000 ? POLYNOMIAL : 0);
    tables[byte] = crc;
  }
  for (let i = 256; i < tables.length; i++) {
    const previous = tables[i - 256]!;
    tables[i] = (previous << 8) ^ tables[previous >>> 8]!;
  }
  return tables;
}

/** Guard of one block of memory. */
export function t10Guard(space: AddressSpace, address: number, bytes: number, difFlags: number): number {
  let crc = (difFlags & DIF_FLAG.seed_ones) !== 0 ? 0xffff : 0;
  for (let done = 0; done < bytes; ) {
    const count = space.locate(address + done, bytes - done);
    crc = updateChunk(crc, space.arena.bytes, space.arena.words, space.offset, count);
    done += count;
  }
  return (difFlags & DIF_FLAG.invert) !== 0 ? ~crc & 0xffff : crc;
}

function updateChunk(crc: number, data: Uint8Array, words: Int32Array, start: number, bytes: number): number {
  const t = TABLES;
  const end = start + bytes;
  let at = start;
  while (at < end && (at & 3) !== 0) crc = ((crc << 8) & 0xffff) ^ t[(crc >>> 8) ^ data[at++]!]!;
  for (const last = end - 16; at <= last; at += 16) {
    const word = at >>> 2;
    // The register meets the first two bytes, its high half first.
    const a = words[word]! ^ (((crc & 0xff) << 8) | (crc >>> 8));
    const b = words[word + 1]!;
    const c = words[word + 2]!;
    const d = words[word + 3]!;
    // What depends on the register comes last, so that the rest is looked up while the register is still on its way.
    crc =
      t[d >>> 24]! ^
      t[0x100 | ((d >>> 16) & 0xff)]! ^
      t[0x200 | ((d >>> 8) & 0xff)]! ^
      t[0x300 | (d & 0xff)]! ^
      t[0x400 | (c >>> 24)]! ^
      t[0x500 | ((c >>> 16) & 0xff)]! ^
      t[0x600 | ((c >>> 8) & 0xff)]! ^
      t[0x700 | (c & 0xff)]! ^
      t[0x800 | (b >>> 24)]! ^
      t[0x900 | ((b >>> 16) & 0xff)]! ^
      t[0xa00 | ((b >>> 8) & 0xff)]! ^
      t[0xb00 | (b & 0xff)]! ^
      t[0xc00 | (a >>> 24)]! ^
      t[0xd00 | ((a >>> 16) & 0xff)]! ^
      t[0xe00 | ((a >>> 8) & 0xff)]! ^
      t[0xf00 | (a & 0xff)]!;
  }
  while (at < end) crc = ((crc << 8) & 0xffff) ^ t[(crc >>> 8) ^ data[at++]!]!;
  return crc;
}
