/** What a gate found, for people at a terminal. */
import { styleText } from 'node:util';
import type { GateVerdict } from '../../experiment/gate.js';
import type { GateOutcome } from '../../experiment/gate-outcome.js';
import { overall } from '../../experiment/gate-outcome.js';
import { inOrder, regressionSummary } from './groups.js';
import { changeTexts, comparisonText, limitText, MARKS, remarks, subject, verdictText } from './words.js';

const STYLES: Readonly<Record<GateVerdict, 'red' | 'green' | 'yellow' | 'dim'>> = {
  same: 'dim',
  within: 'dim',
  improved: 'green',
  regressed: 'red',
  unclear: 'yellow',
};

/**
 * A line for every comparison that is not plain equality, what changed, and the verdict in a sentence, with many
 * regressions summed up below it; with several workloads each under its name and the verdict on all of them at the
 * end.
 * @param colour whether escape codes may be used
 */
export function gateText(outcomes: readonly GateOutcome[], colour: boolean): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const verdict = (status: GateOutcome['status'], text: string): string => {
    const said = text.slice(0, text.indexOf(':'));
    return paint(['bold', status === 'passed' ? 'green' : 'red'], said) + text.slice(said.length);
  };
  const several = outcomes.length > 1;
  const lines = outcomes.flatMap((outcome) => {
    const { report, limits } = outcome;
    const own: string[] = [];
    for (const c of inOrder(report.comparisons)) {
      if (c.verdict !== 'same')
        own.push(`  ${paint(STYLES[c.verdict], MARKS[c.verdict])} ${comparisonText(c)}`);
    }
    for (const skip of inOrder(report.skipped))
      own.push(`  - ${subject(skip)}: not compared, ${skip.reason}`);
    for (const limit of limits) if (!limit.held) own.push(`  ${paint('red', '✗')} ${limitText(limit)}`);
    if (report.changed.length > 0) {
      own.push('what changed since the baseline:', ...changeTexts(report.changed).map((line) => `  ${line}`));
    }
    own.push(
      verdict(outcome.status, verdictText(outcome)),
      ...regressionSummary(report.comparisons).map((line) => `  ${line}`),
      ...remarks(outcome),
    );
    return several ? [paint('bold', `${outcome.workload} (${outcome.baseline})`), ...own, ''] : own;
  });
  if (several) {
    const status = overall(outcomes);
    const word = status === 'not comparable' ? 'gate not decided' : `gate ${status}`;
    lines.push(verdict(status, `${word}: ${outcomes.length} workloads`));
  }
  return lines.map((line) => `${line}\n`).join('');
}
