import fc from 'fast-check';
import { putLittleEndian, toHex } from '../core-reference/bytes.js';
import { REVISION_1, REVISION_2 } from '../core-reference/config.js';
import { FLAG, OP, ReferenceDescriptor } from '../core-reference/descriptor.js';
import { allowedFlags } from '../core-reference/shapes.js';
import { SHARED_PASID } from './core-machine.js';
import { ARENA_PAGES, type Knobs, knobs, PAGE, type Place } from './knobs.js';
import { fillOperation, type OperationName, type Setup, shapingFlags } from './operand-cases.js';
import { Randomness } from './randomness.js';

/** One program of one descriptor: everything that both implementations are given. */
export interface Case {
  generation: '1.0' | '2.0';
  base: number;
  image: Uint8Array;
  contents: { address: number; bytes: Uint8Array }[];
  /** Neighbouring pages in one piece, each page by itself, or every address present unless it is made absent. */
  mapping: 'extents' | 'pages' | 'all';
  /** Pages of the arena that are absent, and which of those a page request brings in. */
  absent: number[];
  pageable: number[];
  workQueue: {
    shared: boolean;
    blockOnFault: boolean;
    maxTransferBytes: number;
    maxBatch: number;
    pasidEnable: boolean;
    privileged: boolean;
    /** Operation codes that the queue's mask leaves out. */
    masked: number[];
  };
  privilegedMode: boolean;
  addressTranslation: boolean;
  pageRequests: boolean;
  trafficClasses: [number, number];
  userInterrupts: boolean;
  /** On a device that has one. */
  eventLog: boolean;
  /** A second address space with the same contents, and the table that opens it. */
  domains?: { entries: Entry[]; absent: number[]; pageable: number[] };
}

/** One entry of the inter-domain permissions table; its handle is its index. */
export interface Entry {
  usable: boolean;
  submitterPasid: number;
  accessPasid: number;
  allowUpdate: boolean;
  read: boolean;
  write: boolean;
  windowEnable: boolean;
  offsetMode: boolean;
  windowBase: number;
  windowBytes: number;
}

function addressOf(base: number, slot: number, at: Place): number {
  const offset = at.beforeEnd ? PAGE - at.distance : at.distance;
  return base + (slot * 5 + Math.min(at.page, 1)) * PAGE + offset;
}

function flagsOf(name: OperationName, k: Knobs, image: Uint8Array, shape: number): number {
  const withRecord = FLAG.completionAddressValid | FLAG.requestCompletion;
  if (k.flags.mode === 'wild') return k.flags.bits;
  if (k.flags.mode === 'plain') return withRecord | shape | (k.flags.bits & FLAG.blockOnFault);
  const bits = (k.flags.bits & ~shapingFlags(name)) | shape;
  putLittleEndian(image, 4, 3, BigInt(bits));
  const allowed = allowedFlags(
    new ReferenceDescriptor(image),
    k.generation === '1.0' ? REVISION_1 : REVISION_2,
  );
  let legal = bits & allowed & ~FLAG.fence;
  // Flags that this device or queue refuses appear, but seldom: most cases have to get past the checks.
  const seldom = k.seed & 7;
  if (seldom !== 0) legal &= ~FLAG.cacheControl3;
  if (seldom !== 1 && !(k.workQueue.blockOnFault && k.pageRequests)) legal &= ~FLAG.blockOnFault;
  if (seldom !== 2 && !k.userInterrupts) legal &= ~FLAG.requestInterrupt;
  if (seldom !== 3 && name === 'cacheFlush') legal &= ~FLAG.cacheControl1;
  // Most cases ask for the record, or else they would only show that nothing is written.
  if (k.flags.record < 8) return legal | withRecord;
  return k.flags.record === 8 ? (legal | FLAG.completionAddressValid) & ~FLAG.requestCompletion : legal;
}

/** Completion record address: in its own page of the arena, rarely misaligned or beyond every mapping. */
function completionAddress(k: Knobs): bigint {
  const own = BigInt(k.base + (ARENA_PAGES - 1) * PAGE);
  if (k.completion === -1) return own + 16n;
  if (k.completion === -2) return 2n ** 52n;
  if (k.completion === -3) return 2n ** 63n;
  return own + 32n * BigInt(k.completion);
}

interface Built {
  image: Uint8Array;
  contents: Setup['contents'];
  /** Pages, counted from the base, that the knobs make absent. */
  absent: number[];
}

