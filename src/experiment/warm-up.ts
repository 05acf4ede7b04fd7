/**
 * How long a load needs to settle (`measure.warmup: auto`): a trial run without warm-up, and MSER-5 on its average over
 * replications. Designs at one place of a sweep share the longest of their warm-ups, so that they measure the same
 * stretch of the same luck.
 */
import { mser5 } from '../analysis/mser.js';
import type { RunBins, RunResult } from '../models/run-result.js';
import type { Point } from '../workload/workload.js';
import { placesOf } from './places.js';
import { makePlan } from './plan.js';
import { type PoolOptions, runPlan } from './pool.js';
import { counting } from './progress.js';

/** Replications of a trial: their average is smooth enough, and more would cost as much as the measurement. */
const TRIAL_REPLICATIONS = 5;
/** How often a trial that does not settle is made twice as long. */
const DOUBLINGS = 3;

/** Warm-ups found. */
export interface WarmUps {
  /** Of each point [ps]. */
  warmupPs: number[];
  /** Keys of the points whose longest trial had not settled. */
  unsettled: string[];
}

/**
 * Finds the warm-up of every point.
 * @throws as `runPlan`
 */
export async function findWarmUps(points: readonly Point[], pool: PoolOptions): Promise<WarmUps> {
  const warmupPs = points.map(() => 0);
  let open = points.map((_, i) => i);
  for (let doubling = 0; open.length > 0 && doubling <= DOUBLINGS; doubling++) {
    const trials = open.map((i) => trial(points[i]!, doubling));
    const runs = await runPlan(
      makePlan(trials, TRIAL_REPLICATIONS),
      counting(pool, 'trial runs of the warm-up'),
    );
    const unsettled: number[] = [];
    open.forEach((i, position) => {
      const { endPs, settled } = settledAt(runs[position]!);
      warmupPs[i] = endPs;
      if (!settled) unsettled.push(i);
    });
    open = unsettled;
  }
  for (const place of placesOf(points)) {
    const longest = Math.max(...place.map((i) => warmupPs[i]!));
    for (const i of place) warmupPs[i] = longest;
  }
  return { warmupPs, unsettled: open.map((i) => points[i]!.key) };
}

function trial({ key, config }: Point, doubling: number): Pick<Point, 'key' | 'config'> {
  const durationPs = config.measure.durationPs * [1, 2, 4, 8][doubling]!;
  return { key, config: { ...config, measure: { warmupPs: 0, durationPs }, lifecycle: [] } };
}

/** When bytes per time and latency have both settled. */
function settledAt(runs: readonly RunResult[]): { endPs: number; settled: boolean } {
  const bins = runs.map((run) => run.bins);
  const total = (series: (bins: RunBins) => readonly number[]): number[] =>
    series(bins[0]!).map((_, bin) => bins.reduce((sum, each) => sum + series(each)[bin]!, 0));
  const completions = total((each) => each.completions);
  const latency = total((each) => each.latencySumPs).map((sum, bin) => sum / completions[bin]!);
  const cuts = [completions, total((each) => each.bytes), filled(latency)].map(mser5);
  const values = Math.max(...cuts.map((cut) => cut.values));
  return { endPs: Math.ceil(values * bins[0]!.widthPs), settled: cuts.every((cut) => cut.settled) };
}

/** A bin in which nothing finished takes the latency of the next one that has any, or of the last that had. */
function filled(series: readonly number[]): number[] {
  const result = [...series];
  for (let i = result.length - 2; i >= 0; i--) if (Number.isNaN(result[i])) result[i] = result[i + 1]!;
  for (let i = 0; i < result.length; i++)
    if (Number.isNaN(result[i])) result[i] = i === 0 ? 0 : result[i - 1]!;
  return result;
}
