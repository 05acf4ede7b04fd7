import { putLittleEndian } from '../core-reference/bytes.js';
import { entryBytes } from '../core-reference/delta.js';
import { FLAG, type OP } from '../core-reference/descriptor.js';
import { advance, blockBytes, makeTuple, type TagState, tupleBytes } from '../core-reference/dif.js';
import type { Randomness } from './randomness.js';

export type OperationName = keyof typeof OP;

/** A descriptor under construction, and the memory it will find. */
export interface Setup {
  image: Uint8Array;
  size: number;
  /** Four places, about five pages apart; the second may lie near the first. */
  addresses: number[];
  random: Randomness;
  contents: { address: number; bytes: Uint8Array }[];
  generation: '1.0' | '2.0';
}

/** Sizes beyond this get no contents: they only exist to fail a check or to run into an absent page. */
const MOST_CONTENTS = 20000;

const put = (s: Setup, offset: number, width: number, value: number): void =>
  putLittleEndian(s.image, offset, width, BigInt(value));

function store(s: Setup, address: number, bytes: Uint8Array): void {
  s.contents.push({ address, bytes: bytes.subarray(0, MOST_CONTENTS) });
}

const contentSize = (s: Setup): number => Math.min(s.size, MOST_CONTENTS);

/** A copy in which up to three bytes differ, so that comparisons go deep. */
function nearly(bytes: Uint8Array, random: Randomness): Uint8Array {
  const copy = bytes.slice();
  for (let n = random.below(4); n > 0 && copy.length > 0; n--)
    copy[random.below(copy.length)]! ^= 1 << random.below(8);
  return copy;
}

function common(s: Setup): void {
  put(s, 16, 8, s.addresses[0]!);
  put(s, 24, 8, s.addresses[1]!);
  put(s, 32, 4, s.size);
}

function source(s: Setup): Uint8Array {
  const bytes = s.random.bytes(contentSize(s));
  store(s, s.addresses[0]!, bytes);
  return bytes;
}

const multiple = (size: number, unit: number): number => Math.ceil(size / unit) * unit;

function pattern(s: Setup, offset: number, wide: boolean): Uint8Array {
  const bytes = s.random.bytes(wide ? 16 : 8);
  s.image.set(bytes.subarray(0, 8), offset);
  if (wide) s.image.set(bytes.subarray(8), 40);
  return bytes;
}

function comparePattern(s: Setup): number {
  common(s);
  const bytes = pattern(s, 24, false);
  const repeated = Uint8Array.from({ length: contentSize(s) }, (_, i) => bytes[i % 8]!);
  store(s, s.addresses[0]!, nearly(repeated, s.random));
  s.image[40] = s.random.below(2);
  return 0;
}

function createDelta(s: Setup): number {
  if (!s.random.oneIn(12)) {
    s.size = multiple(Math.min(s.size, 2 ** 32 - 8), 8);
    s.addresses[0] = multiple(s.addresses[0]!, 8);
    s.addresses[1] = multiple(s.addresses[1]!, 8);
  }
  common(s);
  const bytes = source(s);
  const second = s.random.oneIn(3) ? s.random.bytes(bytes.length) : nearly(bytes, s.random);
  store(s, s.addresses[1]!, second);
  put(s, 40, 8, s.addresses[2]!);
  put(s, 48, 4, s.random.oneIn(8) ? s.random.below(100) : 80 + s.random.below(400));
  s.image[56] = s.random.below(8);
  return 0;
}

function applyDelta(s: Setup): number {
  if (!s.random.oneIn(12)) {
    s.size = multiple(Math.min(s.size, 2 ** 32 - 8), 8);
    s.addresses[1] = multiple(s.addresses[1]!, 8);
  }
  common(s);
  const units = Math.min(s.size / 8, 2000);
  const record: number[] = [];
  for (let unit = s.random.below(3); unit < units; unit += 1 + s.random.below(1 + Math.floor(units / 8))) {
    const damaged = s.random.oneIn(40) ? s.random.below(1 << 16) : unit;
    record.push(...entryBytes(damaged, s.random.bytes(8)));
  }
  if (record.length === 0) record.push(...entryBytes(0, s.random.bytes(8)));
  store(s, s.addresses[1]!, s.random.bytes(contentSize(s)));
  store(s, s.addresses[0]!, Uint8Array.from(record));
  put(s, 40, 4, s.random.oneIn(10) ? s.random.below(record.length + 12) : record.length);
  return 0;
}

