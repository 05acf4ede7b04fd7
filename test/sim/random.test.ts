import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyedRandom } from '../../src/sim/random.js';

/** Chi-square of draws sorted into equal bins, as a standard normal deviate (Wilson and Hilferty, 1931). */
function uniformityZ(draw: (i: number) => number, count: number, bins = 256): number {
  const seen = new Float64Array(bins);
  for (let i = 0; i < count; i++) seen[Math.floor(draw(i) * bins)]!++;
  let chi2 = 0;
  for (const n of seen) chi2 += (n - count / bins) ** 2 / (count / bins);
  const dof = bins - 1;
  return (Math.cbrt(chi2 / dof) - (1 - 2 / (9 * dof))) / Math.sqrt(2 / (9 * dof));
}

/** Correlation of pairs of uniforms, in standard errors. */
function correlationZ(pair: (i: number) => readonly [number, number], count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const [u, v] = pair(i);
    sum += (u - 0.5) * (v - 0.5);
  }
  return (sum / count) * 12 * Math.sqrt(count);
}

const N = 200_000;

describe('keyed random draws', () => {
  it('depend on the key alone, not on the order of drawing', () => {
    const word = fc.nat(0x7fffffff);
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.maxSafeNat(), word, word), { minLength: 2 }), (keys) => {
        const forward = new KeyedRandom(5, 1);
        const backward = new KeyedRandom(5, 1);
        const there = keys.map((k) => forward.uniform(...k));
        const back = [...keys].reverse().map((k) => backward.uniform(...k));
        expect(back.reverse()).toEqual(there);
      }),
    );
  });

  it('lie in [0, 1) and use all 53 bits', () => {
    const random = new KeyedRandom(1, 0);
    let any = 0n;
    let all = (1n << 53n) - 1n;
    for (let i = 0; i < 1000; i++) {
      const u = random.uniform(0, i, 0);
      expect(u >= 0 && u < 1).toBe(true);
      const bits = BigInt(u * 2 ** 53);
      any |= bits;
      all &= bits;
    }
    expect(any).toBe((1n << 53n) - 1n);
    expect(all).toBe(0n);
  });

  it.each([
    ['descriptors', (r: KeyedRandom, i: number) => r.uniform(3, i, 2)],
    ['descriptors beyond 2^32', (r: KeyedRandom, i: number) => r.uniform(3, i * 2 ** 32, 2)],
    ['tenants', (r: KeyedRandom, i: number) => r.uniform(i, 7, 2)],
    ['purposes', (r: KeyedRandom, i: number) => r.uniform(3, 7, i)],
    ['indices', (r: KeyedRandom, i: number) => r.uniform(3, 7, 2, i)],
    ['tenants and descriptors together', (r: KeyedRandom, i: number) => r.uniform(i & 63, i >> 6, 0)],
    ['seeds', (_: KeyedRandom, i: number) => new KeyedRandom(i, 0).uniform(0, 0, 0)],
    ['seeds beyond 2^32', (_: KeyedRandom, i: number) => new KeyedRandom(i * 2 ** 33, 0).uniform(0, 0, 0)],
    ['replications', (_: KeyedRandom, i: number) => new KeyedRandom(1, i).uniform(0, 0, 0)],
  ] as const)('are uniform and serially uncorrelated over %s, in the high and in the low bits', (_, draw) => {
    const random = new KeyedRandom(20, 22);
    const low = (i: number) => (draw(random, i) * 2 ** 45) % 1;
    expect(Math.abs(uniformityZ((i) => draw(random, i), N))).toBeLessThan(4);
    expect(Math.abs(uniformityZ(low, N))).toBeLessThan(4);
    for (const lag of [1, 2, 64]) {
      expect(Math.abs(correlationZ((i) => [draw(random, i), draw(random, i + lag)], N))).toBeLessThan(4);
    }
  });

  it('fill pairs of neighbouring counters evenly, in every dimension', () => {
    const random = new KeyedRandom(99, 0);
    const pairs: ((i: number) => [number, number])[] = [
      (i) => [random.uniform(0, i, 0), random.uniform(0, i + 1, 0)],
      (i) => [random.uniform(0, i, 0), random.uniform(0, i, 1)],
      (i) => [random.uniform(0, i, 0), random.uniform(1, i, 0)],
      (i) => [random.uniform(0, i, 0, 0), random.uniform(0, i, 0, 1)],
      (i) => [random.uniform(0, i, 1, 0), random.uniform(0, i, 0, 1)],
      (i) => [random.uniform(0, i, 0), random.uniform(i, 0, 0)],
    ];
    for (const pair of pairs) {
      const cell = (i: number) => {
        const [u, v] = pair(i + 1);
        return (Math.floor(u * 16) * 16 + Math.floor(v * 16)) / 256;
      };
      expect(Math.abs(uniformityZ(cell, N))).toBeLessThan(4);
    }
  });

  it('differ between replications and seeds for the same descriptor, without correlation', () => {
    const one = new KeyedRandom(1, 0);
    for (const other of [new KeyedRandom(1, 1), new KeyedRandom(2, 0), new KeyedRandom(1 + 2 ** 32, 0)]) {
      expect(Math.abs(correlationZ((i) => [one.uniform(0, i, 0), other.uniform(0, i, 0)], N))).toBeLessThan(
        4,
      );
    }
  });

  it('change half of their bits when one bit of the key changes (avalanche)', () => {
    // 4,000 trials a flip: one output bit flips 2,000 +- 32 times; 32 x 4 flips x 53 bits stay within 5 sigma.
    const trials = 4000;
    const random = new KeyedRandom(7, 7);
    for (const field of [0, 1, 2, 3]) {
      for (let bit = 0; bit < 32; bit++) {
        const flips = new Float64Array(53);
        for (let i = 0; i < trials; i++) {
          const key: [number, number, number, number] = [i & 7, i, i % 11, i % 3];
          const u = random.uniform(...key);
          key[field] = (key[field]! ^ (1 << bit)) >>> 0;
          const v = random.uniform(...key);
          let high = Math.floor(u * 2 ** 27) ^ Math.floor(v * 2 ** 27);
          let low = ((u * 2 ** 53) % 2 ** 26) ^ ((v * 2 ** 53) % 2 ** 26);
          for (let k = 0; k < 27; k++, high >>= 1) flips[k]! += high & 1;
          for (let k = 27; k < 53; k++, low >>= 1) flips[k]! += low & 1;
        }
        for (const n of flips) {
          expect(Math.abs(n - trials / 2) / Math.sqrt(trials / 4)).toBeLessThan(5.5);
        }
      }
    }
  });

  it('refuse a seed or replication that is not an integer in range', () => {
    for (const seed of [-1, 0.5, 2 ** 53, Number.NaN]) expect(() => new KeyedRandom(seed, 0)).toThrow(/S008/);
    for (const replication of [-1, 0.5, 2 ** 32])
      expect(() => new KeyedRandom(0, replication)).toThrow(/S008/);
  });

  it('stay the same between versions', () => {
    const random = new KeyedRandom(1, 0);
    const draws = [random.uniform(0, 0, 0), random.uniform(1, 2 ** 40, 3, 4), random.uniform(-1, 5, 6)];
    expect(draws).toMatchInlineSnapshot(`
      [
        0.011424787487503196,
        0.5679895141757153,
        0.5214554337908418,
      ]
    `);
  });
});
