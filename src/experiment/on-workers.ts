/** Hands tasks to worker threads and takes their outcomes back, in whatever order they come. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Piscina } from 'piscina';
import { setV8Options } from './v8.js';

/**
 * What a thread may fill with new objects before it looks which of them are in use [MB]. Left to itself V8 takes twice as
 * much, which the short-lived objects of a simulation do not need.
 */
const YOUNG_GENERATION_MB = 24;
/** Loads the worker's file; the built one, seen from src/experiment and from dist/experiment alike. */
const LOADER_FILE = fileURLToPath(new URL('../../dist/experiment/load-worker.cjs', import.meta.url));

/** Threads that take one task after the other. */
export interface Workers<Task, Outcome> {
  /** @throws what the task throws, what a worker that cannot load reports, or the error of an aborted run */
  run(task: Task): Promise<Outcome>;
  /** Ends the threads, whatever they are doing. */
  close(): Promise<void>;
}

/** How worker threads are started. */
export interface WorkerOptions {
  /** File, an ES module, whose default export takes a task. */
  file: string;
  /** Threads. */
  workers: number;
  /** Makes every task fail at once when aborted. */
  signal?: AbortSignal;
  /** The error of an aborted run. */
  interrupted: () => Error;
}

/** Starts worker threads. @throws the error of an aborted run when `signal` is aborted already */
export function openWorkers<Task, Outcome>(options: WorkerOptions): Workers<Task, Outcome> {
  const { file, workers, signal, interrupted } = options;
  if (signal?.aborted) throw interrupted();
  // Also where no command has: threads cannot be ended safely without.
  setV8Options();
  const pool = new Piscina<Task, Outcome>({
    filename: LOADER_FILE,
    workerData: pathToFileURL(file).href,
    minThreads: workers,
    maxThreads: workers,
    idleTimeout: Number.POSITIVE_INFINITY,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  let failure: Error | null = null;
  /** How each task in work is told that it will not come back. */
  const waiting = new Set<(reason: Error) => void>();
  const fail = (reason: Error): void => {
    failure ??= reason;
    for (const reject of waiting) reject(failure);
    waiting.clear();
  };
  // A worker that cannot load reports here and nowhere else; tasks still queued would wait for ever.
  pool.on('error', fail);
  const onAbort = (): void => fail(interrupted());
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        if (failure !== null) return reject(failure);
        waiting.add(reject);
        pool.run(task).then(
          (outcome) => {
            waiting.delete(reject);
            resolve(outcome);
          },
          (error: Error) => {
            waiting.delete(reject);
            reject(error);
          },
        );
      }),
    close: async () => {
      signal?.removeEventListener('abort', onAbort);
      await pool.destroy();
    },
  };
}

/**
 * Runs all tasks, each outcome taken as it comes; what `take` throws ends the run.
 * @throws as {@link Workers.run}
 */
export async function onWorkers<Task, Outcome>(
  tasks: readonly Task[],
  options: WorkerOptions & { take: (outcome: Outcome, index: number) => void },
): Promise<void> {
  if (options.signal?.aborted) throw options.interrupted();
  if (tasks.length === 0) return;
  const workers = openWorkers<Task, Outcome>(options);
  try {
    await Promise.all(tasks.map(async (task, index) => options.take(await workers.run(task), index)));
  } finally {
    await workers.close();
  }
}