function crcFields(s: Setup, copy: boolean): number {
  common(s);
  if (!copy) s.image.fill(0, 24, 32);
  source(s);
  const wide = s.generation === '2.0' && s.random.oneIn(2);
  const readSeed = s.random.oneIn(3);
  if (readSeed) {
    const unit = wide ? 8 : 4;
    const at = s.random.oneIn(10) ? s.addresses[2]! : multiple(s.addresses[2]!, unit);
    put(s, 48, 8, at);
    store(s, at, s.random.bytes(8));
  } else {
    s.image.set(s.random.bytes(wide ? 8 : 4), 40);
  }
  return (wide ? FLAG.op19 : 0) | (readSeed ? FLAG.op16 : 0);
}

/** Protected blocks whose tuples fit the tags, now and then with a damaged or an all-F tuple. */
function protectedBlocks(s: Setup, blocks: number, tags: TagState, difFlags: number): Uint8Array {
  const block = blockBytes(difFlags);
  const bytes: number[] = [];
  const state = { ...tags, flags: tags.flags & 0x90 };
  for (let k = 0; k < blocks; k++) {
    const data = s.random.bytes(block);
    const tuple = tupleBytes(makeTuple(data, state, difFlags));
    if (s.random.oneIn(12)) tuple[s.random.below(8)]! ^= 1 << s.random.below(8);
    if (s.random.oneIn(12)) tuple.fill(0xff, s.random.pick([0, 2, 2, 4]), s.random.pick([4, 8, 8]));
    bytes.push(...data, ...tuple);
    advance(state);
  }
  return Uint8Array.from(bytes);
}

function randomTags(s: Setup, flags: number): TagState {
  const mask = s.random.pick([0, 0, 0xffff, s.random.below(1 << 16)]);
  const reference = s.random.oneIn(3) ? 0xffffffff - s.random.below(2) : s.random.bits();
  const application = s.random.oneIn(3) ? 0xffff : s.random.below(1 << 16);
  return { flags, reference, application, applicationMask: mask };
}

function putTags(s: Setup, tags: TagState, reference: number, mask: number): void {
  put(s, reference, 4, tags.reference);
  put(s, mask, 2, tags.applicationMask);
  put(s, mask + 2, 2, tags.application);
}

function dif(name: OperationName, s: Setup): void {
  const tagged = name === 'difCheck' || name === 'difStrip' || name === 'difUpdate';
  const writesTuple = name === 'difInsert' || name === 'dixGenerate' || name === 'difUpdate';
  // Blocks of 512 bytes most of the time: the model is slow.
  const difFlags = s.random.pick([0, 0, 0, 1, 1, 2, 3]) | (s.random.below(4) << 2);
  const step = blockBytes(difFlags) + (tagged ? 8 : 0);
  const blocks = 1 + s.random.below(difFlags & 2 ? 2 : 4);
  const wanted = s.size;
  s.size = s.random.oneIn(16) ? wanted : blocks * step;
  if (name === 'dixGenerate' && !s.random.oneIn(12)) s.addresses[1] = multiple(s.addresses[1]!, 8);
  common(s);
  s.image[42] = difFlags;
  if (tagged) {
    const tags = randomTags(
      s,
      s.random.oneIn(2) ? s.random.below(256) : s.random.pick([0, 0x80, 0x10, 0x04]),
    );
    s.image[40] = tags.flags;
    putTags(s, tags, 48, 52);
    store(s, s.addresses[0]!, protectedBlocks(s, blocks, tags, difFlags));
  } else {
    store(s, s.addresses[0]!, s.random.bytes(blocks * step));
  }
  if (writesTuple) {
    const tags = randomTags(s, s.random.below(32) << 3);
    s.image[41] = tags.flags;
    putTags(s, tags, 56, 60);
  }
  if (name === 'difCheck') s.image.fill(0, 24, 32);
}

/** Flags that decide which fields an operation has; {@link fillOperation} sets them together with the fields. */
const SHAPING: Partial<Record<OperationName, number>> = {
  drain: FLAG.op16 | FLAG.op17,
  fill: FLAG.op18,
  crc: FLAG.op16 | FLAG.op19,
  copyCrc: FLAG.op16 | FLAG.op19,
  translationFetch: FLAG.op16,
  interDomainCopy: FLAG.op16 | FLAG.op17,
  interDomainFill: FLAG.op17 | FLAG.op18,
  interDomainCompare: FLAG.op16 | FLAG.op17,
  interDomainComparePattern: FLAG.op16,
};

