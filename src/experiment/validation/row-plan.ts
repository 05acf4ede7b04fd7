/** What is simulated for one measured row, and how its number is read off the simulation. */
import type { MeasuredRow } from './measured.js';
import type { Observation } from './probe.js';
import type { Scenario } from './scenario.js';

/** A run of one scenario: so many submissions to warm up, so many measured. */
export interface ProbePlan {
  readonly scenario: Scenario;
  readonly warmup: number;
  readonly count: number;
}

/** A measured number and its simulated counterpart, in the row's unit. */
export interface Pair {
  readonly measured: number;
  readonly simulated: number;
}

/** How a row is reproduced. */
export type RowPlan =
  | {
      readonly kind: 'simulated';
      readonly row: MeasuredRow;
      readonly probes: readonly ProbePlan[];
      /** One pair for most rows; a formula is evaluated at several points. */
      readonly pairs: (observations: readonly Observation[]) => readonly Pair[];
    }
  /** An input of the model: there is nothing to compare. */
  | { readonly kind: 'input'; readonly row: MeasuredRow };

/** The plan of a row with one probe and one number. */
export function single(
  row: MeasuredRow,
  probe: ProbePlan,
  read: (observation: Observation) => number,
): RowPlan {
  const measured = Number(row.value);
  return several(row, [probe], ([observation]) => [{ measured, simulated: read(observation!) }]);
}

/** The plan of a row with several probes. */
export function several(
  row: MeasuredRow,
  probes: readonly ProbePlan[],
  pairs: (observations: readonly Observation[]) => readonly Pair[],
): RowPlan {
  return { kind: 'simulated', row, probes, pairs };
}

const PS_PER_SECOND = 1e12;

/** Bytes per second of the measured part. */
export function bytesPerSecond(observation: Observation): number {
  return (observation.bytes / observation.elapsedPs) * PS_PER_SECOND;
}

/** Descriptors per second of the measured part; a batch counts its members. */
export function descriptorsPerSecond(observation: Observation): number {
  return (observation.descriptors / observation.elapsedPs) * PS_PER_SECOND;
}
