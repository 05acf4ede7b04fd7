import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { littleEndian } from '../core-reference/bytes.js';
import { blockBytes } from '../core-reference/dif.js';
import { A, B, bench, bytes, C, D, ok } from './law-bench.js';
import { runs } from './runs.js';

/** Laws of the data integrity operations, which need no model. */

const RUNS = runs(20273);

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
