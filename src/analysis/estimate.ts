/** A metric's mean over independent replications, with its Student-t interval. */
import { mean, sampleStandardDeviation } from 'simple-statistics';
import { studentTQuantile } from './student-t.js';

/** Confidence level of every interval that dsasim prints. */
export const CONFIDENCE = 0.95;

/** A mean and how far the truth may lie from it, in the unit of the values. */
export interface Interval {
  /** Null when no replication has a value. */
  mean: number | null;
  /** Half-width of the two-sided interval; null with fewer than two values. */
  halfWidth: number | null;
}

/**
 * Mean and half-width of the Student-t interval over replications.
 *
 * A null is a replication in which the metric could not be measured; it is left out, never counted as zero.
 * Replications are independent by construction, so no correction for autocorrelation is needed.
 *
 * @param values one value a replication
 * @param confidence two-sided level, 0.95 unless told
 * @throws RangeError when a value is not finite or the level is not between 0 and 1
 */
export function estimate(values: readonly (number | null)[], confidence = CONFIDENCE): Interval {
  const measured = values.filter((value) => value !== null);
  for (const value of measured) {
    if (!Number.isFinite(value)) throw new RangeError(`a replication's value must be finite, not ${value}`);
  }
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`confidence must lie between 0 and 1`);
  if (measured.length === 0) return { mean: null, halfWidth: null };
  if (measured.length === 1) return { mean: measured[0]!, halfWidth: null };
  // Equal values are exact: without this, rounding of the mean would leave an interval of an ulp or two.
  if (measured.every((value) => value === measured[0])) return { mean: measured[0]!, halfWidth: 0 };
  const quantile = studentTQuantile((1 + confidence) / 2, measured.length - 1);
  return {
    mean: mean(measured),
    halfWidth: (quantile * sampleStandardDeviation(measured)) / Math.sqrt(measured.length),
  };
}
