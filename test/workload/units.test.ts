import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuantity, type QuantityDimension, quantityText, unitNames } from '../../src/workload/units.js';

const DIMENSIONS: QuantityDimension[] = ['time', 'size', 'bandwidth', 'rate', 'frequency', 'percent'];
const value = (dimension: QuantityDimension, text: string): number => {
  const result = parseQuantity(dimension, text);
  if ('value' in result) return result.value;
  throw new Error(`${text}: ${result.problem}`);
};

describe('a quantity is read into internal units', () => {
  test.each([
    ['time', '1ps', 1],
    ['time', '500ns', 500_000],
    ['time', '1.15us', 1_150_000],
    ['time', '1.15µs', 1_150_000],
    ['time', '1.15μs', 1_150_000],
    ['time', '2 ms', 2e9],
    ['time', '0.5s', 5e11],
    ['time', '0us', 0],
    ['time', '1e3ns', 1e6],
    ['size', '64B', 64],
    ['size', '4KiB', 4096],
    ['size', '2MiB', 2_097_152],
    ['size', '1GiB', 1_073_741_824],
    ['size', '1KB', 1000],
    ['size', '1.5GB', 1_500_000_000],
    ['bandwidth', '31.9GB/s', 31_900_000_000],
    ['bandwidth', '1GiB/s', 1_073_741_824],
    ['bandwidth', '1.5kB/s', 1500],
    ['rate', '2M/s', 2e6],
    ['rate', '250K/s', 250_000],
    ['rate', '3/s', 3],
    ['frequency', '2.4GHz', 2.4e9],
    ['percent', '1%', 0.01],
    ['percent', '99.9%', 0.999],
  ] as const)('%s %s is %d', (dimension, text, expected) => {
    expect(value(dimension, text)).toBe(expected);
  });

  test('decimal fractions are exact: no binary rounding reaches a picosecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999 }), (thousandths) => {
        const text = `${Math.floor(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, '0')}ns`;
        expect(value('time', text)).toBe(thousandths);
      }),
    );
  });

  test('every unit of every dimension is its own multiple: n units are n times one unit', () => {
    for (const dimension of DIMENSIONS) {
      for (const unit of unitNames(dimension)) {
        expect(value(dimension, `7${unit}`)).toBeCloseTo(7 * value(dimension, `1${unit}`), 12);
      }
    }
  });
});

describe('what is no quantity is told apart', () => {
  test('a bare number asks for its unit and shows how', () => {
    expect(parseQuantity('time', 200)).toEqual({ problem: 'bare', example: '200ns' });
    expect(parseQuantity('size', '64')).toEqual({ problem: 'bare', example: '64B' });
  });

  test('a unit of another dimension is named with the ones that fit', () => {
    expect(parseQuantity('time', '4KiB')).toMatchObject({ problem: 'unit', unit: 'KiB' });
    expect(parseQuantity('size', '4kib')).toMatchObject({ problem: 'unit', unit: 'kib' });
  });

  test.each(['', 'fast', 'ns', '1..5ns', '--1ns', '1 2ns', '0x10B', '1e9999ns', 'Infinityns'])(
    '%j is malformed',
    (text) => {
      expect(parseQuantity('time', text)).toMatchObject({ problem: 'malformed' });
    },
  );

  test.each([
    ['time', '-1ns', 'below zero'],
    ['time', '0.1ps', 'whole number of ps'],
    ['size', '0.5B', 'whole number of B'],
    ['time', '3h', 'unit'],
    ['time', '10000s', 'too large'],
    ['time', '1e999ns', 'too many digits'],
    ['size', '1e-31B', 'too many digits'],
  ] as const)('%s %s is refused: %s', (dimension, text, reason) => {
    expect(JSON.stringify(parseQuantity(dimension, text))).toContain(reason);
  });

  test('no text makes the reader throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(...DIMENSIONS), fc.string(), (dimension, text) => {
        const result = parseQuantity(dimension, text);
        expect('value' in result || 'problem' in result).toBe(true);
      }),
    );
  });
});

describe('a quantity is written so that it reads the same', () => {
  const internal: Record<QuantityDimension, fc.Arbitrary<number>> = {
    time: fc.maxSafeNat(),
    size: fc.maxSafeNat(),
    bandwidth: fc.oneof(fc.maxSafeNat(), fc.double({ min: 0, max: 1e12, noNaN: true })),
    rate: fc.oneof(fc.maxSafeNat(), fc.double({ min: 1e-3, max: 1e9, noNaN: true })),
    frequency: fc.maxSafeNat(),
    percent: fc.integer({ min: 0, max: 100_000 }).map((n) => n / 100_000),
  };

  test('whole numbers and decimal shares come back to the bit', () => {
    for (const dimension of ['time', 'size', 'bandwidth', 'rate', 'frequency', 'percent'] as const) {
      const numbers =
        dimension === 'bandwidth' || dimension === 'rate' ? fc.maxSafeNat() : internal[dimension];
      fc.assert(
        fc.property(numbers, (n) => {
          expect(value(dimension, quantityText(dimension, n))).toBe(n);
        }),
      );
    }
  });

  test('any other number comes back within one rounding', () => {
    for (const dimension of ['bandwidth', 'rate'] as const) {
      fc.assert(
        fc.property(internal[dimension], (n) => {
          const back = parseQuantity(dimension, quantityText(dimension, n));
          // Below 1e-30 of a unit nothing is read at all.
          if (!('value' in back)) expect(n).toBeLessThan(1e-10);
          else expect(Math.abs(back.value - n)).toBeLessThanOrEqual(Math.abs(n) * 2 ** -51);
        }),
      );
    }
  });

  test.each([
    ['time', 1_150_000, '1.15us'],
    ['time', 0, '0ps'],
    ['size', 4096, '4KiB'],
    ['size', 16 * 1_073_741_824, '16GiB'],
    ['size', 1500, '1.5KB'],
    ['bandwidth', 31_900_000_000, '31.9GB/s'],
    ['rate', 2e6, '2M/s'],
    ['percent', 0.01, '1%'],
  ] as const)('%s %d is %s', (dimension, n, text) => {
    expect(quantityText(dimension, n)).toBe(text);
  });
});
