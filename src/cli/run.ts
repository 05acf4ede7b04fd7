/** `dsasim run`: simulates a workload, writes results and report, prints the comparison. */
import { join } from 'node:path';
import { Command } from 'commander';
import type { Journal } from '../experiment/journal/journal.js';
import type { ConnectedQueue } from '../experiment/queue/coordinator.js';
import type { StreamedResults } from '../experiment/results.js';
import { UsageError } from './errors.js';
import { EXIT } from './exit-codes.js';
import { interruptionOf, onInterrupt } from './interrupt.js';
import { openJournal, type ResumeFlags } from './journal.js';
import { type WorkloadFlags, workloadOptions } from './options.js';
import { writeOutcome } from './outcome.js';
import { planShard, runShard, type ShardFlags, shardOption } from './shard.js';
import { commandText, load, shellWord, simulateStreamed } from './simulate.js';
import { say } from './terminal.js';
import { planTrace, type TraceFlags, traceOptions, writeTrace } from './trace.js';
import { version } from './version.js';

interface Flags extends WorkloadFlags, TraceFlags, ResumeFlags, ShardFlags {
  out?: string;
  queue?: string;
}

/** The command. */
export function runCommand(done: (exit: number) => void): Command {
  return traceOptions(new Command('run'))
    .description('Simulate a workload, write results.json and report.html, and print the comparison.')
    .argument('<workload.yaml>', 'workload file')
    .option('--out <folder>', 'where results go (default: reports/<workload name>)')
    .addOption(workloadOptions.workers())
    .addOption(workloadOptions.seed())
    .addOption(workloadOptions.replications())
    .addOption(workloadOptions.set())
    .addOption(workloadOptions.worlds())
    .addOption(workloadOptions.whatIf())
    .addOption(workloadOptions.resume())
    .addOption(workloadOptions.restart())
    .addOption(shardOption())
    .addOption(workloadOptions.queue())
    .addOption(workloadOptions.json('the result document'))
    .addOption(workloadOptions.quiet())
    .addHelpText(
      'after',
      `
Examples:
  $ dsasim run workloads/quickstart.yaml
  $ dsasim run workloads/design-comparison.yaml --replications 20 --set platform.set.engine.bandwidth=28GB/s
  $ dsasim run workloads/quickstart.yaml --trace quickstart.pftrace --trace-window 50us..150us
  $ dsasim run sweep.yaml --out sweep --resume
  $ dsasim run sweep.yaml --shard 3/20 --out shards
  $ dsasim run sweep.yaml --queue redis://head-node:6379

Finished replications are kept in a journal beside the results until these are
written, so that a run that was interrupted or killed goes on with --resume. A
shard is one part of a sweep; dsasim merge makes one result of all. With --queue
it is dsasim worker that simulates, on any number of machines. A limit of the
workload that breaks is printed; only \`dsasim gate\` fails for it.`,
    )
    .action(async (path: string, flags: Flags) => {
      const interrupt = onInterrupt();
      try {
        done(await run(path, flags, interrupt.signal, interrupt.exitCode));
      } finally {
        interrupt.dispose();
      }
    });
}

async function run(
  path: string,
  flags: Flags,
  signal: AbortSignal,
  interrupted: () => number,
): Promise<number> {
  const written: string[] = [];
  let journal: Journal | null = null;
  let queue: ConnectedQueue | null = null;
  try {
    if (flags.shard === undefined) {
      const workload = await load(path, flags, signal);
      queue = await queueOf(flags);
      const folder = flags.out ?? join('reports', workload.name);
      const trace = await planTrace(workload, flags);
      journal = await journalIn(folder, 'journal.ndjson', flags);
      const executor = queue === null ? {} : { executor: queue.open };
      const streamed = await simulateStreamed(workload, path, flags, { signal, memo: journal, ...executor });
      const { points, measure } = workload;
      await writeOutcome({ streamed, points }, folder, flags, signal, written);
      const fingerprints = trace === null ? [] : fingerprintsOf(streamed, trace.point.key);
      journal.remove();
      journal = null;
      const traced = { total: points.length * measure.replications, fingerprints };
      if (trace !== null) await writeTrace(trace, traced, signal, flags.quiet === true);
    } else {
      await queueOf(flags);
      const plan = await planShard(path, flags, signal);
      journal = await journalIn(plan.folder, plan.file, flags, plan.shard);
      await runShard(plan, flags, { signal, memo: journal }, journal);
    }
    return signal.aborted ? interrupted() : EXIT.fine;
  } catch (error) {
    journal?.close();
    const kept = journal === null || journal.size === 0 ? null : keptText(journal, path, flags);
    const interruption = interruptionOf(error, written, kept !== null);
    if (interruption !== null) say(interruption);
    if (kept !== null) say(kept);
    if (interruption === null) throw error;
    return interrupted();
  } finally {
    await queue?.close();
  }
}

/** The queue that simulates, or null for threads of this process. */
async function queueOf({ queue, workers, shard, quiet }: Flags): Promise<ConnectedQueue | null> {
  if (queue === undefined) return null;
  if (shard !== undefined) {
    throw new UsageError('a queue simulates the whole sweep, not a shard', 'use one of them', 'DSASIM_C016');
  }
  if (workers !== undefined) {
    throw new UsageError(
      '--workers says nothing to --queue',
      'give --workers to dsasim worker',
      'DSASIM_C016',
    );
  }
  const { connectQueue } = await import('../experiment/queue/coordinator.js');
  return connectQueue(queue, quiet === true ? () => undefined : say);
}

/** Fingerprints of a point in the result. */
function fingerprintsOf({ points }: StreamedResults, key: string): readonly string[] {
  for (const point of points.items()) if (point.key === key) return point.fingerprints;
  return [];
}

/** The journal of a run or shard, in a folder that was found to take files. */
async function journalIn(
  folder: string,
  name: string,
  flags: Flags,
  shard: Parameters<typeof openJournal>[2]['shard'] = null,
): Promise<Journal> {
  const { checkFolder } = await import('../experiment/output.js');
  await checkFolder(folder);
  return openJournal(join(folder, name), flags, { version: version(), shard });
}

/** Where finished results are, and how to go on with them. */
function keptText({ path: file, size }: Journal, path: string, flags: Flags): string {
  const out = flags.out === undefined ? '' : ` --out ${shellWord(flags.out)}`;
  const shard = flags.shard === undefined ? '' : ` --shard ${flags.shard.index}/${flags.shard.of}`;
  const results = `${size} finished ${size === 1 ? 'replication is' : 'replications are'}`;
  return `${results} kept in ${file}; continue with: ${commandText(path, flags)}${shard}${out} --resume`;
}
