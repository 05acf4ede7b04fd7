import { expect, test } from 'vitest';
import { ArenaAllocator } from '../../src/core/arena.js';

const KIB = 1024;
const PAGE = 4 * KIB;

test('pages share arenas, each twice as large as the last, from 16 KiB to 16 MiB', () => {
  const allocator = new ArenaAllocator();
  const capacities: number[] = [];
  let last = null;
  for (let pages = 0; pages * PAGE < 16 * KIB * 2 ** 11; pages++) {
    const arena = allocator.reserve(PAGE);
    if (arena !== last) capacities.push(arena.capacityBytes / KIB);
    last = arena;
    expect(arena.used % PAGE).toBe(0);
    expect(arena.used).toBeLessThanOrEqual(arena.capacityBytes);
  }
  expect(capacities).toEqual([16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 16384]);
});

test('what does not fit gets an arena that holds all of it, and what follows begins behind it', () => {
  const allocator = new ArenaAllocator();
  const small = allocator.reserve(PAGE);
  const large = allocator.reserve(100 * PAGE);
  expect(large).not.toBe(small);
  expect([small.used, large.capacityBytes, large.used]).toEqual([PAGE, 100 * PAGE, 100 * PAGE]);
  expect(allocator.reserve(0)).toBe(large);
  const next = allocator.reserve(PAGE);
  expect(next).not.toBe(large);
  expect(allocator.reserve(PAGE)).toBe(next);
  expect(next.used).toBe(2 * PAGE);
});

test('all views of an arena show the same bytes', () => {
  const arena = new ArenaAllocator().reserve(PAGE);
  arena.bytes.set([0, 0, 0, 0, 0, 0, 0xf0, 0x3f], 8);
  expect(arena.doubles[1]).toBe(1);
  expect(arena.words[3]).toBe(0x3ff0_0000);
  expect(arena.host.readUInt32LE(12)).toBe(0x3ff0_0000);
});
