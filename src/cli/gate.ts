/** `dsasim gate`: holds workloads to their limits and to committed baselines. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { FAIL_ON, type FailOn } from '../experiment/gate-outcome.js';
import { describeFailure } from './errors.js';
import { EXIT } from './exit-codes.js';
import { checkFormats, type GateFormat, gateFormat, present } from './gate-output.js';
import { checkReplaced, gateJobs, runGate } from './gate-run.js';
import { interruptionOf, onInterrupt } from './interrupt.js';
import { type WorkloadFlags, workloadOptions } from './options.js';
import { checkOutputs } from './outputs.js';
import { say, wantsColour } from './terminal.js';

/** What the command line of a gate says. */
export interface GateFlags extends WorkloadFlags {
  baseline: string;
  updateBaseline?: boolean;
  results?: string[];
  tolerance?: Map<string, number>;
  failOn: FailOn;
  strictModel?: boolean;
  format?: GateFormat[];
  report?: string;
  force?: boolean;
}

/** The command. */
export function gateCommand(done: (exit: number) => void): Command {
  return new Command('gate')
    .description('Compare workloads with committed baselines and hold them to their limits.')
    .argument('[workload.yaml...]', 'workload files; their `gate` sections say what is compared')
    .requiredOption('--baseline <path>', 'baseline to compare with, or a folder with <workload name>.json')
    .option('--update-baseline', 'write the baselines instead of comparing with them')
    .option('--results <file>', 'results.json to judge instead of simulating; may be repeated', gathered)
    .option(
      '--tolerance <metric=percent>',
      'accepted change of a metric, instead of the one in the workload; may be repeated',
      tolerance,
    )
    .addOption(
      new Option('--fail-on <what>', 'what fails the gate beside broken limits')
        .choices(FAIL_ON)
        .default('regression'),
    )
    .option('--strict-model', 'refuse to compare across another model, other constants, devices or designs')
    .addOption(
      new Option(
        '--format <kind[=file]>',
        'text, json, markdown, junit or github, to standard output or a file; may be repeated',
      ).argParser(gateFormat),
    )
    .option('--report <file>', 'write a page with baseline and run side by side')
    .option('--force', 'let --update-baseline work under CI')
    .addOption(workloadOptions.workers())
    .addOption(workloadOptions.seed())
    .addOption(workloadOptions.replications())
    .addOption(workloadOptions.set())
    .addOption(workloadOptions.json('what the gate found'))
    .addOption(workloadOptions.quiet())
    .addHelpText(
      'after',
      `
Examples:
  $ dsasim gate workloads/quickstart.yaml --baseline reports/baselines/quickstart.json --update-baseline
  $ dsasim gate workloads/quickstart.yaml --baseline reports/baselines/quickstart.json
  $ dsasim gate workloads/*.yaml --baseline reports/baselines/ --format text --format junit=gate.xml
  $ dsasim gate --results reports/quickstart/results.json --baseline reports/baselines/ --format github

Exit codes: 0 passed, 1 regression or broken limit, 2 wrong usage or workload, 3
a baseline is missing or not comparable, or nothing was compared, 4 the
simulation failed.`,
    )
    .action(async (paths: string[], flags: GateFlags) => {
      const interrupt = onInterrupt();
      const written: string[] = [];
      try {
        done(await gate(paths, flags, interrupt.signal, written));
      } catch (error) {
        const interruption = interruptionOf(error, written);
        if (interruption === null) throw error;
        say(interruption);
        done(interrupt.exitCode());
      } finally {
        interrupt.dispose();
      }
    });
}

async function gate(
  paths: readonly string[],
  flags: GateFlags,
  signal: AbortSignal,
  written: string[],
): Promise<number> {
  const formats = checkFormats(flags);
  const judged = [];
  const jobs = await gateJobs(paths, flags, signal);
  const baselines = jobs.map(({ baseline }) => baseline);
  const made = [...formats.map(({ file }) => file), flags.report].filter((file) => file != null);
  const read = [...paths, ...(flags.results ?? [])];
  if (flags.updateBaseline === true) made.push(...baselines);
  else read.push(...baselines);
  await checkOutputs(made, read);
  if (flags.updateBaseline === true) for (const baseline of baselines) await checkReplaced(baseline);
  for (const job of jobs) judged.push(await runGate(job, flags, signal, written));
  const outcomes = judged.map(({ outcome }) => outcome);
  for (const { error } of judged) {
    if (error !== null) say((await describeFailure(error, wantsColour(process.stderr))).text);
  }
  const { overall } = await import('../experiment/gate-outcome.js');
  const status = overall(outcomes);
  await present(judged, formats, flags, status === 'failed', written);
  if (status === 'not comparable') return EXIT.notComparable;
  return status === 'failed' ? EXIT.regression : EXIT.fine;
}

function gathered(text: string, previous: readonly string[] = []): string[] {
  return [...previous, text];
}

function tolerance(text: string, previous = new Map<string, number>()): Map<string, number> {
  const match = /^\s*([\w.-]+)\s*=\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(text);
  if (match === null) throw new InvalidArgumentError('Write metric=percent, such as latency_p99=5%.');
  return new Map(previous).set(match[1]!, Number(match[2]) / 100);
}
