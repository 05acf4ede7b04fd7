/** `dsasim worker`: simulates what `dsasim run --queue` asks for, on as many machines as there are. */
import { Command } from 'commander';
import { EXIT } from './exit-codes.js';
import { onInterrupt } from './interrupt.js';
import { redisUrl, workloadOptions } from './options.js';
import { say } from './terminal.js';

interface Flags {
  queue: string;
  workers?: number;
  quiet?: boolean;
}

/** The command. */
export function workerCommand(done: (exit: number) => void): Command {
  return new Command('worker')
    .description('Simulate what dsasim run --queue asks for, until interrupted.')
    .requiredOption('--queue <url>', 'Redis that holds the queue, such as redis://host:6379', redisUrl)
    .addOption(workloadOptions.workers())
    .addOption(workloadOptions.quiet())
    .addHelpText(
      'after',
      `
Example:
  $ dsasim worker --queue redis://head-node:6379

Needs bullmq and ioredis: npm install bullmq ioredis. The first interrupt
finishes the tasks in work; tasks of a worker that dies go to another one. A
worker serves runs of its own build of the model only.`,
    )
    .action(async ({ queue, workers, quiet }: Flags) => {
      const interrupt = onInterrupt();
      try {
        const { serveQueue } = await import('../experiment/queue/serve.js');
        const tell = quiet === true ? () => undefined : say;
        const tasks = await serveQueue(queue, {
          signal: interrupt.signal,
          tell,
          ...(workers === undefined ? {} : { workers }),
        });
        tell(`simulated ${tasks} ${tasks === 1 ? 'task' : 'tasks'}`);
        // To be told to stop is how a worker ends.
        done(EXIT.fine);
      } finally {
        interrupt.dispose();
      }
    });
}
