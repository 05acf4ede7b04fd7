import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactSum } from '../../src/sim/exact-sum.js';
import { LogHistogram } from '../../src/sim/log-histogram.js';

const value = fc.oneof(
  fc.nat(300),
  fc.nat(1_000_000),
  fc.maxSafeNat(),
  fc.integer({ min: 0, max: 52 }).map((k) => 2 ** k),
  fc.integer({ min: 1, max: 53 }).map((k) => 2 ** k - 1),
);
const values = fc.array(value, { minLength: 1, maxLength: 200 });

function histogramOf(recorded: readonly number[]): LogHistogram {
  const histogram = new LogHistogram();
  for (const v of recorded) histogram.record(v);
  return histogram;
}

describe('a log histogram', () => {
  it('estimates the quantile of a distribution without the bias of the rank below, even with ten samples beyond', () => {
    // The mean of the k-th smallest of n exponential values is H(n) - H(n - k); 990 of 1,000 stand for the 99th percentile.
    const harmonic = (n: number) =>
      Array.from({ length: n }, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b, 0);
    const scale = 1e9;
    const histogram = histogramOf(
      Array.from({ length: 1000 }, (_, i) => Math.round(scale * (harmonic(1000) - harmonic(999 - i)))),
    );
    const truth = scale * Math.log(100);
    expect(Math.abs(histogram.estimateQuantile(0.99) / truth - 1)).toBeLessThan(0.005);
    expect(histogram.quantile(0.99) / truth).toBeLessThan(0.993);
  });

  it('estimates a quantile between the two values around its rank, and exactly at both ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1e12 }), { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, q) => {
          const histogram = histogramOf(values);
          const sorted = [...values].sort((a, b) => a - b);
          const rank = Math.min(Math.max(q * values.length + 0.5, 1), values.length);
          const estimate = histogram.estimateQuantile(q);
          expect(estimate).toBeGreaterThanOrEqual(sorted[Math.floor(rank) - 1]! * (1 - 1 / 256));
          expect(estimate).toBeLessThanOrEqual(sorted[Math.ceil(rank) - 1]! * (1 + 1 / 256));
          expect(histogram.estimateQuantile(0)).toBe(sorted[0]);
          expect(histogram.estimateQuantile(1)).toBe(sorted.at(-1));
        },
      ),
    );
    expect(histogramOf([]).estimateQuantile(0.5)).toBeNaN();
    expect(() => histogramOf([1]).estimateQuantile(1.1)).toThrow(/S008/);
  });

  it('gives every quantile within 0.4 % of the value at that rank of the sorted list', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (recorded, q) => {
        const sorted = [...recorded].sort((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1]!;
        expect(Math.abs(histogramOf(recorded).quantile(q) - exact)).toBeLessThanOrEqual(exact / 256);
      }),
      { numRuns: 1000 },
    );
  });

  it('is exact below 256, at both ends, and in count and mean', () => {
    fc.assert(
      fc.property(values, (recorded) => {
        const histogram = histogramOf(recorded);
        const sum = recorded.reduce((a, v) => a + BigInt(v), 0n);
        expect(histogram.count).toBe(recorded.length);
        expect(histogram.min).toBe(Math.min(...recorded));
        expect(histogram.max).toBe(Math.max(...recorded));
        expect(histogram.quantile(0)).toBe(histogram.min);
        expect(histogram.quantile(1)).toBe(histogram.max);
        expect(histogram.mean).toBe(Number(sum) / recorded.length);
      }),
    );
    const small = histogramOf(Array.from({ length: 256 }, (_, i) => i));
    for (let i = 0; i < 256; i++) expect(small.quantile((i + 1) / 256)).toBe(i);
  });

  it('merged from parts equals the one that recorded everything, in any order and grouping', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const merged = (...parts: LogHistogram[]) => {
          const all = new LogHistogram();
          for (const part of parts) all.merge(part);
          return all;
        };
        const [ha, hb, hc] = [histogramOf(a), histogramOf(b), histogramOf(c)];
        const whole = histogramOf([...a, ...b, ...c]).toJSON();
        expect(merged(ha, hb, hc).toJSON()).toEqual(whole);
        expect(merged(hc, ha, hb).toJSON()).toEqual(whole);
        expect(merged(ha, merged(hb, hc)).toJSON()).toEqual(whole);
        expect(merged(merged(), merged(ha, hb, hc)).toJSON()).toEqual(whole);
      }),
    );
  });

  it('records a count at once as it would one by one', () => {
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 50 }), (v, count) => {
        const atOnce = new LogHistogram();
        atOnce.record(v, count);
        expect(atOnce.toJSON()).toEqual(histogramOf(Array(count).fill(v)).toJSON());
      }),
    );
  });

  it('survives JSON, and stores only the buckets in use', () => {
    fc.assert(
      fc.property(values, (recorded) => {
        const histogram = histogramOf(recorded);
        const text = JSON.stringify(histogram);
        const back = LogHistogram.fromJSON(JSON.parse(text));
        expect(JSON.stringify(back)).toBe(text);
        expect([back.mean, back.quantile(0.5)]).toEqual([histogram.mean, histogram.quantile(0.5)]);
        expect(histogram.toJSON().buckets.length).toBeLessThanOrEqual(recorded.length);
      }),
    );
    expect(LogHistogram.fromJSON(JSON.parse(JSON.stringify(new LogHistogram()))).count).toBe(0);
  });

  it('is empty again after clear, and answers NaN while empty', () => {
    const histogram = histogramOf([1, 2 ** 50]);
    histogram.clear();
    expect(histogram.toJSON()).toEqual(new LogHistogram().toJSON());
    for (const x of [histogram.mean, histogram.min, histogram.max, histogram.quantile(0.5)])
      expect(x).toBeNaN();
  });

  it('refuses what it cannot hold', () => {
    const histogram = new LogHistogram();
    for (const bad of [-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
      expect(() => histogram.record(bad)).toThrow(/S008/);
      expect(() => histogram.record(1, bad)).toThrow(/S008/);
    }
    expect(() => histogram.record(1, 0)).toThrow(/S008/);
    for (const q of [-0.1, 1.1, Number.NaN]) expect(() => histogram.quantile(q)).toThrow(/S008/);
    const json = histogramOf([1, 2, 300]).toJSON();
    expect(() => LogHistogram.fromJSON({ ...json, sub_buckets: 64 })).toThrow(/S008/);
    expect(() => LogHistogram.fromJSON({ ...json, count: 4 })).toThrow(/S008/);
    expect(() => LogHistogram.fromJSON({ ...json, buckets: [1, 2, 6016] })).toThrow(/S008/);
    expect(histogram.count).toBe(0);
  });
});

