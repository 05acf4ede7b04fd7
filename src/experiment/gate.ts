/**
 * The gate: a run against a committed baseline. Both met the same random numbers, so replication i pairs with
 * replication i and the interval is that of the paired difference. A gate must not pass by accident: what cannot be
 * compared is an error, and comparing nothing is one too.
 */
import { CONFIDENCE, estimate } from '../analysis/estimate.js';
import { metricDeclaration } from '../models/metrics.js';
import type { GateMetric } from '../workload/gate.js';
import type { Baseline } from './baseline.js';
import { NotComparableError } from './errors.js';
import { type GateChange, type Simulated, whatChanged } from './gate-changes.js';
import { type MovedPart, movedPart } from './moved-part.js';

/** Raised when the shape of the gate's JSON output changes. */
export const GATE_SCHEMA_VERSION = 1;

/** What to do where a run and its baseline are of different things. */
export const WANTED_CHANGE =
  'if the change is wanted, write the baseline again with --update-baseline, and commit it with its reason';

/** Rules of a workload without a `gate` section. */
export const DEFAULT_RULES: readonly GateMetric[] = [
  { metric: 'throughput', better: 'higher', tolerance: 0.01, absolute: 0, level: CONFIDENCE },
  { metric: 'latency_p99', better: 'lower', tolerance: 0.02, absolute: 0, level: CONFIDENCE },
];

/**
 * `same`: equal to the last digit. `within`: the interval does not leave the tolerance on the bad side. `improved` and
 * `regressed`: the interval lies wholly beyond the tolerance. `unclear`: it straddles the tolerance.
 */
export type GateVerdict = 'same' | 'within' | 'improved' | 'regressed' | 'unclear';

/** One metric of one point against its baseline. */
export interface GateComparison {
  point: string;
  design: string;
  metric: string;
  unit: string;
  better: GateMetric['better'];
  /** Accepted change [unit of the metric]. */
  tolerance: number;
  baseline: number;
  current: number;
  /** Current minus baseline, mean over replications. */
  difference: number;
  /** Half-width of its interval; null with one replication: then the values alone are compared. */
  half_width: number | null;
  /** Confidence level of the interval. */
  level: number;
  verdict: GateVerdict;
  /** What moved most, of the latency's stages or of the control path's steps; only where the verdict is a change. */
  moved: MovedPart | null;
}

/** What a gate found. */
export interface GateReport {
  comparisons: GateComparison[];
  /** Metrics that neither side could measure, or only the current one. */
  skipped: { point: string; metric: string; reason: string }[];
  changed: GateChange[];
}

/** What is known of a run before it is made: whether it may be compared depends on nothing else. */
export type Identity = Pick<Baseline, 'workload' | 'seed' | 'measure'> & Simulated;

/** How strict a gate is. */
export interface Strictness {
  /** Refuses to compare across another model, other constants, devices or mechanisms. */
  strictModel?: boolean;
}

/**
 * Reasons why a run must not be compared with a baseline; empty when it may.
 * @param current the run, made or about to be made
 * @param rules the metrics that will be asked for
 */
export function incomparable(
  current: Identity,
  baseline: Baseline,
  rules: readonly GateMetric[],
  { strictModel = false }: Strictness = {},
): string[] {
  const reasons: string[] = [];
  const differs = (what: string, now: string | number, then: string | number): void => {
    if (now !== then) reasons.push(`${what} is ${now}, the baseline has ${then}`);
  };
  differs('the workload', current.workload, baseline.workload);
  differs('the seed', current.seed, baseline.seed);
  const warmup = (asked: number | null) => (asked === null ? 'auto' : nineDigits(asked));
  differs('measure.warmup [s]', warmup(current.measure.warmup), warmup(baseline.measure.warmup));
  differs('measure.duration [s]', nineDigits(current.measure.duration), baseline.measure.duration);
  differs('measure.replications', current.measure.replications, baseline.measure.replications);
  const until = (asked: Baseline['measure']['until']) =>
    asked === null ? 'not set' : `${nineDigits(asked.relative_half_width)} or ${asked.max} replications`;
  differs('measure.until', until(current.measure.until), until(baseline.measure.until));
  const known = Object.keys(baseline.points);
  reasons.push(...setDifference('points', Object.keys(current.designs), known));
  const metrics = new Set(Object.values(baseline.points).flatMap((point) => Object.keys(point.metrics)));
  reasons.push(
    ...setDifference(
      'metrics',
      rules.map((rule) => rule.metric),
      [...metrics],
    ),
  );
  // Two different workloads differ in too much to list.
  if (reasons.length > 0) return reasons;
  const { changed, reasons: others } = whatChanged(current, baseline);
  return strictModel ? [...others, ...changed.map(refusal)] : others;
}

/** Why a strict gate does not compare across a change. */
function refusal(change: GateChange): string {
  if (change.what !== 'setting') return `the model is ${change.to}, the baseline has ${change.from}`;
  return `${change.path} is ${change.to?.value ?? 'not set'}, the baseline has ${change.from?.value ?? 'none'}`;
}

