/** `dsasim validate`: simulates what was measured on hardware and prints how far it is off. */
import { Command, Option } from 'commander';
import type { InputDigests } from '../experiment/validation/document.js';
import type { Validation } from '../experiment/validation/validation.js';
import { PRESET_NAMES, type PresetName } from '../workload/presets.js';
import { UsageError } from './errors.js';
import { EXIT } from './exit-codes.js';
import { onInterrupt } from './interrupt.js';
import { wholeNumber, workloadOptions } from './options.js';
import { checkOutputs } from './outputs.js';
import { ProgressReporter } from './progress.js';
import { print, printPieces, say } from './terminal.js';
import { version } from './version.js';

interface Flags {
  preset: PresetName;
  family?: string;
  workers?: number;
  worst: number;
  json?: boolean;
  html?: string;
  writeDocs?: boolean;
  quiet?: boolean;
}

/** The command. */
export function validateCommand(done: (exit: number) => void): Command {
  return new Command('validate')
    .description('Simulate what was measured on hardware and print the error of every family of rows.')
    .addOption(new Option('--preset <name>', 'platform').choices([...PRESET_NAMES]).default('spr'))
    .option('--family <name>', 'only this family')
    .option('--html <file>', 'write a report')
    .addOption(workloadOptions.workers())
    .addOption(
      new Option('--worst <number>', 'list so many rows of each family, the largest errors first')
        .argParser(wholeNumber(0, 10_000))
        .default(0),
    )
    .option('--write-docs', 'write docs/validation.md in the checkout')
    .addOption(workloadOptions.json('the validation'))
    .addOption(workloadOptions.quiet())
    .addHelpText(
      'after',
      `
Examples:
  $ dsasim validate
  $ dsasim validate --family sync-aligned --worst 20
  $ dsasim validate --html reports/validation.html

Exit code 1 when a family is worse than its bound.`,
    )
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
  if (flags.family !== undefined && flags.writeDocs === true) {
    throw new UsageError('docs/validation.md holds all families', 'leave --family out');
  }
  if (flags.html !== undefined) await checkOutputs([flags.html], []);
  const { measuredText, parseMeasured } = await import('../experiment/validation/measured.js');
  const { validate } = await import('../experiment/validation/validation.js');
  const { inputDigests, validationDocument } = await import('../experiment/validation/document.js');
  const csv = measuredText();
  const progress = new ProgressReporter(process.stderr, 'probes');
  let validation: Validation;
  try {
    validation = await validate(parseMeasured(csv), {
      preset: flags.preset,
      signal,
      ...(flags.family === undefined ? {} : { families: [familyById(flags.family)!.id] }),
      ...(flags.workers === undefined ? {} : { workers: flags.workers }),
      ...(flags.quiet === true ? {} : { onProgress: (step) => progress.step(step) }),
    });
  } finally {
    progress.end();
  }
  const inputs = inputDigests(csv, flags.preset);
  if (flags.json === true) {
    const { canonicalPieces } = await import('../experiment/canonical.js');
    await printPieces([...canonicalPieces(validationDocument(validation, version(), inputs)), '\n']);
  } else {
    const { validationText } = await import('../report/validation-text.js');
    await print(validationText(validation, { worst: flags.worst }));
  }
  await writeFiles(validation, flags, inputs);
  return validation.families.every(({ held }) => held) ? EXIT.fine : EXIT.regression;
}

/** The report and the page of the docs, where they were asked for. */
async function writeFiles(validation: Validation, flags: Flags, inputs: InputDigests): Promise<void> {
  const { writeWhole } = await import('../experiment/files.js');
  const written: string[] = [];
  if (flags.html !== undefined) {
    const { validationHtml } = await import('../report/validation-html.js');
    await writeWhole(flags.html, [await validationHtml(validation, version())]);
    written.push(flags.html);
  }
  if (flags.writeDocs === true) {
    const { validationMarkdown, DOCS_FILE } = await import('../report/validation-markdown.js');
    await writeWhole(DOCS_FILE, [validationMarkdown(validation, inputs)]);
    written.push(DOCS_FILE);
  }
  if (written.length > 0 && flags.quiet !== true) say(`wrote ${written.join(' and ')}`);
}
