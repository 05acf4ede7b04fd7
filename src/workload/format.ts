/**
 * SI numbers as people read them: 31.4 GB/s, 1.15 µs, 4 KiB, 2.4 M/s. Amounts of memory have binary prefixes, as
 * workloads and specifications write them, rates decimal ones, as papers on the hardware give them.
 */

/** The units of results: seconds, bytes per second, events per second, bytes, hertz, and a plain number. */
export type SiUnit = 's' | 'B/s' | '1/s' | 'B' | 'Hz' | '';

type Scale = readonly (readonly [factor: number, suffix: string])[];

const SCALES: Readonly<Record<Exclude<SiUnit, '' | 'B'>, Scale>> = {
  s: [
    [1e-12, 'ps'],
    [1e-9, 'ns'],
    [1e-6, 'µs'],
    [1e-3, 'ms'],
    [1, 's'],
  ],
  'B/s': [
    [1, 'B/s'],
    [1e3, 'kB/s'],
    [1e6, 'MB/s'],
    [1e9, 'GB/s'],
    [1e12, 'TB/s'],
  ],
  '1/s': [
    [1, '/s'],
    [1e3, 'K/s'],
    [1e6, 'M/s'],
    [1e9, 'G/s'],
  ],
  Hz: [
    [1, 'Hz'],
    [1e3, 'kHz'],
    [1e6, 'MHz'],
    [1e9, 'GHz'],
  ],
};

const SIZES: Scale = [
  [1, 'B'],
  [1024, 'KiB'],
  [1_048_576, 'MiB'],
  [1_073_741_824, 'GiB'],
  [1_099_511_627_776, 'TiB'],
  [1_125_899_906_842_624, 'PiB'],
];

/** A number to `digits` significant digits, whole numbers of that many digits or more in full. */
function significant(value: number, digits: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 1000) return String(Math.round(value));
  return String(Number(value.toPrecision(digits)));
}

/** A plain number: whole ones up to a million in full, others to four digits. */
function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude >= 1e9) return `${significant(value / 1e9, 4)} G`;
  if (magnitude >= 1e6) return `${significant(value / 1e6, 4)} M`;
  return String(Number(value.toPrecision(4)));
}

/**
 * A value for people, with three to four significant digits and a fitting prefix.
 * @param value in the unit given; null, NaN and infinities print as `-`
 * @param unit SI unit of the value
 */
export function formatQuantity(value: number | null, unit: SiUnit): string {
  if (value === null || !Number.isFinite(value)) return '-';
  if (unit === '') return formatNumber(value);
  if (value === 0) return unit === '1/s' ? '0 /s' : `0 ${unit}`;
  if (unit === 'B') return formatSize(value);
  const scale = SCALES[unit];
  for (let i = 0; i < scale.length; i++) {
    const [factor, suffix] = scale[i]!;
    const scaled = value / factor;
    // Rounding may lift a value into the next unit: 999.7 ns is 1 µs.
    if (i === scale.length - 1 || Math.abs(Number(scaled.toPrecision(3))) < 1000) {
      return `${significant(scaled, 3)} ${suffix}`;
    }
  }
  throw new RangeError(`no scale for ${unit}`);
}

/**
 * An amount of memory in binary units, with three significant digits where it is not whole: 1607 is `1.57 KiB`, 1 MiB
 * less 1 KiB `1023 KiB`.
 */
export function formatSize(bytes: number): string {
  // Rounding may lift a value into the next unit: 1023.6 KiB is 1 MiB.
  const [factor, suffix] = SIZES.find(([unit]) => Math.round(Math.abs(bytes) / unit) < 1024) ?? SIZES.at(-1)!;
  return `${significant(bytes / factor, 3)} ${suffix}`;
}

/** A ratio as a percentage with at most three significant digits: 0.0123 is `1.23 %`. */
export function formatPercent(ratio: number | null): string {
  if (ratio === null || !Number.isFinite(ratio)) return '-';
  return `${significant(ratio * 100, 3)} %`;
}
