/**
 * From what a workload asks for to enough replications: warm-ups are found where they are `auto`, then replications
 * run in rounds until the intervals are narrow enough. What a round decides depends on its results alone, so any
 * number of workers gives the same.
 */
import {
  LEAST_REPLICATIONS,
  nextReplications,
  type Precision,
  preciseEnough,
} from '../analysis/precision.js';
import type { RunResult } from '../models/run-result.js';
import type { Measure, Point } from '../workload/workload.js';
import { placesOf } from './places.js';
import { makePlan } from './plan.js';
import { execute, type PoolOptions, type Runs } from './pool.js';
import { findWarmUps } from './warm-up.js';

/** Metrics that `measure.until` asks to be precise, as far as they can be measured. */
const PRECISE = ['throughput', 'latency_mean', 'latency_p99'] as const;

/** Everything simulated. */
export interface Sampled {
  /** The points as they were run: with the warm-up that was found. */
  points: readonly Point[];
  /** By point; designs at one place of the sweep have equally many replications. */
  runs: Runs;
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
    settled = points.map((point, i) => new SettledPoint(point, warmupPs[i]!));
    warnings.push(...unsettled.map((key) => `${key} did not settle in the longest trial run of its warm-up`));
  }
  return { points: settled, runs: await replicate(settled, measure, pool), warnings };
}

/** A point with another warm-up; made when it is asked for, as points of a large sweep are. */
class SettledPoint implements Point {
  constructor(
    private readonly point: Point,
    private readonly warmupPs: number,
  ) {}

  get key(): string {
    return this.point.key;
  }

  get design(): string {
    return this.point.design;
  }

  get at(): Point['at'] {
    return this.point.at;
  }

  get config(): Point['config'] {
    const { config } = this.point;
    return { ...config, measure: { ...config.measure, warmupPs: this.warmupPs } };
  }
}

async function replicate(points: readonly Point[], measure: Measure, pool: PoolOptions): Promise<Runs> {
  const { until } = measure;
  const first = until === null ? measure.replications : Math.max(measure.replications, LEAST_REPLICATIONS);
  const start = await execute(makePlan(points, first), pool);
  if (until === null) return start;
  const precision = { ...until, max: Math.max(until.max, first) };
  const places = placesOf(points);
  /** What each round added: where a point of the workload stands in it, and its replications. */
  const rounds: { positions: ReadonlyMap<number, number>; runs: Runs }[] = [];
  const runs: Runs = {
    of: (point) => [
      ...start.of(point),
      ...rounds.flatMap((round) => {
        const position = round.positions.get(point);
        return position === undefined ? [] : round.runs.of(position);
      }),
    ],
  };
  for (let have = first; have < precision.max; ) {
    const open = places.filter((place) => place.some((i) => !isPrecise(runs.of(i), precision))).flat();
    if (open.length === 0) break;
    const next = nextReplications(have, precision);
    const chosen = open.map((i) => points[i]!);
    const more = await execute(makePlan(chosen, next - have, have), pool);
    rounds.push({ positions: new Map(open.map((i, position) => [i, position])), runs: more });
    have = next;
  }
  return runs;
}

function isPrecise(runs: readonly RunResult[], precision: Precision): boolean {
  return PRECISE.every((name) =>
    preciseEnough(
      runs.map((run) => run.metrics[name] ?? null),
      precision,
    ),
  );
}
