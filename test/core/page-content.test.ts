import { describe, expect, test } from 'vitest';
import { fillInitialPage, isInitialPage, PageDigest } from '../../src/core/page-content.js';

/**
 * What a seed makes of memory is part of every result, so that it may not change: here it is once more, in integers of
 * any size.
 */
const WORD = 1n << 32n;
const wrap = (value: bigint): bigint => BigInt.asUintN(32, value);

/** MurmurHash3, fmix32. */
function mix(value: bigint): bigint {
  let h = wrap(value);
  h = wrap((h ^ (h >> 16n)) * 0x85ebca6bn);
  h = wrap((h ^ (h >> 13n)) * 0xc2b2ae35n);
  return h ^ (h >> 16n);
}

const key = (seed: bigint, page: bigint): bigint =>
  mix(mix(wrap(seed) ^ (page % WORD)) + wrap((page / WORD) * 0x9e3779b1n));

function words(seed: bigint, page: bigint): number[] {
  return Array.from({ length: 1024 }, (_, i) =>
    Number(BigInt.asIntN(32, mix(key(seed, page) + BigInt(i + 1) * 0x9e3779b9n))),
  );
}

function digest(pages: readonly { content: readonly number[]; page: bigint }[]): string {
  let low = 0n;
  let high = 0n;
  for (const { content, page } of pages) {
    let a = key(0x243f6a88n, page);
    let b = key(0x13198a2en, page);
    for (const signed of content) {
      const word = wrap(BigInt(signed));
      a = wrap((a ^ word) * 0x01000193n + 0x7f4a7c15n);
      const rotated = wrap(b << 5n) ^ (b >> 27n);
      b = wrap((rotated ^ word) * 0x5bd1e995n);
    }
    low = wrap(low + mix(a));
    high = wrap(high + mix(a ^ b));
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

/** Pages at both ends of the address space, and one whose number has words that differ. */
const PAGES = [0, 1, 0x12345, 0xffff_ffff, 0x1_0000_0000, 0x31_8765_4321, 0xff_ffff_ffff];

describe('a page that nobody wrote', () => {
  test('mixes as MurmurHash3 does', () => {
    expect([0n, 1n, 0xffff_ffffn].map(mix)).toEqual([0n, 0x514e28b7n, 0x81f16f39n]);
  });

  test.each(PAGES)('of number %i holds what seed and number say, and nothing around it changes', (page) => {
    for (const seed of [0, 1, 42, -1]) {
      const arena = new Int32Array(1026).fill(7);
      fillInitialPage(arena, 1, seed, page);
      expect([...arena]).toEqual([7, ...words(BigInt(seed), BigInt(page)), 7]);
    }
  });

  test('holds zeros without a seed', () => {
    const arena = new Int32Array(1026).fill(7);
    fillInitialPage(arena, 1, null, 5);
    expect([...arena]).toEqual([7, ...new Array(1024).fill(0), 7]);
  });

  test('is known again, until any word of it is another', () => {
    const arena = new Int32Array(1026);
    fillInitialPage(arena, 1, 42, 9);
    const isInitial = (page: number): boolean => isInitialPage(arena, 1, 42, page);
    expect([isInitial(9), isInitial(8)]).toEqual([true, false]);
    for (const word of [1, 500, 1024]) {
      arena[word]! ^= 1;
      expect(isInitial(9), `word ${word}`).toBe(false);
      arena[word]! ^= 1;
    }
    arena[0] = arena[1025] = 1;
    expect(isInitial(9)).toBe(true);
  });
});

describe('the digest of pages', () => {
  const pages = PAGES.map((page) => ({ content: words(3n, BigInt(page)), page: BigInt(page) }));
  const digestOf = (some: typeof pages): string => {
    const sum = new PageDigest();
    for (const { content, page } of some) sum.add(Int32Array.from([7, ...content, 7]), 1, Number(page));
    return sum.toString();
  };

  test('is the sum of their hashes', () => {
    expect(digestOf([])).toBe('0000000000000000');
    for (let n = 1; n <= pages.length; n++)
      expect(digestOf(pages.slice(0, n))).toBe(digest(pages.slice(0, n)));
    expect(digestOf([...pages].reverse())).toBe(digest(pages));
  });

  test('always has sixteen digits', () => {
    const short = Array.from({ length: 400 }, (_, page) => ({
      content: new Array<number>(1024).fill(0),
      page: BigInt(page),
    }));
    const digests = short.map((page) => digestOf([page]));
    expect(digests).toEqual(short.map((page) => digest([page])));
    expect(digests.some((text) => text.startsWith('0'))).toBe(true);
    expect(digests.some((text) => text[8] === '0')).toBe(true);
  });
});
