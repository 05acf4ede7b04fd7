/** What runs on a worker thread. Loaded from dist only: Node 20 cannot start a worker from TypeScript. */
import type { MachineConfig } from '../models/config.js';
import { ClockEndError } from '../models/lifecycle/lifecycle.js';
import { simulate } from '../models/machine.js';

/** A task as it crosses threads; configurations are sent once, runs name them by index. */
export interface WorkerTask {
  configs: readonly MachineConfig[];
  runs: readonly { config: number; replication: number }[];
}

/**
 * What a run gave: its `RunResult` as the text of a JSON document, or why it has none. A text crosses threads four
 * times as fast as the object, and is what a journal keeps.
 */
export type WorkerOutcome =
  | { ok: true; text: string }
  | {
      ok: false;
      reason: string;
      stack: string;
      /** Number of the event of the lifecycle for which there was not enough simulated time. */
      unended?: number;
    };

/**
 * Simulates the runs of a task in order and stops at the first that fails.
 * Errors are sent as data: an error object loses its type on its way between threads.
 */
export default function runTask(task: WorkerTask): WorkerOutcome[] {
  const outcomes: WorkerOutcome[] = [];
  for (const run of task.runs) {
    try {
      outcomes.push({ ok: true, text: JSON.stringify(simulate(task.configs[run.config]!, run.replication)) });
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const failed = { ok: false, reason: reasonOf(error), stack: error.stack ?? '' } as const;
      outcomes.push(error instanceof ClockEndError ? { ...failed, unended: error.event } : failed);
      break;
    }
  }
  return outcomes;
}

/** The message, with the error's type where it says more than "Error" and no stable code is in the message. */
function reasonOf(error: Error): string {
  const coded = typeof (error as { code?: unknown }).code === 'string';
  return coded || error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
}
