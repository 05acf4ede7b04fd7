/** The options of `dsasim run --trace`, and the writing of the file. */
import { extname } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { TraceWindow } from '../experiment/trace.js';
import { parseQuantity } from '../workload/units.js';
import type { Point, Workload } from '../workload/workload.js';
import { UsageError } from './errors.js';
import { wholeNumber } from './options.js';
import { checkOutputs } from './outputs.js';
import { say } from './terminal.js';

/** What the command line says about a trace. */
export interface TraceFlags {
  trace?: string;
  traceWindow?: readonly [fromPs: number, untilPs: number];
  traceLimit?: number;
  tracePoint?: string;
}

/** A trace that can be made: its file, point and window. */
export interface TracePlan {
  file: string;
  point: Point;
  window: TraceWindow;
}

/** Length of the window unless told, from the start of the measured phase [ps]. */
const WINDOW_PS = 100e6;
/** Records unless told: about 30 MB of Perfetto. */
const LIMIT = 1_000_000;
const LIMIT_MAX = 100_000_000;

/** Adds the options. */
export function traceOptions(command: Command): Command {
  return command
    .option(
      '--trace <file>',
      'write a trace of one replication: Perfetto, or Chrome JSON by the ending .json',
    )
    .option(
      '--trace-window <from..until>',
      'what of it, from the start of the load (default: 100us from the start of the measurement)',
      window,
    )
    .option('--trace-limit <records>', `records at most (default: ${LIMIT})`, wholeNumber(10, LIMIT_MAX))
    .option('--trace-point <key>', 'which point of the workload (default: the first)');
}

/**
 * What to trace, checked before anything is simulated; null when no trace is asked for.
 * @throws UsageError for a point that there is not, or for options of a trace without one
 */
export async function planTrace(workload: Workload, flags: TraceFlags): Promise<TracePlan | null> {
  const { trace, tracePoint, traceWindow, traceLimit = LIMIT } = flags;
  if (trace === undefined) {
    if (tracePoint === undefined && traceWindow === undefined && flags.traceLimit === undefined) return null;
    throw new UsageError('options of a trace without a trace', 'add --trace FILE', 'DSASIM_C010');
  }
  const keys = workload.points.map(({ key }) => key);
  const point = workload.points.find(({ key }) => key === (tracePoint ?? keys[0]));
  if (point === undefined) {
    const { nearest } = await import('../workload/nearest.js');
    const near = nearest(tracePoint!, keys);
    throw new UsageError(
      `the workload has no point "${tracePoint}"`,
      near === undefined ? `points: ${keys.slice(0, 8).join('; ')}` : `did you mean "${near}"?`,
      'DSASIM_C010',
    );
  }
  await checkOutputs([trace], [workload.file]);
  const { warmupPs } = point.config.measure;
  const [fromPs, untilPs] = traceWindow ?? [warmupPs, warmupPs + WINDOW_PS];
  return { file: trace, point, window: { fromPs, untilPs, limit: traceLimit } };
}

/**
 * Simulates the traced replication again and writes its trace.
 * @param traced replications of the whole run, and the fingerprints of the traced point in it
 * @throws what `tracePoint` and `writeWhole` throw
 */
export async function writeTrace(
  plan: TracePlan,
  traced: { total: number; fingerprints: readonly string[] },
  signal: AbortSignal,
  quiet: boolean,
): Promise<void> {
  const { tracePoint, TRACED_REPLICATION } = await import('../experiment/trace.js');
  const { writeWhole } = await import('../experiment/files.js');
  const { data, fingerprint } = await tracePoint(plan.point, plan.window, signal, traced.total);
  const shown = traced.fingerprints[TRACED_REPLICATION];
  if (shown !== fingerprint) throw new Error(`the traced run is not the one in the results: ${fingerprint}`);
  if (extname(plan.file) === '.json') {
    const { chromePieces } = await import('../report/trace/chrome.js');
    await writeWhole(plan.file, chromePieces(data));
  } else {
    const { perfettoPieces } = await import('../report/trace/perfetto.js');
    await writeWhole(plan.file, perfettoPieces(data));
  }
  if (quiet) return;
  const { quantityText } = await import('../workload/units.js');
  const { fromPs, untilPs } = plan.window;
  const span = `${quantityText('time', fromPs)} to ${quantityText('time', untilPs)}`;
  say(`wrote ${plan.file}: ${data.kind.length} records of ${plan.point.key}, replication 0, ${span}`);
  if (data.dropped > 0) say(`${data.dropped} more did not fit: raise --trace-limit or narrow --trace-window`);
  else if (data.kind.length === 0) say('nothing happened in this window');
}

/** `0us..100us`. */
function window(text: string): readonly [number, number] {
  const [from, until, ...more] = text.split('..').map((part) => parseQuantity('time', part));
  if (
    from === undefined ||
    until === undefined ||
    more.length > 0 ||
    !('value' in from) ||
    !('value' in until)
  ) {
    throw new InvalidArgumentError('Write two times with their units, such as 0us..100us.');
  }
  if (from.value >= until.value) throw new InvalidArgumentError('The window ends before it begins.');
  return [from.value, until.value];
}
