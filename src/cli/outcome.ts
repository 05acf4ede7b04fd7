/** What every command that makes a result does with it: files, the comparison on the terminal, and what to say. */
import { join } from 'node:path';
import type { Results, StreamedResults } from '../experiment/results.js';
import { paint, print, printPieces, say, wantsColour, widthOf } from './terminal.js';

/** How a result is shown. */
export interface OutcomeFlags {
  json?: boolean;
  quiet?: boolean;
}

/**
 * Writes results.json and report.html and prints the comparison.
 * @param written takes the path of each file as soon as it is there
 * @returns the document
 * @throws OutputError when a file cannot be written; AbortError when `signal` is aborted between files
 */
export async function writeOutcome(
  streamed: StreamedResults,
  folder: string,
  flags: OutcomeFlags,
  signal: AbortSignal,
  written: string[],
): Promise<Results> {
  const { whole } = await import('../experiment/stream.js');
  const results = whole<Results>(streamed);
  const { resultPieces, writeResults } = await import('../experiment/document.js');
  const { writeWhole } = await import('../experiment/files.js');
  const resultsPath = join(folder, 'results.json');
  await writeResults(resultsPath, results);
  written.push(resultsPath);
  if (flags.json === true) await printPieces(resultPieces(results));
  else if (flags.quiet !== true) await printComparison(results);
  const { renderHtml } = await import('../report/html.js');
  const reportPath = join(folder, 'report.html');
  const html = await renderHtml(results);
  signal.throwIfAborted();
  await writeWhole(reportPath, [html]);
  written.push(reportPath);
  return results;
}

/** The table and the answer. */
async function printComparison(results: Results): Promise<void> {
  const { renderTable } = await import('../report/terminal.js');
  const { answerSentences } = await import('../report/answer.js');
  const width = widthOf(process.stdout);
  await print(renderTable(results, { width, colour: wantsColour(process.stdout) }));
  await print(`\n${answerSentences(results).join('\n')}\n`);
  const { conclusionLines } = await import('../report/conclusion.js');
  const concluded = conclusionLines(results, width);
  if (concluded.length > 0) await print(`\n${concluded.join('\n')}\n`);
  const { examinationSentences } = await import('../report/examination.js');
  const examined = examinationSentences(results);
  if (examined.length > 0) await print(`\n${examined.join('\n')}\n`);
}

/** Says which limits broke where no table shows them, and where the files are. */
export async function announce(
  results: Results,
  written: readonly string[],
  flags: OutcomeFlags,
): Promise<void> {
  const colour = wantsColour(process.stderr);
  if (flags.json === true || flags.quiet === true) {
    const { limitText } = await import('../report/gate/words.js');
    for (const limit of results.limits) {
      if (!limit.held) say(`${paint('red', '✗', colour)} ${limitText(limit)}`);
    }
  }
  if (flags.quiet !== true) say(`\nwrote ${written.join(' and ')}`);
}
