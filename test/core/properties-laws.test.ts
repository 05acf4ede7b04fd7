import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Fields, image, WITH_RECORD } from '../core-reference/build.js';
import { littleEndian } from '../core-reference/bytes.js';
import { FLAG, type OP } from '../core-reference/descriptor.js';
import { blockBytes } from '../core-reference/dif.js';
import { CoreMachine } from './core-machine.js';
import { ARENA_PAGES, PAGE } from './knobs.js';
import { runs } from './runs.js';

/** Laws that need no model: what two programs must have in common. */

const RUNS = runs(20267);
const BASE = 0x10_0000;
const RECORD = BASE + (ARENA_PAGES - 1) * PAGE;
const [A, B, C, D] = [BASE, BASE + 5 * PAGE, BASE + 10 * PAGE, BASE + 15 * PAGE];

function bench() {
  const machine = new CoreMachine({
    generation: '2.0',
    base: BASE,
    image: new Uint8Array(64),
    contents: [],
    absent: [],
    mapping: 'extents',
    pageable: [],
    workQueue: {
      shared: false,
      blockOnFault: true,
      maxTransferBytes: 2 ** 31,
      maxBatch: 32,
      pasidEnable: true,
      privileged: false,
      masked: [],
    },
    pageRequests: true,
    trafficClasses: [1, 1],
    userInterrupts: true,
    eventLog: false,
    privilegedMode: true,
    addressTranslation: true,
  });
  const record = new Uint8Array(32);
  return {
    write: (address: number, bytes: Uint8Array) => machine.space.write(address, bytes, 0, bytes.length),
    read: (address: number, length: number): Uint8Array => {
      const bytes = new Uint8Array(length);
      machine.space.read(address, bytes, 0, length);
      return bytes;
    },
    /** Runs one descriptor and answers its completion record. */
    run: (operation: keyof typeof OP, fields: Fields, flags = 0): Uint8Array => {
      machine.run(image(operation, WITH_RECORD | flags, { completion: RECORD, ...fields }));
      machine.space.read(RECORD, record, 0, 32);
      return record.slice();
    },
  };
}

const bytes = (maxLength: number, minLength = 1) => fc.uint8Array({ minLength, maxLength });
const ok = (record: Uint8Array): void => expect(record[0]).toBe(1);

describe('CRC', () => {
  const crcFlags = fc.nat({ max: 7 }).map((bits) => bits << 17);
  const seed = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const truncated = (value: bigint, flags: number) => (flags & FLAG.op19 ? value : value % 2n ** 32n);
  const value = (record: Uint8Array, flags: number) => littleEndian(record, 16, flags & FLAG.op19 ? 8 : 4);

  test('of a whole is the CRC of its second part seeded with the CRC of the first', () => {
    fc.assert(
      fc.property(bytes(300), bytes(300), seed, crcFlags, (first, second, any, flags) => {
        const b = bench();
        const crcSeed = truncated(any, flags);
        b.write(A, first);
        b.write(A + first.length, second);
        const whole = b.run('crc', { source: A, size: first.length + second.length, crcSeed }, flags);
        const head = b.run('crc', { source: A, size: first.length, crcSeed }, flags);
        const tail = { source: A + first.length, size: second.length, crcSeed: value(head, flags) };
        ok(whole);
        expect(value(b.run('crc', tail, flags), flags)).toBe(value(whole, flags));
      }),
      RUNS,
    );
  });

  test('with its seed in memory is the CRC with that seed in the descriptor, and the copy copies', () => {
    fc.assert(
      fc.property(bytes(300), seed, crcFlags, (data, any, flags) => {
        const b = bench();
        const crcSeed = truncated(any, flags);
        b.write(A, data);
        const inMemory = new Uint8Array(8);
        new DataView(inMemory.buffer).setBigUint64(0, crcSeed, true);
        b.write(C, inMemory);
        const direct = b.run('crc', { source: A, size: data.length, crcSeed }, flags);
        const fields = { source: A, destination: B, size: data.length, seedAddress: C };
        const copied = b.run('copyCrc', fields, flags | FLAG.op16);
        ok(copied);
        expect(copied).toEqual(direct);
        expect(b.read(B, data.length)).toEqual(data);
      }),
      RUNS,
    );
  });
});

