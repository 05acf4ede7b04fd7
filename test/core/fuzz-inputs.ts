import { putLittleEndian } from '../core-reference/bytes.js';
import { REVISION_2 } from '../core-reference/config.js';
import { FLAG, OP, ReferenceDescriptor } from '../core-reference/descriptor.js';
import { blockBytes } from '../core-reference/dif.js';
import { allowedFlags, reservedBits, reservedBytes } from '../core-reference/shapes.js';
import { ARENA_BYTES, ARENA_PAGES, PAGE } from './knobs.js';
import type { Randomness } from './randomness.js';

export const FUZZ_BASE = 0x40_0000;
const CODES = Object.values(OP);
const DATA_CODES = CODES.filter((code) => code !== OP.batch);

/** An address in or around the arena, with a liking for page boundaries; now and then anything. */
function someAddress(random: Randomness): bigint {
  if (random.oneIn(60)) return (BigInt(random.bits()) << 32n) | BigInt(random.bits());
  if (random.oneIn(60)) return 2n ** 52n + BigInt(random.below(5)) - BigInt(random.below(100));
  const page = FUZZ_BASE + random.below(ARENA_PAGES) * PAGE;
  const offset = random.pick([0, 0, random.below(PAGE), PAGE - random.below(64), 8 * random.below(512)]);
  return BigInt(page + offset - random.pick([0, 0, 0, 4096]));
}

function someSize(random: Randomness, code: number, difFlags: number): number {
  const dif: number[] = [OP.difCheck, OP.difStrip, OP.difUpdate, OP.difInsert, OP.dixGenerate];
  if (dif.includes(code) && !random.oneIn(8)) {
    const tagged = code !== OP.difInsert && code !== OP.dixGenerate ? 8 : 0;
    return (1 + random.below(4)) * (blockBytes(difFlags) + tagged);
  }
  const size = random.below(2 ** random.below(16));
  return random.oneIn(40) ? random.bits() : random.oneIn(2) ? size - (size % 8) : size;
}

/** A descriptor whose every field makes sense more often than not, so that execution gets deep. */
export function structuredDescriptor(random: Randomness, codes: readonly number[] = CODES): Uint8Array {
  const image = random.bytes(64);
  const code = random.pick(codes);
  image[7] = code;
  if (!random.oneIn(20)) image.set([image[0]!, image[1]!, image[2]! & 0x0f, image[3]! & 0x80]);
  for (const field of [8, 16, 24, 40, 48]) {
    if (field < 40 || random.oneIn(2)) putLittleEndian(image, field, 8, someAddress(random));
  }
  if (code === OP.dualcast && !random.oneIn(8)) {
    putLittleEndian(image, 40, 8, sameOffset(someAddress(random), image));
  }
  if (code === OP.createDelta)
    putLittleEndian(image, 48, 8, BigInt(random.oneIn(8) ? random.below(80) : 80 + random.below(300)));
  if (code === OP.applyDelta) putLittleEndian(image, 40, 8, BigInt(10 * (1 + random.below(20))));
  if (code >= OP.interDomainCopy && !random.oneIn(6)) image.set([random.below(4), 0, random.below(4), 0], 60);
  image[8]! &= random.oneIn(40) ? 0xff : 0xe0;
  if (code === OP.batch) image[16]! &= random.oneIn(20) ? 0xff : 0xc0;
  const size = code === OP.batch ? random.below(9) : someSize(random, code, image[42]!);
  putLittleEndian(image, 32, 4, BigInt(size));
  putLittleEndian(image, 36, 2, BigInt(random.below(random.oneIn(20) ? 65536 : 9)));
  setFlags(image, random);
  if (!random.oneIn(20)) clearReserved(image);
  return image;
}

function sameOffset(address: bigint, image: Uint8Array): bigint {
  return address - (address % 4096n) + BigInt(image[24]! + 256 * (image[25]! & 15));
}

function setFlags(image: Uint8Array, random: Randomness): void {
  let flags = random.bits() & 0xffffff;
  putLittleEndian(image, 4, 3, BigInt(flags));
  if (random.oneIn(20)) return;
  flags &= allowedFlags(new ReferenceDescriptor(image), REVISION_2);
  flags &= ~(FLAG.cacheControl3 | FLAG.cacheControl1 | (random.oneIn(8) ? 0 : FLAG.fence));
  if (!random.oneIn(8)) flags |= FLAG.completionAddressValid | FLAG.requestCompletion;
  putLittleEndian(image, 4, 3, BigInt(flags));
}

function clearReserved(image: Uint8Array): void {
  const d = new ReferenceDescriptor(image);
  for (const offset of reservedBytes(d)) image[offset] = 0;
  for (const [offset, mask] of reservedBits(d)) image[offset]! &= ~mask;
}

/** Memory of an arena: noise, repeated pages that compare equal, and two pages of descriptors for batches. */
export function fuzzMemory(random: Randomness): Uint8Array {
  const memory = random.bytes(ARENA_BYTES);
  const page = (n: number): Uint8Array => memory.subarray(n * PAGE, (n + 1) * PAGE);
  for (const n of [3, 6, 9, 12, 15]) page(n).set(page(2));
  page(7).fill(0);
  page(8).fill(0xff);
  for (let at = 18 * PAGE; at < 20 * PAGE; at += 64) memory.set(structuredDescriptor(random, DATA_CODES), at);
  return memory;
}

/** A batch whose list lies among the prepared descriptors. */
export function structuredBatch(random: Randomness): Uint8Array {
  const image = structuredDescriptor(random, [OP.batch]);
  const list = FUZZ_BASE + 18 * PAGE + 64 * random.below(124) + (random.oneIn(30) ? 32 : 0);
  putLittleEndian(image, 16, 8, BigInt(list));
  return image;
}

export type Range = [start: bigint, length: bigint];

/** What the text of a descriptor allows it to write: its destinations and its completion record. */
export function writableRanges(image: Uint8Array): Range[] {
  const d = new ReferenceDescriptor(image);
  const size = BigInt(d.size);
  const ranges: Range[] = [];
  if (d.has(FLAG.completionAddressValid)) ranges.push([d.completionAddress, 32n]);
  const block = BigInt(blockBytes(d.u8(42)));
  switch (d.operation) {
    case OP.memmove:
    case OP.fill:
    case OP.applyDelta:
    case OP.copyCrc:
    case OP.difUpdate:
    case OP.interDomainCopy:
    case OP.interDomainFill:
      return [...ranges, [d.destination, size]];
    case OP.dualcast:
      return [...ranges, [d.destination, size], [d.u64(40), size]];
    case OP.createDelta:
      return [...ranges, [d.u64(40), BigInt(d.u32(48))]];
    case OP.difInsert:
      return [...ranges, [d.destination, (size / block) * (block + 8n)]];
    case OP.difStrip:
      return [...ranges, [d.destination, (size / (block + 8n)) * block]];
    case OP.dixGenerate:
      return [...ranges, [d.destination, (size / block) * 8n]];
    default:
      return ranges;
  }
}

/** The members of a batch as they lie in a snapshot of the arena. */
export function membersIn(image: Uint8Array, arena: Uint8Array): Uint8Array[] {
  const d = new ReferenceDescriptor(image);
  if (d.operation !== OP.batch) return [];
  const members: Uint8Array[] = [];
  for (let n = 0n; n < BigInt(Math.min(d.size, 1024)); n++) {
    const offset = Number(d.source + 64n * n - BigInt(FUZZ_BASE));
    if (offset >= 0 && offset + 64 <= arena.length) members.push(arena.slice(offset, offset + 64));
  }
  return members;
}
