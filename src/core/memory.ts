/** Whole-range operations on address spaces: copy, fill and compare at the speed of the host's own. */
import type { AddressSpace } from './address-space.js';
import type { Arena } from './arena.js';
import { PAGE_BYTES } from './bytes.js';

/** Below this a plain loop beats a call into the host [B]. */
const SMALL_BYTES = 48;

/**
 * Copies as if through a temporary buffer where both ranges are present and in one piece each.
 * @returns false where they are not; nothing was copied then
 */
export function copyWhole(
  to: AddressSpace,
  destination: number,
  from: AddressSpace,
  source: number,
  bytes: number,
): boolean {
  if (!from.locateWhole(source, bytes)) return false;
  const sourceArena = from.arena;
  const sourceOffset = from.offset;
  if (!to.locateWholeForWrite(destination, bytes)) return false;
  copyChunk(to.arena, to.offset, sourceArena, sourceOffset, bytes);
  return true;
}

/** Copies forward, chunk by chunk: right unless the destination begins inside the source. */
export function copyForward(
  to: AddressSpace,
  destination: number,
  from: AddressSpace,
  source: number,
  bytes: number,
): void {
  for (let done = 0; done < bytes; ) {
    const readable = from.locate(source + done, bytes - done);
    const sourceArena = from.arena;
    const sourceOffset = from.offset;
    const count = to.locateForWrite(destination + done, readable);
    copyChunk(to.arena, to.offset, sourceArena, sourceOffset, count);
    done += count;
  }
}

/** Copies as if through a temporary buffer, wherever the ranges overlap. */
export function move(space: AddressSpace, destination: number, source: number, bytes: number): void {
  if (destination <= source || destination >= source + bytes) {
    copyForward(space, destination, space, source, bytes);
    return;
  }
  if (space.locate(source, bytes) === bytes) {
    const offset = space.offset;
    // The destination begins inside the source: if it is in one piece, it is in the same one.
    if (space.locateForWrite(destination, bytes) === bytes) {
      copyChunk(space.arena, space.offset, space.arena, offset, bytes);
      return;
    }
  }
  // From the end, so that no source byte is overwritten before it is read; a chunk never crosses a page.
  for (let left = bytes; left > 0; ) {
    const inSourcePage = ((source + left - 1) % PAGE_BYTES) + 1;
    const inDestinationPage = ((destination + left - 1) % PAGE_BYTES) + 1;
    const count = Math.min(left, inSourcePage, inDestinationPage);
    left -= count;
    space.locate(source + left, count);
    const arena = space.arena;
    const offset = space.offset;
    space.locateForWrite(destination + left, count);
    copyChunk(space.arena, space.offset, arena, offset, count);
  }
}

function copyChunk(to: Arena, toOffset: number, from: Arena, fromOffset: number, bytes: number): void {
  const target = to.bytes;
  if (to === from) {
    target.copyWithin(toOffset, fromOffset, fromOffset + bytes);
  } else if (bytes <= SMALL_BYTES) {
    const source = from.bytes;
    for (let i = 0; i < bytes; i++) target[toOffset + i] = source[fromOffset + i]!;
  } else {
    target.set(from.bytes.subarray(fromOffset, fromOffset + bytes), toOffset);
  }
}

/** Eight rotated pattern bytes, once as bytes and once as the double of the same bits. */
const rotatedBytes = new Uint8Array(8);
const rotatedDouble = new Float64Array(rotatedBytes.buffer);

/**
 * Repeats a pattern from the start of a range; the last repetition is cut off.
 * @param pattern array that begins with it
 * @param period its length, 8 or 16 [B]
 */
export function fillRange(
  space: AddressSpace,
  address: number,
  bytes: number,
  pattern: Uint8Array,
  period: number,
): void {
  for (let done = 0; done < bytes; ) {
    const count = space.locateForWrite(address + done, bytes - done);
    fillChunk(space.arena, space.offset, count, pattern, period - 1, done);
    done += count;
  }
}

function fillChunk(
  arena: Arena,
  offset: number,
  bytes: number,
  pattern: Uint8Array,
  mask: number,
  phase: number,
): void {
  const target = arena.bytes;
  if (isUniform(pattern, mask)) {
    target.fill(pattern[0]!, offset, offset + bytes);
    return;
  }
  if (bytes <= SMALL_BYTES) {
    for (let i = 0; i < bytes; i++) target[offset + i] = pattern[(phase + i) & mask]!;
    return;
  }
  const head = (8 - (offset & 7)) & 7;
  for (let i = 0; i < 8; i++) rotatedBytes[i] = pattern[(phase + head + i) & mask]!;
  const value = rotatedDouble[0]!;
  // A NaN may lose bits on its way through a double, so that such patterns take the doubling copy below.
  if (mask === 7 && !Number.isNaN(value)) {
    const body = (bytes - head) & ~7;
    arena.doubles.fill(value, (offset + head) / 8, (offset + head + body) / 8);
    for (let i = 0; i < head; i++) target[offset + i] = pattern[(phase + i) & mask]!;
    for (let i = head + body; i < bytes; i++) target[offset + i] = pattern[(phase + i) & mask]!;
    return;
  }
  let filled = 32;
  for (let i = 0; i < filled; i++) target[offset + i] = pattern[(phase + i) & mask]!;
  while (filled < bytes) {
    const count = Math.min(filled, bytes - filled);
    target.copyWithin(offset + filled, offset, offset + count);
    filled += count;
  }
}

