/**
 * CRC32C as the DSA computes it (specification appendix A): polynomial 0x1EDC6F41, reflected 0x82F63B78.
 * Sixteen bytes a step through sixteen tables, as in "Slicing-by-16".
 */
import type { AddressSpace } from './address-space.js';
import { OPERATION_FLAG } from './flags.js';

const POLYNOMIAL = 0x82f63b78;

/**
 * Table s: the effect of a byte that lies s bytes before the end of a step. Sixteen arrays of their own: their
 * addresses are then constants in the compiled loop.
 */
const [T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15] = makeTables();

type Tables = [
  ...[Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array],
  ...[Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array],
];

function makeTables(): Tables {
  const tables = Array.from({ length: 16 }, () => new Int32Array(256));
  const first = tables[0]!;
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
    first[byte] = crc;
  }
  for (let slice = 1; slice < 16; slice++) {
    for (let byte = 0; byte < 256; byte++) {
      const previous = tables[slice - 1]![byte]!;
      tables[slice]![byte] = (previous >>> 8) ^ first[previous & 0xff]!;
    }
  }
  return tables as Tables;
}

/** Reverses the order of all 32 bits. */
export function reverseBits32(value: number): number {
  const swapped =
    ((value >>> 24) & 0xff) | ((value >>> 8) & 0xff00) | ((value << 8) & 0xff0000) | (value << 24);
  return reverseBitsInBytes(swapped) >>> 0;
}

/** Reverses the bits inside each of the four bytes. */
function reverseBitsInBytes(value: number): number {
  value = ((value >>> 1) & 0x55555555) | ((value & 0x55555555) << 1);
  value = ((value >>> 2) & 0x33333333) | ((value & 0x33333333) << 2);
  return ((value >>> 4) & 0x0f0f0f0f) | ((value & 0x0f0f0f0f) << 4);
}

/** State of the register before the first byte. */
export function beginCrc32c(seed: number, flags: number): number {
  return (flags & OPERATION_FLAG.crc.bypass_inversion_and_reflection) !== 0 ? reverseBits32(seed) | 0 : ~seed;
}

/** CRC value of a register state; it is also the seed that continues the computation. */
export function finishCrc32c(state: number, flags: number): number {
  return (
    ((flags & OPERATION_FLAG.crc.bypass_inversion_and_reflection) !== 0 ? reverseBits32(state) : ~state) >>> 0
  );
}

/**
 * Runs a range of memory through the register.
 * @param reverseData whether each byte enters with its bits reversed (flag 18)
 */
export function updateCrc32c(
  state: number,
  space: AddressSpace,
  address: number,
  bytes: number,
  reverseData: boolean,
): number {
  for (let done = 0; done < bytes; ) {
    const count = space.locate(address + done, bytes - done);
    const { bytes: data, words } = space.arena;
    state = reverseData
      ? updateReversed(state, data, words, space.offset, count)
      : updateChunk(state, data, words, space.offset, count);
    done += count;
  }
  return state;
}

function updateChunk(
  state: number,
  data: Uint8Array,
  words: Int32Array,
  start: number,
  bytes: number,
): number {
  const end = start + bytes;
  let at = start;
  while (at < end && (at & 3) !== 0) state = T0[(state ^ data[at++]!) & 0xff]! ^ (state >>> 8);
  for (const last = end - 16; at <= last; at += 16) {
    const word = at >>> 2;
    const a = state ^ words[word]!;
    const b = words[word + 1]!;
    const c = words[word + 2]!;
    const d = words[word + 3]!;
    state =
      T15[a & 0xff]! ^
      T14[(a >>> 8) & 0xff]! ^
      T13[(a >>> 16) & 0xff]! ^
      T12[a >>> 24]! ^
      T11[b & 0xff]! ^
      T10[(b >>> 8) & 0xff]! ^
      T9[(b >>> 16) & 0xff]! ^
      T8[b >>> 24]! ^
      T7[c & 0xff]! ^
      T6[(c >>> 8) & 0xff]! ^
      T5[(c >>> 16) & 0xff]! ^
      T4[c >>> 24]! ^
      T3[d & 0xff]! ^
      T2[(d >>> 8) & 0xff]! ^
      T1[(d >>> 16) & 0xff]! ^
      T0[d >>> 24]!;
  }
  while (at < end) state = T0[(state ^ data[at++]!) & 0xff]! ^ (state >>> 8);
  return state;
}

/** As `updateChunk`, with the bits of every byte reversed on their way in. */
function updateReversed(
  state: number,
  data: Uint8Array,
  words: Int32Array,
  start: number,
  bytes: number,
): number {
  const end = start + bytes;
  let at = start;
  while (at < end && (at & 3) !== 0)
    state = T0[(state ^ reverseBitsInBytes(data[at++]!)) & 0xff]! ^ (state >>> 8);
  for (const last = end - 8; at <= last; at += 8) {
    const a = state ^ reverseBitsInBytes(words[at >>> 2]!);
    const b = reverseBitsInBytes(words[(at >>> 2) + 1]!);
    state =
      T7[a & 0xff]! ^
      T6[(a >>> 8) & 0xff]! ^
      T5[(a >>> 16) & 0xff]! ^
      T4[a >>> 24]! ^
      T3[b & 0xff]! ^
      T2[(b >>> 8) & 0xff]! ^
      T1[(b >>> 16) & 0xff]! ^
      T0[b >>> 24]!;
  }
  while (at < end) state = T0[(state ^ reverseBitsInBytes(data[at++]!)) & 0xff]! ^ (state >>> 8);
  return state;
}
