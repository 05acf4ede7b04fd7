/** What `run` and `gate` share: loading a workload and simulating it with progress on standard error. */
import type { Results } from '../experiment/results.js';
import type { Workload } from '../workload/workload.js';
import type { WorkloadFlags } from './options.js';
import { ProgressReporter } from './progress.js';
import { say, wantsColour } from './terminal.js';
import { version } from './version.js';

/**
 * Loads a workload with the options of the command line; its warnings go to standard error.
 * @throws WorkloadError with every problem that it has
 */
export async function load(path: string, flags: WorkloadFlags): Promise<Workload> {
  const { loadWorkload } = await import('../workload/load.js');
  const workload = await loadWorkload(path, {
    overrides: flags.set ?? [],
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.replications === undefined ? {} : { replications: flags.replications }),
  });
  if (workload.warnings.length > 0 && flags.quiet !== true) {
    const { renderDiagnostics } = await import('../workload/render.js');
    say(renderDiagnostics(workload.warnings, { color: wantsColour(process.stderr) }));
  }
  return workload;
}

/**
 * Simulates a workload.
 * @throws SimulationError, WorkerError, or InterruptedError when `signal` is aborted
 */
export async function simulate(
  workload: Workload,
  path: string,
  flags: WorkloadFlags,
  signal: AbortSignal,
): Promise<Results> {
  const { runWorkload } = await import('../experiment/experiment.js');
  const progress = new ProgressReporter(process.stderr, 'replications');
  try {
    return await runWorkload(workload, {
      version: version(),
      command: commandText(path, flags),
      signal,
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
function commandText(path: string, flags: WorkloadFlags): string {
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
