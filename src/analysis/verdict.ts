/** What may be concluded from a metric of a point. */
import type { LoadLabel } from './load-label.js';

/**
 * `ok`, or why not: `too few samples` for a quantile or an interval; `not stationary` because it still moved while it
 * was measured; `overloaded` because it grows with the length of the measurement; `not applicable` where there was
 * nothing to measure, such as look-ups in a cache that the design does not use.
 */
export type MetricVerdict = 'ok' | 'too few samples' | 'not stationary' | 'overloaded' | 'not applicable';

/** What a verdict is made from. */
export interface VerdictInput {
  /** One value a replication. */
  readonly values: readonly (number | null)[];
  /** What the metric describes: the rate of work, the time of a descriptor, or something that time does not move. */
  readonly kind: 'flow' | 'delay' | 'other';
  readonly load: LoadLabel;
  /** Whether flow and delay drifted while they were measured. */
  readonly drifting: { readonly flow: boolean; readonly delay: boolean };
}

/** The verdict of a metric. What makes a number meaningless comes before what makes it uncertain. */
export function metricVerdict({ values, kind, load, drifting }: VerdictInput): MetricVerdict {
  const measured = values.filter((value) => value !== null);
  if (measured.length === 0) return kind === 'other' ? 'not applicable' : 'too few samples';
  if (kind === 'delay' && load === 'overloaded') return 'overloaded';
  if (kind !== 'other' && drifting[kind]) return 'not stationary';
  if (kind !== 'other' && (measured.length < values.length || measured.length < 2)) return 'too few samples';
  return 'ok';
}

/**
 * Whether a value counts where values are held against each other: in rankings, crossings, knees and break-even. Of a
 * single replication every verdict is "too few samples": its values are compared by size.
 */
export function isCounted(verdict: MetricVerdict | undefined, replications: number): boolean {
  if (verdict === undefined || verdict === 'ok') return true;
  return verdict === 'too few samples' && replications < 2;
}
