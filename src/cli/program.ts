/** The command line as commander sees it. Commands load their rooms when they run, so that help stays quick. */
import { Command, CommanderError } from 'commander';
import { checkCommand } from './check.js';
import { compareCommand } from './compare.js';
import { debugStack, describeFailure } from './errors.js';
import { execCommand } from './exec.js';
import { EXIT } from './exit-codes.js';
import { explainCommand } from './explain.js';
import { exportCommand } from './export.js';
import { gateCommand } from './gate.js';
import { initCommand } from './init.js';
import { guardInterrupts } from './interrupt.js';
import { listCommand } from './list.js';
import { mergeCommand } from './merge.js';
import { reportCommand } from './report.js';
import { runCommand } from './run.js';
import { flushed, guardStreams, paint, say, wantsColour } from './terminal.js';
import { validateCommand } from './validate.js';
import { version } from './version.js';
import { workerCommand } from './worker.js';

/** All commands. `done` takes the exit code of the one that ran. */
function program(done: (exit: number) => void): Command {
  const root = new Command('dsasim')
    .description(
      'Simulates the Intel Data Streaming Accelerator (DSA, idxd) and compares the ways to give one to guests.',
    )
    .version(version(), '--version', 'print the version')
    .helpOption('--help', 'print help')
    .helpCommand(false)
    .addHelpText(
      'after',
      `
Example:
  $ dsasim run workloads/design-comparison.yaml

Exit codes: 0 fine, 1 regression or broken limit, 2 wrong usage or workload, 3
not comparable with the baseline, 4 the simulation failed, 130 interrupted.`,
    );
  for (const make of [
    initCommand,
    runCommand,
    mergeCommand,
    workerCommand,
    checkCommand,
    gateCommand,
    compareCommand,
    reportCommand,
    exportCommand,
    listCommand,
    explainCommand,
    execCommand,
    validateCommand,
  ]) {
    root.addCommand(make(done));
  }
  for (const command of [root, ...root.commands]) {
    command
      .exitOverride()
      .showSuggestionAfterError(true)
      .helpOption('--help', 'print help')
      .configureOutput({
        outputError: (text, write) => {
          const colour = wantsColour(process.stderr);
          const head = paint(['bold', 'red'], 'error[DSASIM_C001]', colour);
          const where = command === root ? 'dsasim' : `dsasim ${command.name()}`;
          write(`${text.replace(/^error:/, `${head}:`).trimEnd()}\n  = see ${where} --help\n`);
        },
      });
  }
  return root;
}

/**
 * Runs a command line.
 * @param argv arguments without the names of the interpreter and the program
 * @returns the exit code, after all output was handed over
 */
export async function main(argv: readonly string[]): Promise<number> {
  guardStreams();
  guardInterrupts();
  let exit: number = EXIT.fine;
  try {
    await program((code) => {
      exit = code;
    }).parseAsync(argv, { from: 'user' });
    await flushed();
  } catch (error) {
    if (error instanceof CommanderError) {
      // commander prints by itself, and exits with 1 on a wrong command line, which here means a regression.
      exit = error.exitCode === 0 ? EXIT.fine : EXIT.usage;
      await flushed().catch(() => undefined);
    } else {
      const failure = await describeFailure(error, wantsColour(process.stderr));
      say(failure.text);
      const stack = debugStack(error);
      if (stack !== '') say(stack);
      exit = failure.exit;
    }
  }
  return exit;
}
