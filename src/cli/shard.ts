/** `dsasim run --shard`: one part of a sweep, for machines that share nothing but a folder at the end. */
import { InvalidArgumentError, Option } from 'commander';
import type { Journal } from '../experiment/journal/journal.js';
import type { JournalHeader } from '../experiment/journal/records.js';
import type { PoolOptions } from '../experiment/pool.js';
import type { ShardNumber } from '../experiment/shards/division.js';
import type { Workload } from '../workload/workload.js';
import { UsageError } from './errors.js';
import type { WorkloadFlags } from './options.js';
import { ProgressReporter } from './progress.js';
import { askedOf, commandText, loaded, warn } from './simulate.js';
import { say } from './terminal.js';

/** Which shard. */
export interface ShardFlags {
  shard?: ShardNumber;
}

/** Most shards of a sweep: as many as it may have points. */
const SHARDS = 100_000;

/** The option. */
export function shardOption(): Option {
  return new Option(
    '--shard <i/n>',
    'simulate the i-th of n parts only and keep its results for dsasim merge',
  ).argParser((text): ShardNumber => {
    const [, index, of] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
    if (index === undefined || of === undefined || index < 1 || index > of || of > SHARDS) {
      throw new InvalidArgumentError('Write i/n with 1 <= i <= n, such as 3/20.');
    }
    return { index, of };
  });
}

/** A shard that is to be simulated. */
export interface ShardPlan {
  workload: Workload;
  folder: string;
  /** Name of its file in the folder. */
  file: string;
  shard: NonNullable<JournalHeader['shard']>;
}

/**
 * Loads the workload of a shard.
 * @throws WorkloadError; UsageError for options that need the whole sweep; AbortError when `signal` is aborted
 */
export async function planShard(
  path: string,
  flags: WorkloadFlags & ShardFlags & { out?: string; trace?: string },
  signal: AbortSignal,
): Promise<ShardPlan> {
  const { worlds, whatIf, json, trace, shard, out } = flags;
  const whole = { worlds, 'what-if': whatIf, json, trace };
  for (const [name, value] of Object.entries(whole)) {
    if (value === undefined) continue;
    throw new UsageError(
      `--${name} needs the whole sweep, not a shard of it`,
      name === 'json' ? 'give it to dsasim merge' : 'leave it out',
      'DSASIM_C015',
    );
  }
  const { loadWithSource } = await import('../experiment/shards/source.js');
  const { shardFile } = await import('../experiment/shards/division.js');
  const { hashOf } = await import('../experiment/experiment.js');
  const loading = loadWithSource(path, askedOf(flags), commandText(path, flags));
  const { workload, source } = await loaded(loading, flags, signal);
  await warn(workload, flags);
  return {
    workload,
    folder: out ?? 'shards',
    file: shardFile(workload.name, shard!),
    shard: { ...shard!, hash: hashOf(workload), source },
  };
}

/**
 * Simulates a shard into its journal and marks it as finished.
 * @throws WorkloadError where there is not enough simulated time for it; SimulationError, WorkerError, InterruptedError
 * as `runPlan`
 */
export async function runShard(
  { workload, shard }: ShardPlan,
  flags: WorkloadFlags,
  how: Pick<PoolOptions, 'signal' | 'memo' | 'executor'>,
  journal: Journal,
): Promise<void> {
  const { sample } = await import('../experiment/sampling.js');
  const { withinTime } = await import('../experiment/misjudged.js');
  const { shardPoints } = await import('../experiment/shards/division.js');
  const points = shardPoints(workload.points, shard);
  const progress = new ProgressReporter(process.stderr, 'replications');
  try {
    await withinTime(workload, () =>
      sample(points, workload.measure, {
        ...how,
        ...(flags.workers === undefined ? {} : { workers: flags.workers }),
        ...(flags.quiet === true ? {} : { onProgress: (step) => progress.step(step) }),
      }),
    );
  } finally {
    progress.end();
  }
  journal.finish();
  journal.close();
  if (flags.quiet === true) return;
  const name = `shard ${shard.index} of ${shard.of}`;
  say(`wrote ${journal.path}: ${points.length} of ${workload.points.length} points, ${name}`);
}
