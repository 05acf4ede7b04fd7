/** How a point stood its load. */
import { drift } from './drift.js';

/**
 * `stable`: what arrives is served, and at times nothing waits. `backlogged`: work waits all the time, so that
 * throughput is what the system can do, but the line does not grow. `overloaded`: the line grows as long as the load
 * lasts; latencies then tell how long was measured, and nothing else.
 */
export type LoadLabel = 'stable' | 'backlogged' | 'overloaded';

/** The measured phase of a replication in equal bins. */
export interface LoadSeries {
  /** Submissions waiting on the host or in work queues, at the end of each bin. */
  readonly waiting: readonly number[];
  /** Arrivals of open and traced load that have not finished, at the end of each bin. */
  readonly backlog: readonly number[];
  /** Submissions of open and traced load that finished in each bin. */
  readonly served: readonly number[];
}

/** Share of what arrives that must stay behind before a line is said to grow: less is the ebb and flow of luck. */
const GROWTH = 0.01;
/** Share of moments at which something waits, from which on it waits all the time. */
const ALWAYS = 0.95;

/** Labels the load of a point from its replications. */
export function loadLabel(replications: readonly LoadSeries[]): LoadLabel {
  if (grows(replications)) return 'overloaded';
  let moments = 0;
  let waiting = 0;
  for (const replication of replications) {
    moments += replication.waiting.length;
    for (const count of replication.waiting) if (count > 0) waiting++;
  }
  return moments > 0 && waiting >= ALWAYS * moments ? 'backlogged' : 'stable';
}

/**
 * The thirds compared by a drift lie two thirds of the phase apart, so a line that grows by a constant amount gains
 * one and a half times the drift over the phase. A single replication has no interval: its growth counts as it is.
 */
function grows(replications: readonly LoadSeries[]): boolean {
  if (replications.length === 0) return false;
  const { change, certain } = drift(replications.map(({ backlog }) => backlog));
  const growth = 1.5 * change;
  if (growth < 1 || (replications.length > 1 && certain <= 0)) return false;
  let served = 0;
  for (const replication of replications) for (const count of replication.served) served += count;
  return growth > GROWTH * (growth + served / replications.length);
}
