import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { littleEndian } from '../core-reference/bytes.js';
import { FLAG } from '../core-reference/descriptor.js';
import { PAGE } from './knobs.js';
import { A, B, bench, bytes, C, ok } from './law-bench.js';
import { runs } from './runs.js';

/** Laws that need no model: what two programs must have in common. */

const RUNS = runs(20267);

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
