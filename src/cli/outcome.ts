/** What every command that makes a result does with it: files, the comparison on the terminal, and what to say. */
import { join } from 'node:path';
import type { ResultLimit, Results, StreamedResults } from '../experiment/results.js';
import { ProgressReporter, type Step } from './progress.js';
import { paint, print, printPieces, say, wantsColour, widthOf } from './terminal.js';

/** How a result is shown. */
export interface OutcomeFlags {
  json?: boolean;
  quiet?: boolean;
}

/** A result that was made: as a document, and point by point under the keys of the workload. */
export interface MadeResult {
  streamed: StreamedResults;
  /** Of the points, in order. */
  points: readonly { readonly key: string }[];
}

/** Broken limits that are said one by one. */
const LIMITS_SAID = 20;

/**
 * Writes results.json and report.html and prints the comparison. Of a large sweep no more than aggregates is ever held.
 * @param written takes the path of each file as soon as it is there
 * @throws OutputError when a file cannot be written; AbortError when `signal` is aborted, the file in work being removed
 */
export async function writeOutcome(
  made: MadeResult,
  folder: string,
  flags: OutcomeFlags,
  signal: AbortSignal,
  written: string[],
): Promise<void> {
  const { LARGE_SWEEP } = await import('../experiment/aggregate.js');
  const { writeWhole } = await import('../experiment/files.js');
  const { resultPieces, writeResults } = await import('../experiment/document.js');
  const large = made.points.length > LARGE_SWEEP;
  const progress = flags.quiet === true ? null : new ProgressReporter(process.stderr, 'points written');
  const tell = (step: Step): void => {
    signal.throwIfAborted();
    progress?.step(step);
  };
  const view = large ? await aggregated(made, tell) : await complete(made);
  const resultsPath = join(folder, 'results.json');
  try {
    await writeResults(resultsPath, view.document);
  } finally {
    progress?.end();
  }
  written.push(resultsPath);
  if (flags.json === true) await printPieces(resultPieces(view.again));
  else if (flags.quiet !== true) await print(await view.text());
  const reportPath = join(folder, 'report.html');
  const html = await view.html();
  signal.throwIfAborted();
  await writeWhole(reportPath, [html]);
  written.push(reportPath);
  await announce(made.streamed.limits.items(), written, flags);
}

/** A result as it is written and read. */
interface View {
  /** To be written first. */
  document: Results | StreamedResults;
  /** The same for whoever reads it once more. */
  again: Results | StreamedResults;
  text(): Promise<string>;
  html(): Promise<string>;
}

async function complete({ streamed }: MadeResult): Promise<View> {
  const { whole } = await import('../experiment/stream.js');
  const results = whole<Results>(streamed);
  return {
    document: results,
    again: results,
    text: () => comparison(results),
    html: async () => (await import('../report/html.js')).renderHtml(results),
  };
}

async function aggregated({ streamed, points }: MadeResult, tell: (step: Step) => void): Promise<View> {
  const { Aggregate } = await import('../experiment/aggregate.js');
  const { counted, Stream, StreamedRecord } = await import('../experiment/stream.js');
  const total = points.length;
  const aggregate = new Aggregate(streamed, total, (point) => points[point]!.key);
  const observed = aggregate.observing(streamed.points);
  const counting = (what: string) => (done: number) => tell({ done, total, share: done / total, what });
  const { settings } = streamed;
  return {
    document: {
      ...streamed,
      points: new Stream(() => counted(observed.items(), counting('points written'))),
      settings: {
        ...settings,
        points: new StreamedRecord(() =>
          counted(settings.points.items(), counting('settings of points written')),
        ),
      },
    },
    again: streamed,
    text: async () =>
      (await import('../report/sweep/text.js')).sweepText(streamed, aggregate, widthOf(process.stdout)),
    html: async () => (await import('../report/sweep/page.js')).renderSweep(streamed, aggregate),
  };
}

/** The table and the answer. */
async function comparison(results: Results): Promise<string> {
  const { renderTable } = await import('../report/terminal.js');
  const { answerLines } = await import('../report/answer.js');
  const { conclusionLines } = await import('../report/conclusion.js');
  const width = widthOf(process.stdout);
  const parts = [answerLines(results, width), conclusionLines(results, width)];
  return [
    renderTable(results, { width, colour: wantsColour(process.stdout) }),
    ...parts.filter((lines) => lines.length > 0).map((lines) => `\n${lines.join('\n')}\n`),
  ].join('');
}

/** Says which limits broke where no table shows them, and where the files are. */
async function announce(
  limits: Iterable<ResultLimit>,
  written: readonly string[],
  flags: OutcomeFlags,
): Promise<void> {
  const colour = wantsColour(process.stderr);
  if (flags.json === true || flags.quiet === true) {
    const { limitText } = await import('../report/gate/words.js');
    let broken = 0;
    for (const limit of limits) {
      if (!limit.held && ++broken <= LIMITS_SAID) say(`${paint('red', '✗', colour)} ${limitText(limit)}`);
    }
    if (broken > LIMITS_SAID) say(`and ${broken - LIMITS_SAID} more limits that break`);
  }
  if (flags.quiet !== true) say(`\nwrote ${written.join(' and ')}`);
}
