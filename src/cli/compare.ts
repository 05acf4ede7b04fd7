/** `dsasim compare`: whether two results differ, and by how much. */
import { Command } from 'commander';
import { UsageError } from './errors.js';
import { EXIT } from './exit-codes.js';
import { workloadOptions } from './options.js';
import { checkOutputs } from './outputs.js';
import { shellWord } from './simulate.js';
import { print, say, wantsColour, widthOf } from './terminal.js';
import { version } from './version.js';

interface Flags {
  metric?: string[];
  html?: string;
  json?: boolean;
  quiet?: boolean;
}

/** The command. */
export function compareCommand(done: (exit: number) => void): Command {
  return new Command('compare')
    .description(
      'Compare two results: interval of difference and ratio, paired where they met the same luck.',
    )
    .argument('<a.json>', 'reference: results.json of dsasim run')
    .argument('<b.json>', 'candidate: results.json of dsasim run')
    .option(
      '--metric <name>',
      'metric to compare, or all; may be repeated (default: what people ask about)',
      (name: string, previous: string[] = []) => [...previous, name],
    )
    .option('--html <file>', 'write the comparison as a page')
    .addOption(workloadOptions.json('the comparison'))
    .addOption(workloadOptions.quiet())
    .addHelpText(
      'after',
      `
Examples:
  $ dsasim compare before/results.json after/results.json
  $ dsasim compare before/results.json after/results.json --metric throughput --html comparison.html

Exit codes: 0 compared, whatever was found; 2 a file is no result; 3 nothing
could be compared.`,
    )
    .action(async (a: string, b: string, flags: Flags) => {
      await compare(a, b, flags);
      done(EXIT.fine);
    });
}

async function compare(a: string, b: string, flags: Flags): Promise<void> {
  if (flags.html !== undefined) await checkOutputs([flags.html], [a, b]);
  const { readResults } = await import('../experiment/document.js');
  const { ASKED_METRICS, COMPARISON_SCHEMA_VERSION, compareResults } = await import(
    '../experiment/compare-results.js'
  );
  const [reference, candidate] = [await readResults(a), await readResults(b)];
  const result = compareResults(reference, candidate, await metricsOf(flags.metric, ASKED_METRICS));
  const { comparedReservations } = await import('../report/compare/words.js');
  const reservations = comparedReservations([reference, candidate]);
  if (flags.json === true) {
    const { canonicalText } = await import('../experiment/canonical.js');
    const document = {
      schema_version: COMPARISON_SCHEMA_VERSION,
      kind: 'comparison',
      files: [a, b],
      ...result,
    };
    await print(canonicalText(document as never));
  } else if (flags.quiet !== true) {
    const { comparisonText } = await import('../report/compare/text.js');
    await print(
      comparisonText(result, {
        width: widthOf(process.stdout),
        colour: wantsColour(process.stdout),
        reservations,
      }),
    );
  }
  if (flags.html === undefined) return;
  const { comparisonPage } = await import('../report/compare/page.js');
  const { writeWhole } = await import('../experiment/files.js');
  const command = ['dsasim', 'compare', a, b, ...(flags.metric ?? []).flatMap((name) => ['--metric', name])];
  await writeWhole(flags.html, [
    comparisonPage(result, {
      version: version(),
      command: [...command, '--html', flags.html].map(shellWord).join(' '),
      files: [a, b],
      reservations,
    }),
  ]);
  if (flags.quiet !== true) say(`wrote ${flags.html}`);
}

/** @throws UsageError for a metric that there is not */
async function metricsOf(
  names: readonly string[] | undefined,
  asked: readonly string[],
): Promise<readonly string[]> {
  if (names === undefined) return asked;
  const { METRICS } = await import('../models/metrics.js');
  const known = METRICS.map(({ name }) => name);
  if (names.includes('all')) return known;
  const unknown = names.find((name) => !known.includes(name.split('.').at(-1)!));
  if (unknown !== undefined) {
    const { nearest } = await import('../workload/nearest.js');
    const near = nearest(unknown, known);
    throw new UsageError(
      `no metric is called "${unknown}"`,
      near === undefined ? 'see dsasim list metrics' : `did you mean ${near}?`,
      'DSASIM_C005',
    );
  }
  return names;
}
