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

  test('holds what its seed says on storage that another one has left behind, and zeros where it has no seed', () => {
    /** Touches some pages in every way that there is, and shows all of them. */
    const used = (space: AddressSpace): [number[], string] => {
      space.map(0x10_0000, 0x6000);
      space.write(0x10_1f00, new Uint8Array(0x1800).fill(0xaa), 0, 0x1800);
      bytesOf(space, 0x10_5000, 8);
      space.writeByte(0x20_0123, 1);
      return [bytesOf(space, 0x10_0000, 0x6000), space.digest()];
    };
    for (const seed of [3, null]) {
      const expected = used(new AddressSpace({ seed }));
      const before = new AddressSpace({ seed: 9 });
      before.map(0x10_0000, 0x6000);
      before.write(0x10_0000, new Uint8Array(0x6000).fill(0xee), 0, 0x6000);
      const { arena } = before;
      before.release();
      const after = new AddressSpace({ seed });
      expect(used(after)).toEqual(expected);
      after.locateForWrite(0x10_0000, 1);
      expect(after.arena === arena).toBe(seed !== null);
    }
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
    expect(() => space.map(0x8000, 0x1000)).toThrow(/already in use/);
    for (const page of [0x3000, 0x0, 0x7000, 0x9000]) space.map(page, 0x1000);
  });

  test('has pages from 0 to the last below 2^52, and nowhere else', () => {
    const last = 2 ** 52 - 4096;
    for (const space of [new AddressSpace(), new AddressSpace({ presence: 'mapped' })]) {
      for (const address of [0, last]) space.map(address, 4096);
      expect([-1, 0, last + 4095, last + 4096].map((address) => space.exists(address))).toEqual([
        false,
        true,
        true,
        false,
      ]);
      expect(space.presentBytes(last, 4096)).toBe(4096);
      expect(space.presentBytesAtEnd(last, 4096)).toBe(4096);
      expect(space.presentBytes(last, 4097)).toBe(4096);
      expect(space.presentBytesAtEnd(last, 4097)).toBe(0);
      expect(space.presentBytesAtEnd(0, 16)).toBe(16);
    }
  });

  test('cannot be read, written or mapped where no page can be', () => {
    const space = new AddressSpace();
    for (const address of [-1, 2 ** 52, Number.NaN]) {
      const where = `0x${address.toString(16)}`;
      expect(() => space.readByte(address)).toThrow(new RangeError(`no page at ${where}`));
      expect(() => space.writeByte(address, 1)).toThrow(new RangeError(`no page at ${where}`));
      expect(() => space.map(address, 1)).toThrow(new RangeError(`cannot map 1 bytes at ${where}`));
    }
    space.writeByte(0, 1);
    space.writeByte(2 ** 52 - 1, 2);
    expect([space.readByte(0), space.readByte(2 ** 52 - 1)]).toEqual([1, 2]);
  });

  test('maps more than any host has, for nothing is stored before somebody looks at the bytes', () => {
    for (const seed of [null, 7]) {
      const space = new AddressSpace({ presence: 'mapped', seed });
      const [base, bytes] = [0x1_0000_0000, 0x8_0000_0000];
      space.map(base, bytes);
      space.map(0x1000, 0x3000);
      const last = base + bytes - 4;
      expect(space.presentBytes(base, bytes)).toBe(bytes);
      expect(space.materialisedBytes).toBe(0);
      expect(space.digest()).toBe(new AddressSpace({ seed }).digest());
      const plain = new AddressSpace({ seed });
      expect(space.locateWhole(0x1ffe, 4)).toBe(true);
      expect(bytesOf(space, 0x1ffe, 4)).toEqual(bytesOf(plain, 0x1ffe, 4));
      for (const each of [space, plain]) each.writeByte(0x3fff, 9);
      expect(bytesOf(space, 0x3ffc, 4)).toEqual(bytesOf(plain, 0x3ffc, 4));
      expect(space.presentBytesAtEnd(last, 4)).toBe(4);
      expect(space.digest()).toBe(plain.digest());
    }
  });

  test('maps every page that a region touches, and a free page that is made present', () => {
    const space = new AddressSpace({ presence: 'mapped' });
    space.map(0x1fff, 2);
    expect([0xfff, 0x1000, 0x2fff, 0x3000].map((address) => space.isPresent(address))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    space.setPresent(0x3abc);
    space.setPresent(0x3abc);
    expect([0x2fff, 0x3000, 0x3fff, 0x4000].map((address) => space.isPresent(address))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    space.writeByte(0x3fff, 7);
    space.setAbsent(0x3000);
    expect([space.exists(0x3000), space.isPresent(0x3000), space.readByte(0x3fff)]).toEqual([true, false, 7]);
    space.setPresent(0x3000);
    expect([space.isPresent(0x3000), space.readByte(0x3fff)]).toEqual([true, 7]);
  });

  test('has only mapped pages, and of those not the absent ones, seen from either end', () => {
    const space = new AddressSpace({ presence: 'mapped' });
    space.map(0x1000, 0x3000);
    space.map(0x4000, 0x3000);
    const seen = (): number[] => [
      space.presentBytes(0x1000, 0x6000),
      space.presentBytesAtEnd(0x1000, 0x6000),
    ];
    expect(seen()).toEqual([0x6000, 0x6000]);
    space.setAbsent(0x2000);
    expect(seen()).toEqual([0x1000, 0x4000]);
    space.setAbsent(0x5000);
    expect(seen()).toEqual([0x1000, 0x1000]);
    expect([space.presentBytes(0, 0x9000), space.presentBytesAtEnd(0, 0x9000)]).toEqual([0, 0]);
    expect([space.presentBytes(0x1800, 0x100), space.presentBytesAtEnd(0x6800, 0x100)]).toEqual([
      0x100, 0x100,
    ]);
  });

  test('stays incomplete until the last absent page is back', () => {
    const space = new AddressSpace();
    for (const page of [0x1000, 0x3000]) space.setAbsent(page);
    expect(space.resolve(0x1000)).toBe(true);
    expect(space.presentBytes(0, 0x5000)).toBe(0x3000);
    expect(space.presentBytesAtEnd(0, 0x5000)).toBe(0x1000);
    space.setPresent(0x3000);
    expect(space.presentBytes(0, 0x5000)).toBe(0x5000);
    expect(space.presentBytesAtEnd(0, 0x5000)).toBe(0x5000);
  });

  test('copies a piece of an array to where it is told, across pages of every kind, and nothing beside it', () => {
    const from = Uint8Array.from({ length: 10_000 }, (_, i) => (i * 7) % 251);
    for (const bytes of [1, 127, 128, 129, 9000]) {
      const space = new AddressSpace();
      space.map(0x2000, 0x1000);
      space.write(0x1ffe, from, 5, bytes);
      const into = new Uint8Array(10_000).fill(255);
      space.read(0x1ffe, into, 9, bytes);
      expect(Buffer.compare(into.subarray(9, 9 + bytes), from.subarray(5, 5 + bytes)), `${bytes}`).toBe(0);
      expect([into[8], into[9 + bytes]], `${bytes}`).toEqual([255, 255]);
      expect([space.readByte(0x1ffd), space.readByte(0x1ffe + bytes)], `${bytes}`).toEqual([0, 0]);
    }
  });

  test('finds what lies in one piece with one look, and leaves everything else alone', () => {
    const space = new AddressSpace();
    space.map(0x1000, 0x2000);
    space.map(0x3000, 0x1000);
    space.write(0x1000, Uint8Array.of(1, 2, 3), 0, 3);
    expect(space.locateWhole(0x1001, 2)).toBe(true);
    expect([...space.arena.bytes.subarray(space.offset, space.offset + 2)]).toEqual([2, 3]);
    const { arena, offset, materialisedBytes } = space;
    for (const find of [space.locateWhole, space.locateWholeForWrite].map((f) => f.bind(space))) {
      expect(find(0x2fff, 1)).toBe(true);
      Object.assign(space, { arena, offset });
      expect([find(0x2fff, 2), find(0x0fff, 2), find(0x4000, 1)]).toEqual([false, false, false]);
      space.setAbsent(0x9000);
      expect(find(0x1000, 3)).toBe(false);
      expect([space.arena, space.offset]).toEqual([arena, offset]);
      space.setPresent(0x9000);
    }
    expect(materialisedBytes).toBe(0x1000);
    expect(space.materialisedBytes).toBe(0x2000);
  });

  test('finds the content of a seed in one piece too, and materialises it, but no zeros', () => {
    const seeded = new AddressSpace({ seed: 4 });
    seeded.map(0x1000, 0x3000);
    expect(seeded.locateWhole(0x1ff8, 16)).toBe(true);
    const found = [...seeded.arena.bytes.subarray(seeded.offset, seeded.offset + 16)];
    expect(found).toEqual(bytesOf(new AddressSpace({ seed: 4 }), 0x1ff8, 16));
    expect(seeded.materialisedBytes).toBe(0x2000);
    const zeros = new AddressSpace();
    zeros.map(0x1000, 0x3000);
    expect(zeros.locateWhole(0x1ff8, 16)).toBe(true);
    expect(zeros.materialisedBytes).toBe(0);
  });

  test('counts what was found for writing as written, in one piece or not', () => {
    const untouched = new AddressSpace({ seed: 3 }).digest();
    for (const find of ['locateForWrite', 'locateWholeForWrite'] as const) {
      const space = new AddressSpace({ seed: 3 });
      space.map(0x1000, 0x3000);
      space.readByte(0x2000);
      expect(space.digest()).toBe(untouched);
      space[find](0x2ffe, 4);
      expect(space.digest(), 'as it was before').toBe(untouched);
      space.arena.bytes.fill(0xee, space.offset, space.offset + 4);
      expect(bytesOf(space, 0x2ffe, 4)).toEqual([0xee, 0xee, 0xee, 0xee]);
      const same = new AddressSpace({ seed: 3 });
      same.write(0x2ffe, new Uint8Array(4).fill(0xee), 0, 4);
      expect(space.digest()).toBe(same.digest());
      expect(space.digest()).not.toBe(untouched);
    }
  });

  test('keeps what its seed gave around a write that covers a page and parts of two', () => {
    for (const mapped of [false, true]) {
      const space = new AddressSpace({ seed: 42 });
      if (mapped) space.map(0x1000, 0x3000);
      const initial = bytesOf(new AddressSpace({ seed: 42 }), 0x1000, 0x3000);
      const read = new AddressSpace({ seed: 42 });
      read.map(0x1000, 0x3000);
      expect(bytesOf(read, 0x1000, 0x3000)).toEqual(initial);
      const begun = new AddressSpace({ seed: 42 });
      if (mapped) begun.map(0x1000, 0x3000);
      begun.write(0x1000, new Uint8Array(0x2800), 0, 0x2800);
      expect(bytesOf(begun, 0x3800, 0x800)).toEqual(initial.slice(-0x800));
      space.write(0x1800, new Uint8Array(0x2000).fill(9), 0, 0x2000);
      const nines = new Array<number>(0x2000).fill(9);
      expect(bytesOf(space, 0x1000, 0x3000)).toEqual([
        ...initial.slice(0, 0x800),
        ...nines,
        ...initial.slice(-0x800),
      ]);
      expect(space.materialisedBytes).toBe(0x3000);
      space.write(0x1800, Uint8Array.from(initial), 0x800, 0x2000);
      expect(space.digest()).toBe('0000000000000000');
    }
  });

  test('notes the first write to a page that was read before', () => {
    for (const write of ['locateForWrite', 'locateWholeForWrite'] as const) {
      const space = new AddressSpace({ seed: 3 });
      space.map(0x1000, 0x1000);
      const before = space.digest();
      const value = space.readByte(0x1000);
      space[write](0x1000, 1);
      space.arena.bytes[space.offset] = value ^ 1;
      expect(space.digest()).not.toBe(before);
    }
  });

  test('keeps four pages that were only read, so that an operation can hold several at once', () => {
    const space = new AddressSpace({ seed: 5 });
    const held = [0x1000, 0x2000, 0x3000, 0x4000].map((page) => {
      expect(space.locate(page + 0xff8, 16)).toBe(8);
      return { page, arena: space.arena, offset: space.offset };
    });
    const mapped = new AddressSpace({ seed: 5 });
    mapped.map(0x1000, 0x4000);
    for (const { page, arena, offset } of held) {
      expect([...arena.bytes.subarray(offset, offset + 8)]).toEqual(bytesOf(mapped, page + 0xff8, 8));
    }
    expect(space.materialisedBytes).toBe(0);
  });

  test('materialises a page when it is written, and a mapped one with content when it is read', () => {
    const zeros = new AddressSpace();
    zeros.map(0, 0x10000);
    expect(bytesOf(zeros, 0x1000, 0x2000).every((byte) => byte === 0)).toBe(true);
    expect(zeros.materialisedBytes).toBe(0);
    zeros.write(0x1000, new Uint8Array(0x2000).fill(1), 0, 0x2000);
    expect(zeros.materialisedBytes).toBe(0x2000);
    zeros.writeByte(0x1000, 1);
    zeros.writeByte(0x3000, 1);
    expect(zeros.materialisedBytes).toBe(0x3000);
    const seeded = new AddressSpace({ seed: 1 });
    seeded.map(0, 0x4000);
    bytesOf(seeded, 0xfff, 2);
    expect(seeded.materialisedBytes).toBe(0x2000);
    for (const page of [0, 1, 2, 3]) seeded.writeByte(page * 4096 + 9, 1);
    bytesOf(seeded, 0, 0x4000);
    expect(seeded.materialisedBytes).toBe(0x4000);
    expect(new Set(bytesOf(seeded, 0, 0x4000)).size).toBeGreaterThan(200);
  });

  test('reads 32 bits with the lowest byte first', () => {
    const space = new AddressSpace();
    space.write(0x1ffc, Uint8Array.of(0x12, 0x34, 0x56, 0xf8), 0, 4);
    expect(space.readUint32(0x1ffc)).toBe(0xf856_3412);
  });

  test('has the digest of nothing while every page holds what it began with', () => {
    const space = new AddressSpace();
    space.map(0x1000, 0x2000);
    expect(space.digest()).toBe('0'.repeat(16));
    space.writeByte(0x1000, 1);
    space.writeByte(0x8000, 1);
    expect(space.digest()).not.toBe('0'.repeat(16));
    space.writeByte(0x1000, 0);
    space.writeByte(0x8000, 0);
    expect(space.digest()).toBe('0'.repeat(16));
  });

  test('sees a change of the last byte of the last page by its digest', () => {
    for (const mapped of [true, false]) {
      const space = new AddressSpace({ seed: 2 });
      if (mapped) space.map(0x1000, 0x3000);
      const before = space.digest();
      space.writeByte(0x3fff, space.readByte(0x3fff) ^ 0x80);
      expect(space.digest(), `${mapped}`).not.toBe(before);
    }
  });

  test('ends in a typed error when it would hold more than its limit', () => {
    const space = new AddressSpace({ limitBytes: 8192 });
    space.map(0x10_0000, 0x10_0000);
    space.writeByte(0x10_0000, 1);
    space.writeByte(0x10_1000, 1);
    expect(() => space.writeByte(0x10_2000, 1)).toThrow(MemoryLimitError);
    expect(() => space.writeByte(0x10_2000, 1)).toThrow(/8192 bytes/);
    expect(() => space.writeByte(0x1000, 1)).toThrow(MemoryLimitError);
    space.writeByte(0x10_1fff, 2);
    expect(new MemoryLimitError(1)).toMatchObject({ code: 'DSASIM_MEMORY_LIMIT', name: 'MemoryLimitError' });
    const seeded = new AddressSpace({ seed: 1, limitBytes: 4096 });
    seeded.map(0, 0x2000);
    expect(() => bytesOf(seeded, 0, 0x2000)).toThrow(MemoryLimitError);
  });
});
