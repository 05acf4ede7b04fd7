/** `dsasim init`: writes a starter workload, and asks nothing. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { UsageError } from './errors.js';
import { EXIT } from './exit-codes.js';
import { shellWord } from './simulate.js';
import { STARTER_FILE, starterText } from './starter.js';
import { say } from './terminal.js';

/** The command. */
export function initCommand(done: (exit: number) => void): Command {
  return new Command('init')
    .description('Write a small commented workload to start from.')
    .argument('[folder]', 'where to write it (default: here)', '.')
    .option('--quiet', 'say nothing but errors')
    .addHelpText('after', `\nExample:\n  $ dsasim init my-dsa && dsasim run my-dsa/${STARTER_FILE}`)
    .action(async (folder: string, flags: { quiet?: boolean }) => {
      const path = join(folder, STARTER_FILE);
      if (await exists(path)) {
        throw new UsageError(
          `${path} is there already`,
          'nothing was written; name another folder, or move the file',
          'DSASIM_C012',
        );
      }
      const { writeWhole } = await import('../experiment/files.js');
      await writeWhole(path, [starterText(await schemaSeenFrom(folder))]);
      if (flags.quiet !== true) {
        const lines = ['check', 'run'].map(
          (command) => `  ${calledBy(process.env)} ${command} ${shellWord(path)}`,
        );
        say(`wrote ${path}\n\nnext:\n${lines.join('\n')}`);
      }
      done(EXIT.fine);
    });
}

/** How a person calls dsasim: a dependency is not on the path, so that npx has to find it. */
function calledBy(env: NodeJS.ProcessEnv): string {
  return env.npm_command === 'exec' ? 'npx dsasim' : 'dsasim';
}

/**
 * Path of the workload's JSON Schema as seen from the folder, where it lies below the current one, as that of a
 * dependency does; null elsewhere.
 */
async function schemaSeenFrom(folder: string): Promise<string | null> {
  const schema = fileURLToPath(new URL('../../schema/workload.schema.json', import.meta.url));
  const below = (from: string): string => relative(from, schema);
  const outside =
    below(process.cwd()).startsWith('..') || relative(process.cwd(), resolve(folder)).startsWith('..');
  if (outside || !(await exists(schema))) return null;
  const path = below(resolve(folder)).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}

function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
