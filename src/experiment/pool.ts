/** Carries a plan out. One worker takes the same path as many, and all give the same bytes. */
import type { RunResult } from '../models/run-result.js';
import { InterruptedError, SimulationError, WorkerError } from './errors.js';
import { localThreads, type OpenExecutor } from './executor.js';
import type { Memo } from './journal/memo.js';
import { type Plan, planSeconds, type Run, type Task, tasksOf } from './plan.js';
import type { WorkerTask } from './worker.js';

/** Tasks that are cut before anybody is hired to do them: fewer tasks need fewer threads. */
const TASKS_SEEN = 64;

/** How far a plan has come. */
export interface Progress {
  /** Replications. */
  done: number;
  total: number;
  /** Share of the expected work that is done, 0..1: steadier than the count for an estimate of the rest. */
  share: number;
  /** What is counted, where it is not the replications of the workload itself. */
  what?: string;
}

/** Options of `runPlan`. */
export interface PoolOptions {
  /** Worker threads; the machine's parallelism unless told. */
  workers?: number;
  onProgress?: (progress: Progress) => void;
  /** What an interrupt says that was counted; replications unless told. */
  what?: string;
  /** Stops the work at once when aborted. */
  signal?: AbortSignal;
  /** File of the worker; the built one unless told. */
  workerFile?: string;
  /** Who simulates; threads of this process unless told. */
  executor?: OpenExecutor;
  /** What was simulated before, and where results are kept; memory unless told. */
  memo?: Memo;
}

/** Results of a plan, wherever they are kept. */
export interface Runs {
  /** Replications of a point, in order. */
  of(point: number): RunResult[];
}

/**
 * Simulates every replication of every point.
 * @returns results by point, then by replication
 * @throws as {@link execute}
 */
export async function runPlan(plan: Plan, options: PoolOptions = {}): Promise<RunResult[][]> {
  const runs = await execute(plan, options);
  return plan.points.map((_, point) => runs.of(point));
}

/**
 * Simulates every replication of every point that the memo does not have.
 * @throws SimulationError when a replication throws; WorkerError when a thread cannot start or ends early;
 *   InterruptedError when `signal` is aborted; what the memo throws when it cannot keep a result
 */
export async function execute(plan: Plan, options: PoolOptions = {}): Promise<Runs> {
  const { signal, onProgress } = options;
  const kept = options.memo === undefined ? new InMemory(plan) : new InMemo(plan, options.memo);
  const total = plan.points.length * plan.replications;
  const seconds = planSeconds(plan);
  let done = 0;
  let doneSeconds = 0;
  const interrupted = (): InterruptedError => new InterruptedError(done, total, options.what);
  if (signal?.aborted) throw interrupted();
  const tasks = tasksOf(plan, (run) => {
    if (!kept.has(run)) return false;
    done++;
    doneSeconds += plan.costs[run.point]!;
    return true;
  });
  const begin = take(tasks, TASKS_SEEN);
  if (begin.length === 0) return kept;

  const open = options.executor ?? localThreads(options.workers, options.workerFile);
  try {
    const executor = open({
      interrupted,
      tasks: begin.length,
      ...(signal === undefined ? {} : { signal }),
    });
    const carryOut = async (task: Task): Promise<void> => {
      const outcomes = await executor.run(workerTask(plan, task));
      // Emptied as it is read: tables and promises that are dead but old would keep its texts for long.
      outcomes.splice(0).forEach((outcome, i) => {
        const run = task.runs[i]!;
        if (!outcome.ok) {
          throw new SimulationError(
            plan.points[run.point]!.key,
            run.replication,
            outcome.reason,
            outcome.stack,
            outcome.unended,
          );
        }
        kept.add(run, outcome.text);
        done++;
      });
      doneSeconds += task.cost;
      onProgress?.({ done, total, share: seconds > 0 ? doneSeconds / seconds : 1 });
    };
    try {
      // Each of these takes one task after the other: only tasks in work exist.
      const all = chain(begin, tasks);
      const one = async (): Promise<void> => {
        for (const task of all) await carryOut(task);
      };
      await Promise.all(Array.from({ length: executor.width }, one));
    } finally {
      await executor.close();
    }
    return kept;
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^DSASIM_/.test(String(error.code))) throw error;
    if (error instanceof InterruptedError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new WorkerError(`a worker thread ended: ${reason}`, done, total, { cause: error });
  }
}

/** The first items of a generator, which goes on behind them. */
function take<T>(items: Generator<T>, count: number): T[] {
  const taken: T[] = [];
  while (taken.length < count) {
    const next = items.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}

function* chain<T>(first: readonly T[], rest: Iterable<T>): Generator<T> {
  yield* first;
  yield* rest;
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

/** Where the results of a plan go. */
interface Kept extends Runs {
  has(run: Run): boolean;
  add(run: Run, text: string): void;
}

class InMemory implements Kept {
  readonly #results: RunResult[][];
  readonly #first: number;

  constructor({ points, replications, first }: Plan) {
    this.#results = points.map(() => new Array<RunResult>(replications));
    this.#first = first;
  }

  has(): boolean {
    return false;
  }

  add({ point, replication }: Run, text: string): void {
    this.#results[point]![replication - this.#first] = JSON.parse(text) as RunResult;
  }

  of(point: number): RunResult[] {
    return this.#results[point]!;
  }
}

class InMemo implements Kept {
  /** The point asked for last: its replications are asked for together. */
  #point = -1;
  #key = '';

  constructor(
    private readonly plan: Plan,
    private readonly memo: Memo,
  ) {}

  has({ point, replication }: Run): boolean {
    return this.memo.has(this.#keyOf(point), replication);
  }

  add({ point, replication }: Run, text: string): void {
    this.memo.add(this.#keyOf(point), replication, text);
  }

  of(point: number): RunResult[] {
    const key = this.#keyOf(point);
    const { first, replications } = this.plan;
    return Array.from({ length: replications }, (_, i) => this.memo.read(key, first + i));
  }

  #keyOf(point: number): string {
    if (point !== this.#point) {
      this.#key = this.memo.keyOf(this.plan.points[point]!.config);
      this.#point = point;
    }
    return this.#key;
  }
}
