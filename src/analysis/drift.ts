/** Whether a series still moves while it is measured. */
import { estimate } from './estimate.js';

/** A drift below this share of the level is of no interest, however certain. */
export const DRIFT_NEGLIGIBLE = 0.05;
/** Level of the interval of a drift; higher than that of results, since every metric of every point is tried. */
const DRIFT_CONFIDENCE = 0.99;

/** How far the last third of a series lies from its first third. */
export interface Drift {
  /** Mean over replications of (last third − first third), in the unit of the series. */
  change: number;
  /** The end of its interval that is nearer to zero; zero when the interval holds zero or cannot be given. */
  certain: number;
  /** Mean level over the series. */
  level: number;
}

/**
 * The drift of series, one a replication. A null is an interval in which nothing was observed; a replication whose
 * first or last third holds nothing else says nothing.
 */
export function drift(replications: readonly (readonly (number | null)[])[]): Drift {
  const changes: number[] = [];
  const levels: number[] = [];
  for (const series of replications) {
    const third = Math.floor(series.length / 3);
    const first = average(series.slice(0, third));
    const last = average(series.slice(series.length - third));
    const level = average(series);
    if (first === null || last === null || level === null) continue;
    changes.push(last - first);
    levels.push(level);
  }
  if (changes.length === 0) return { change: 0, certain: 0, level: 0 };
  const { mean, halfWidth } = estimate(changes, DRIFT_CONFIDENCE);
  const distance = halfWidth === null ? 0 : Math.max(0, Math.abs(mean!) - halfWidth);
  return { change: mean!, certain: mean! < 0 ? -distance : distance, level: average(levels)! };
}

/** Whether series move by more than a negligible share of their level beyond doubt. */
export function drifts(replications: readonly (readonly (number | null)[])[]): boolean {
  const { change, certain, level } = drift(replications);
  return certain !== 0 && Math.abs(change) > DRIFT_NEGLIGIBLE * Math.abs(level);
}

function average(values: readonly (number | null)[]): number | null {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value === null) continue;
    sum += value;
    count++;
  }
  return count === 0 ? null : sum / count;
}