describe('an exact sum', () => {
  it('agrees with big integers for sums, products and differences', () => {
    const term = fc.tuple(
      fc.maxSafeNat(),
      fc.oneof(
        fc.nat(1000),
        fc.maxSafeNat().map((n) => Math.floor(n / 64)),
      ),
    );
    fc.assert(
      fc.property(
        fc.array(term, { maxLength: 20 }),
        fc.array(fc.maxSafeNat(), { maxLength: 20 }),
        (products, sums) => {
          const left = new ExactSum();
          const right = new ExactSum();
          let expectedLeft = 0n;
          let expectedRight = 0n;
          for (const [x, y] of products) {
            left.addProduct(x, y);
            expectedLeft += BigInt(x) * BigInt(y);
          }
          for (const x of sums) {
            right.add(x);
            expectedRight += BigInt(x);
          }
          expect(left.value).toBe(Number(expectedLeft));
          expect(right.value).toBe(Number(expectedRight));
          expect(left.minus(right)).toBe(Number(expectedLeft - expectedRight));
          left.addSum(right);
          const [high, low] = left.words();
          expect(BigInt(high) * 2n ** 52n + BigInt(low)).toBe(expectedLeft + expectedRight);
          expect(low).toBeLessThan(2 ** 52);
        },
      ),
      { numRuns: 500 },
    );
  });
});
