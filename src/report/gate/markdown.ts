/** What a gate found as GitHub-flavoured Markdown: for a step summary, a pull-request comment, or a mail. */
import type { GateComparison } from '../../experiment/gate.js';
import { type GateOutcome, overall } from '../../experiment/gate-outcome.js';
import { formatPercent, formatQuantity } from '../../workload/format.js';
import { siUnit } from '../overview.js';
import { inOrder, regressionSummary, worstFirst } from './groups.js';
import {
  changeTexts,
  limitText,
  movedText,
  remarks,
  shareText,
  shortPoints,
  subject,
  verdictText,
} from './words.js';

/**
 * Markdown of at most `limitBytes` bytes of UTF-8. Where it would be longer, rows of the tables are left out from the
 * end and counted; the verdicts always stay. GitHub refuses a comment above 65,536 characters and drops a whole step
 * summary above 1 MiB.
 */
export function gateMarkdown(
  outcomes: readonly GateOutcome[],
  limitBytes = Number.POSITIVE_INFINITY,
): string {
  const most = Math.max(
    0,
    ...outcomes.map(({ report }) => report.comparisons.length + report.skipped.length),
  );
  let rows = most;
  for (;;) {
    const text = document(outcomes, rows);
    if (Buffer.byteLength(text) <= limitBytes || rows === 0) return cut(text, limitBytes);
    rows = Math.floor(rows / 2);
  }
}

function document(outcomes: readonly GateOutcome[], rows: number): string {
  const status = overall(outcomes);
  const word = status === 'not comparable' ? 'not decided' : status;
  return [`## Performance gate: ${word}`, '', ...outcomes.flatMap((outcome) => section(outcome, rows))].join(
    '\n',
  );
}

function section(outcome: GateOutcome, rows: number): string[] {
  const { report, limits } = outcome;
  const lines = [`### ${cell(outcome.workload)}`, '', `${cell(verdictText(outcome))}`, ''];
  const list = (title: string, texts: readonly string[]): void => {
    if (texts.length === 0) return;
    if (title !== '') lines.push(title, '');
    lines.push(...texts.map((text) => `- ${cell(text)}`), '');
  };
  list('', [
    ...limits.filter((limit) => !limit.held).map((limit) => `✗ ${limitText(limit)}`),
    ...regressionSummary(report.comparisons),
  ]);
  const changed = worstFirst(report.comparisons).filter((c) => c.verdict !== 'same');
  if (changed.length > 0 && rows > 0) {
    lines.push('| | Metric | Point | Baseline | Now | Change | Tolerance | Moved |');
    lines.push('|---|---|---|--:|--:|--:|--:|---|');
    const names = shortPoints(report.comparisons.map(({ point }) => point));
    lines.push(...changed.slice(0, rows).map((c) => row(c, names.get(c.point)!)));
  }
  const hidden = changed.length - Math.min(rows, changed.length);
  if (hidden > 0) lines.push('', `${hidden} more differ; the JSON output has all of them.`);
  if (changed.length > 0) lines.push('');
  const skipped = inOrder(report.skipped).slice(0, rows);
  list(
    'Not compared:',
    skipped.map((skip) => `${subject(skip)}: ${skip.reason}`),
  );
  list('Changed since the baseline:', changeTexts(report.changed));
  // Without a heading between them two lists would be one.
  list('To know:', remarks(outcome));
  return lines;
}

function row(c: GateComparison, name: string): string {
  const unit = siUnit(c.unit);
  const tolerance =
    c.baseline === 0 ? formatQuantity(c.tolerance, unit) : formatPercent(c.tolerance / Math.abs(c.baseline));
  const cells = [
    c.verdict === 'regressed' ? '**regressed**' : c.verdict,
    `\`${c.metric}\``,
    name,
    formatQuantity(c.baseline, unit),
    formatQuantity(c.current, unit),
    shareText(c),
    tolerance,
    movedText(c),
  ];
  return `| ${cells.map(cell).join(' | ')} |`;
}

/** Text that stays inside its cell and starts no markup or mention. */
function cell(text: string): string {
  return text.replace(/[|<>[\]]/g, (character) => `\\${character}`).replace(/\s+/g, ' ');
}

/** The last resort: whole lines as far as they fit. */
function cut(text: string, limitBytes: number): string {
  if (Buffer.byteLength(text) <= limitBytes) return text;
  let used = 0;
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    used += Buffer.byteLength(line) + 1;
    if (used > limitBytes) break;
    lines.push(line);
  }
  return `${lines.join('\n')}\n`;
}
