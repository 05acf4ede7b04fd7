import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WITH_RECORD } from '../core-reference/build.js';
import { littleEndian, toHex } from '../core-reference/bytes.js';
import { FLAG } from '../core-reference/descriptor.js';
import { continuation } from '../core-reference/resume.js';
import { coreBytes } from './agreement.js';
import { buildDescriptor, type Case, readable, surround } from './cases.js';
import { CoreMachine } from './core-machine.js';
import { ARENA_PAGES, type Knobs, knobs, PAGE } from './knobs.js';
import { type OperationName, shapingFlags } from './operand-cases.js';
import { runs } from './runs.js';

/**
 * The resume law: whatever pages are absent, a descriptor that is continued by the specification's rule after every
 * page fault leaves the memory and the final answer of a run without faults.
 */

const RUNS = runs(20266);
const RECORD_PAGE = ARENA_PAGES - 1;

/** A legal descriptor of up to a few pages whose operands lie apart from the record, and a set of absent pages. */
function faultyProgram(name: OperationName): fc.Arbitrary<Case> {
  return fc
    .record({
      own: knobs,
      length: fc.oneof(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 4000, max: 9500 })),
      absent: fc.integer({ min: 1, max: 2 ** (ARENA_PAGES - 1) - 1 }),
      all: fc.boolean(),
    })
    .map(({ own, length, absent, all }) => {
      const k: Knobs = {
        ...own,
        size: length,
        poke: undefined,
        completion: 0,
        absent: [],
        pageRequests: true,
        masked: false,
        addressTranslation: true,
        privilegedMode: true,
      };
      k.workQueue = { ...own.workQueue, maxTransferBytes: 2 ** 31 };
      k.relation = name === 'memmove' ? own.relation : 'apart';
      k.nearness = Math.abs(own.nearness);
      const built = buildDescriptor(name, k);
      const shape = littleEndian(built.image, 4, 3) & BigInt(shapingFlags(name));
      const crcBits = name === 'crc' || name === 'copyCrc' ? k.flags.bits & (FLAG.op17 | FLAG.op18) : 0;
      const flags = Number(shape) | WITH_RECORD | crcBits;
      built.image.set([flags & 255, (flags >> 8) & 255, flags >> 16], 4);
      built.image.fill(0, 36, 38);
      built.image.set([...recordAddress(k.base)], 8);
      built.absent = Array.from({ length: RECORD_PAGE }, (_, page) => page).filter(
        (page) => all || (absent >> page) & 1,
      );
      return readable({ ...surround(k, built), pageable: built.absent });
    });
}

function recordAddress(base: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(base + RECORD_PAGE * PAGE), true);
  return bytes;
}

interface Ending {
  record: Uint8Array;
  /** Records of the partial completions, with the descriptor that each belongs to. */
  partial: { image: Uint8Array; record: Uint8Array }[];
  completedBefore: bigint;
  faults: number;
  memory: Buffer;
}

/** Runs to the end; each fault's page is brought in, as a driver would by touching it. */
function runToTheEnd(program: Case): Ending {
  const machine = new CoreMachine(program);
  const at = program.base + RECORD_PAGE * PAGE;
  const record = new Uint8Array(32);
  let image = program.image;
  let completedBefore = 0n;
  const partial: Ending['partial'] = [];
  for (let faults = 0; ; faults++) {
    machine.run(image);
    machine.space.read(at, record, 0, 32);
    if ((record[0]! & 0x7f) !== 3) {
      const memory = coreBytes(program, machine.space).subarray(0, RECORD_PAGE * PAGE);
      return { record, partial, completedBefore, faults, memory };
    }
    expect(faults, 'a resumed descriptor has to get on').toBeLessThan(3 * ARENA_PAGES);
    machine.space.setPresent(Number(littleEndian(record, 8, 8)));
    completedBefore += littleEndian(record, 4, 4);
    partial.push({ image, record: record.slice() });
    image = continuation(image, record);
  }
}

