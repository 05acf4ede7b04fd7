import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as d from '../../src/sim/distributions.js';
import { standardNormalQuantile } from '../../src/sim/normal-quantile.js';
import { KeyedRandom } from '../../src/sim/random.js';

const N = 100_000;

/** Draws with the keys a descriptor would use, one purpose a distribution. */
function sample(purpose: number, transform: (u: number) => number): Float64Array {
  const random = new KeyedRandom(1, 0);
  return Float64Array.from({ length: N }, (_, i) => transform(random.uniform(0, i, purpose)));
}

/** Largest distance between the empirical and the given distribution function, in units of 1 / sqrt(N). */
function kolmogorovSmirnov(values: Float64Array, cdf: (x: number) => number): number {
  values.sort();
  let distance = 0;
  values.forEach((x, i) => {
    const p = cdf(x);
    distance = Math.max(distance, p - i / N, (i + 1) / N - p);
  });
  return distance * Math.sqrt(N);
}

/** The critical distance that 1 in 10,000 samples of the right distribution exceeds: sqrt(-ln(0.00005) / 2). */
const KS_LIMIT = 2.23;

/** Normal distribution function by the series x + x^3/3 + x^5/15 + ..., independent of the quantile's formula. */
function normalCdf(x: number): number {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0;
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

describe('each continuous distribution passes a Kolmogorov-Smirnov test against its own formula', () => {
  it.each<[string, (u: number) => number, (x: number) => number]>([
    ['exponential', (u) => d.exponential(u, 250), (x) => 1 - Math.exp(-x / 250)],
    ['uniform', (u) => d.uniformBetween(u, -3, 7), (x) => (x + 3) / 10],
    ['normal', (u) => d.normal(u, 100, 15), (x) => normalCdf((x - 100) / 15)],
    ['lognormal', (u) => d.lognormal(u, 80, 0.6), (x) => normalCdf(Math.log(x / 80) / 0.6)],
    ['Pareto', (u) => d.pareto(u, 10, 2.5), (x) => 1 - (10 / x) ** 2.5],
    ['maximum of 1', (u) => d.maximumOfExponentials(u, 1, 90), (x) => 1 - Math.exp(-x / 90)],
    ['maximum of 64', (u) => d.maximumOfExponentials(u, 64, 90), (x) => (1 - Math.exp(-x / 90)) ** 64],
  ])('%s', (name, transform, cdf) => {
    expect(kolmogorovSmirnov(sample(name.length, transform), cdf)).toBeLessThan(KS_LIMIT);
  });

  it('and the test itself rejects a mean that is 2 % off', () => {
    const values = sample(0, (u) => d.exponential(u, 255));
    expect(kolmogorovSmirnov(values, (x) => 1 - Math.exp(-x / 250))).toBeGreaterThan(KS_LIMIT);
  });
});

describe('each discrete distribution passes a chi-square test', () => {
  const chi2 = (values: Float64Array, probabilities: readonly number[]): number => {
    const seen = new Float64Array(probabilities.length);
    for (const v of values) seen[Math.min(v, probabilities.length - 1)]!++;
    return seen.reduce((sum, n, i) => {
      const expected = N * probabilities[i]!;
      if (expected === 0) return n === 0 ? sum : Number.POSITIVE_INFINITY;
      return sum + (n - expected) ** 2 / expected;
    }, 0);
  };
  // 1 in 10,000 exceeds: 4 degrees of freedom 23.5, 9 degrees 33.7 (tables of the chi-square distribution).
  it('a weighted choice, in which weight zero never comes up', () => {
    const choice = new d.WeightedChoice([0, 9, 1, 0, 5, 3, 2, 0]);
    expect(
      chi2(
        sample(21, (u) => choice.pick(u)),
        [0, 0.45, 0.05, 0, 0.25, 0.15, 0.1, 0],
      ),
    ).toBeLessThan(23.5);
  });
  it('a geometric number of failures', () => {
    const p = 0.3;
    const head = Array.from({ length: 9 }, (_, k) => p * (1 - p) ** k);
    expect(
      chi2(
        sample(22, (u) => d.geometric(u, p)),
        [...head, (1 - p) ** 9],
      ),
    ).toBeLessThan(33.7);
    expect(d.geometric(0.9999999, 1)).toBe(0);
  });
  it('a uniform integer', () => {
    expect(
      chi2(
        sample(23, (u) => d.uniformInteger(u, 10)),
        Array(10).fill(0.1),
      ),
    ).toBeLessThan(33.7);
  });
  it('a Bernoulli trial', () => {
    const hits = sample(24, (u) => (d.bernoulli(u, 0.01) ? 1 : 0)).reduce((a, b) => a + b);
    expect(Math.abs(hits - N * 0.01) / Math.sqrt(N * 0.01 * 0.99)).toBeLessThan(4);
    expect([d.bernoulli(0, 0), d.bernoulli(0.999999, 1)]).toEqual([false, true]);
  });
});

describe('closed forms', () => {
  it('the normal quantile inverts an independent distribution function, and knows the tabulated points', () => {
    for (let p = 0.0001; p < 1; p += 0.0007) {
      expect(normalCdf(standardNormalQuantile(p))).toBeCloseTo(p, 13);
    }
    expect(standardNormalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
    expect(standardNormalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 12);
    expect(standardNormalQuantile(1e-13)).toBeCloseTo(-7.348796102800678, 11);
    expect(standardNormalQuantile(0)).toBeCloseTo(-8.29, 2);
    expect(standardNormalQuantile(0.5)).toBe(0);
  });

  it('the lognormal of a mean has that mean and that coefficient of variation', () => {
    const values = sample(31, (u) => d.lognormalOfMean(u, 400, 0.5));
    const mean = values.reduce((a, b) => a + b) / N;
    const variance = values.reduce((a, x) => a + (x - mean) ** 2, 0) / N;
    expect(Math.abs(mean / 400 - 1)).toBeLessThan((4 * 0.5) / Math.sqrt(N));
    expect(Math.sqrt(variance) / 400).toBeCloseTo(0.5, 1);
    expect(d.lognormalOfMean(0.5, 400, 0)).toBe(400);
  });

  it('the slowest of n exponentials has the harmonic mean of its n stages', () => {
    const n = 1_000_000;
    let harmonic = 0;
    for (let k = 1; k <= n; k++) harmonic += 1 / k;
    const mean = sample(32, (u) => d.maximumOfExponentials(u, n, 10)).reduce((a, b) => a + b) / N;
    // The variance of the maximum is 100 (pi^2 / 6).
    expect(Math.abs(mean - 10 * harmonic)).toBeLessThan((4 * 10 * 1.2826) / Math.sqrt(N));
  });

  it('no transform of any uniform is infinite, NaN or minus zero, and each grows with its uniform', () => {
    const largest = 1 - 2 ** -53;
    const uniform = fc.oneof(
      fc.constantFrom(0, 2 ** -53, 0.5, largest),
      fc.double({ min: 0, max: largest, noNaN: true }),
    );
    const transforms = [
      (u: number) => d.exponential(u, 5),
      (u: number) => d.uniformBetween(u, 1, 5),
      (u: number) => d.normal(u, 0, 1),
      (u: number) => d.lognormal(u, 1, 1),
      (u: number) => d.pareto(u, 1, 1.1),
      (u: number) => d.geometric(u, 0.001),
      (u: number) => d.maximumOfExponentials(u, 16, 5),
    ];
    fc.assert(
      fc.property(uniform, uniform, (u, v) => {
        for (const f of transforms) {
          const [low, high] = [f(Math.min(u, v)), f(Math.max(u, v))];
          expect(Number.isFinite(low) && !Object.is(low, -0)).toBe(true);
          // A rounding error may turn the order of two neighbours.
          expect(high).toBeGreaterThanOrEqual(low - 1e-12 * Math.abs(low));
        }
      }),
    );
  });

  it('weights that cannot be chosen from are refused', () => {
    for (const weights of [[], [0, 0], [-1, 2], [Number.NaN], [Number.POSITIVE_INFINITY]]) {
      expect(() => new d.WeightedChoice(weights)).toThrow(/S008/);
    }
  });
});
