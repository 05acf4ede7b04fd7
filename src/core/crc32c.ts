/**
 * CRC32C as the DSA computes it (specification appendix A): polynomial 0x1EDC6F41, reflected 0x82F63B78.
 *
 * A word at a time by table. A word has to wait for the register that the one before it left, so that four stretches
 * of a block go side by side, each with a register of its own, and are joined at its end: a CRC is linear.
 */
import type { AddressSpace } from './address-space.js';
import { OPERATION_FLAG } from './flags.js';

const POLYNOMIAL = 0x82f63b78;

/** The register `bits` zero bits later. */
function afterZeroBits(register: number, bits: number): number {
  for (let bit = 0; bit < bits; bit++) register = (register >>> 1) ^ (register & 1 ? POLYNOMIAL : 0);
  return register;
}

/** The register a byte later. */
const BYTE = Int32Array.from({ length: 256 }, (_, value) => afterZeroBits(value, 8));
/** The register a word later, by its low 11, middle 11 and high 10 bits: 20 KiB, which a first-level cache holds. */
const LOW = Int32Array.from({ length: 2048 }, (_, value) => afterZeroBits(value, 32));
const MIDDLE = Int32Array.from({ length: 2048 }, (_, value) => afterZeroBits(value << 11, 32));
const HIGH = Int32Array.from({ length: 1024 }, (_, value) => afterZeroBits(value << 22, 32));

/** The register after a zero word; one with data goes through it as `register ^ data`. */
function afterWord(register: number): number {
  return LOW[register & 0x7ff]! ^ MIDDLE[(register >>> 11) & 0x7ff]! ^ HIGH[register >>> 22]!;
}

const LANE_WORDS = 64;
const BLOCK_BYTES = 4 * LANE_WORDS * 4;
/** The register a lane of zeros later, by its four bytes, lowest first. */
const LANE = Int32Array.from({ length: 4 * 256 }, (_, index) => {
  let register = (index & 0xff) << (8 * (index >> 8));
  for (let word = 0; word < LANE_WORDS; word++) register = afterWord(register);
  return register;
});

function afterLane(register: number): number {
  return (
    LANE[register & 0xff]! ^
    LANE[0x100 | ((register >>> 8) & 0xff)]! ^
    LANE[0x200 | ((register >>> 16) & 0xff)]! ^
    LANE[0x300 | (register >>> 24)]!
  );
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
  while (at < end && (at & 3) !== 0) state = afterByte(state, data[at++]!);
  for (; at + BLOCK_BYTES <= end; at += BLOCK_BYTES) state = afterBlock(state, words, at >>> 2);
  for (; at + 4 <= end; at += 4) state = afterWord(state ^ words[at >>> 2]!);
  while (at < end) state = afterByte(state, data[at++]!);
  return state;
}

function afterByte(register: number, value: number): number {
  return BYTE[(register ^ value) & 0xff]! ^ (register >>> 8);
}

/** The register after {@link BLOCK_BYTES} of data. Two words of each lane a turn; `| 0` keeps indices plain integers. */
function afterBlock(register: number, words: Int32Array, first: number): number {
  let a = register;
  let b = 0;
  let c = 0;
  let d = 0;
  const end = (first + LANE_WORDS) | 0;
  for (let i = first; i < end; i = (i + 2) | 0) {
    a = afterWord(a ^ words[i]!);
    b = afterWord(b ^ words[(i + LANE_WORDS) | 0]!);
    c = afterWord(c ^ words[(i + 2 * LANE_WORDS) | 0]!);
    d = afterWord(d ^ words[(i + 3 * LANE_WORDS) | 0]!);
    a = afterWord(a ^ words[(i + 1) | 0]!);
    b = afterWord(b ^ words[(i + LANE_WORDS + 1) | 0]!);
    c = afterWord(c ^ words[(i + 2 * LANE_WORDS + 1) | 0]!);
    d = afterWord(d ^ words[(i + 3 * LANE_WORDS + 1) | 0]!);
  }
  return afterLane(afterLane(afterLane(a) ^ b) ^ c) ^ d;
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
  while (at < end && (at & 3) !== 0) state = afterByte(state, reverseBitsInBytes(data[at++]!));
  for (; at + 4 <= end; at += 4) state = afterWord(state ^ reverseBitsInBytes(words[at >>> 2]!));
  while (at < end) state = afterByte(state, reverseBitsInBytes(data[at++]!));
  return state;
}
