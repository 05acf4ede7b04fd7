/** Who is in front: rankings of a set of points from plain metrics, for runs that are never written down. */
import { rankWithinGroups } from '../analysis/ranking.js';
import { metricDeclaration } from '../models/metrics.js';
import type { RunResult } from '../models/run-result.js';
import type { Point } from '../workload/workload.js';
import { placesOf } from './places.js';

/** Metrics whose rankings are asked about; the last two do not depend on the load. */
const RANKED = ['throughput', 'latency_p50', 'latency_p99', 'boot_time', 'provision_time'] as const;
const OF_START: readonly string[] = ['boot_time', 'provision_time'];

/** What is kept of a run. */
export type Outcome = Pick<RunResult, 'metrics' | 'resources' | 'devices'>;

/** A ranking that can be made again with other numbers. */
export interface Question {
  readonly metric: string;
  readonly at: Readonly<Record<string, string>>;
  /** Indices of the points ranked. */
  readonly points: readonly number[];
}

/** Whether a metric belongs to the start of an instance, which needs no load to be measured. */
export function isOfStart(metric: string): boolean {
  return OF_START.includes(metric);
}

/**
 * The rankings of a workload: designs with equal resources at every place, and the start of an instance for all
 * designs at the first place.
 */
export function questionsOf(points: readonly Point[], outcomes: readonly Outcome[]): Question[] {
  return placesOf(points).flatMap((place, p) =>
    RANKED.flatMap((metric) => {
      const ofStart = isOfStart(metric);
      if (ofStart && p > 0) return [];
      const groups = new Map<string, number[]>();
      for (const i of place) {
        if (outcomes[i]!.metrics[metric] == null) continue;
        const key = ofStart ? '' : JSON.stringify([outcomes[i]!.resources, outcomes[i]!.devices]);
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
 * @returns null when a metric is missing
 */
export function leadersOf(
  question: Question,
  metric: (point: number) => number | null | undefined,
): number[] | null {
  const values = question.points.map(metric);
  if (values.some((value) => value == null)) return null;
  const contenders = question.points.map((point, i) => ({
    id: String(point),
    group: '',
    devices: 1,
    values: [values[i]!],
  }));
  const { better } = metricDeclaration(question.metric)!;
  const { ranked } = rankWithinGroups(contenders, better)[0]!;
  return ranked
    .filter(({ rank }) => rank === 1)
    .map(({ id }) => Number(id))
    .sort((a, b) => a - b);
}