function isUniform(pattern: Uint8Array, mask: number): boolean {
  for (let i = 1; i <= mask; i++) if (pattern[i] !== pattern[0]) return false;
  return true;
}

/**
 * Whether two ranges that are present and in one piece each hold the same bytes: one call of the host.
 * @returns false where they differ, and where {@link mismatch} has to find out
 */
export function isSameWhole(
  spaceA: AddressSpace,
  a: number,
  spaceB: AddressSpace,
  b: number,
  bytes: number,
): boolean {
  if (bytes <= SMALL_BYTES || !spaceA.locateWhole(a, bytes)) return false;
  const arenaA = spaceA.arena;
  const offsetA = spaceA.offset;
  if (!spaceB.locateWhole(b, bytes)) return false;
  return isSame(arenaA, offsetA, spaceB.arena, spaceB.offset, bytes);
}

/**
 * Offset of the first byte in which two ranges differ, or `bytes` if they are equal.
 * The host's memory comparison skips equal stretches; halving then closes in on a difference.
 */
export function mismatch(
  spaceA: AddressSpace,
  a: number,
  spaceB: AddressSpace,
  b: number,
  bytes: number,
): number {
  for (let done = 0; done < bytes; ) {
    const readable = spaceA.locate(a + done, bytes - done);
    const arenaA = spaceA.arena;
    const offsetA = spaceA.offset;
    const count = spaceB.locate(b + done, readable);
    const same = mismatchChunk(arenaA, offsetA, spaceB.arena, spaceB.offset, count);
    if (same < count) return done + same;
    done += count;
  }
  return bytes;
}

/** Bytes compared before the host is asked [B]. */
const PROBE_BYTES = 8;
/** The stretch that one host comparison looks at first [B]; it grows while everything is equal. */
const FIRST_STRETCH_BYTES = 2048;
const LONGEST_STRETCH_BYTES = 1 << 20;

function mismatchChunk(arenaA: Arena, a: number, arenaB: Arena, b: number, bytes: number): number {
  const left = arenaA.bytes;
  const right = arenaB.bytes;
  // A difference is mostly found at once or not at all; what is short is not worth a call into the host.
  const probe = bytes <= SMALL_BYTES ? bytes : PROBE_BYTES;
  if (probe === bytes || !beginAlike(arenaA, a, arenaB, b)) {
    for (let at = 0; at < probe; at++) if (left[a + at] !== right[b + at]) return at;
    if (probe === bytes) return bytes;
  }
  // The host begins where the range does, which is likely to be aligned.
  let stretch = bytes <= 2 * FIRST_STRETCH_BYTES ? bytes : FIRST_STRETCH_BYTES;
  for (let at = 0; at < bytes; ) {
    const count = Math.min(stretch, bytes - at);
    if (!isSame(arenaA, a + at, arenaB, b + at, count)) {
      return at + closeIn(arenaA, a + at, arenaB, b + at, count);
    }
    at += count;
    stretch = Math.min(2 * stretch, LONGEST_STRETCH_BYTES);
  }
  return bytes;
}

/** Whether the first {@link PROBE_BYTES} are the same; only as good as a guess where they are not aligned. */
function beginAlike(arenaA: Arena, a: number, arenaB: Arena, b: number): boolean {
  if (((a | b) & 3) !== 0) return false;
  const left = arenaA.words;
  const right = arenaB.words;
  return left[a >> 2] === right[b >> 2] && left[(a >> 2) + 1] === right[(b >> 2) + 1];
}

/** Offset of the first difference of two ranges that have one. */
function closeIn(arenaA: Arena, a: number, arenaB: Arena, b: number, bytes: number): number {
  let at = 0;
  for (let count = bytes; count > SMALL_BYTES; ) {
    const half = count >>> 1;
    if (isSame(arenaA, a + at, arenaB, b + at, half)) {
      at += half;
      count -= half;
    } else count = half;
  }
  const left = arenaA.bytes;
  const right = arenaB.bytes;
  while (left[a + at] === right[b + at]) at++;
  return at;
}

function isSame(arenaA: Arena, a: number, arenaB: Arena, b: number, bytes: number): boolean {
  return arenaA.host.compare(arenaB.host, b, b + bytes, a, a + bytes) === 0;
}

/**
 * Offset of the first byte that differs from 8 repeated pattern bytes, or `bytes`.
 * @param pattern array that holds them
 * @param patternOffset where they begin [B]
 */
export function mismatchPattern(
  space: AddressSpace,
  address: number,
  bytes: number,
  pattern: Uint8Array,
  patternOffset: number,
): number {
  for (let done = 0; done < bytes; ) {
    const count = space.locate(address + done, bytes - done);
    const arena = space.arena;
    const start = space.offset;
    const target = arena.bytes;
    const probe = Math.min(count, SMALL_BYTES);
    for (let i = 0; i < probe; i++) {
      if (target[start + i] !== pattern[patternOffset + ((done + i) & 7)]) return done + i;
    }
    // The rest repeats the pattern if and only if it equals itself eight bytes earlier.
    const same =
      count - probe === 0 ? 0 : mismatchChunk(arena, start + probe, arena, start + probe - 8, count - probe);
    if (probe + same < count) return done + probe + same;
    done += count;
  }
  return bytes;
}
