/** Simulates measured rows: equal probes once, on worker threads or in this one. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { InterruptedError, WorkerError } from '../errors.js';
import { onWorkers } from '../on-workers.js';
import type { ProbePlan, RowPlan } from './row-plan.js';
import type { Setting } from './scenario.js';
import runProbes, { type ProbeOutcome, type ProbeTask } from './worker.js';

/** The built worker, seen from src/experiment/validation and from dist/experiment/validation alike. */
export const PROBE_WORKER = fileURLToPath(
  new URL('../../../dist/experiment/validation/worker.js', import.meta.url),
);

/** Least expected work of a task [descriptors or page chunks]. */
const TASK_WORK = 30_000;

/** Options of {@link simulateProbes}. */
export interface ProbeOptions {
  /** Worker threads; 0 simulates in this thread; the machine's parallelism unless told. */
  workers?: number;
  /** Probes done, all of them, and the share of the expected work that is done. */
  onProgress?: (progress: { done: number; total: number; share: number }) => void;
  /** Stops the workers at once when aborted. */
  signal?: AbortSignal;
}

/** Outcomes by the key of their probe. */
export type Outcomes = ReadonlyMap<string, ProbeOutcome>;

/** What makes probes equal. */
export function probeKey(probe: ProbePlan): string {
  return JSON.stringify(probe);
}

/**
 * Simulates every probe of these plans once.
 * @throws WorkerError when a thread cannot start or ends early; InterruptedError when `signal` is aborted
 */
export async function simulateProbes(
  plans: readonly RowPlan[],
  setting: Setting,
  options: ProbeOptions = {},
): Promise<Outcomes> {
  const probes = distinctProbes(plans);
  const tasks = cut(probes, TASK_WORK);
  const total = probes.length;
  const work = tasks.reduce((sum, task) => sum + task.reduce((own, probe) => own + workOf(probe), 0), 0);
  const outcomes = new Map<string, ProbeOutcome>();
  let doneWork = 0;
  const take = (results: readonly ProbeOutcome[], index: number): void => {
    tasks[index]!.forEach((probe, i) => {
      outcomes.set(probeKey(probe), results[i]!);
      doneWork += workOf(probe);
    });
    options.onProgress?.({ done: outcomes.size, total, share: work > 0 ? doneWork / work : 1 });
  };
  const messages = tasks.map((task): ProbeTask => ({ setting, probes: task }));
  const workers = Math.min(options.workers ?? availableParallelism(), tasks.length);
  if (workers === 0) {
    for (const [index, message] of messages.entries()) take(runProbes(message), index);
    return outcomes;
  }
  try {
    await onWorkers<ProbeTask, ProbeOutcome[]>(messages, {
      file: PROBE_WORKER,
      workers,
      take,
      interrupted: () => new InterruptedError(outcomes.size, total),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new WorkerError(`a worker thread ended: ${reason}`, outcomes.size, total, { cause: error });
  }
  return outcomes;
}

/** The probes of these plans, equal ones once. */
export function distinctProbes(plans: readonly RowPlan[]): ProbePlan[] {
  const probes = new Map<string, ProbePlan>();
  for (const plan of plans) {
    if (plan.kind === 'simulated') for (const probe of plan.probes) probes.set(probeKey(probe), probe);
  }
  return [...probes.values()];
}

/** Cuts probes into tasks of at least so much work, the most expensive first; the sort is stable. */
function cut(probes: readonly ProbePlan[], least: number): ProbePlan[][] {
  const ordered = [...probes].sort((a, b) => workOf(b) - workOf(a));
  const tasks: ProbePlan[][] = [];
  let gathered = Number.POSITIVE_INFINITY;
  for (const probe of ordered) {
    if (gathered >= least) {
      tasks.push([]);
      gathered = 0;
    }
    tasks.at(-1)!.push(probe);
    gathered += workOf(probe);
  }
  return tasks;
}

/** Expected work: descriptors and the page chunks that they move. */
function workOf({ scenario, warmup, count }: ProbePlan): number {
  const { operations, batch } = scenario.tenant;
  const weight = operations.reduce((sum, o) => sum + o.weight, 0);
  const chunks = operations.reduce((sum, o) => sum + (o.weight / weight) * (o.sizeBytes / 4096), 0);
  return (warmup + count) * (batch ?? 1) * (1 + 0.25 * chunks);
}
