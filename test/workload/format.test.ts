import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPercent, formatQuantity, formatSize, type SiUnit } from '../../src/workload/format.js';

describe('a value is shown with three to four digits and a fitting prefix', () => {
  test.each([
    [31.4e9, 'B/s', '31.4 GB/s'],
    [1.15e-6, 's', '1.15 µs'],
    [999.7e-9, 's', '1 µs'],
    [999.4e-9, 's', '999 ns'],
    [4096, 'B', '4 KiB'],
    [12_288, 'B', '12 KiB'],
    [1_048_576, 'B', '1 MiB'],
    [17_179_869_184, 'B', '16 GiB'],
    [1_125_899_906_842_624, 'B', '1 PiB'],
    [1500, 'B', '1.46 KiB'],
    [12_300, 'B', '12 KiB'],
    [12_582_913, 'B', '12 MiB'],
    [536_900_000, 'B', '512 MiB'],
    [280_500_000, 'B', '268 MiB'],
    [1_047_552, 'B', '1023 KiB'],
    [1_048_200, 'B', '1 MiB'],
    [0.25, 'B', '0.25 B'],
    [0, 'B', '0 B'],
    [-1536, 'B', '-1.5 KiB'],
    [3 * 1024 ** 6, 'B', '3072 PiB'],
    [1500, 'B/s', '1.5 kB/s'],
    [64, 'B', '64 B'],
    [2.4e6, '1/s', '2.4 M/s'],
    [950, '1/s', '950 /s'],
    [0, '1/s', '0 /s'],
    [0, 's', '0 s'],
    [2.4e9, 'Hz', '2.4 GHz'],
    [1200, 's', '1200 s'],
    [-2.5e-6, 's', '-2.5 µs'],
    [3e-14, 's', '0.03 ps'],
    [5120, '', '5120'],
    [0.98765, '', '0.9877'],
    [2_500_000, '', '2.5 M'],
    [null, 's', '-'],
    [Number.NaN, 'B/s', '-'],
  ] as const)('%d %s is %s', (value, unit, text) => {
    expect(formatQuantity(value, unit)).toBe(text);
  });

  test('a ratio as a percentage', () => {
    expect(formatPercent(0.0123)).toBe('1.23 %');
    expect(formatPercent(null)).toBe('-');
  });

  test('sizes are shown as they are written, in binary units', () => {
    for (const [bytes, text] of [
      [771, '771 B'],
      [1023.6, '1 KiB'],
      [1024, '1 KiB'],
      [1607, '1.57 KiB'],
      [3 * 1024 * 1024, '3 MiB'],
    ] as const) {
      expect(formatSize(bytes)).toBe(text);
    }
  });

  test('what is shown is the value to half a percent, at any magnitude', () => {
    const factors: Record<string, number> = {
      ps: 1e-12,
      ns: 1e-9,
      µs: 1e-6,
      ms: 1e-3,
      s: 1,
      'B/s': 1,
      'kB/s': 1e3,
      'MB/s': 1e6,
      'GB/s': 1e9,
      'TB/s': 1e12,
      '/s': 1,
      'K/s': 1e3,
      'M/s': 1e6,
      'G/s': 1e9,
      B: 1,
      KiB: 1024,
      MiB: 1024 ** 2,
      GiB: 1024 ** 3,
    };
    fc.assert(
      fc.property(
        fc.constantFrom<SiUnit>('s', 'B/s', '1/s', 'B'),
        fc.double({ min: -11, max: 11, noNaN: true }),
        (unit, magnitude) => {
          const value = 10 ** magnitude;
          const [number, suffix] = formatQuantity(value, unit).split(' ');
          expect(Math.abs((Number(number) * factors[suffix!]!) / value - 1)).toBeLessThanOrEqual(
            0.005 + 1e-12,
          );
        },
      ),
    );
  });
});
