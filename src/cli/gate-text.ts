/** What a gate found, for people. */
import type { GateChange, GateComparison, GateReport, GateVerdict } from '../experiment/gate.js';
import type { ResultLimit } from '../experiment/results.js';
import { formatPercent, formatQuantity, type SiUnit } from '../workload/format.js';
import { paint } from './terminal.js';

/** A mark and the style of it for each verdict. */
const MARKS: Record<GateVerdict, readonly [string, 'red' | 'green' | 'yellow' | 'dim']> = {
  same: ['=', 'dim'],
  within: ['=', 'dim'],
  improved: ['+', 'green'],
  regressed: ['✗', 'red'],
  unclear: ['~', 'yellow'],
};

const CHANGED: Record<GateChange['what'], string> = {
  model: 'version of dsasim',
  devices: 'device configuration',
  parameters: 'parameters',
  events: 'sequence of events, though version, devices and parameters are the same',
};

/**
 * What changed, a line for every comparison that is not plain equality, and the verdict in a sentence.
 * @param updated whether the baseline was written instead of being compared with
 */
export function gateText(
  report: GateReport,
  limits: readonly ResultLimit[],
  updated: boolean,
  colour: boolean,
): string {
  const { comparisons } = report;
  const count = (verdict: GateVerdict): number => comparisons.filter((c) => c.verdict === verdict).length;
  const broken = limits.filter((limit) => !limit.held);
  const lines: string[] = [];
  for (const c of comparisons) if (c.verdict !== 'same') lines.push(comparisonLine(c, colour));
  for (const skip of report.skipped)
    lines.push(`  - ${skip.metric} of ${skip.point}: not compared, ${skip.reason}`);
  for (const limit of broken) lines.push(limitLine(limit, colour));
  if (report.changed.length > 0) {
    lines.push('what changed since the baseline:');
    for (const change of report.changed) lines.push(`  ${CHANGED[change.what]}${versions(change)}`);
  }
  const regressed = count('regressed');
  const passed = regressed === 0 && broken.length === 0;
  const verdict = paint(['bold', passed ? 'green' : 'red'], passed ? 'gate passed' : 'gate failed', colour);
  const parts = [
    updated ? 'baseline updated' : `${comparisons.length} compared`,
    ...[
      [count('same'), 'unchanged'],
      [count('within'), 'within tolerance'],
      [count('unclear'), 'unclear (~)'],
      [count('improved'), 'improved'],
      [regressed, 'regressed'],
      [broken.length, 'limits broken'],
    ].flatMap(([n, what]) => (n === 0 ? [] : [`${n} ${what}`])),
  ];
  lines.push(`${verdict}: ${parts.join(', ')}`);
  if (count('improved') > 0) lines.push('some metrics improved: update the baseline with --update-baseline');
  if (count('unclear') > 0)
    lines.push('~ the interval straddles the tolerance: more replications would decide');
  if (comparisons.some((c) => c.half_width === null)) {
    lines.push('one replication gives no interval: the values themselves were compared');
  }
  return `${lines.join('\n')}\n`;
}

/** A limit that does not hold. */
export function limitLine(limit: ResultLimit, colour: boolean): string {
  const value = limit.value === null ? 'could not be measured' : `is ${limit.value} (SI)`;
  return `  ${paint('red', '✗', colour)} limit ${limit.text}: ${value} at ${limit.point}`;
}

function comparisonLine(c: GateComparison, colour: boolean): string {
  const [mark, style] = MARKS[c.verdict];
  const unit = c.unit as SiUnit;
  const relative = c.baseline === 0 ? '' : ` (${signed(c.difference / c.baseline, formatPercent)}`;
  const margin =
    c.half_width === null || c.baseline === 0
      ? ''
      : ` ± ${formatPercent(c.half_width / Math.abs(c.baseline))}`;
  const tolerance =
    c.baseline === 0
      ? ` (tolerance ${formatQuantity(c.tolerance, unit)})`
      : `, tolerance ${formatPercent(c.tolerance / Math.abs(c.baseline))})`;
  const stage =
    c.stage === null
      ? ''
      : `; stage ${c.stage.name} ${signed(c.stage.difference, (v) => formatQuantity(v, 's'))}`;
  return (
    `  ${paint(style, mark, colour)} ${c.metric} of ${c.point}: ` +
    `${formatQuantity(c.baseline, unit)} → ${formatQuantity(c.current, unit)}${relative}${margin}${tolerance}${stage}`
  );
}

function signed(value: number, format: (value: number) => string): string {
  return `${value > 0 ? '+' : ''}${format(value)}`;
}

/** Versions are worth printing, hashes are not. */
function versions(change: GateChange): string {
  return change.what === 'model' ? `: ${change.from} → ${change.to}` : '';
}