/** One descriptor and its operands' contents. */
export function buildDescriptor(name: OperationName, k: Knobs): Built {
  const image = new Uint8Array(64);
  image[7] = OP[name];
  const random = new Randomness(k.seed);
  const addresses = k.places.map((at, slot) => addressOf(k.base, slot, at));
  if (k.relation === 'near') addresses[1] = addresses[0]! + k.nearness;
  if (k.relation === 'alike') addresses[1] = addresses[0]! + 5 * PAGE;
  const setup: Setup = { image, size: k.size, addresses, random, contents: [], generation: k.generation };
  const shape = fillOperation(name, setup);
  const flags = flagsOf(name, k, image, shape);
  putLittleEndian(image, 4, 3, BigInt(flags));
  if (flags & FLAG.completionAddressValid) putLittleEndian(image, 8, 8, completionAddress(k));
  if (flags & FLAG.requestInterrupt) putLittleEndian(image, 36, 2, BigInt(k.handle));
  if (k.workQueue.shared) image.set([SHARED_PASID, 0, 0, k.workQueue.privileged ? 0x80 : 0], 0);
  if (k.poke !== undefined) image[k.poke.offset] = k.poke.value;
  const firstPages = [...addresses.map((at) => Math.floor((at - k.base) / PAGE)), ARENA_PAGES - 1];
  const absent = k.absent.map(({ operand, ahead }) => firstPages[operand]! + ahead);
  if (k.relation === 'alike') absent.push(...absent.map((page) => page + 5));
  return { image, contents: setup.contents, absent };
}

/** Gives a program a short text for failure messages: fast-check would print every byte of its memory. */
export function readable(program: Case): Case {
  const text = (): string => {
    const { image, contents, ...rest } = program;
    const memory = contents.map(({ address, bytes }) => {
      const head = toHex(bytes.subarray(0, 16));
      return `0x${address.toString(16)}: ${head}${bytes.length > 16 ? `... (${bytes.length} bytes)` : ''}`;
    });
    return `descriptor ${toHex(image)}\nmemory ${memory.join(', ')}\n${JSON.stringify(rest)}`;
  };
  return Object.defineProperty(program, fc.toStringMethod, { value: text });
}

/**
 * Whether the program suits a space in which everything is present: there every absent page can be brought in, and
 * nothing ends a huge transfer, such as a changed byte of the size may make.
 */
function canHaveEverything(k: Knobs, absent: readonly number[]): boolean {
  return k.size <= 700 && k.poke === undefined && absent.every((page) => (k.pageable >> page) & 1);
}

/** The whole program around a descriptor. */
export function surround(k: Knobs, built: Built): Case {
  const absent = [...new Set(built.absent)].filter((page) => page >= 0 && page < ARENA_PAGES);
  return readable({
    generation: k.generation,
    base: k.base,
    image: built.image,
    contents: built.contents,
    absent,
    mapping: k.mapping === 'all' && !canHaveEverything(k, absent) ? 'extents' : k.mapping,
    pageable: absent.filter((page) => (k.pageable >> page) & 1),
    // Block on Fault is legal only on a queue with page requests (specification 5.2).
    workQueue: {
      ...k.workQueue,
      blockOnFault: k.workQueue.blockOnFault && k.pageRequests,
      masked: k.masked ? [built.image[7]!] : [],
    },
    privilegedMode: k.privilegedMode,
    addressTranslation: k.addressTranslation,
    pageRequests: k.pageRequests,
    trafficClasses: k.trafficClasses,
    userInterrupts: k.userInterrupts,
    eventLog: k.eventLog && k.generation === '2.0',
  });
}

const REVISION_2_ONLY: OperationName[] = [
  'translationFetch',
  'dixGenerate',
  'interDomainCopy',
  'interDomainFill',
  'interDomainCompare',
  'interDomainComparePattern',
  'updateWindow',
];

/** Random programs of one operation. */
export function casesOf(name: OperationName): fc.Arbitrary<Case> {
  return knobs.map((k) => {
    // What only revision 2 has is an unknown operation to revision 1: a few of those are enough.
    const generation = REVISION_2_ONLY.includes(name) && k.seed % 16 !== 0 ? '2.0' : k.generation;
    return surround({ ...k, generation }, buildDescriptor(name, { ...k, generation }));
  });
}
