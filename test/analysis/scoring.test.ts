import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepsBounds, medianOf, nearestRank, relativeError, score } from '../../src/analysis/scoring.js';

describe('errors', () => {
  it('are positive above the measurement and negative below', () => {
    expect(relativeError(110, 100)).toBeCloseTo(0.1, 12);
    expect(relativeError(90, 100)).toBeCloseTo(-0.1, 12);
  });

  it('count from zero where zero was measured', () => {
    expect(relativeError(0, 0)).toBe(0);
    expect(relativeError(3, 0)).toBe(3);
  });
});

describe('scores', () => {
  it('of nothing are nothing', () => {
    expect(score([])).toBeNull();
  });

  it('take the size of errors, whatever their sign', () => {
    expect(score([0.01, -0.05, 0.02])).toEqual({ rows: 3, median: 0.02, p90: 0.05, worst: 1 });
  });

  it('take the mean of the two middle errors of an even number', () => {
    expect(score([0.01, 0.02, 0.04, 0.08])!.median).toBeCloseTo(0.03, 12);
  });

  it('have a 90th percentile that nine of ten errors do not exceed', () => {
    const errors = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
    expect(score(errors)!.p90).toBe(0.9);
    expect(score([...errors, 1.1])!.p90).toBe(1);
  });

  it('do not depend on the order of the errors', () => {
    const errors = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(errors, (list) => {
        const one = score(list)!;
        const other = score([...list].reverse())!;
        expect([other.median, other.p90]).toEqual([one.median, one.p90]);
        expect(one.median).toBeLessThanOrEqual(one.p90);
        expect(one.p90).toBeLessThanOrEqual(Math.abs(list[one.worst]!));
        expect(list.filter((e) => Math.abs(e) <= one.p90).length).toBeGreaterThanOrEqual(0.9 * list.length);
      }),
    );
  });

  it('keep a bound that they reach, and break it by any more', () => {
    const value = { rows: 5, median: 0.02, p90: 0.06, worst: 0 };
    expect(keepsBounds(value, { medianBound: 0.02, p90Bound: 0.06 })).toBe(true);
    expect(keepsBounds(value, { medianBound: 0.0199, p90Bound: 0.06 })).toBe(false);
    expect(keepsBounds(value, { medianBound: 0.02, p90Bound: 0.0599 })).toBe(false);
    expect(keepsBounds(value, { medianBound: null, p90Bound: null })).toBe(true);
  });

  it('rest on order statistics of ascending lists', () => {
    expect(medianOf([1, 2, 9])).toBe(2);
    expect(nearestRank([1, 2, 3, 4], 0.5)).toBe(2);
    expect(nearestRank([7], 0.9)).toBe(7);
  });
});
