import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atShare, latinHypercube, rankCorrelation } from '../../src/analysis/worlds.js';
import { KeyedRandom } from '../../src/sim/random.js';

describe('a Latin hypercube', () => {
  it('meets every slice of every dimension exactly once', () => {
    const worlds = latinHypercube(20, 7, new KeyedRandom(1, 0));
    expect(worlds).toHaveLength(20);
    for (let dimension = 0; dimension < 7; dimension++) {
      const slices = worlds.map((world) => Math.floor(world[dimension]! * 20)).sort((a, b) => a - b);
      expect(slices).toEqual(Array.from({ length: 20 }, (_, i) => i));
    }
  });

  it('orders its dimensions independently: no two go together', () => {
    const worlds = latinHypercube(200, 10, new KeyedRandom(4, 0));
    const column = (d: number) => worlds.map((world) => world[d]!);
    for (let a = 0; a < 10; a++) {
      for (let b = 0; b < a; b++) {
        // The standard error of a correlation of 200 pairs is 0.07.
        expect(Math.abs(rankCorrelation(column(a), column(b)))).toBeLessThan(0.25);
      }
    }
  });

  it('is a function of the seed', () => {
    const of = (seed: number) => latinHypercube(5, 3, new KeyedRandom(seed, 0));
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });
});

describe('a constant at a share of its distribution', () => {
  it('is low, nominal and high at 0, a half and 1, and grows in between', () => {
    const range = fc
      .tuple(
        fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 10, noNaN: true })),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
      )
      .map(([low, width]) => ({ low, nominal: low + width, high: low + 3 * width }));
    fc.assert(
      fc.property(range, fc.double({ min: 0, max: 1, noNaN: true }), (r, u) => {
        expect(atShare(r, 0)).toBeCloseTo(r.low, 9);
        expect(atShare(r, 0.5)).toBeCloseTo(r.nominal, 9);
        expect(atShare(r, 1)).toBeCloseTo(r.high, 9);
        expect(atShare(r, u)).toBeLessThanOrEqual(atShare(r, Math.min(1, u + 0.01)) * (1 + 1e-12));
      }),
    );
  });

  it('halves the logarithm, not the value', () => {
    expect(atShare({ low: 1, nominal: 4, high: 64 }, 0.25)).toBeCloseTo(2, 9);
    expect(atShare({ low: 1, nominal: 4, high: 64 }, 0.75)).toBeCloseTo(16, 9);
    expect(atShare({ low: 0, nominal: 4, high: 64 }, 0.25)).toBeCloseTo(2, 9);
  });
});

describe('the rank correlation', () => {
  it('is 1 along any growing curve, -1 along a falling one, 0 where nothing changes', () => {
    const x = [1, 2, 3, 4, 5, 6];
    const cubes = x.map((value) => value * value * value);
    expect(rankCorrelation(x, cubes)).toBeCloseTo(1, 12);
    expect(rankCorrelation(x, [...cubes].reverse())).toBeCloseTo(-1, 12);
    expect(rankCorrelation(x, [2, 2, 2, 2, 2, 2])).toBe(0);
  });

  it('gives ties the mean of their ranks', () => {
    // Ranks 0, 1.5, 1.5, 3 against 0, 1, 2, 3: 4.5 / sqrt(4.5 · 5).
    expect(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(22.5), 12);
  });
});
