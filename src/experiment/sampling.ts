/**
 * From what a workload asks for to enough replications: warm-ups are found where they are `auto`, then replications
 * run in rounds until the intervals are narrow enough. What a round decides depends on its results alone, so any
 * number of workers gives the same.
 */
import { LEAST_REPLICATIONS, nextReplications, preciseEnough } from '../analysis/precision.js';
import type { RunResult } from '../models/run-result.js';
import type { Measure, Point } from '../workload/workload.js';
import { placesOf } from './places.js';
import { makePlan } from './plan.js';
import { type PoolOptions, runPlan } from './pool.js';
import { findWarmUps } from './warm-up.js';

/** Metrics that `measure.until` asks to be precise, as far as they can be measured. */
const PRECISE = ['throughput', 'latency_mean', 'latency_p99'] as const;

/** Everything simulated. */
export interface Sampled {
  /** The points as they were run: with the warm-up that was found. */
  points: readonly Point[];
  /** By point, then by replication; designs at one place of the sweep have equally many. */
  runs: RunResult[][];
  warnings: string[];
}

/**
 * Simulates the points of a workload.
 * @throws SimulationError, WorkerError, InterruptedError as `runPlan`
 */
export async function sample(
  points: readonly Point[],
  measure: Measure,
  pool: PoolOptions,
): Promise<Sampled> {
  const warnings: string[] = [];
  let settled = points;
  if (measure.warmupPs === null) {
    const { warmupPs, unsettled } = await findWarmUps(points, pool);
    settled = points.map((point, i) => withWarmUp(point, warmupPs[i]!));
    warnings.push(...unsettled.map((key) => `${key} did not settle in the longest trial run of its warm-up`));
  }
  return { points: settled, runs: await replicate(settled, measure, pool), warnings };
}

function withWarmUp(point: Point, warmupPs: number): Point {
  const { config } = point;
  return { ...point, config: { ...config, measure: { ...config.measure, warmupPs } } };
}

async function replicate(
  points: readonly Point[],
  measure: Measure,
  pool: PoolOptions,
): Promise<RunResult[][]> {
  const { until } = measure;
  const first = until === null ? measure.replications : Math.max(measure.replications, LEAST_REPLICATIONS);
  const runs = await runPlan(makePlan(points, first), pool);
  if (until === null) return runs;
  const precision = { ...until, max: Math.max(until.max, first) };
  const places = placesOf(points);
  for (let have = first; have < precision.max; ) {
    const open = places.filter((place) => place.some((i) => !preciseRuns(runs[i]!))).flat();
    if (open.length === 0) break;
    const next = nextReplications(have, precision);
    const chosen = open.map((i) => points[i]!);
    const more = await runPlan(makePlan(chosen, next - have, have), pool);
    open.forEach((i, position) => {
      runs[i]!.push(...more[position]!);
    });
    have = next;
  }
  return runs;

  function preciseRuns(own: readonly RunResult[]): boolean {
    return PRECISE.every((name) =>
      preciseEnough(
        own.map((run) => run.metrics[name] ?? null),
        precision,
      ),
    );
  }
}
