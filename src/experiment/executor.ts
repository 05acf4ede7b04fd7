/** Who simulates: threads of this process, or workers that a queue reaches. Whoever it is, the bytes are the same. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { openWorkers } from './on-workers.js';
import type { WorkerOutcome, WorkerTask } from './worker.js';

/** Takes tasks in any number and order. */
export interface Executor {
  /** Tasks that keep it busy; more of them only wait. */
  readonly width: number;
  /** @throws what ends the whole run: a worker that cannot start, an interrupt */
  run(task: WorkerTask): Promise<WorkerOutcome[]>;
  close(): Promise<void>;
}

/** What an executor is told when it starts. */
export interface ExecutorOptions {
  /** Tasks that there will be; many where it is many. */
  tasks: number;
  /** Stops the work at once when aborted. */
  signal?: AbortSignal;
  /** The error of an aborted run. */
  interrupted: () => Error;
}

/** Starts an executor. */
export type OpenExecutor = (options: ExecutorOptions) => Executor;

/** The built worker, seen from src/experiment and from dist/experiment alike. */
export const WORKER_FILE = fileURLToPath(new URL('../../dist/experiment/worker.js', import.meta.url));
/** Tasks of each thread: one that it works on, and one that waits, so that it never does. */
const TASKS_PER_THREAD = 2;

/**
 * Threads of this process.
 * @param workers how many; the machine's parallelism unless told
 * @param file of the worker; the built one unless told
 */
export function localThreads(workers = availableParallelism(), file = WORKER_FILE): OpenExecutor {
  return ({ tasks, ...options }) => {
    const threads = Math.max(1, Math.min(workers, tasks));
    return {
      width: threads * TASKS_PER_THREAD,
      ...openWorkers<WorkerTask, WorkerOutcome[]>({ ...options, file, workers: threads }),
    };
  };
}
