import { describe, expect, test } from 'vitest';
import { AddressSpace } from '../../src/core/address-space.js';
import {
  copyForward,
  copyWhole,
  fillRange,
  isSameWhole,
  mismatch,
  mismatchPattern,
  move,
} from '../../src/core/memory.js';
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

describe('two ranges in one piece each', () => {
  const OTHER = 0x40_0000;
  const pair = (): [AddressSpace, AddressSpace] => {
    const spaces: [AddressSpace, AddressSpace] = [new AddressSpace(), new AddressSpace()];
    for (const space of spaces) {
      space.map(BASE, LENGTH);
      space.write(BASE, NOISE, 0, LENGTH);
    }
    return spaces;
  };

  test.each([1, 48, 49, 0x7000])('are copied at once from space to space: %i bytes', (bytes) => {
    const [from, to] = pair();
    expect(copyWhole(to, BASE + 3, from, BASE + 0x900, bytes)).toBe(true);
    const model = NOISE.slice();
    model.set(NOISE.subarray(0x900, 0x900 + bytes), 3);
    expect(Buffer.compare(contents(to), model)).toBe(0);
    expect(Buffer.compare(contents(from), NOISE)).toBe(0);
  });

  test.each([
    ['source', (from: AddressSpace) => from.setAbsent(BASE + 0x7000)],
    ['destination', (_: AddressSpace, to: AddressSpace) => to.setAbsent(BASE + 0x7000)],
  ])('are not copied while a page of the space of the %s is absent', (_, prepare) => {
    const [from, to] = pair();
    prepare(from, to);
    expect(copyWhole(to, BASE, from, BASE + 0x900, 100)).toBe(false);
    expect(Buffer.compare(contents(to), NOISE)).toBe(0);
  });

  test('are called the same where every byte is, and not where it takes more to find out', () => {
    const [one, other] = pair();
    for (const bytes of [49, 50, 4096, LENGTH]) {
      expect(isSameWhole(one, BASE, other, BASE, bytes), `${bytes}`).toBe(true);
      for (const at of [0, bytes - 1]) {
        other.writeByte(BASE + at, NOISE[at]! ^ 1);
        expect(isSameWhole(one, BASE, other, BASE, bytes), `${bytes} but ${at}`).toBe(false);
        other.writeByte(BASE + at, NOISE[at]!);
      }
    }
    expect(mismatch(one, BASE, other, BASE, LENGTH)).toBe(LENGTH);
    one.write(OTHER, NOISE, 0, LENGTH);
    expect(isSameWhole(one, OTHER, other, BASE, LENGTH)).toBe(false);
    expect(isSameWhole(other, BASE, one, OTHER, LENGTH)).toBe(false);
  });
});

test('a forward copy may overwrite what it has read already', () => {
  const space = new AddressSpace();
  space.write(0x1000, NOISE, 0, 0x3000);
  copyForward(space, 0x0ff0, space, 0x1000, 0x3000);
  const found = new Uint8Array(0x3000);
  space.read(0x0ff0, found, 0, 0x3000);
  expect(Buffer.compare(found, NOISE.subarray(0, 0x3000))).toBe(0);
});

test('untouched pages compare as the zeros that they hold', () => {
  const space = new AddressSpace();
  space.writeByte(0x5000, 1);
  expect(mismatch(space, 0x1000, space, 0x9000, 0x3000)).toBe(0x3000);
  expect(mismatch(space, 0x1000, space, 0x4800, 0x3000)).toBe(0x800);
  expect(mismatchPattern(space, 0x1000, 0x5000, new Uint8Array(8), 0)).toBe(0x4000);
});
