/** What commands that simulate share: loading a workload and simulating it with progress on standard error. */
import { setImmediate } from 'node:timers/promises';
import type { PoolOptions } from '../experiment/pool.js';
import type { Results, StreamedResults } from '../experiment/results.js';
import type { Shards } from '../experiment/shards/shards.js';
import type { Asked } from '../experiment/shards/source.js';
import type { ExpansionStep } from '../workload/expand.js';
import type { Workload } from '../workload/workload.js';
import type { WorkloadFlags } from './options.js';
import { ProgressReporter } from './progress.js';
import { say, wantsColour } from './terminal.js';
import { version } from './version.js';

/** Time in which an interrupt of a long loading is not heard [ms]. */
const UNHEARD_FOR = 50;

/**
 * Loads a workload with the options of the command line; its warnings go to standard error.
 * @throws WorkloadError with every problem that it has; AbortError when `signal` is aborted
 */
export async function load(path: string, flags: WorkloadFlags, signal?: AbortSignal): Promise<Workload> {
  const { workloadInSteps } = await import('../workload/load.js');
  const workload = await loaded(workloadInSteps(path, askedOf(flags)), flags, signal);
  await warn(workload, flags);
  return workload;
}

/** What the command line asks of a workload. */
export function askedOf({ set, seed, replications }: WorkloadFlags): Asked {
  return {
    overrides: set ?? [],
    ...(seed === undefined ? {} : { seed }),
    ...(replications === undefined ? {} : { replications }),
  };
}

/**
 * Carries a loading out, with progress where it is long.
 * @throws what it throws; AbortError when `signal` is aborted
 */
export async function loaded<T>(
  steps: Generator<ExpansionStep, T>,
  flags: { quiet?: boolean },
  signal?: AbortSignal,
): Promise<T> {
  const progress = flags.quiet === true ? null : new ProgressReporter(process.stderr, 'points checked');
  let heard = performance.now();
  try {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      const { done, total } = step.value;
      progress?.step({ done, total, share: done / total });
      if (performance.now() - heard < UNHEARD_FOR) continue;
      await setImmediate();
      signal?.throwIfAborted();
      heard = performance.now();
    }
  } finally {
    progress?.end();
  }
}

/** Says what is doubtful in a workload. */
export async function warn({ warnings }: Workload, flags: { quiet?: boolean }): Promise<void> {
  if (warnings.length === 0 || flags.quiet === true) return;
  const { renderDiagnostics } = await import('../workload/render.js');
  say(renderDiagnostics(warnings, { color: wantsColour(process.stderr) }));
}

/**
 * The result of the shards of a workload.
 * @throws NotComparableError when they are not what their workload asks for
 */
export async function assembleShards(
  shards: Shards,
  flags: { quiet?: boolean },
  signal: AbortSignal,
): Promise<{ workload: Workload; streamed: StreamedResults }> {
  const { loadFromSource } = await import('../experiment/shards/source.js');
  const { hashOf, runWorkload } = await import('../experiment/experiment.js');
  const { NotComparableError } = await import('../experiment/errors.js');
  const { source, hash, executor } = shards;
  const workload = await loaded(loadFromSource(source), flags, signal);
  if (hashOf(workload) !== hash) {
    throw new NotComparableError(['this dsasim reads the workload of the shards as another one']);
  }
  const { command } = source;
  const streamed = await runWorkload(workload, {
    version: version(),
    command,
    signal,
    memo: shards,
    executor,
  });
  return { workload, streamed };
}

/**
 * Simulates a workload in memory.
 * @throws as {@link simulateStreamed}
 */
export async function simulate(
  workload: Workload,
  path: string,
  flags: WorkloadFlags,
  signal: AbortSignal,
): Promise<Results> {
  const { whole } = await import('../experiment/stream.js');
  return whole<Results>(await simulateStreamed(workload, path, flags, { signal }));
}

/**
 * Simulates a workload.
 * @param how who simulates, and where results are kept
 * @throws SimulationError, WorkerError, or InterruptedError when `signal` is aborted
 */
export async function simulateStreamed(
  workload: Workload,
  path: string,
  flags: WorkloadFlags,
  how: Pick<PoolOptions, 'memo' | 'executor'> & { signal: AbortSignal },
): Promise<StreamedResults> {
  const { runWorkload } = await import('../experiment/experiment.js');
  const progress = new ProgressReporter(process.stderr, 'replications');
  try {
    return await runWorkload(workload, {
      version: version(),
      command: commandText(path, flags),
      ...how,
      ...(flags.worlds === undefined ? {} : { worlds: flags.worlds }),
      ...(flags.whatIf === undefined ? {} : { whatIf: flags.whatIf }),
      ...(flags.workers === undefined ? {} : { workers: flags.workers }),
      ...(flags.quiet === true ? {} : { onProgress: (step) => progress.step(step) }),
    });
  } finally {
    progress.end();
  }
}

/** The command that makes the same results; options that change only where they go or how fast are left out. */
export function commandText(path: string, flags: WorkloadFlags): string {
  const words = ['dsasim', 'run', path];
  if (flags.seed !== undefined) words.push('--seed', String(flags.seed));
  if (flags.replications !== undefined) words.push('--replications', String(flags.replications));
  for (const [where, value] of flags.set ?? []) words.push('--set', `${where}=${value}`);
  if (flags.worlds !== undefined && flags.worlds > 0) words.push('--worlds', String(flags.worlds));
  if (flags.whatIf === true) words.push('--what-if');
  return words.map(shellWord).join(' ');
}

/** A word as a POSIX shell reads it back. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
