/** Who is in front: rankings of a set of points from plain metrics, for runs that are never written down. */
import type { Replications } from '../analysis/compare.js';
import { rankWithinGroups } from '../analysis/ranking.js';
import { metricDeclaration } from '../models/metrics.js';
import type { RunResult } from '../models/run-result.js';
import type { Point } from '../workload/workload.js';
import { judgePoint } from './judgement.js';
import { placesOf } from './places.js';

/** Metrics whose rankings are asked about; the last two do not depend on the load. */
const RANKED = ['throughput', 'latency_p50', 'latency_p99', 'boot_time', 'provision_time'] as const;
const OF_START: readonly string[] = ['boot_time', 'provision_time'];

/** What is kept of a point as it was run. */
export interface Measured extends Pick<RunResult, 'resources' | 'devices'> {
  /** Of each metric that is ranked and may be believed, one value a replication. */
  readonly values: Readonly<Record<string, Replications>>;
}

/** A ranking that can be made again with other numbers. */
export interface Question {
  readonly metric: string;
  readonly at: Readonly<Record<string, string>>;
  /** Indices of the points ranked. */
  readonly points: readonly number[];
}

/** A question and the run's own answer to it. */
export interface Claim {
  readonly question: Question;
  /** Indices of the points in front, ties included, in order. */
  readonly leaders: readonly number[];
}

/** What rankings need of a point's replications. */
export function measuredOf(runs: readonly RunResult[], warmupPs: number): Measured {
  const { verdicts } = judgePoint(runs, warmupPs);
  const { resources, devices } = runs[0]!;
  const believed = RANKED.filter((metric) => verdicts[metric] === 'ok');
  const values = Object.fromEntries(
    believed.map((metric) => [metric, runs.map((run) => run.metrics[metric] ?? null)]),
  );
  return { values, resources, devices };
}

/** Whether a metric belongs to the start of an instance, which needs no load to be measured. */
export function isOfStart(metric: string): boolean {
  return OF_START.includes(metric);
}

/**
 * The rankings that a run makes and that one replication can make as well: who is in front by all replications, as the
 * report says it, and by the first alone, which is what another world repeats. Where the two differ, what another
 * world shows is no answer to what the run says.
 * @returns also how many rankings were left out for that
 */
export function claimsOf(
  points: readonly Point[],
  measured: readonly Measured[],
): { claims: Claim[]; untold: number } {
  const claims: Claim[] = [];
  let untold = 0;
  for (const question of questionsOf(points, measured)) {
    const values = (i: number): Replications => measured[i]!.values[question.metric]!;
    const leaders = leadersOf(question, values);
    const first = leadersOf(question, (i) => values(i).slice(0, 1));
    if (leaders === null) continue;
    if (first !== null && same(first, leaders)) claims.push({ question, leaders });
    else untold++;
  }
  return { claims, untold };
}

/** Designs with equal resources at every place, and the start of an instance for all designs at the first place. */
function questionsOf(points: readonly Point[], measured: readonly Measured[]): Question[] {
  return placesOf(points).flatMap((place, p) =>
    RANKED.flatMap((metric) => {
      const ofStart = isOfStart(metric);
      if (ofStart && p > 0) return [];
      const groups = new Map<string, number[]>();
      for (const i of place) {
        const { values, resources, devices } = measured[i]!;
        if (values[metric] === undefined) continue;
        const key = ofStart ? '' : JSON.stringify([resources, devices]);
        groups.set(key, [...(groups.get(key) ?? []), i]);
      }
      const at = ofStart ? {} : points[place[0]!]!.at;
      return [...groups.values()]
        .filter((group) => group.length > 1)
        .map((group) => ({ metric, at, points: group }));
    }),
  );
}

/**
 * Indices of the points in front, ties included, in order.
 * @param values of a point's metric, one a replication
 * @returns null when a point has none
 */
export function leadersOf(question: Question, values: (point: number) => Replications): number[] | null {
  const contenders = question.points.map((point) => ({
    id: String(point),
    group: '',
    devices: 1,
    values: values(point),
  }));
  if (contenders.some((each) => each.values.every((value) => value === null))) return null;
  const { better } = metricDeclaration(question.metric)!;
  const { ranked } = rankWithinGroups(contenders, better)[0]!;
  return ranked
    .filter(({ rank }) => rank === 1)
    .map(({ id }) => Number(id))
    .sort((a, b) => a - b);
}

/** Whether the same are in front. */
export function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
