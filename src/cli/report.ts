/** `dsasim report`: the page of a result that exists already. */
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { checkOutputs } from './outputs.js';
import { say } from './terminal.js';

/** The command. */
export function reportCommand(done: (exit: number) => void): Command {
  return new Command('report')
    .description('Write the report of a results.json again.')
    .argument('<results.json>', 'result document of dsasim run')
    .option('--out <file>', 'file to write (default: report.html beside the results)')
    .option('--quiet', 'say nothing but errors')
    .addHelpText(
      'after',
      '\nExample:\n  $ dsasim report reports/quickstart/results.json --out /tmp/quickstart.html',
    )
    .action(async (path: string, flags: { out?: string; quiet?: boolean }) => {
      const out = flags.out ?? join(dirname(path), 'report.html');
      await checkOutputs([out], [path]);
      const { readResults } = await import('../experiment/document.js');
      const { writeWhole } = await import('../experiment/files.js');
      const results = await readResults(path);
      const { renderHtml } = await import('../report/html.js');
      await writeWhole(out, [await renderHtml(results)]);
      if (flags.quiet !== true) say(`wrote ${out}`);
      done(0);
    });
}
