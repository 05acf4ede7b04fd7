/** How far simulated numbers are from measured ones. */

/**
 * Signed relative error: positive when the simulation is above the measurement.
 * A measured zero is met exactly or missed by as much as was simulated.
 */
export function relativeError(simulated: number, measured: number): number {
  const scale = measured === 0 ? 1 : Math.abs(measured);
  return (simulated - measured) / scale;
}

/** The error of a group of numbers; null where there is nothing to score. */
export interface Score {
  readonly rows: number;
  /** Of the errors' sizes, as ratios. */
  readonly median: number;
  readonly p90: number;
  /** Index of the largest. */
  readonly worst: number;
}

/** The score of signed errors, or null for none. */
export function score(errors: readonly number[]): Score | null {
  if (errors.length === 0) return null;
  const sizes = errors.map(Math.abs);
  const sorted = [...sizes].sort((a, b) => a - b);
  const worst = sizes.indexOf(sorted.at(-1)!);
  return { rows: errors.length, median: medianOf(sorted), p90: nearestRank(sorted, 0.9), worst };
}

/** Whether a score keeps its bounds; null bounds promise nothing. */
export function keepsBounds(
  value: Score,
  bounds: { readonly medianBound: number | null; readonly p90Bound: number | null },
): boolean {
  const within = (actual: number, bound: number | null): boolean => bound === null || actual <= bound;
  return within(value.median, bounds.medianBound) && within(value.p90, bounds.p90Bound);
}

/** The middle value, or the mean of the two middle ones, of an ascending list. */
export function medianOf(sorted: readonly number[]): number {
  const half = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The smallest value that a share `q` of an ascending list does not exceed. */
export function nearestRank(sorted: readonly number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!;
}
