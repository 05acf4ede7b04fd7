import { describe, expect, test } from 'vitest';
import { AddressSpace, MemoryLimitError } from '../../src/core/address-space.js';

function bytesOf(space: AddressSpace, address: number, length: number): number[] {
  const bytes = new Uint8Array(length);
  space.read(address, bytes, 0, length);
  return [...bytes];
}

describe('an address space', () => {
  test('reads zeros where nobody wrote, and takes no memory for it', () => {
    const space = new AddressSpace();
    expect(bytesOf(space, 0x1ffc, 8)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(space.materialisedBytes).toBe(0);
  });

  test('keeps what was written across a page boundary, mapped or not', () => {
    for (const mapped of [false, true]) {
      const space = new AddressSpace({ seed: 7 });
      if (mapped) space.map(0x1000, 0x2000);
      space.write(0x1ffe, Uint8Array.of(1, 2, 3, 4), 0, 4);
      expect(bytesOf(space, 0x1ffe, 4)).toEqual([1, 2, 3, 4]);
      expect(space.materialisedBytes).toBe(0x2000);
    }
  });

  test('gives a seeded page the same content whether it is read, written or mapped first', () => {
    const read = new AddressSpace({ seed: 42 });
    const before = bytesOf(read, 0x5000, 16);
    const mapped = new AddressSpace({ seed: 42 });
    mapped.map(0x4000, 0x4000);
    const written = new AddressSpace({ seed: 42 });
    written.writeByte(0x5fff, 9);
    expect(bytesOf(mapped, 0x5000, 16)).toEqual(before);
    expect(bytesOf(written, 0x5000, 16)).toEqual(before);
    expect(bytesOf(new AddressSpace({ seed: 43 }), 0x5000, 16)).not.toEqual(before);
    expect(bytesOf(read, 0x6000, 16)).not.toEqual(before);
  });

  test('has a digest of its content alone', () => {
    const forward = new AddressSpace({ seed: 1 });
    const backward = new AddressSpace({ seed: 1 });
    backward.map(0, 0x10000);
    for (let page = 0; page < 8; page++) forward.writeByte(page * 4096, page + 1);
    for (let page = 7; page >= 0; page--) backward.writeByte(page * 4096, page + 1);
    bytesOf(backward, 0x9000, 8);
    expect(backward.digest()).toBe(forward.digest());
    expect(forward.digest()).toMatch(/^[0-9a-f]{16}$/);
    backward.writeByte(0x9000, bytesOf(backward, 0x9000, 1)[0]! ^ 1);
    expect(backward.digest()).not.toBe(forward.digest());
    backward.writeByte(0x9000, bytesOf(backward, 0x9000, 1)[0]! ^ 1);
    expect(backward.digest()).toBe(forward.digest());
  });

  test('tells swapped pages apart by its digest', () => {
    const one = new AddressSpace();
    const other = new AddressSpace();
    one.writeByte(0x1000, 1);
    one.writeByte(0x2000, 2);
    other.writeByte(0x1000, 2);
    other.writeByte(0x2000, 1);
    expect(one.digest()).not.toBe(other.digest());
  });

  test('knows how far a range is present, from either end', () => {
    const space = new AddressSpace();
    space.setAbsent(0x3000);
    expect(space.presentBytes(0x1800, 0x4000)).toBe(0x1800);
    expect(space.presentBytesAtEnd(0x1800, 0x4000)).toBe(0x1800);
    expect(space.presentBytes(0x3abc, 1)).toBe(0);
    expect(space.presentBytes(0x1000, 0x2000)).toBe(0x2000);
    expect(space.resolve(0x3fff)).toBe(true);
    expect(space.presentBytes(0x1800, 0x4000)).toBe(0x4000);
  });

  test('ends at 2^52: beyond it no page is present and no request is granted', () => {
    const space = new AddressSpace();
    const limit = 4503599627370496;
    expect(space.isPresent(limit)).toBe(false);
    expect(space.resolve(limit)).toBe(false);
    expect(space.presentBytes(limit - 16, 64)).toBe(16);
    expect(space.presentBytes(limit * 2, 64)).toBe(0);
  });

  test('has only mapped pages when it is told so, and absent mapped pages can be requested', () => {
    const space = new AddressSpace({ presence: 'mapped' });
    space.map(0x1000, 1);
    expect(space.isPresent(0x1fff)).toBe(true);
    expect(space.isPresent(0x2000)).toBe(false);
    expect(space.resolve(0x2000)).toBe(false);
    space.setAbsent(0x1234);
    expect(space.isPresent(0x1000)).toBe(false);
    expect(space.resolve(0x1000)).toBe(true);
    expect(space.isPresent(0x1000)).toBe(true);
    space.setPresent(0x2000);
    expect(space.presentBytes(0x1000, 0x3000)).toBe(0x2000);
  });

  test('refuses a mapping over pages in use, an empty one and one beyond the end', () => {
    const space = new AddressSpace();
    space.map(0x1000, 0x2000);
    space.writeByte(0x8000, 1);
    expect(() => space.map(0x2fff, 2)).toThrow(/already in use/);
    expect(() => space.map(0x0, 0x1001)).toThrow(/already in use/);
    expect(() => space.map(0x7000, 0x2000)).toThrow(/already in use/);
    expect(() => space.map(0x4000, 0)).toThrow(/cannot map/);
    expect(() => space.map(4503599627370496, 1)).toThrow(/cannot map/);
    space.map(0x3000, 0x1000);
    space.map(0x0, 0x1000);
  });

  test('ends in a typed error when it would hold more than its limit', () => {
    const space = new AddressSpace({ limitBytes: 8192 });
    space.map(0x10_0000, 0x10_0000);
    space.writeByte(0x10_0000, 1);
    space.writeByte(0x10_1000, 1);
    expect(() => space.writeByte(0x10_2000, 1)).toThrow(MemoryLimitError);
    expect(() => space.writeByte(0x10_2000, 1)).toThrow(/8192 bytes/);
    space.writeByte(0x10_1fff, 2);
  });
});
