/**
 * The side that simulates: takes tasks out of the queue and hands them to threads. The event loop of this process
 * stays free while they work, so that the lock on a task is renewed however long it takes.
 */
import { availableParallelism } from 'node:os';
import { WORKER_FILE } from '../executor.js';
import { openWorkers } from '../on-workers.js';
import type { WorkerOutcome, WorkerTask } from '../worker.js';
import { connectionTo, loadBullMq, reached, shown } from './connection.js';
import { queueName, type TaskMessage, unpacked } from './protocol.js';

/** Tasks of each thread: one in work, one that waits for it. */
const TASKS_PER_THREAD = 2;
/** Time after which the tasks of a worker that died go to others, and how often that is looked for [ms]. */
const LOCK = 15_000;
const STALLED_EVERY = 5000;
/** Workers that may die over one task before it is given up. */
const DEATHS = 5;

/** How a queue is served. */
export interface ServeOptions {
  /** Threads; the machine's parallelism unless told. */
  workers?: number;
  /** Finishes what is in work and ends, when aborted. */
  signal: AbortSignal;
  tell: (text: string) => void;
}

/**
 * Serves a queue until it is told to stop.
 * @returns how many tasks were simulated
 * @throws QueueError when BullMQ is not installed or Redis does not answer
 */
export async function serveQueue(url: string, options: ServeOptions): Promise<number> {
  const { workers = availableParallelism(), signal, tell } = options;
  const { Worker } = await loadBullMq();
  const threads = openWorkers<WorkerTask, WorkerOutcome[]>({
    file: WORKER_FILE,
    workers,
    interrupted: () => new Error('interrupted'),
  });
  let lost = true;
  let ended = false;
  let simulated = 0;
  const worker = new Worker<TaskMessage, WorkerOutcome[]>(
    queueName(),
    async (job) => {
      const outcomes = await threads.run(unpacked(job.data));
      simulated++;
      return outcomes;
    },
    {
      connection: connectionTo(url, () => ended),
      concurrency: workers * TASKS_PER_THREAD,
      lockDuration: LOCK,
      stalledInterval: STALLED_EVERY,
      maxStalledCount: DEATHS,
    },
  );
  try {
    worker.on('error', () => undefined);
    await reached(worker.waitUntilReady(), url);
    lost = false;
    worker.on('error', (error) => {
      if (!lost) tell(`lost ${shown(url)} (${error.message}); waiting for it`);
      lost = true;
    });
    worker.on('active', () => {
      if (lost) tell(`${shown(url)} is back`);
      lost = false;
    });
    tell(`serving ${shown(url)}, queue ${queueName()}`);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    return simulated;
  } finally {
    ended = true;
    // Without Redis there is nobody to hand results to: then nothing is waited for.
    await worker.close(lost).catch(() => undefined);
    await threads.close();
  }
}
