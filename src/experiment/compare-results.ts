/** Two result documents compared, metric by metric and point by point, with one correction over all of it. */
import { type Comparison, comparePairs, decide } from '../analysis/compare.js';
import { isTie } from '../analysis/ranking.js';
import { compareUnpaired } from '../analysis/unpaired.js';
import { METRICS } from '../models/metrics.js';
import { pointMetric } from './baseline.js';
import { NotComparableError } from './errors.js';
import type { ResultPoint, Results } from './results.js';
import { type PointPair, type SettingDifference, settingDifferences } from './settings-difference.js';

/** Raised when the shape of the comparison's JSON output changes. */
export const COMPARISON_SCHEMA_VERSION = 1;

/** What is compared unless told: what people ask about. Each further metric costs all others certainty. */
export const ASKED_METRICS: readonly string[] = [
  'throughput',
  'latency_mean',
  'latency_p50',
  'latency_p99',
  'cpu_per_descriptor',
  'provision_time',
  'boot_time',
];

/**
 * What a comparison comes to: its verdict, but `identical` where both agree to the last digit in every replication,
 * and `negligible` where a significant difference is below what rankings count as a tie.
 */
export type Finding = Comparison['verdict'] | 'identical' | 'negligible';

/** One metric at one point. */
export interface MetricComparison {
  /** Key of the point in the candidate. */
  point: string;
  /** Its key in the reference, where designs of different names were matched; the same otherwise. */
  reference_point: string;
  metric: string;
  unit: string;
  better: 'higher' | 'lower' | 'neither';
  /** Means over replications. */
  reference: number;
  candidate: number;
  comparison: Comparison;
  finding: Finding;
}

/** What the comparison found. */
export interface ResultComparison {
  reference: string;
  candidate: string;
  pairing: 'paired' | 'unpaired';
  /** Why it is paired or not, in a sentence. */
  reason: string;
  comparisons: MetricComparison[];
  /** What was not simulated alike. */
  differences: SettingDifference[];
  /** Points that only one of them has. */
  only: { reference: string[]; candidate: string[] };
}

/**
 * Compares a candidate with a reference.
 *
 * Under the same seed replication i of both met the same random numbers, so replications are paired; otherwise the
 * two are taken as independent. Holm's correction goes over everything that is compared.
 *
 * @param metrics names, also as `tenants.<name>.<metric>`
 * @throws NotComparableError when they share no point, or no metric has a value in both
 */
export function compareResults(
  reference: Results,
  candidate: Results,
  metrics: readonly string[] = ASKED_METRICS,
): ResultComparison {
  const { pairs, only } = matchPoints(reference, candidate);
  if (pairs.length === 0) {
    throw new NotComparableError(
      ['the two documents share no point'],
      'compare two results of one workload, or of workloads with the same axes and values',
    );
  }
  const paired = reference.workload.seed === candidate.workload.seed;
  const found = pairs.flatMap(({ from, to }) =>
    metrics.flatMap((metric) => {
      const [a, b] = [pointMetric(from, metric), pointMetric(to, metric)];
      if (a?.mean == null || b?.mean == null) return [];
      const declared = METRICS.find(({ name }) => name === metric.split('.').at(-1));
      const better = declared?.better ?? 'neither';
      const raw = (paired ? comparePairs : compareUnpaired)(b.values, a.values);
      const head = {
        point: to.key,
        reference_point: from.key,
        metric,
        unit: declared?.unit ?? '',
        better,
        reference: a.mean,
        candidate: b.mean,
      } as const;
      return [{ head, raw: { ...raw, better } }];
    }),
  );
  if (found.length === 0) {
    throw new NotComparableError(
      [`no point has a value of ${metrics.join(', ')} in both documents`],
      'name other metrics with --metric: see dsasim list metrics',
    );
  }
  const decided = decide(found.map(({ raw }) => raw));
  return {
    reference: reference.workload.name,
    candidate: candidate.workload.name,
    pairing: paired ? 'paired' : 'unpaired',
    reason: reasonOf(reference, candidate, paired),
    comparisons: found.map(({ head }, i) => {
      const comparison = decided[i]!;
      return { ...head, comparison, finding: findingOf(comparison) };
    }),
    differences: settingDifferences(reference.settings, candidate.settings, pairs.map(asPair)),
    only,
  };
}

function findingOf(comparison: Comparison): Finding {
  const { difference, verdict } = comparison;
  if (difference.mean === 0 && (difference.halfWidth ?? 0) === 0) return 'identical';
  const significant = verdict === 'better' || verdict === 'worse' || verdict === 'different';
  return significant && isTie(comparison) ? 'negligible' : verdict;
}

function reasonOf(reference: Results, candidate: Results, paired: boolean): string {
  const [a, b] = [reference.measure.replications, candidate.measure.replications];
  if (!paired) {
    return `the seeds differ (${reference.workload.seed} and ${candidate.workload.seed}), so the runs are independent: Welch's t test`;
  }
  const rest = a === b ? '' : `, as far as both have one (${Math.min(a, b)})`;
  return `both runs have seed ${reference.workload.seed}: replication i of one is paired with replication i of the other${rest}`;
}

interface Matched {
  from: ResultPoint;
  to: ResultPoint;
}

/** Points of equal key; where there are none and each document has one design, points of equal place. */
function matchPoints(
  reference: Results,
  candidate: Results,
): { pairs: Matched[]; only: ResultComparison['only'] } {
  const byKey = match(reference, candidate, ({ key }) => key);
  const single = reference.designs.length === 1 && candidate.designs.length === 1;
  if (byKey.pairs.length > 0 || !single) return byKey;
  return match(reference, candidate, ({ at }) => JSON.stringify(at));
}

function match(
  reference: Results,
  candidate: Results,
  keyOf: (point: ResultPoint) => string,
): { pairs: Matched[]; only: ResultComparison['only'] } {
  const old = new Map(reference.points.map((point) => [keyOf(point), point]));
  const now = new Set(candidate.points.map(keyOf));
  return {
    pairs: candidate.points.flatMap((to) => {
      const from = old.get(keyOf(to));
      return from === undefined ? [] : [{ from, to }];
    }),
    only: {
      reference: reference.points.filter((point) => !now.has(keyOf(point))).map(({ key }) => key),
      candidate: candidate.points.filter((point) => !old.has(keyOf(point))).map(({ key }) => key),
    },
  };
}

function asPair({ from, to }: Matched): PointPair {
  return { from, to };
}