describe('moves', () => {
  test('of overlapping buffers are as through a temporary one', () => {
    fc.assert(
      fc.property(bytes(6000), fc.integer({ min: -5000, max: 5000 }), (data, distance) => {
        const b = bench();
        b.write(B, data);
        ok(b.run('memmove', { source: B, destination: B + distance, size: data.length }));
        expect(b.read(B + distance, data.length)).toEqual(data);
      }),
      RUNS,
    );
  });

  test('to two destinations are two moves', () => {
    fc.assert(
      fc.property(bytes(600), fc.nat({ max: PAGE - 1 }), (data, offset) => {
        const b = bench();
        b.write(A, data);
        const fields = { source: A, destination: B + offset, destination2: C + offset, size: data.length };
        ok(b.run('dualcast', fields));
        expect(b.read(B + offset, data.length)).toEqual(data);
        expect(b.read(C + offset, data.length)).toEqual(data);
      }),
      RUNS,
    );
  });

  test('of a pattern compare equal with it, and differ exactly where a bit is turned', () => {
    const word = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    fc.assert(
      fc.property(
        word,
        fc.integer({ min: 1, max: 5000 }),
        fc.nat(),
        fc.nat({ max: 60 }),
        (pattern, size, at, shift) => {
          const b = bench();
          const start = A + shift;
          ok(b.run('fill', { pattern, destination: start, size }));
          const question = { source: start, comparePattern: pattern, size };
          expect(b.run('comparePattern', question)[1]).toBe(0);
          const offset = at % size;
          b.write(start + offset, Uint8Array.of(b.read(start + offset, 1)[0]! ^ 1));
          const answer = b.run('comparePattern', question);
          expect([answer[1], littleEndian(answer, 4, 4)]).toEqual([1, BigInt(offset)]);
          expect(b.read(start + size, 1)[0]).toBe(0);
        },
      ),
      RUNS,
    );
  });
});

test('compare is symmetric, and finds the first difference', () => {
  fc.assert(
    fc.property(
      bytes(3000),
      fc.array(fc.nat(), { maxLength: 3 }),
      fc.nat({ max: 9 }),
      (data, changes, shift) => {
        const b = bench();
        const other = data.slice();
        for (const change of changes) other[change % data.length]! ^= 0x10;
        b.write(A, data);
        b.write(B + shift, other);
        const there = b.run('compare', { source: A, destination: B + shift, size: data.length });
        const back = b.run('compare', { source: B + shift, destination: A, size: data.length });
        const first = data.findIndex((byte, i) => byte !== other[i]);
        expect(there).toEqual(back);
        expect([there[1], littleEndian(there, 4, 4)]).toEqual([
          first < 0 ? 0 : 1,
          BigInt(Math.max(first, 0)),
        ]);
      },
    ),
    RUNS,
  );
});

test('a delta record applied to the first source makes the second', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.infiniteStream(fc.nat({ max: 255 })),
      fc.array(fc.nat()),
      (units, stream, changes) => {
        const b = bench();
        const from = Uint8Array.from({ length: 8 * units }, () => stream.next().value as number);
        const to = from.slice();
        for (const change of changes) to[change % to.length]! ^= 0xff;
        b.write(A, from);
        b.write(B, to);
        const fields = {
          source: A,
          destination: B,
          size: from.length,
          recordAddress: C,
          maxRecordBytes: 10 * units + 80,
        };
        const created = b.run('createDelta', fields);
        ok(created);
        const recordBytes = littleEndian(created, 16, 4);
        expect(created[1]).toBe(recordBytes === 0n ? 0 : 1);
        if (recordBytes > 0n)
          ok(b.run('applyDelta', { source: C, destination: A, size: from.length, recordBytes }));
        expect(b.read(A, from.length)).toEqual(to);
      },
    ),
    RUNS,
  );
});

