/** Traces one replication of one point of a workload. */
import { fileURLToPath } from 'node:url';
import type { Point } from '../workload/workload.js';
import { InterruptedError, SimulationError } from './errors.js';
import { openWorkers } from './on-workers.js';
import type { Traced, TraceTask } from './trace-worker.js';

/** The built worker, seen from src/experiment and from dist/experiment alike. */
const WORKER_FILE = fileURLToPath(new URL('../../dist/experiment/trace-worker.js', import.meta.url));

/** What to keep of a run. */
export interface TraceWindow {
  /** From the start of the load [ps]. */
  fromPs: number;
  untilPs: number;
  /** Records at most. */
  limit: number;
}

/** Replication that is traced: the first one. */
export const TRACED_REPLICATION = 0;

/**
 * Simulates the first replication of a point once more, with a trace.
 * @param finished replications that were simulated before, for the message of an interrupt
 * @throws SimulationError when it fails; InterruptedError when `signal` is aborted
 */
export async function tracePoint(
  { key, config }: Point,
  window: TraceWindow,
  signal: AbortSignal,
  finished: number,
): Promise<Traced> {
  const interrupted = (): InterruptedError => new InterruptedError(finished, finished);
  const workers = openWorkers<TraceTask, Traced>({ file: WORKER_FILE, workers: 1, signal, interrupted });
  try {
    return await workers.run({ config, replication: TRACED_REPLICATION, ...window });
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    throw new SimulationError(key, TRACED_REPLICATION, message, stack);
  } finally {
    await workers.close();
  }
}
