import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossings, knee } from '../../src/analysis/crossing.js';
import { normal } from '../../src/sim/distributions.js';
import { KeyedRandom } from '../../src/sim/random.js';

const SIZES = [64, 256, 1024, 4096, 16384, 65536];

/** A curve over the sizes in five replications that share their luck with other curves, `noise` being its share. */
function curve(of: (size: number) => number, noise = 0, own = 0) {
  return SIZES.map((size, i) =>
    Array.from({ length: 5 }, (_, r) => {
      const random = new KeyedRandom(5, r);
      const shared = normal(random.uniform(0, i, 1), 0, noise);
      const alone = normal(random.uniform(own, i, 2), 0, own > 0 ? noise / 20 : 0);
      return of(size) * Math.exp(shared + alone);
    }),
  );
}

describe('the crossing of two curves', () => {
  it('is where power laws cross, exactly', () => {
    // size^0.9 and 1000^0.4 · size^0.5 meet at 1000.
    const steep = curve((size) => size ** 0.9);
    const flat = curve((size) => 1000 ** 0.4 * size ** 0.5);
    const [found, ...others] = crossings(SIZES, steep, flat);
    expect(others).toEqual([]);
    expect(found!.x).toBeCloseTo(1000, 6);
    expect(found!.low).toBeCloseTo(1000, 6);
    expect(found!.rises).toBe(true);
    expect(crossings(SIZES, flat, steep)[0]!.rises).toBe(false);
  });

  it('has an interval that common luck keeps narrow', () => {
    const steep = curve((size) => size ** 0.9, 0.2, 1);
    const flat = curve((size) => 1000 ** 0.4 * size ** 0.5, 0.2, 2);
    const [found] = crossings(SIZES, steep, flat);
    expect(found!.replications).toBe(5);
    expect(found!.low!).toBeLessThan(1000);
    expect(found!.high!).toBeGreaterThan(1000);
    // Each value varies by 20 %, which alone would move the crossing by half; the difference varies by 1 %.
    expect(found!.high! / found!.low!).toBeLessThan(1.15);
  });

  it('is none where curves touch, or part by less than a hundredth', () => {
    const line = curve((size) => size);
    expect(crossings(SIZES, line, line)).toEqual([]);
    expect(
      crossings(
        SIZES,
        line,
        curve((size) => size * (size < 1000 ? 1.004 : 0.5)),
      ),
    ).toEqual([]);
  });

  it('is none where only luck parts the curves on one side, and is one when that is not asked', () => {
    const flat = SIZES.map(() => [1, 1, 1, 1, 1]);
    const noisy = SIZES.map((size) =>
      size < 1000 ? [0.5, 1.4, 0.7, 1.2, 0.9] : [1.5, 1.51, 1.5, 1.52, 1.5],
    );
    expect(crossings(SIZES, noisy, flat)).toEqual([]);
    expect(crossings(SIZES, noisy, flat, { tested: false })).toHaveLength(1);
  });

  it('is found each time when curves cross twice', () => {
    const bump = curve((size) => (size === 1024 || size === 4096 ? 3 : 1) * size);
    const line = curve((size) => 2 * size);
    expect(crossings(SIZES, bump, line).map((found) => found.rises)).toEqual([true, false]);
  });

  it('is one where curves run together for a while before they part', () => {
    const one = (values: number[]) => values.map((value) => [value]);
    const found = crossings(SIZES, one([2, 1.001, 0.999, 1.001, 0.999, 0.5]), one([1, 1, 1, 1, 1, 1]));
    expect(found).toHaveLength(1);
    expect(found[0]!.x).toBeGreaterThan(256);
    expect(found[0]!.x).toBeLessThan(16384);
    expect(found[0]!.rises).toBe(false);
  });

  it('has no interval in one replication, and leaves out places that were not measured', () => {
    const one = (values: (number | null)[]) => values.map((value) => [value]);
    const [found] = crossings(SIZES, one([1, 1, null, 4, 4, 4]), one([2, 2, 2, 2, 2, 2]));
    expect(found).toMatchObject({ low: null, high: null, replications: 1 });
    expect(found!.x).toBeCloseTo(1024, 6);
  });

  it('lies between the places on either side of it and does not care for units', () => {
    const values = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [first, second] = [a, b].map((list) => list.map((value) => [value])) as [
          number[][],
          number[][],
        ];
        const found = crossings(SIZES, first, second);
        for (const { x } of found) expect(x > 63.9 && x < 65537).toBe(true);
        const scaled = crossings(
          SIZES,
          first.map(([value]) => [value! * 8]),
          second.map(([value]) => [value! * 8]),
        );
        expect(scaled.length).toBe(found.length);
        scaled.forEach(({ x }, i) => {
          expect(x / found[i]!.x).toBeCloseTo(1, 6);
        });
      }),
    );
  });
});

describe('the knee of a load curve', () => {
  const DEPTHS = [1, 2, 4, 8, 16, 32];
  const all = (of: (depth: number) => number) => DEPTHS.map((depth) => [of(depth), of(depth), of(depth)]);

  it('is where a closed system with equal stages saturates', () => {
    // Asymptotic bounds of a closed network: throughput min(n / 8, 1), latency max(8, n); power peaks at n = 8.
    const found = knee(
      DEPTHS,
      all((n) => Math.min(n / 8, 1)),
      all((n) => Math.max(8, n)),
    );
    expect(found!.x).toBeCloseTo(8, 6);
    expect(found!.replications).toBe(3);
  });

  it('leaves out loads without a value, and is none where the greatest of the others is at their end', () => {
    const latency = all((n) => Math.max(8, n));
    const without = (...gaps: number[]) =>
      DEPTHS.map((n) => (gaps.includes(n) ? [null, null, null] : Array(3).fill(Math.min(n / 8, 1))));
    expect(knee(DEPTHS, without(2), latency)!.x).toBeCloseTo(8, 6);
    expect(knee(DEPTHS, without(2, 32), latency)!.replications).toBe(3);
    expect(knee(DEPTHS, without(16, 32), latency)).toBeNull();
    expect(knee(DEPTHS, without(...DEPTHS), latency)).toBeNull();
  });

  it('is none where power grows or falls over the whole sweep', () => {
    expect(
      knee(
        DEPTHS,
        all((n) => n),
        all(() => 1),
      ),
    ).toBeNull();
    expect(
      knee(
        DEPTHS,
        all(() => 1),
        all((n) => n),
      ),
    ).toBeNull();
  });
});