/** The flags of `SHAPING` for an operation. */
export function shapingFlags(name: OperationName): number {
  return SHAPING[name] ?? 0;
}

function translationFetch(s: Setup): number {
  common(s);
  s.image.fill(0, 24, 32);
  if (s.random.oneIn(2)) return 0;
  put(s, 48, 4, s.random.pick([4096, 4096, 8192, 65536, 2048, 6144, 0]));
  return FLAG.op16;
}

function drain(s: Setup): number {
  const flags = s.random.below(4) << 16;
  if (flags & FLAG.op16) put(s, 16, 8, s.addresses[0]!);
  if (flags & FLAG.op17) put(s, 24, 8, s.addresses[1]!);
  return flags;
}

const INTER_DOMAIN: OperationName[] = [
  'interDomainCopy',
  'interDomainFill',
  'interDomainCompare',
  'interDomainComparePattern',
];

/** The data operation behind an inter-domain one, and which operands may lie elsewhere. */
function interDomain(name: OperationName, s: Setup): number {
  const both = s.random.pick([FLAG.op16, FLAG.op17, FLAG.op16 | FLAG.op17]);
  let flags =
    name === 'interDomainFill' ? FLAG.op17 : name === 'interDomainComparePattern' ? FLAG.op16 : both;
  if (name === 'interDomainCopy') {
    common(s);
    source(s);
  } else if (name === 'interDomainFill') {
    common(s);
    if (pattern(s, 16, s.random.oneIn(2)).length === 16) flags |= FLAG.op18;
  } else if (name === 'interDomainCompare') {
    common(s);
    store(s, s.addresses[1]!, nearly(source(s), s.random));
    s.image[40] = s.random.below(2);
  } else {
    comparePattern(s);
  }
  if (flags & FLAG.op16) put(s, 60, 2, s.random.below(HANDLES));
  if (flags & FLAG.op17) put(s, 62, 2, s.random.below(HANDLES));
  return flags;
}

/** Inter-domain handles that cases name. */
export const HANDLES = 5;

/** Fills in the operation's own fields and contents; answers the shaping flags that go with them. */
export function fillOperation(name: OperationName, s: Setup): number {
  switch (name) {
    case 'nop':
      return 0;
    case 'drain':
      return drain(s);
    case 'memmove':
      common(s);
      source(s);
      return 0;
    case 'fill':
      common(s);
      return pattern(s, 16, s.generation === '2.0' && s.random.oneIn(2)).length === 16 ? FLAG.op18 : 0;
    case 'compare':
      common(s);
      store(s, s.addresses[1]!, nearly(source(s), s.random));
      s.image[40] = s.random.below(2);
      return 0;
    case 'comparePattern':
      return comparePattern(s);
    case 'createDelta':
      return createDelta(s);
    case 'applyDelta':
      return applyDelta(s);
    case 'dualcast':
      common(s);
      source(s);
      s.addresses[2]! += (s.addresses[1]! % 4096) - (s.addresses[2]! % 4096) + (s.random.oneIn(12) ? 1 : 0);
      put(s, 40, 8, s.addresses[2]!);
      return 0;
    case 'crc':
      return crcFields(s, false);
    case 'copyCrc':
      return crcFields(s, true);
    case 'cacheFlush':
      common(s);
      s.image.fill(0, 16, 24);
      return 0;
    case 'translationFetch':
      return translationFetch(s);
    case 'updateWindow':
      put(s, 16, 8, s.addresses[0]!);
      // Around both ends of what a window may be: nothing, and everything up to the address limit.
      put(
        s,
        24,
        8,
        s.random.pick([s.size, s.size, 0, 2 ** 52 - s.addresses[0]!, 2 ** 52 - s.addresses[0]! + 1]),
      );
      s.image[61] = s.random.oneIn(8) ? s.random.below(256) : s.random.below(16);
      put(s, 62, 2, s.random.below(HANDLES));
      return 0;
    default:
      if (INTER_DOMAIN.includes(name)) return interDomain(name, s);
      dif(name, s);
      return 0;
  }
}
