/**
 * The side that has a plan: puts tasks into the queue and takes their outcomes out. A job is named by its content, so
 * a second coordinator of the same plan, or this one after a crash, waits for the job that is there instead of making
 * another. Events tell of outcomes at once; what they miss while Redis is away, a look at each job finds.
 */
import { QueueError } from '../errors.js';
import type { Executor, OpenExecutor } from '../executor.js';
import type { WorkerOutcome, WorkerTask } from '../worker.js';
import { connectionTo, loadBullMq, reached, shown } from './connection.js';
import { JOB, packed, queueName, type TaskMessage } from './protocol.js';

/** Tasks in the queue at a time: enough for hundreds of threads, few enough for any Redis. */
const WIDTH = 256;
/** Pause between two looks at all jobs that are waited for [ms]. */
const LOOK_EVERY = 2000;
/** How often a job that failed for another reason than its simulation is tried again. */
const TRIES = 3;
/** What Redis keeps for coordinators that come later or lost their connection. */
const KEPT = { age: 3600, count: 1000 };
/** Events that Redis keeps; each has an outcome in it. */
const EVENTS_KEPT = 500;
/** Time that closing may take when Redis is away [ms]. */
const CLOSE_PATIENCE = 2000;

interface Waiting {
  message: TaskMessage;
  tries: number;
  resolve: (outcomes: WorkerOutcome[]) => void;
  reject: (error: Error) => void;
  promise: Promise<WorkerOutcome[]>;
}

/** A queue that is connected. */
export interface ConnectedQueue {
  open: OpenExecutor;
  /** Ends the connection. */
  close(): Promise<void>;
}

/**
 * Connects to a queue.
 * @param tell takes what the user should know: a connection that is lost or back, workers that are missing
 * @throws QueueError when BullMQ is not installed or Redis does not answer
 */
export async function connectQueue(url: string, tell: (text: string) => void): Promise<ConnectedQueue> {
  const { Queue, QueueEvents } = await loadBullMq();
  const name = queueName();
  let ended = false;
  const connection = connectionTo(url, () => ended);
  const queue = new Queue<TaskMessage, WorkerOutcome[]>(name, {
    connection,
    streams: { events: { maxLen: EVENTS_KEPT } },
  });
  const events = new QueueEvents(name, { connection });
  const waiting = new Map<string, Waiting>();
  let lost = false;
  let done = 0;
  const onError = (error: Error): void => {
    if (!lost) tell(`lost ${shown(url)} (${error.message}); waiting for it`);
    lost = true;
  };
  const end = async (): Promise<void> => {
    ended = true;
    const closing = Promise.allSettled([events.close(), queue.close()]);
    await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, CLOSE_PATIENCE).unref())]);
  };
  // What a connection that never was says is told once, by `reached`.
  queue.on('error', () => undefined);
  events.on('error', () => undefined);
  try {
    await reached(Promise.all([queue.waitUntilReady(), events.waitUntilReady()]), url);
  } catch (error) {
    await end();
    throw error;
  }
  queue.on('error', onError);
  events.on('error', onError);

  const settle = (id: string, outcomes: WorkerOutcome[]): void => {
    const own = waiting.get(id);
    if (own === undefined) return;
    waiting.delete(id);
    done++;
    own.resolve(outcomes);
  };
  const put = (id: string, { message }: Waiting): Promise<unknown> =>
    queue.add(JOB, message, { jobId: id, removeOnComplete: KEPT, removeOnFail: true });
  const again = async (id: string, reason: string): Promise<void> => {
    const own = waiting.get(id);
    if (own === undefined) return;
    if (++own.tries >= TRIES) {
      waiting.delete(id);
      own.reject(new QueueError(`a worker gave a task up ${TRIES} times: ${reason}`, 'see what it says'));
    } else await put(id, own);
  };
  events.on('completed', ({ jobId, returnvalue }) =>
    settle(jobId, returnvalue as unknown as WorkerOutcome[]),
  );
  events.on('failed', ({ jobId, failedReason }) => {
    again(jobId, failedReason).catch(() => undefined);
  });

  /** Finds what events did not tell: outcomes, and jobs that Redis forgot. */
  const look = async (): Promise<void> => {
    for (const [id, own] of [...waiting]) {
      const job = await queue.getJob(id);
      if (job === undefined) {
        if (waiting.has(id)) await put(id, own);
      } else if (job.returnvalue !== null && job.returnvalue !== undefined) settle(id, job.returnvalue);
    }
    if (lost) tell(`${shown(url)} is back`);
    lost = false;
  };
  let told = false;
  const warnOfNobody = async (): Promise<void> => {
    if (told || done > 0 || waiting.size === 0) return;
    if ((await queue.getWorkersCount()) > 0) return;
    told = true;
    tell(`no worker of this model serves the queue yet: start dsasim worker --queue ${shown(url)}`);
  };

  const open: OpenExecutor = ({ signal, interrupted }): Executor => {
    let looking = false;
    const timer = setInterval(() => {
      if (looking) return;
      looking = true;
      look()
        .then(warnOfNobody)
        .catch(() => undefined)
        .finally(() => {
          looking = false;
        });
    }, LOOK_EVERY);
    const abort = (): void => {
      for (const { reject } of waiting.values()) reject(interrupted());
    };
    signal?.addEventListener('abort', abort, { once: true });
    return {
      width: WIDTH,
      run: (task: WorkerTask) => {
        const { id, message } = packed(task);
        const known = waiting.get(id);
        if (known !== undefined) return known.promise;
        const own = { message, tries: 0 } as Waiting;
        own.promise = new Promise((resolve, reject) => {
          own.resolve = resolve;
          own.reject = reject;
        });
        waiting.set(id, own);
        put(id, own).catch(() => undefined);
        return own.promise;
      },
      close: async () => {
        clearInterval(timer);
        signal?.removeEventListener('abort', abort);
        // What nobody waits for any more is taken back, unless a worker has it already.
        const left = [...waiting.keys()];
        waiting.clear();
        const taken = Promise.allSettled(left.map((id) => queue.remove(id)));
        await Promise.race([taken, new Promise((resolve) => setTimeout(resolve, CLOSE_PATIENCE).unref())]);
      },
    };
  };
  return { open, close: end };
}