/**
 * Compares a run with a baseline.
 * @param current the run in the form of a baseline, so that both are rounded alike
 * @throws NotComparableError when they must not be compared, when a metric was lost, or when nothing was compared
 */
export function compareWithBaseline(
  current: Baseline,
  baseline: Baseline,
  rules: readonly GateMetric[],
  strictness: Strictness = {},
): GateReport {
  const identity = identityOfRun(current);
  const reasons = incomparable(identity, baseline, rules, strictness);
  if (reasons.length > 0) throw new NotComparableError(reasons, WANTED_CHANGE);
  const { changed } = whatChanged(identity, baseline);
  // Any change of what is simulated changes the events too; alone, it is the code of the model that changed.
  if (changed.length === 0 && current.digests.events !== baseline.digests.events) {
    changed.push({ what: 'events', from: baseline.digests.events, to: current.digests.events });
  }
  const report: GateReport = { comparisons: [], skipped: [], changed };
  for (const point of Object.keys(current.points)) {
    const now = current.points[point]!;
    const then = baseline.points[point]!;
    for (const rule of rules) {
      const a = now.metrics[rule.metric];
      const b = then.metrics[rule.metric];
      if (a?.mean != null && b?.mean != null) {
        const comparison = judge(point, now.design, rule, a.values, b.values);
        if (comparison === null) {
          reasons.push(`no replication of ${point} has ${rule.metric} in both runs`);
          continue;
        }
        if (['regressed', 'improved', 'unclear'].includes(comparison.verdict)) {
          comparison.moved = movedPart(rule.metric, now, then);
        }
        report.comparisons.push(comparison);
      } else if (b?.mean != null) {
        reasons.push(`${rule.metric} of ${point} could not be measured; the baseline has it`);
      } else {
        const reason = a?.mean != null ? 'the baseline could not measure it' : 'neither run could measure it';
        report.skipped.push({ point, metric: rule.metric, reason });
      }
    }
  }
  if (reasons.length > 0) throw new NotComparableError(reasons, WANTED_CHANGE);
  if (report.comparisons.length === 0) {
    throw new NotComparableError(
      ['nothing was compared: no metric of the gate has a value in both runs'],
      'measure longer (measure.duration), or name other metrics in the gate section of the workload',
    );
  }
  return report;
}

/** What was known of a run before it was made. */
function identityOfRun({ points, ...run }: Baseline): Identity {
  return {
    ...run,
    designs: Object.fromEntries(Object.entries(points).map(([key, { design }]) => [key, design])),
  };
}

/** Compares paired replications; null when no pair has both values. */
function judge(
  point: string,
  design: string,
  rule: GateMetric,
  current: readonly (number | null)[],
  baseline: readonly (number | null)[],
): GateComparison | null {
  const pairs = current.flatMap((now, i) => {
    const then = baseline[i] ?? null;
    return now === null || then === null ? [] : [{ now, then }];
  });
  if (pairs.length === 0) return null;
  const before = estimate(pairs.map((pair) => pair.then)).mean!;
  const after = estimate(pairs.map((pair) => pair.now)).mean!;
  const { mean, halfWidth } = estimate(
    pairs.map((pair) => pair.now - pair.then),
    rule.level,
  );
  const tolerance = Math.max(rule.tolerance * Math.abs(before), rule.absolute);
  return {
    point,
    design,
    metric: rule.metric,
    unit: unitOf(rule.metric),
    better: rule.better,
    tolerance,
    baseline: before,
    current: after,
    difference: mean!,
    half_width: halfWidth,
    level: rule.level,
    verdict: verdict(rule.better, mean!, halfWidth ?? 0, tolerance),
    moved: null,
  };
}

/** The verdict on a difference ± half-width. A metric without a good direction regresses either way. */
function verdict(
  better: GateMetric['better'],
  difference: number,
  halfWidth: number,
  tolerance: number,
): GateVerdict {
  if (difference === 0 && halfWidth === 0) return 'same';
  // The centre of the interval, positive in the bad direction.
  const worse = better === 'higher' ? -difference : better === 'lower' ? difference : Math.abs(difference);
  if (worse - halfWidth > tolerance) return 'regressed';
  if (better !== 'neither' && worse + halfWidth < -tolerance) return 'improved';
  return worse + halfWidth > tolerance ? 'unclear' : 'within';
}

function setDifference(what: string, current: readonly string[], baseline: readonly string[]): string[] {
  const listed = (names: readonly string[]): string =>
    names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
  const [now, then] = [new Set(current), new Set(baseline)];
  const added = current.filter((name) => !then.has(name));
  const removed = baseline.filter((name) => !now.has(name));
  const reasons: string[] = [];
  if (added.length > 0) reasons.push(`the baseline lacks ${what}: ${listed(added)}`);
  if (removed.length > 0) reasons.push(`this run lacks ${what}: ${listed(removed)}`);
  return reasons;
}

function unitOf(metric: string): string {
  return metricDeclaration(metric.slice(metric.lastIndexOf('.') + 1))?.unit ?? '';
}

function nineDigits(value: number): number {
  return Number(value.toPrecision(9));
}
