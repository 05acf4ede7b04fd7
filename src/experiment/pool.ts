/** Runs a plan on worker threads. One worker takes the same path as many, and all give the same bytes. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { RunResult } from '../models/run-result.js';
import { InterruptedError, SimulationError, WorkerError } from './errors.js';
import { onWorkers } from './on-workers.js';
import type { Plan, Task } from './plan.js';
import type { WorkerOutcome, WorkerTask } from './worker.js';

/** How far a plan has come. */
export interface Progress {
  /** Replications. */
  done: number;
  total: number;
  /** Share of the expected work that is done, 0..1: steadier than the count for an estimate of the rest. */
  share: number;
}

/** Options of `runPlan`. */
export interface PoolOptions {
  /** Worker threads; the machine's parallelism unless told. */
  workers?: number;
  onProgress?: (progress: Progress) => void;
  /** Stops the workers at once when aborted. */
  signal?: AbortSignal;
  /** File of the worker; the built one unless told. */
  workerFile?: string;
}

/** The built worker, seen from src/experiment and from dist/experiment alike. */
const WORKER_FILE = fileURLToPath(new URL('../../dist/experiment/worker.js', import.meta.url));

/**
 * Simulates every replication of every point.
 * @returns results by point, then by replication
 * @throws SimulationError when a replication throws; WorkerError when a thread cannot start or ends early;
 *   InterruptedError when `signal` is aborted
 */
export async function runPlan(plan: Plan, options: PoolOptions = {}): Promise<RunResult[][]> {
  const results: RunResult[][] = plan.points.map(() => new Array<RunResult>(plan.replications));
  const total = plan.points.length * plan.replications;
  const workers = Math.max(1, Math.min(options.workers ?? availableParallelism(), plan.tasks.length));
  let done = 0;
  let doneCost = 0;
  const interrupted = (): InterruptedError => new InterruptedError(done, total);
  if (options.signal?.aborted) throw interrupted();
  if (total === 0) return results;

  try {
    await onWorkers<WorkerTask, WorkerOutcome[]>(
      plan.tasks.map((task) => workerTask(plan, task)),
      {
        file: options.workerFile ?? WORKER_FILE,
        workers,
        interrupted,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        take: (outcomes, index) => {
          const task = plan.tasks[index]!;
          outcomes.forEach((outcome, i) => {
            const { point, replication } = task.runs[i]!;
            if (!outcome.ok) {
              throw new SimulationError(plan.points[point]!.key, replication, outcome.reason, outcome.stack);
            }
            results[point]![replication - plan.first] = outcome.result;
            done++;
          });
          doneCost += task.cost;
          options.onProgress?.({ done, total, share: plan.cost > 0 ? doneCost / plan.cost : 1 });
        },
      },
    );
    return results;
  } catch (error) {
    if (error instanceof SimulationError || error instanceof InterruptedError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new WorkerError(`a worker thread ended: ${reason}`, done, total, { cause: error });
  }
}

/** The message for a task: each configuration once, however many of its replications travel together. */
function workerTask(plan: Plan, task: Task): WorkerTask {
  const points = [...new Set(task.runs.map((run) => run.point))];
  const index = new Map(points.map((point, i) => [point, i]));
  return {
    configs: points.map((point) => plan.points[point]!.config),
    runs: task.runs.map((run) => ({ config: index.get(run.point)!, replication: run.replication })),
  };
}
