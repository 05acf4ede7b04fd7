import { describe, expect, test } from 'vitest';
import { AddressSpace } from '../../src/core/address-space.js';
import { fillRange, mismatch, mismatchPattern, move } from '../../src/core/memory.js';
import { noise } from './bench-subject.js';

const BASE = 0x10_0000;
const LENGTH = 0x8000;

/** The same bytes in one mapped space, in scattered pages, and in two mappings. */
const SUBJECTS: { name: string; make: () => AddressSpace }[] = [
  {
    name: 'mapped',
    make: () => {
      const space = new AddressSpace();
      space.map(BASE, LENGTH);
      return space;
    },
  },
  {
    name: 'scattered',
    make: () => {
      const space = new AddressSpace();
      for (const page of [3, 0, 7, 1, 6, 2, 5, 4]) space.writeByte(BASE + page * 4096, 0);
      return space;
    },
  },
  {
    name: 'two mappings',
    make: () => {
      const space = new AddressSpace();
      space.map(BASE, 0x4000);
      space.map(BASE + 0x4000, 0x4000);
      return space;
    },
  },
];

const NOISE = noise(LENGTH, 9);

function contents(space: AddressSpace): Uint8Array {
  const bytes = new Uint8Array(LENGTH);
  space.read(BASE, bytes, 0, LENGTH);
  return bytes;
}

const MOVES = [
  [0, 0x4000, 0x4000],
  [0x4000, 0, 0x4000],
  [0x100, 0x101, 0x7000],
  [0x101, 0x100, 0x7000],
  [0xfff, 0x1fff, 0x3001],
  [0x1fff, 0xfff, 0x3001],
  [5, 5, 0x1234],
  [0, 7, 1],
] as const;

describe.each(SUBJECTS)('memory that is $name', ({ make }) => {
  test.each(MOVES)('moves as copyWithin does: to %i from %i, %i bytes', (to, from, bytes) => {
    const space = make();
    const model = NOISE.slice();
    space.write(BASE, model, 0, LENGTH);
    move(space, BASE + to, BASE + from, bytes);
    model.copyWithin(to, from, from + bytes);
    expect(Buffer.compare(contents(space), model)).toBe(0);
  });

  test.each([
    ['one byte repeated', [9, 9, 9, 9, 9, 9, 9, 9], 8],
    ['an ordinary double', [1, 2, 3, 4, 5, 6, 7, 8], 8],
    ['a negative zero', [0, 0, 0, 0, 0, 0, 0, 0x80], 8],
    ['a signalling NaN', [1, 0, 0, 0, 0, 0, 0xf0, 0x7f], 8],
    ['a NaN only after rotation', [0xf0, 0x7f, 1, 0, 0, 0, 0, 0], 8],
    ['sixteen bytes', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], 16],
  ] as const)('fills with %s from any start, over any length', (_, pattern, period) => {
    const space = make();
    for (const start of [0, 1, 6, 0xffb, 0x3ffd]) {
      for (const bytes of [0, 1, 7, 47, 48, 49, 50, 64, 1000, 0x2003]) {
        const model = NOISE.slice();
        space.write(BASE, model, 0, LENGTH);
        fillRange(space, BASE + start, bytes, Uint8Array.from([...pattern, ...pattern]), period);
        for (let i = 0; i < bytes; i++) model[start + i] = pattern[i % period]!;
        expect(Buffer.compare(contents(space), model), `${start} ${bytes}`).toBe(0);
      }
    }
  });

  test('finds the first difference wherever it lies, and none where there is none', () => {
    const space = make();
    const model = noise(0x4000, 5);
    for (const shift of [0, 3]) {
      space.write(BASE, model, 0, 0x4000);
      space.write(BASE + 0x4000 - shift, model, 0, 0x4000);
      const bytes = 0x3ff0 - shift;
      const other = BASE + 0x4000 - shift;
      expect(mismatch(space, BASE, space, other, bytes)).toBe(bytes);
      for (const at of [0, 1, 47, 48, 49, 2047, 2048, 4095, 4096, 9999, bytes - 1]) {
        const was = space.readByte(other + at);
        space.writeByte(other + at, was ^ 0x80);
        expect(mismatch(space, BASE, space, other, bytes)).toBe(at);
        expect(mismatch(space, BASE, space, other, at)).toBe(at);
        space.writeByte(other + at, was);
      }
    }
  });

  test('finds where a repeated pattern ends', () => {
    const space = make();
    const pattern = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8);
    const bytes = 0x3003;
    fillRange(space, BASE + 5, bytes, pattern.subarray(1), 8);
    expect(mismatchPattern(space, BASE + 5, bytes, pattern, 1)).toBe(bytes);
    for (const at of [0, 7, 8, 47, 48, 49, 56, 4090, 4091, 4092, bytes - 1]) {
      const was = space.readByte(BASE + 5 + at);
      space.writeByte(BASE + 5 + at, was ^ 1);
      expect(mismatchPattern(space, BASE + 5, bytes, pattern, 1)).toBe(at);
      space.writeByte(BASE + 5 + at, was);
    }
  });
});
