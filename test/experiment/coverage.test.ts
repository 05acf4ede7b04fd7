import { describe, expect, it } from 'vitest';
import { exponentialSamples, measureCoverage, mm1 } from '../../src/experiment/coverage.js';

describe('95 % intervals over 200 experiments with a known answer', () => {
  // The standard error of a share of 0.95 in 200 is 1.5 %; docs/statistics.md has the table from 1,000.
  it.each([
    [exponentialSamples(1000), 20],
    [exponentialSamples(2000), 5],
    [exponentialSamples(10_000), 20],
    [mm1(0.5, 2000), 10],
  ])(
    'hold mean and p99 of $name in 92 to 98 of 100',
    (model, replications) => {
      const { mean, p99 } = measureCoverage(model, replications, 200);
      for (const share of [mean, p99]) {
        expect(share).toBeGreaterThanOrEqual(0.92);
        expect(share).toBeLessThanOrEqual(0.98);
      }
    },
    120_000,
  );

  it('miss an answer that is 5 % off, so that the check means something', () => {
    const model = mm1(0.5, 2000);
    const wrong = { ...model, mean: model.mean * 1.05, p99: model.p99 * 1.1 };
    const { mean, p99 } = measureCoverage(wrong, 20, 60);
    expect(mean).toBeLessThan(0.8);
    expect(p99).toBeLessThan(0.8);
  });
});

describe('the station of the coverage', () => {
  it('has a stay of 1 / (1 - rho) service times, and as many observations as asked for', () => {
    const model = mm1(0.7, 20_000);
    const runs = Array.from({ length: 10 }, (_, r) => model.replicate(99, r));
    expect(runs.every((run) => run.count === 20_000)).toBe(true);
    const mean = runs.reduce((sum, run) => sum + run.mean, 0) / 10;
    expect(mean / model.mean).toBeCloseTo(1, 1);
  });
});
