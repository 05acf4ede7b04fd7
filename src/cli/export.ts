/** `dsasim export`: a result in the formats of other tools. */
import { Command, Option } from 'commander';
import type { Results } from '../experiment/results.js';
import { DIRECTIONS, type Direction } from '../report/export/benchmark.js';
import { UsageError } from './errors.js';
import { EXIT } from './exit-codes.js';
import { checkOutputs } from './outputs.js';
import { printPieces, say } from './terminal.js';

const FORMATS = ['csv', 'parquet', 'markdown', 'github-action-benchmark'] as const;
type Format = (typeof FORMATS)[number];

interface Flags {
  format: Format;
  direction?: Direction;
  out?: string;
  quiet?: boolean;
}

/** The command. */
export function exportCommand(done: (exit: number) => void): Command {
  return new Command('export')
    .description(
      'Write a result as CSV or Parquet, as a summary in Markdown, or for github-action-benchmark.',
    )
    .argument('<results.json>', 'result document of dsasim run')
    .addOption(new Option('--format <format>', 'what to write').choices(FORMATS).makeOptionMandatory())
    .addOption(
      new Option(
        '--direction <which>',
        'metrics of which bigger or smaller values are better; github-action-benchmark takes one a file',
      ).choices(DIRECTIONS),
    )
    .option('--out <file>', 'file to write (default: standard output)')
    .option('--quiet', 'say nothing but errors')
    .addHelpText(
      'after',
      `
Examples:
  $ dsasim export reports/quickstart/results.json --format csv --out quickstart.csv
  $ dsasim export reports/quickstart/results.json --format parquet --out quickstart.parquet
  $ dsasim export reports/quickstart/results.json --format github-action-benchmark --direction smaller`,
    )
    .action(async (path: string, flags: Flags) => {
      if (flags.out !== undefined) await checkOutputs([flags.out], [path]);
      const { readResults } = await import('../experiment/document.js');
      const results = await readResults(path);
      const pieces = await piecesOf(results, flags);
      if (flags.out === undefined) await printPieces(pieces);
      else {
        const { writeWhole } = await import('../experiment/files.js');
        await writeWhole(flags.out, pieces);
        if (flags.quiet !== true) say(`wrote ${flags.out}`);
      }
      done(EXIT.fine);
    });
}

/** What to write: text, but for Parquet. */
async function piecesOf(
  results: Results,
  { format, direction, out }: Flags,
): Promise<Iterable<string | Uint8Array>> {
  if (format !== 'github-action-benchmark' && direction !== undefined) {
    throw new UsageError(`--direction says nothing to --format ${format}`, 'leave it out', 'DSASIM_C011');
  }
  switch (format) {
    case 'csv':
      return (await import('../report/export/csv.js')).csvPieces(results);
    case 'parquet':
      if (out === undefined && process.stdout.isTTY) {
        throw new UsageError(
          'Parquet is not for a terminal',
          'name a file with --out, or lead standard output to one',
          'DSASIM_C011',
        );
      }
      return [await (await import('../report/export/parquet.js')).parquetBytes(results)];
    case 'markdown':
      return [(await import('../report/export/markdown.js')).markdownSummary(results)];
    case 'github-action-benchmark': {
      if (direction === undefined) {
        throw new UsageError(
          'github-action-benchmark takes metrics of one direction',
          'add --direction bigger (throughput) or --direction smaller (latency)',
          'DSASIM_C011',
        );
      }
      const { benchmarkEntries } = await import('../report/export/benchmark.js');
      return [`${JSON.stringify(benchmarkEntries(results, direction), null, 2)}\n`];
    }
  }
}
