/**
 * When enough replications have been made. Decisions are taken only between rounds, on all replications of a round in
 * their order, so that they do not depend on which finished first.
 */
import { estimate } from './estimate.js';

/** A request for precision. */
export interface Precision {
  /** Half-width over mean that is narrow enough, e.g. 0.02. */
  readonly relativeHalfWidth: number;
  /** Most replications. */
  readonly max: number;
}

/** Replications that an interval needs before it is believed; two or three are narrow by luck too often. */
export const LEAST_REPLICATIONS = 5;

/**
 * Whether the interval of a metric is narrow enough. A metric that no replication could measure does not ask for more;
 * one with a single value does.
 * @param values one a replication
 */
export function preciseEnough(values: readonly (number | null)[], precision: Precision): boolean {
  const { mean, halfWidth } = estimate(values);
  if (mean === null) return true;
  if (halfWidth === null) return false;
  return halfWidth <= precision.relativeHalfWidth * Math.abs(mean);
}

/**
 * How many replications to have after the next round: half as many again, since the half-width shrinks with the root
 * of the number, and never more than `max`.
 */
export function nextReplications(done: number, precision: Precision): number {
  return Math.min(precision.max, Math.max(done + 1, Math.ceil(done * 1.5)));
}
