/** What runs on a worker thread for a validation. Loaded from dist only: Node 20 cannot start a worker from TypeScript. */
import { type Observation, runProbe } from './probe.js';
import type { ProbePlan } from './row-plan.js';
import { machineOf, type Setting } from './scenario.js';

/** Probes that travel together, all under one setting. */
export interface ProbeTask {
  readonly setting: Setting;
  readonly probes: readonly ProbePlan[];
}

/** What a probe saw, or why it saw nothing. */
export type ProbeOutcome =
  | { readonly ok: true; readonly observation: Observation }
  | { readonly ok: false; readonly reason: string };

/** Runs the probes of a task in order; one that fails does not keep the others from running. */
export default function runProbes(task: ProbeTask): ProbeOutcome[] {
  return task.probes.map(({ scenario, warmup, count }) => {
    try {
      const config = machineOf(scenario, task.setting);
      return { ok: true, observation: runProbe({ config, warmup, count }) };
    } catch (thrown) {
      return { ok: false, reason: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  });
}
