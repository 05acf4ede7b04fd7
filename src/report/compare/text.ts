/** A comparison of two documents for the terminal. */
import { styleText } from 'node:util';
import type { MetricComparison, ResultComparison } from '../../experiment/compare-results.js';
import { settingText } from '../gate/words.js';
import { clip, wrap } from '../text-layout.js';
import { changeText, comparisonAnswer, differs, findingText, fromTo } from './words.js';

/** Up to so many comparisons all are listed; of more only those that differ. */
const LISTED = 60;
const CHANGES_LISTED = 12;

const STYLES: Readonly<Record<string, 'green' | 'red' | 'yellow' | 'dim'>> = {
  better: 'green',
  worse: 'red',
  different: 'yellow',
};

/**
 * The answer, what was simulated differently, and the metrics of every point. No line is wider than the window, from
 * 40 columns up.
 */
export function comparisonText(
  result: ResultComparison,
  options: { width: number; colour: boolean; reservations: readonly string[] },
): string {
  const { width, colour, reservations } = options;
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const shown = result.comparisons.length <= LISTED ? result.comparisons : result.comparisons.filter(differs);
  const lines = comparisonAnswer(result, reservations).flatMap((sentence) => wrap(sentence, width, ''));
  if (result.differences.length > 0) {
    lines.push('', paint('bold', 'What was simulated differently'));
    for (const { path, from, to } of result.differences.slice(0, CHANGES_LISTED)) {
      lines.push(...wrap(`${path}: ${settingText(from)} → ${settingText(to)}`, width, '  '));
    }
    const rest = result.differences.length - CHANGES_LISTED;
    if (rest > 0) lines.push(`  and ${rest} more`);
  }
  const metricWidth = Math.max(0, ...shown.map(({ metric }) => metric.length));
  let place = '';
  for (const c of shown) {
    const heading = c.point === c.reference_point ? c.point : `${c.point} against ${c.reference_point}`;
    if (heading !== place) lines.push('', ...wrap(heading, width, '').map((line) => paint('bold', line)));
    place = heading;
    lines.push(...row(c, metricWidth, width, paint));
  }
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

/** Metric, values and finding on a line; on two where the window is narrow. */
function row(
  c: MetricComparison,
  metricWidth: number,
  width: number,
  paint: (style: Parameters<typeof styleText>[0], text: string) => string,
): string[] {
  const finding = findingText(c);
  const numbers = c.finding === 'identical' ? fromTo(c).split(' → ')[0]! : `${fromTo(c)}  ${changeText(c)}`;
  const head = `  ${c.metric.padEnd(metricWidth)}  `;
  const painted = paint(STYLES[finding] ?? 'dim', finding);
  if (head.length + numbers.length + 2 + finding.length <= width) return [`${head}${numbers}  ${painted}`];
  return [`  ${clip(c.metric, width - 4 - finding.length)}: ${painted}`, ...wrap(numbers, width, '    ')];
}
