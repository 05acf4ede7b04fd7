import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { studentTCentral, studentTQuantile, studentTTwoSidedP } from '../../src/analysis/student-t.js';

/**
 * Upper quantiles t(p, degrees): to three decimals as tabled in the NIST/SEMATECH e-Handbook of Statistical Methods,
 * 1.3.6.7.2; the further digits are those of R's qt().
 */
const PUBLISHED: [probability: number, degrees: number, t: number][] = [
  [0.975, 1, 12.7062047],
  [0.975, 2, 4.3026527],
  [0.975, 3, 3.1824463],
  [0.975, 4, 2.7764451],
  [0.975, 5, 2.5705818],
  [0.975, 9, 2.2621572],
  [0.975, 10, 2.2281389],
  [0.975, 19, 2.0930241],
  [0.975, 29, 2.0452296],
  [0.975, 30, 2.0422725],
  [0.975, 60, 2.0002978],
  [0.975, 100, 1.9839715],
  [0.95, 1, 6.3137515],
  [0.95, 4, 2.1318468],
  [0.95, 10, 1.8124611],
  [0.99, 1, 31.820516],
  [0.995, 1, 63.6567412],
  [0.995, 4, 4.6040949],
  [0.995, 10, 3.1692727],
  [0.9995, 10, 4.5868939],
];

describe("Student's t", () => {
  it('agrees with the published quantiles to six significant digits and better', () => {
    for (const [probability, degrees, t] of PUBLISHED) {
      // Half a unit of the last printed digit.
      const error = Math.abs(studentTQuantile(probability, degrees) - t);
      expect(error, `t(${probability}, ${degrees})`).toBeLessThan(5.1e-8);
    }
  });

  it('is the tangent at one degree of freedom and algebraic at two, where closed forms exist', () => {
    for (const p of [0.6, 0.75, 0.9, 0.975, 0.999]) {
      expect(studentTQuantile(p, 1)).toBeCloseTo(Math.tan(Math.PI * (p - 0.5)), 9);
      expect(studentTQuantile(p, 2)).toBeCloseTo((2 * p - 1) / Math.sqrt(2 * p * (1 - p)), 9);
    }
  });

  it('approaches the normal quantile 1.959964 as degrees grow', () => {
    expect(studentTQuantile(0.975, 100_000)).toBeCloseTo(1.959964, 4);
    expect(studentTQuantile(0.975, 99)).toBeGreaterThan(studentTQuantile(0.975, 100));
  });

  it('undoes itself: the p-value of a quantile is the probability asked for', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.501, max: 0.9999, noNaN: true }),
        fc.integer({ min: 1, max: 300 }),
        (p, n) => {
          expect(studentTTwoSidedP(studentTQuantile(p, n), n)).toBeCloseTo(2 * (1 - p), 10);
        },
      ),
    );
  });

  it('is odd about the median and central probability grows with the bound', () => {
    expect(studentTQuantile(0.5, 7)).toBe(0);
    expect(studentTQuantile(0.025, 7)).toBeCloseTo(-studentTQuantile(0.975, 7), 12);
    expect(studentTCentral(0, 3)).toBe(0);
    expect(studentTCentral(1, 3)).toBeLessThan(studentTCentral(1.1, 3));
    expect(studentTTwoSidedP(-2, 5)).toBe(studentTTwoSidedP(2, 5));
  });

  it('refuses arguments outside its range', () => {
    expect(() => studentTQuantile(0, 3)).toThrow(RangeError);
    expect(() => studentTQuantile(1, 3)).toThrow(RangeError);
    expect(() => studentTQuantile(Number.NaN, 3)).toThrow(RangeError);
    expect(() => studentTQuantile(0.9, 0)).toThrow(RangeError);
    expect(() => studentTQuantile(0.9, 2.5)).toThrow(RangeError);
    expect(() => studentTCentral(-1, 3)).toThrow(RangeError);
  });
});
