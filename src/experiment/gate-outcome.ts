/** What a gate says about one workload, and whether it passes. */
import type { Baseline } from './baseline.js';
import type { GateReport } from './gate.js';
import type { ResultLimit } from './results.js';

/** What makes a gate fail: regressions alone, or any difference at all. */
export const FAIL_ON = ['regression', 'any-change'] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** One workload at the gate. */
export interface GateOutcome {
  workload: string;
  /** File of the baseline. */
  baseline: string;
  status: 'passed' | 'failed' | 'not comparable';
  /** Whether the baseline was written instead of being compared with. */
  updated: boolean;
  failOn: FailOn;
  report: GateReport;
  limits: ResultLimit[];
  /** Why its numbers are predictions, where they are: in sentences, from what was simulated. */
  predictions: string[];
  /** Why nothing was compared, when nothing was. */
  reasons: string[];
  /** What to do about these, or ''. */
  remedy: string;
}

/** Whether a report passes: no regression, or no difference at all. Broken limits fail in any case. */
export function passes(report: GateReport, limits: readonly ResultLimit[], failOn: FailOn): boolean {
  if (limits.some((limit) => !limit.held)) return false;
  if (failOn === 'regression') return report.comparisons.every((c) => c.verdict !== 'regressed');
  return (
    report.comparisons.every((c) => c.verdict === 'same') &&
    report.changed.every((change) => change.what !== 'events')
  );
}

/** The gate's word on several workloads: what was not compared weighs more than what failed. */
export function overall(outcomes: readonly GateOutcome[]): GateOutcome['status'] {
  if (outcomes.some(({ status }) => status === 'not comparable')) return 'not comparable';
  return outcomes.some(({ status }) => status === 'failed') ? 'failed' : 'passed';
}

/** A workload at the gate with both runs, where they were compared. */
export interface GateSides {
  outcome: GateOutcome;
  sides: { baseline: Baseline; current: Baseline } | null;
}
