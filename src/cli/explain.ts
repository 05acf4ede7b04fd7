/** `dsasim explain`: what a name or an error code means. */
import { Command } from 'commander';
import { UsageError } from './errors.js';
import { EXIT } from './exit-codes.js';
import type { Explanation } from './explanations.js';
import { workloadOptions } from './options.js';
import { paint, print, wantsColour, widthOf } from './terminal.js';

/** Version of the `--json` form. */
const EXPLAIN_SCHEMA_VERSION = 1;

const WIDEST = 110;

/** The command. */
export function explainCommand(done: (exit: number) => void): Command {
  return new Command('explain')
    .description('Explain a parameter, metric, stage of latency, design, preset, cited cost or error code.')
    .argument('<name...>', 'such as engine.bandwidth, queue, mdev, T15 or W012; its kind may stand before it')
    .addOption(workloadOptions.json('the explanation'))
    .addHelpText(
      'after',
      `
Examples:
  $ dsasim explain host.enqcmd
  $ dsasim explain design mdev
  $ dsasim explain cost T15
  $ dsasim explain W012`,
    )
    .action(async (words: string[], flags: { json?: boolean }) => {
      const { explain, explanations } = await import('./explanations.js');
      const all = explanations();
      const ofKind = words.length === 2 && all.some(({ kind }) => kind === words[0]);
      const name = words.slice(ofKind ? 1 : 0).join(' ');
      const found = explain(name).filter(({ kind }) => !ofKind || kind === words[0]);
      if (found.length === 0) {
        const { nearest } = await import('../workload/nearest.js');
        const near = nearest(
          name,
          all.flatMap((entry) => [entry.name, entry.name.replace(/^DSASIM_/, '')]),
        );
        throw new UsageError(
          `nothing is called "${name}"`,
          near === undefined ? 'see dsasim list parameters, metrics or designs' : `did you mean ${near}?`,
          'DSASIM_C013',
        );
      }
      if (flags.json === true) {
        const { canonicalText } = await import('../experiment/canonical.js');
        const items = found.map(({ facts, ...entry }) => ({
          ...entry,
          facts: facts.map(([label, text]) => ({ label, text })),
        }));
        const document = { schema_version: EXPLAIN_SCHEMA_VERSION, kind: 'explanation', items };
        await print(canonicalText(document as never));
      } else {
        const { wrap } = await import('../report/text-layout.js');
        const width = Math.max(40, Math.min(widthOf(process.stdout), WIDEST));
        await print(found.map((entry) => text(entry, width, wrap)).join('\n'));
      }
      done(EXIT.fine);
    });
}

function text(
  { kind, name, sentence, facts }: Explanation,
  width: number,
  wrap: (text: string, width: number, mark: string) => string[],
): string {
  const colour = wantsColour(process.stdout);
  const widest = Math.max(...facts.map(([label]) => label.length));
  const lines = facts.flatMap(([label, fact]) => wrap(fact, width, `  ${label.padEnd(widest)}  `));
  const head = `${paint('bold', name, colour)}  ${paint('dim', kind, colour)}`;
  return [head, ...wrap(sentence, width, ''), ...lines].map((line) => `${line}\n`).join('');
}
