/**
 * MSER-5: where the warm-up of a series ends (K. P. White, "An effective truncation heuristic for bias reduction in
 * simulation output", 1997). Meant for the average of a series over replications: on a single run it is biased.
 */

/** Values that are averaged before truncation points are tried. */
const BATCH = 5;

/** Where a series settles. */
export interface Truncation {
  /** Values to leave out at the front. */
  values: number;
  /** False when the best truncation is the last one tried, half of the series: it may never have settled. */
  settled: boolean;
}

/**
 * The truncation with the smallest marginal standard error: the variance of what is left over the square of its
 * number. Only the first half of the series is tried, since the statistic means nothing for the last few values.
 *
 * @param series values at equal intervals, at least 20 of them
 * @throws RangeError when the series is shorter or holds what is no finite number
 */
export function mser5(series: readonly number[]): Truncation {
  if (series.length < 4 * BATCH)
    throw new RangeError(`MSER-5 needs ${4 * BATCH} values, not ${series.length}`);
  const batches: number[] = [];
  for (let i = 0; i + BATCH <= series.length; i += BATCH) {
    let sum = 0;
    for (let k = 0; k < BATCH; k++) sum += series[i + k]!;
    if (!Number.isFinite(sum)) throw new RangeError('MSER-5 needs finite values');
    batches.push(sum / BATCH);
  }
  const last = Math.floor(batches.length / 2);
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let cut = 0; cut <= last; cut++) {
    const error = marginalError(batches, cut);
    if (error < least) {
      least = error;
      best = cut;
    }
  }
  return { values: best * BATCH, settled: best < last };
}

function marginalError(batches: readonly number[], cut: number): number {
  const left = batches.length - cut;
  let sum = 0;
  for (let i = cut; i < batches.length; i++) sum += batches[i]!;
  const mean = sum / left;
  let squares = 0;
  for (let i = cut; i < batches.length; i++) squares += (batches[i]! - mean) * (batches[i]! - mean);
  return squares / (left * left);
}
