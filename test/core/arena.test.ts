import { expect, test } from 'vitest';
import { type Arena, ArenaAllocator } from '../../src/core/arena.js';

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

/** Whether an allocator that takes used storage gets this very arena when it needs one of its size. */
function isTaken(arena: Arena): boolean {
  return new ArenaAllocator(true).reserve(arena.capacityBytes) === arena;
}

test('storage that was given back goes to whoever takes used one of its size, and to nobody else', () => {
  const first = new ArenaAllocator(true);
  const arena = first.reserve(333 * PAGE);
  arena.bytes.fill(7);
  first.release();
  expect(new ArenaAllocator().reserve(333 * PAGE) === arena).toBe(false);
  expect(new ArenaAllocator(true).reserve(334 * PAGE) === arena).toBe(false);
  expect(isTaken(arena)).toBe(true);
  expect([arena.used, arena.bytes[0]]).toEqual([333 * PAGE, 7]);
  expect(isTaken(arena)).toBe(false);
});

test('two pieces of storage of one size are kept, and an allocator that gave them back begins anew', () => {
  const allocator = new ArenaAllocator(true);
  const pieces = [allocator.reserve(335 * PAGE), allocator.reserve(335 * PAGE)];
  allocator.release();
  const again = [allocator.reserve(335 * PAGE), allocator.reserve(335 * PAGE)];
  expect(again.every((arena) => pieces.includes(arena)) && again[0] !== again[1]).toBe(true);
  expect(again.map(({ used }) => used)).toEqual([335 * PAGE, 335 * PAGE]);
});

test('of storage that was given back 128 MiB at most are kept, and what is taken makes room again', () => {
  // Each has a size of its own, so that it is known again; other tests may have given something back as well.
  const sizes = Array.from({ length: 9 }, (_, i) => 16 * KIB * KIB + (i + 1) * PAGE);
  const given = (bytes: number): Arena => {
    const allocator = new ArenaAllocator(true);
    const arena = allocator.reserve(bytes);
    allocator.release();
    return arena;
  };
  const arenas = sizes.map(given);
  const kept = arenas.filter(isTaken);
  expect(kept.length).toBeGreaterThan(0);
  // The last one came when 128 MiB were kept, or nearly.
  expect(kept.length).toBeLessThanOrEqual(7);
  expect(kept.every((arena, i) => arena === arenas[i])).toBe(true);
  expect(isTaken(given(sizes.at(-1)!))).toBe(true);
});
