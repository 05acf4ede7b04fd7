/** `dsasim run`: simulates a workload, writes results and report, prints the comparison. */
import { join } from 'node:path';
import { Command } from 'commander';
import type { Results } from '../experiment/results.js';
import { EXIT } from './exit-codes.js';
import { onInterrupt } from './interrupt.js';
import { type WorkloadFlags, workloadOptions } from './options.js';
import { load, simulate } from './simulate.js';
import { paint, print, printPieces, say, wantsColour, widthOf } from './terminal.js';
import { planTrace, type TraceFlags, traceOptions, writeTrace } from './trace.js';

interface Flags extends WorkloadFlags, TraceFlags {
  out?: string;
}

/** The command. */
export function runCommand(done: (exit: number) => void): Command {
  return traceOptions(new Command('run'))
    .description('Simulate a workload, write results.json and report.html, and print the comparison.')
    .argument('<workload.yaml>', 'workload file')
    .option('--out <folder>', 'where results go (default: reports/<workload name>)')
    .addOption(workloadOptions.workers())
    .addOption(workloadOptions.seed())
    .addOption(workloadOptions.replications())
    .addOption(workloadOptions.set())
    .addOption(workloadOptions.worlds())
    .addOption(workloadOptions.whatIf())
    .addOption(workloadOptions.json('the result document'))
    .addOption(workloadOptions.quiet())
    .addHelpText(
      'after',
      `
Examples:
  $ dsasim run workloads/quickstart.yaml
  $ dsasim run workloads/design-comparison.yaml --replications 20 --set platform.set.engine.bandwidth=28GB/s
  $ dsasim run workloads/quickstart.yaml --trace quickstart.pftrace --trace-window 50us..150us

A limit of the workload that breaks is printed; only \`dsasim gate\` fails for it.`,
    )
    .action(async (path: string, flags: Flags) => {
      const interrupt = onInterrupt();
      try {
        done(await run(path, flags, interrupt.signal, interrupt.exitCode));
      } finally {
        interrupt.dispose();
      }
    });
}

async function run(
  path: string,
  flags: Flags,
  signal: AbortSignal,
  interrupted: () => number,
): Promise<number> {
  const written: string[] = [];
  try {
    const { checkFolder } = await import('../experiment/output.js');
    const workload = await load(path, flags);
    const folder = flags.out ?? join('reports', workload.name);
    await checkFolder(folder);
    const trace = await planTrace(workload, flags);
    const results = await simulate(workload, path, flags, signal);
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
    await announce(results, written, flags);
    if (trace !== null) await writeTrace(trace, results, signal, flags.quiet === true);
    return signal.aborted ? interrupted() : EXIT.fine;
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name !== 'InterruptedError' && name !== 'AbortError') throw error;
    const what = name === 'InterruptedError' ? (error as Error).message : 'interrupted';
    say(`${what}; ${written.length === 0 ? 'no file was written' : `written: ${written.join(', ')}`}`);
    return interrupted();
  }
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

/** Warnings, limits that broke where no table shows them, and where the files are. */
async function announce(results: Results, written: readonly string[], flags: Flags): Promise<void> {
  const colour = wantsColour(process.stderr);
  if (flags.json === true || flags.quiet === true) {
    const { limitText } = await import('../report/gate/words.js');
    for (const limit of results.limits) {
      if (!limit.held) say(`${paint('red', '✗', colour)} ${limitText(limit)}`);
    }
  }
  if (flags.quiet !== true) say(`\nwrote ${written.join(' and ')}`);
}