function expectResumable(program: Case): void {
  const whole = runToTheEnd({ ...program, absent: [], pageable: [] });
  const pieces = runToTheEnd(program);
  expect(whole.faults).toBe(0);
  // A descriptor that a check refuses has nothing to resume: a misaligned destination, an overlap.
  fc.pre(whole.record[0]! < 0x10);
  expect(pieces.record[0]).toBe(whole.record[0]);
  expect(pieces.record[1]).toBe(whole.record[1]);
  // Where the operation stopped short, the pieces add up to the same place.
  const stopped = littleEndian(pieces.record, 4, 4);
  const total =
    stopped === 0n && whole.record[0] === 1 && whole.record[1] === 0 ? 0n : pieces.completedBefore + stopped;
  expect(total).toBe(littleEndian(whole.record, 4, 4));
  expect(toHex(pieces.record.subarray(16))).toBe(toHex(whole.record.subarray(16)));
  expect(pieces.memory.equals(whole.memory)).toBe(true);
}

const NAMES = [
  'memmove',
  'fill',
  'compare',
  'comparePattern',
  'dualcast',
  'crc',
  'copyCrc',
  'difCheck',
  'difInsert',
  'difStrip',
  'difUpdate',
  'dixGenerate',
  'cacheFlush',
  'translationFetch',
] as const;

describe('resuming after every fault leaves what a run without faults leaves, for', () => {
  test.each(NAMES)('%s', (name) => {
    fc.assert(fc.property(faultyProgram(name), expectResumable), RUNS);
  });
});

/** A continued Create Delta counts its offsets from its own first byte: the record's pieces are put together here. */
function expectSameDelta(program: Case): void {
  const whole = runToTheEnd({ ...program, absent: [], pageable: [] });
  const pieces = runToTheEnd(program);
  expect([pieces.record[0], whole.record[0]]).toEqual([1, 1]);
  const record = littleEndian(program.image, 40, 8);
  const read = (memory: Buffer, length: bigint): number[] => {
    const start = Number(record) - program.base;
    return [...memory.subarray(start, start + Number(length))];
  };
  const wholeBytes = littleEndian(whole.record, 16, 4);
  let units = 0n;
  const rebased: number[] = [];
  let at = 0;
  const stream = read(
    pieces.memory,
    [...pieces.partial.map((piece) => piece.record), pieces.record].reduce(
      (sum, piece) => sum + littleEndian(piece, 16, 4),
      0n,
    ),
  );
  for (const piece of [...pieces.partial.map((partial) => partial.record), pieces.record]) {
    for (let left = Number(littleEndian(piece, 16, 4)); left > 0; left -= 10, at += 10) {
      const unit = BigInt(stream[at]! + 256 * stream[at + 1]!) + units;
      rebased.push(Number(unit % 256n), Number(unit / 256n), ...stream.slice(at + 2, at + 10));
    }
    units += littleEndian(piece, 4, 4) / 8n;
  }
  expect(rebased).toEqual(read(whole.memory, wholeBytes));
}

describe('a delta in pieces', () => {
  test('puts together the record of a Create Delta without faults', () => {
    const programs = faultyProgram('createDelta').map((program) => {
      const size = Math.ceil(Number(littleEndian(program.image, 32, 4)) / 8) * 8;
      const most = 80 + 10 * size;
      const image = program.image.slice();
      new DataView(image.buffer).setUint32(32, size, true);
      new DataView(image.buffer).setUint32(48, most, true);
      for (const at of [16, 24]) image[at]! &= 0xf8;
      // The record has pages of its own.
      new DataView(image.buffer).setBigUint64(40, BigInt(program.base + 12 * PAGE + 4090), true);
      return readable({ ...program, image });
    });
    fc.assert(fc.property(programs, expectSameDelta), RUNS);
  });

  test('is applied as a whole one is', () => {
    const programs = faultyProgram('applyDelta');
    fc.assert(
      fc.property(programs, (program) => {
        const whole = runToTheEnd({ ...program, absent: [], pageable: [] });
        // A continued record forgets its last offset, so that a falling one may go unseen (specification 8.3.9).
        fc.pre(whole.record[0] === 1);
        const pieces = runToTheEnd(program);
        expect(pieces.record[0]).toBe(1);
        expect(pieces.memory.equals(whole.memory)).toBe(true);
      }),
      RUNS,
    );
  });
});
