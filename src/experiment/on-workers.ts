/** Hands tasks to worker threads and takes their outcomes back, in whatever order they come. */
import { Piscina } from 'piscina';

/** How tasks are run. */
export interface WorkerOptions<Outcome> {
  /** File whose default export takes a task. */
  file: string;
  /** Threads. */
  workers: number;
  /** Takes the outcome of the task at this index; what it throws ends the run. */
  take: (outcome: Outcome, index: number) => void;
  /** Stops the workers at once when aborted. */
  signal?: AbortSignal;
  /** The error of an aborted run. */
  interrupted: () => Error;
}

/**
 * Runs all tasks.
 * @throws what a task or `take` throws, what a worker that cannot load reports, or `interrupted()`
 */
export async function onWorkers<Task, Outcome>(
  tasks: readonly Task[],
  options: WorkerOptions<Outcome>,
): Promise<void> {
  const { signal, workers, interrupted, take } = options;
  if (signal?.aborted) throw interrupted();
  if (tasks.length === 0) return;
  const pool = new Piscina<Task, Outcome>({
    filename: options.file,
    minThreads: workers,
    maxThreads: workers,
    idleTimeout: Number.POSITIVE_INFINITY,
  });
  let fail!: (reason: Error) => void;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // A worker that cannot load reports here and nowhere else; tasks still queued would wait for ever.
  pool.on('error', fail);
  const onAbort = (): void => fail(interrupted());
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const all = Promise.all(tasks.map(async (task, index) => take(await pool.run(task), index)));
    await Promise.race([all, failed]);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await pool.destroy();
  }
}
