import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mser5 } from '../../src/analysis/mser.js';
import { normal } from '../../src/sim/distributions.js';
import { KeyedRandom } from '../../src/sim/random.js';

/** A transient that decays from `start` by `decay` a step towards 1, with noise of `sigma` averaged over 20 runs. */
function settling(seed: number, start: number, decay: number, sigma: number): number[] {
  const random = new KeyedRandom(seed, 0);
  let transient = start;
  return Array.from({ length: 200 }, (_, i) => {
    transient *= decay;
    return 1 + transient + normal(random.uniform(0, i, 1), 0, sigma / Math.sqrt(20));
  });
}

describe('MSER-5', () => {
  it('cuts a step exactly where it ends, in whole batches', () => {
    for (const end of [5, 20, 60, 95]) {
      const series = Array.from({ length: 200 }, (_, i) => (i < end ? 9 : 1));
      expect(mser5(series)).toEqual({ values: end, settled: true });
    }
  });

  it('cuts nothing from a series that never moves', () => {
    expect(mser5(new Array<number>(200).fill(3))).toEqual({ values: 0, settled: true });
  });

  it('says that a ramp never settles', () => {
    expect(mser5(Array.from({ length: 200 }, (_, i) => i)).settled).toBe(false);
  });

  it('removes the bias of a decaying start and keeps most of what is left, in 200 noisy series', () => {
    let biasBefore = 0;
    let biasAfter = 0;
    for (let seed = 0; seed < 200; seed++) {
      const series = settling(seed, 4, 0.93, 0.3);
      const { values } = mser5(series);
      const mean = (from: number) => series.slice(from).reduce((a, b) => a + b, 0) / (200 - from) - 1;
      biasBefore += mean(0) / 200;
      biasAfter += mean(values) / 200;
      // The transient is below the noise of an average after 60 steps: 4 · 0.93^60 = 0.05.
      expect(values).toBeGreaterThanOrEqual(25);
    }
    expect(biasBefore).toBeGreaterThan(0.2);
    expect(Math.abs(biasAfter)).toBeLessThan(0.02);
  });

  it('never cuts more than half, and does not care for scale or offset', () => {
    const series = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 20, maxLength: 120 });
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 8 }), (values, scale) => {
        const cut = mser5(values);
        expect(cut.values).toBeLessThanOrEqual(values.length / 2);
        expect(mser5(values.map((value) => value * 2 * scale))).toEqual(
          mser5(values.map((value) => value * scale)),
        );
      }),
    );
  });

  it('refuses what is too short', () => {
    expect(() => mser5([1, 2, 3])).toThrow(RangeError);
  });
});
