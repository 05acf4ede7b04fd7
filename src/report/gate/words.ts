/** What a gate found, in words that all its formats share. */
import type { GateComparison, GateVerdict } from '../../experiment/gate.js';
import type { GateChange } from '../../experiment/gate-changes.js';
import type { GateOutcome } from '../../experiment/gate-outcome.js';
import { limitedMetric } from '../../experiment/limits.js';
import type { ResultLimit } from '../../experiment/results.js';
import type { Setting } from '../../experiment/settings.js';
import { metricDeclaration } from '../../models/metrics.js';
import { formatPercent, formatQuantity } from '../../workload/format.js';
import { siUnit } from '../overview.js';

/** A mark for each verdict. */
export const MARKS: Readonly<Record<GateVerdict, string>> = {
  same: '=',
  within: '=',
  improved: '+',
  regressed: '✗',
  unclear: '~',
};

/** Settings that are listed at most. */
const CHANGES_SHOWN = 20;

/** `throughput of mdev @ size=4KiB: 30 GB/s → 29 GB/s (-3.1 % ± 0.2 %, tolerance 1 %); stage read +30 ns`. */
export function comparisonText(c: GateComparison): string {
  return `${subject(c)}: ${detailText(c)}`;
}

/** `30 GB/s → 29 GB/s (-3.1 % ± 0.2 %, tolerance 1 %); stage read +30 ns`. */
export function detailText(c: GateComparison): string {
  const moved = movedText(c);
  return `${fromTo(c)}${differenceText(c)}${moved === '' ? '' : `; ${moved}`}`;
}

/** `throughput of mdev @ size=4KiB`. */
export function subject(c: { metric: string; point: string }): string {
  return `${c.metric} of ${c.point}`;
}

/**
 * Points under short names: only the last word of each path, `mdev @ size=4KiB`, unless two would then be alike.
 */
export function shortPoints(keys: readonly string[]): ReadonlyMap<string, string> {
  const short = keys.map((key) => key.replace(/[\w.[\]-]+\.([\w[\]-]+)=/g, '$1='));
  const unique = new Set(short).size === new Set(keys).size;
  return new Map(keys.map((key, i) => [key, unique ? short[i]! : key]));
}

/** `30 GB/s → 29 GB/s`. */
function fromTo(c: GateComparison): string {
  const unit = siUnit(c.unit);
  return `${formatQuantity(c.baseline, unit)} → ${formatQuantity(c.current, unit)}`;
}

/** ` (-3.1 % ± 0.2 %, tolerance 1 %)`: relative where the baseline is not zero. */
function differenceText(c: GateComparison): string {
  const unit = siUnit(c.unit);
  if (c.baseline === 0) return ` (tolerance ${formatQuantity(c.tolerance, unit)})`;
  const whole = Math.abs(c.baseline);
  return ` (${shareText(c)}, tolerance ${formatPercent(c.tolerance / whole)})`;
}

/** The difference as a share of the baseline; any from zero is beyond all shares. */
export function changeShare({ baseline, difference }: GateComparison): number {
  return difference === 0 ? 0 : difference / Math.abs(baseline);
}

/** `-3.1 % ± 0.2 %`; without an interval the difference alone, absolute where the baseline is zero. */
export function shareText(c: GateComparison): string {
  const unit = siUnit(c.unit);
  const whole = Math.abs(c.baseline);
  const show = (value: number): string =>
    whole === 0 ? formatQuantity(value, unit) : formatPercent(value / whole);
  const margin = c.half_width === null ? '' : ` ± ${show(c.half_width)}`;
  return `${c.difference > 0 ? '+' : ''}${show(c.difference)}${margin}`;
}

/** `stage read +30 ns`; '' where nothing moved. */
export function movedText({ moved }: GateComparison): string {
  if (moved === null) return '';
  const sign = moved.difference > 0 ? '+' : '';
  return `${moved.kind} ${moved.name} ${sign}${formatQuantity(moved.difference, 's')}`;
}

/** A limit that broke: `limit throughput > 1TB/s: is 29 GB/s at mdev @ size=4KiB`. */
export function limitText(limit: ResultLimit): string {
  const { text, point, value } = limit;
  const unit = siUnit(metricDeclaration(limitedMetric(limit))?.unit ?? '');
  return `limit ${text}: ${value === null ? 'could not be measured' : `is ${formatQuantity(value, unit)}`} at ${point}`;
}

/** What changed since the baseline, a line each, the longest list cut with a count of the rest. */
export function changeTexts(changes: readonly GateChange[]): string[] {
  const lines = changes.map(changeText);
  const rest = lines.length - CHANGES_SHOWN;
  return rest > 1 ? [...lines.slice(0, CHANGES_SHOWN), `and ${rest} more`] : lines;
}

function changeText(change: GateChange): string {
  if (change.what === 'model') return `version of dsasim: ${change.from} → ${change.to}`;
  if (change.what === 'events') {
    return 'sequence of events, though version, devices and parameters are the same';
  }
  const where = change.points > 1 ? ` (at ${change.points} points)` : '';
  return `${change.path}: ${settingText(change.from)} → ${settingText(change.to)}${where}`;
}

/** A setting's value; `-` where a run does not have it. */
export function settingText(setting: Setting | null): string {
  if (setting === null) return '-';
  const unit = siUnit(setting.unit);
  return typeof setting.value === 'number' && unit !== ''
    ? formatQuantity(setting.value, unit)
    : String(setting.value);
}

/** `12 compared, 10 unchanged, 2 regressed`. */
export function countsText({ report, limits, updated }: GateOutcome): string {
  const { comparisons } = report;
  const count = (verdict: GateVerdict): number => comparisons.filter((c) => c.verdict === verdict).length;
  const counts: [number, string][] = [
    [count('same'), 'unchanged'],
    [count('within'), 'within tolerance'],
    [count('unclear'), 'unclear (~)'],
    [count('improved'), 'improved'],
    [count('regressed'), 'regressed'],
    [limits.filter((limit) => !limit.held).length, 'limits broken'],
  ];
  const parts = counts.flatMap(([n, what]) => (n === 0 ? [] : [`${n} ${what}`]));
  return [updated ? 'baseline updated' : `${comparisons.length} compared`, ...parts].join(', ');
}

/** `gate passed: 12 compared, 12 unchanged`. */
export function verdictText(outcome: GateOutcome): string {
  if (outcome.status === 'not comparable') return `not comparable: ${outcome.reasons.join('; ')}`;
  return `gate ${outcome.status}: ${countsText(outcome)}`;
}

/** What to do next, or to know, about the comparisons. */
export function remarks({ report, failOn, status, remedy, predictions }: GateOutcome): string[] {
  const { comparisons } = report;
  const some = (verdict: GateVerdict): boolean => comparisons.some((c) => c.verdict === verdict);
  const lines: string[] = remedy === '' ? [] : [remedy];
  if (some('improved')) lines.push('some metrics improved: update the baseline with --update-baseline');
  if (some('unclear')) {
    lines.push('~ the interval straddles the tolerance: more replications would decide');
  }
  if (comparisons.some((c) => c.half_width === null)) {
    lines.push('one replication gives no interval: the values themselves were compared');
  }
  if (failOn === 'any-change' && status === 'failed') lines.push('any change fails this gate');
  return [...lines, ...predictions];
}
