import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, compareAll } from '../../src/analysis/compare.js';
import { holm } from '../../src/analysis/holm.js';

describe('a paired comparison', () => {
  it('finds a small difference that luck shared by both would hide', () => {
    // Both vary by 20 % from replication to replication; the candidate is always 1 ± 0.1 faster.
    const luck = [0, 20, 5, 17, 11];
    const reference = luck.map((l) => 100 + l);
    const candidate = luck.map((l, i) => 101 + l + [0.1, -0.1, 0, 0.1, -0.1][i]!);
    const { difference, verdict, pairs } = compare(candidate, reference, 'higher');
    expect(pairs).toBe(5);
    expect(difference.mean).toBeCloseTo(1, 12);
    // Standard deviation 0.1, t(0.975, 4) = 2.776445.
    expect(difference.halfWidth).toBeCloseTo((2.7764451 * 0.1) / Math.sqrt(5), 7);
    expect(verdict).toBe('better');
  });

  it('says better or worse by the good direction of the metric', () => {
    const slow = [10, 11, 12];
    const fast = [1, 2.1, 3.2];
    expect(compare(fast, slow, 'lower').verdict).toBe('better');
    expect(compare(fast, slow, 'higher').verdict).toBe('worse');
    expect(compare(fast, slow, 'neither').verdict).toBe('different');
  });

  it('finds no difference between equal systems and an exact one between constants', () => {
    expect(compare([1, 2, 3], [1, 2, 3], 'higher')).toMatchObject({
      p: 1,
      verdict: 'no significant difference',
      difference: { mean: 0, halfWidth: 0 },
    });
    expect(compare([2, 2], [1, 1], 'higher')).toMatchObject({ p: 0, verdict: 'better', ratio: { mean: 2 } });
  });

  it('stays undecided with fewer than two pairs, and pairs only where both have a value', () => {
    expect(compare([1], [2], 'higher')).toMatchObject({ verdict: 'undecided', p: null });
    expect(compare([1, null, 3], [null, 2, 3], 'higher')).toMatchObject({ verdict: 'undecided', pairs: 1 });
    expect(compare([null], [null], 'higher')).toMatchObject({
      pairs: 0,
      ratio: null,
      difference: { mean: null },
    });
  });

  it('gives a ratio whose interval inverts when the sides swap, and none when a value is zero', () => {
    const a = [10, 12, 11, 13];
    const b = [20, 25, 23, 24];
    const forward = compare(a, b, 'higher').ratio!;
    const backward = compare(b, a, 'higher').ratio!;
    expect(forward.mean * backward.mean).toBeCloseTo(1, 12);
    expect(forward.low! * backward.high!).toBeCloseTo(1, 12);
    expect(forward.low).toBeLessThan(forward.mean);
    expect(compare([0, 1], [1, 2], 'higher').ratio).toBeNull();
  });

  it('has a p-value below 0.05 exactly where the interval of the difference excludes zero', () => {
    const values = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const { difference, p } = compare(a, b, 'higher');
        const margin = Math.abs(difference.mean!) - difference.halfWidth!;
        fc.pre(Math.abs(margin) > 1e-6 * Math.abs(difference.mean!) + 1e-12);
        expect(p! < 0.05).toBe(margin > 0);
      }),
    );
  });
});

describe('Holm over several comparisons', () => {
  it('agrees with the worked example: 0.01, 0.04, 0.03, 0.005', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  });

  it('never lowers a p-value, keeps their order and never passes 1', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (p) => {
        const adjusted = holm(p);
        expect(adjusted).toHaveLength(p.length);
        adjusted.forEach((value, i) => {
          expect(value).toBeGreaterThanOrEqual(p[i]!);
          expect(value).toBeLessThanOrEqual(1);
          adjusted.forEach((other, j) => {
            if (p[i]! < p[j]!) expect(value).toBeLessThanOrEqual(other);
          });
        });
      }),
    );
  });

  it('takes back a verdict that stands alone but not among many', () => {
    const reference = [0, 0, 0, 0, 0];
    const doubtful = [1.9, 0.5, 1.2, 0.1, 1.1];
    expect(compare(doubtful, reference, 'higher').verdict).toBe('better');
    const many = compareAll([doubtful, doubtful, doubtful], reference, 'higher');
    expect(many.map((c) => c.verdict)).toEqual(Array(3).fill('no significant difference'));
  });
});
