import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePairs, decide } from '../../src/analysis/compare.js';
import { compareUnpaired } from '../../src/analysis/unpaired.js';

describe("Welch's comparison", () => {
  it('agrees with a worked example', () => {
    // Means 20 and 22, variances 4 and 1, six values each: t = -2/sqrt(5/6) = -2.1909, degrees 25/(17/5) = 7.35.
    const a = [20 - 2.2360679775, 20 + 2.2360679775, 18, 22, 20 - Math.SQRT2 / 2, 20 + Math.SQRT2 / 2];
    const scale = Math.sqrt(4 / (a.reduce((s, v) => s + (v - 20) * (v - 20), 0) / 5));
    const wide = a.map((v) => 20 + (v - 20) * scale);
    const narrow = a.map((v) => 22 + ((v - 20) * scale) / 2);
    const { difference, p } = compareUnpaired(wide, narrow);
    expect(difference.mean).toBeCloseTo(-2, 12);
    // t quantile of 7 degrees: 2.364624.
    expect(difference.halfWidth!).toBeCloseTo(2.364624 * Math.sqrt(5 / 6), 5);
    expect(p!).toBeGreaterThan(0.05);
    expect(p!).toBeLessThan(0.07);
  });

  it('is antisymmetric, and its p-value and interval tell the same', () => {
    const values = fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [there, back] = [compareUnpaired(a, b), compareUnpaired(b, a)];
        expect(there.difference.mean).toBeCloseTo(-back.difference.mean!, 6);
        expect(there.p).toBeCloseTo(back.p!, 9);
        const { mean, halfWidth } = there.difference;
        // Away from the very edge of significance.
        if (Math.abs(there.p! - 0.05) > 1e-6) expect(Math.abs(mean!) > halfWidth!).toBe(there.p! < 0.05);
      }),
    );
  });

  it('covers a difference of zero in about 95 of 100 cases, whatever the variances', () => {
    let state = 12345;
    const uniform = (): number => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return (state + 0.5) / 0x80000000;
    };
    const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    let covered = 0;
    for (let i = 0; i < 2000; i++) {
      const a = Array.from({ length: 5 }, () => 10 + normal());
      const b = Array.from({ length: 9 }, () => 10 + 5 * normal());
      if (compareUnpaired(a, b).p! >= 0.05) covered++;
    }
    // Degrees rounded down widen the interval a little.
    expect(covered / 2000).toBeGreaterThan(0.94);
    expect(covered / 2000).toBeLessThan(0.98);
  });

  it('sees less than pairing where luck is shared', () => {
    const luck = [1, 5, 2, 8, 4, 7];
    const a = luck.map((v) => v + 0.5);
    expect(comparePairs(a, luck).p).toBe(0);
    expect(compareUnpaired(a, luck).p!).toBeGreaterThan(0.5);
  });

  it('says nothing with one value on a side, and nothing at all without any', () => {
    expect(compareUnpaired([2, null], [1, 1])).toMatchObject({
      pairs: 1,
      difference: { mean: 1, halfWidth: null },
      ratio: { mean: 2, low: null, high: null },
      p: null,
    });
    expect(compareUnpaired([null], [1]).difference).toEqual({ mean: null, halfWidth: null });
    const [verdict] = decide([{ ...compareUnpaired([2], [1]), better: 'lower' }]);
    expect(verdict!.verdict).toBe('undecided');
  });

  it('leaves no doubt about sets without any spread', () => {
    expect(compareUnpaired([3, 3], [3, 3, 3]).p).toBe(1);
    expect(compareUnpaired([3, 3], [4, 4]).p).toBe(0);
  });
});
