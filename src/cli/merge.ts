/** `dsasim merge`: one result of all shards of a sweep, byte for byte what one machine would have made. */
import { join } from 'node:path';
import { Command } from 'commander';
import { EXIT } from './exit-codes.js';
import { interruptionOf, onInterrupt } from './interrupt.js';
import { wholeNumber, workloadOptions } from './options.js';
import { type OutcomeFlags, writeOutcome } from './outcome.js';
import { assembleShards } from './simulate.js';
import { say } from './terminal.js';

interface Flags extends OutcomeFlags {
  expect: number;
  out?: string;
}

/** The command. */
export function mergeCommand(done: (exit: number) => void): Command {
  return new Command('merge')
    .description('Make results.json and report.html from the shards of a sweep.')
    .argument('<folder>', 'where the shards are')
    .requiredOption(
      '--expect <number>',
      'how many shards there must be; a number, since a shard that failed is not there to be counted',
      wholeNumber(1, 100_000),
    )
    .option('--out <folder>', 'where results go (default: reports/<workload name>)')
    .addOption(workloadOptions.json('the result document'))
    .addOption(workloadOptions.quiet())
    .addHelpText(
      'after',
      `
Examples:
  $ dsasim merge shards --expect 20 --out sweep
  $ seq 1 20 | parallel dsasim run sweep.yaml --shard {}/20 --out shards && dsasim merge shards --expect 20

Exits with 3 and names every shard that is missing, unfinished, damaged, or of
another workload or model. The shards hold the workload: its files are not
needed.`,
    )
    .action(async (folder: string, flags: Flags) => {
      const interrupt = onInterrupt();
      try {
        done(await merge(folder, flags, interrupt.signal, interrupt.exitCode));
      } finally {
        interrupt.dispose();
      }
    });
}

async function merge(
  folder: string,
  flags: Flags,
  signal: AbortSignal,
  interrupted: () => number,
): Promise<number> {
  const { checkFolder } = await import('../experiment/output.js');
  const { Shards } = await import('../experiment/shards/shards.js');
  const shards = Shards.open(folder, flags.expect);
  const written: string[] = [];
  try {
    const { workload, streamed } = await assembleShards(shards, flags, signal);
    const out = flags.out ?? join('reports', workload.name);
    await checkFolder(out);
    await writeOutcome({ streamed, points: workload.points }, out, flags, signal, written);
    return EXIT.fine;
  } catch (error) {
    const interruption = interruptionOf(error, written);
    if (interruption === null) throw error;
    say(`${interruption}; the shards are as they were`);
    return interrupted();
  } finally {
    shards.close();
  }
}
