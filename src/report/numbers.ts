/** Numbers with their intervals as people read them. */
import type { Estimate } from '../experiment/results.js';
import { formatQuantity, type SiUnit } from '../workload/format.js';

/** Between a number and its unit, so that a line does not break there. */
const NO_BREAK = '\u00a0';

/** The mean of an estimate: `31.4 GB/s`; a dash when it could not be measured. */
export function meanText(estimate: Estimate | undefined, unit: SiUnit): string {
  const text = formatQuantity(estimate?.mean ?? null, unit);
  return text === '-' ? '–' : text.replace(' ', NO_BREAK);
}

/**
 * The half-width of an estimate's interval relative to its mean with one decimal, `±0.2 %`, in whole percent from ten
 * up; absolute when the mean is zero. Empty without an interval, and for a plain zero.
 */
export function marginText(estimate: Estimate | undefined, unit: SiUnit): string {
  const half = estimate?.half_width ?? null;
  const mean = estimate?.mean ?? null;
  if (half === null || mean === null) return '';
  if (half === 0) return mean === 0 ? '' : `±0${NO_BREAK}%`;
  if (mean === 0) return `±${formatQuantity(half, unit)}`.replace(' ', NO_BREAK);
  const percent = Math.abs(half / mean) * 100;
  if (percent < 0.1) return `±<0.1${NO_BREAK}%`;
  // From where one decimal would print as 10.0 on, whole percent.
  return `±${percent.toFixed(percent < 9.95 ? 1 : 0)}${NO_BREAK}%`;
}

/** Bounds of an estimate's interval; the mean itself where there is none. Null without a mean. */
export function bounds(estimate: Estimate | undefined): { mean: number; low: number; high: number } | null {
  const mean = estimate?.mean ?? null;
  if (mean === null) return null;
  const half = estimate?.half_width ?? 0;
  return { mean, low: mean - half, high: mean + half };
}

/** An estimate in another unit: mean, interval and values divided by a positive number. */
export function divided(estimate: Estimate, divisor: number): Estimate {
  const over = (value: number | null) => (value === null ? null : value / divisor);
  return {
    mean: over(estimate.mean),
    half_width: over(estimate.half_width),
    values: estimate.values.map(over),
  };
}

/** `1.2 GB/s`, or `0.4 to 31 GB/s` when the ends differ in print. */
export function rangeText(values: readonly number[], unit: SiUnit): string {
  const low = formatQuantity(Math.min(...values), unit);
  const high = formatQuantity(Math.max(...values), unit);
  return low === high ? low : `${low} to ${high}`;
}
