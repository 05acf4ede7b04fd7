/** `dsasim validate`: simulates what was measured on hardware and prints how far it is off. */
import { Command, Option } from 'commander';
import type { Validation } from '../experiment/validation/validation.js';
import { PRESET_NAMES, type PresetName } from '../workload/presets.js';
import { UsageError } from './errors.js';
import { EXIT } from './exit-codes.js';
import { onInterrupt } from './interrupt.js';
import { wholeNumber, workloadOptions } from './options.js';
import { ProgressReporter } from './progress.js';
import { print } from './terminal.js';

interface Flags {
  preset: PresetName;
  family?: string;
  workers?: number;
  worst: number;
  quiet?: boolean;
}

/** The command. */
export function validateCommand(done: (exit: number) => void): Command {
  return new Command('validate')
    .description('Simulate what was measured on hardware and print the error of every family of rows.')
    .addOption(new Option('--preset <name>', 'platform').choices([...PRESET_NAMES]).default('spr'))
    .option('--family <name>', 'only this family')
    .addOption(workloadOptions.workers())
    .addOption(
      new Option('--worst <number>', 'list so many rows of each family, the largest errors first')
        .argParser(wholeNumber(0, 10_000))
        .default(0),
    )
    .addOption(workloadOptions.quiet())
    .action(async (flags: Flags) => {
      const interrupt = onInterrupt();
      try {
        done(await run(flags, interrupt.signal));
      } finally {
        interrupt.dispose();
      }
    });
}

async function run(flags: Flags, signal: AbortSignal): Promise<number> {
  const { FAMILIES, familyById } = await import('../experiment/validation/families.js');
  if (flags.family !== undefined && familyById(flags.family) === undefined) {
    const known = FAMILIES.map(({ id }) => id).join(', ');
    throw new UsageError(`there is no family "${flags.family}"`, `families are ${known}`);
  }
  const { measuredText, parseMeasured } = await import('../experiment/validation/measured.js');
  const { validate } = await import('../experiment/validation/validation.js');
  const progress = new ProgressReporter(process.stderr, 'probes');
  let validation: Validation;
  try {
    validation = await validate(parseMeasured(measuredText()), {
      preset: flags.preset,
      signal,
      ...(flags.family === undefined ? {} : { families: [familyById(flags.family)!.id] }),
      ...(flags.workers === undefined ? {} : { workers: flags.workers }),
      ...(flags.quiet === true ? {} : { onProgress: (step) => progress.step(step) }),
    });
  } finally {
    progress.end();
  }
  const { validationText } = await import('../report/validation-text.js');
  await print(validationText(validation, { worst: flags.worst }));
  return validation.families.every(({ held }) => held) ? EXIT.fine : EXIT.regression;
}