describe('data integrity fields', () => {
  const tags = fc.record({
    difFlags: fc.nat({ max: 15 }),
    flags: fc.constantFrom(0, 0x80, 0x10, 0x90),
    reference: fc.nat({ max: 0xffffffff }),
    mask: fc.nat({ max: 0xfffe }),
    application: fc.nat({ max: 0xffff }),
  });
  const asDestination = (t: { flags: number; reference: number; mask: number; application: number }) => ({
    destinationDifFlags: t.flags,
    destinationReference: t.reference,
    destinationMask: t.mask,
    destinationApplication: t.application,
  });
  const asSource = (t: { flags: number; reference: number; mask: number; application: number }) => ({
    sourceDifFlags: t.flags,
    sourceReference: t.reference,
    sourceMask: t.mask,
    sourceApplication: t.application,
  });
  const data = fc.tuple(fc.integer({ min: 1, max: 3 }), bytes(64));
  const blocks = (difFlags: number, [count, seed]: [number, Uint8Array]): Uint8Array =>
    Uint8Array.from(
      { length: Math.min(count, difFlags & 2 ? 1 : 3) * blockBytes(difFlags) },
      (_, i) => seed[i % seed.length]! ^ i,
    );

  test('that were inserted pass the check with the same tags, and come off again', () => {
    fc.assert(
      fc.property(tags, data, (t, content) => {
        const b = bench();
        const block = blockBytes(t.difFlags);
        const plain = blocks(t.difFlags, content);
        const count = plain.length / block;
        const size = plain.length + 8 * count;
        b.write(A, plain);
        const inserted = b.run('difInsert', {
          source: A,
          destination: B,
          size: plain.length,
          difFlags: t.difFlags,
          ...asDestination(t),
        });
        ok(inserted);
        const source = { source: B, size, difFlags: t.difFlags, ...asSource(t) };
        const checked = b.run('difCheck', source);
        ok(checked);
        // The tags behind the last block are the same, on whichever side they are counted.
        expect(checked.subarray(16, 24)).toEqual(inserted.subarray(24, 32));
        ok(b.run('difStrip', { ...source, destination: C }));
        expect(b.read(C, plain.length)).toEqual(plain);
      }),
      RUNS,
    );
  });

  test('are written alike by Insert, by Update and by DIX Generate', () => {
    fc.assert(
      fc.property(tags, tags, data, (t, u, content) => {
        const b = bench();
        const { difFlags } = t;
        const block = blockBytes(difFlags);
        const plain = blocks(difFlags, content);
        const count = plain.length / block;
        const size = plain.length + 8 * count;
        b.write(A, plain);
        ok(
          b.run('difInsert', {
            source: A,
            destination: B,
            size: plain.length,
            difFlags,
            ...asDestination(t),
          }),
        );
        ok(
          b.run('difUpdate', {
            source: B,
            destination: C,
            size,
            difFlags,
            ...asSource(t),
            ...asDestination(u),
          }),
        );
        ok(
          b.run('difInsert', {
            source: A,
            destination: D,
            size: plain.length,
            difFlags,
            ...asDestination(u),
          }),
        );
        expect(b.read(C, size)).toEqual(b.read(D, size));
        ok(
          b.run('dixGenerate', {
            source: A,
            destination: B,
            size: plain.length,
            difFlags,
            ...asDestination(u),
          }),
        );
        for (let k = 0; k < count; k++) {
          expect(b.read(B + 8 * k, 8)).toEqual(b.read(D + k * (block + 8) + block, 8));
        }
      }),
      RUNS,
    );
  });

  test('of a block with one wrong bit fail the check at that block, by the field that is wrong', () => {
    fc.assert(
      fc.property(tags, data, fc.nat(), (t, content, where) => {
        const b = bench();
        const block = blockBytes(t.difFlags);
        const plain = blocks(t.difFlags, content);
        const count = plain.length / block;
        b.write(A, plain);
        ok(
          b.run('difInsert', {
            source: A,
            destination: B,
            size: plain.length,
            difFlags: t.difFlags,
            ...asDestination({ ...t, mask: 0 }),
          }),
        );
        const size = plain.length + 8 * count;
        const offset = where % size;
        b.write(B + offset, Uint8Array.of(b.read(B + offset, 1)[0]! ^ 1));
        const answer = b.run('difCheck', {
          source: B,
          size,
          difFlags: t.difFlags,
          ...asSource({ ...t, mask: 0 }),
        });
        const inBlock = offset % (block + 8);
        const field = inBlock < block + 2 ? 1 : inBlock < block + 4 ? 2 : 4;
        expect([answer[0], answer[1]]).toEqual([9, field]);
        expect(littleEndian(answer, 4, 4)).toBe(BigInt(offset - inBlock));
      }),
      RUNS,
    );
  });
});
