/** What a gate found, for machines. */
import { GATE_SCHEMA_VERSION } from '../../experiment/gate.js';
import { type GateOutcome, overall } from '../../experiment/gate-outcome.js';

/** The JSON document of a gate. */
export function gateDocument(outcomes: readonly GateOutcome[]): unknown {
  return {
    schema_version: GATE_SCHEMA_VERSION,
    kind: 'gate',
    passed: overall(outcomes) === 'passed',
    workloads: outcomes.map(({ workload, baseline, status, updated, failOn, report, limits, reasons }) => ({
      workload,
      baseline,
      status,
      updated,
      fail_on: failOn,
      reasons,
      comparisons: report.comparisons,
      skipped: report.skipped,
      changed: report.changed,
      limits,
    })),
  };
}
