import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimate } from '../../src/analysis/estimate.js';

describe('estimate', () => {
  it('matches a textbook interval: 5 values, mean 3, s = √2.5, t = 2.776445', () => {
    const { mean, halfWidth } = estimate([1, 2, 3, 4, 5]);
    expect(mean).toBe(3);
    expect(halfWidth).toBeCloseTo((2.7764451 * Math.sqrt(2.5)) / Math.sqrt(5), 6);
  });

  it('leaves out replications without a value instead of counting them as zero', () => {
    expect(estimate([null, 4, null, 6])).toEqual(estimate([4, 6]));
    expect(estimate([null, null])).toEqual({ mean: null, halfWidth: null });
    expect(estimate([])).toEqual({ mean: null, halfWidth: null });
  });

  it('claims no interval from one value, and an exact one from equal values', () => {
    expect(estimate([7])).toEqual({ mean: 7, halfWidth: null });
    expect(estimate([0.1, 0.1, 0.1])).toEqual({ mean: 0.1, halfWidth: 0 });
  });

  it('does not depend on order beyond rounding, and scales with the unit', () => {
    const values = fc.array(fc.double({ min: 1, max: 1e12, noNaN: true }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(values, (list) => {
        const forward = estimate(list);
        const backward = estimate([...list].reverse());
        expect(backward.mean! / forward.mean!).toBeCloseTo(1, 12);
        const scaled = estimate(list.map((v) => v * 1024));
        expect(scaled.mean).toBe(forward.mean! * 1024);
        expect(Math.abs(scaled.halfWidth! - forward.halfWidth! * 1024)).toBeLessThanOrEqual(
          1e-9 * scaled.mean!,
        );
      }),
    );
  });

  it('covers the truth in 95 % of repeated experiments', () => {
    // Uniform noise from a fixed linear congruential generator, so that the count below is always the same.
    let state = 12345;
    const uniform = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 4294967296;
    };
    const experiments = 2000;
    let covered = 0;
    for (let i = 0; i < experiments; i++) {
      // The sum of twelve uniforms less six is close to a standard normal.
      const values = Array.from({ length: 5 }, () => {
        let sum = -6;
        for (let k = 0; k < 12; k++) sum += uniform();
        return sum;
      });
      const { mean, halfWidth } = estimate(values);
      if (Math.abs(mean!) <= halfWidth!) covered++;
    }
    expect(covered / experiments).toBeGreaterThan(0.935);
    expect(covered / experiments).toBeLessThan(0.965);
  });

  it('refuses values that are not finite', () => {
    expect(() => estimate([1, Number.NaN])).toThrow(RangeError);
    expect(() => estimate([Number.POSITIVE_INFINITY])).toThrow(RangeError);
    expect(() => estimate([1, 2], 1)).toThrow(RangeError);
  });
});
