/** Where a metric's change comes from: the stage of latency, or the step of the control path, that moved most. */
import type { Baseline } from './baseline.js';

/** A part that moved. */
export interface MovedPart {
  kind: 'stage' | 'step';
  name: string;
  /** Newer minus older mean [s]. */
  difference: number;
}

type BaselinePoint = Baseline['points'][string];

/** Metrics of the time before the load starts, told apart by phase; all else comes out of the stages. */
const CONTROL_METRICS: Readonly<Record<string, string>> = {
  boot_time: 'boot: ',
  trapped_accesses: 'boot: ',
  provision_time: 'provision: ',
};

/** The part that moved most, or null when none did. */
export function movedPart(metric: string, current: BaselinePoint, baseline: BaselinePoint): MovedPart | null {
  const phase = CONTROL_METRICS[metric.slice(metric.lastIndexOf('.') + 1)];
  if (phase === undefined) return largest('stage', current.stages, baseline.stages, '');
  return largest('step', current.control, baseline.control, phase);
}

function largest(
  kind: MovedPart['kind'],
  current: Readonly<Record<string, number>>,
  baseline: Readonly<Record<string, number>>,
  phase: string,
): MovedPart | null {
  let moved: MovedPart | null = null;
  const names = new Set([...Object.keys(current), ...Object.keys(baseline)]);
  for (const name of names) {
    if (!name.startsWith(phase)) continue;
    const difference = (current[name] ?? 0) - (baseline[name] ?? 0);
    if (difference !== 0 && Math.abs(difference) > Math.abs(moved?.difference ?? 0)) {
      moved = { kind, name: name.slice(phase.length), difference };
    }
  }
  return moved;
}
