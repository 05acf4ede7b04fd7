/** What a comparison of two documents found, in words. */
import { NEGLIGIBLE } from '../../analysis/ranking.js';
import type { Finding, MetricComparison, ResultComparison } from '../../experiment/compare-results.js';
import type { Results } from '../../experiment/results.js';
import { formatPercent, formatQuantity } from '../../workload/format.js';
import { counted, listing } from '../names.js';
import { reservations } from '../notices.js';
import { overview, siUnit } from '../overview.js';

/** Below what share a difference counts as level, in print. */
const LEVEL = formatPercent(NEGLIGIBLE);

/** Whether a metric differs for certain, and by as much as matters. */
export function differs({ finding }: MetricComparison): boolean {
  return ['better', 'worse', 'different'].includes(finding);
}

/** `30 GB/s → 29 GB/s`. */
export function fromTo({ reference, candidate, unit }: MetricComparison): string {
  const show = (value: number): string => formatQuantity(value, siUnit(unit));
  return `${show(reference)} → ${show(candidate)}`;
}

/** `-3.3 % (-3.5 % to -3.1 %)`: of the ratio where there is one, else of the difference itself. */
export function changeText({ comparison, unit }: MetricComparison): string {
  const { ratio, difference } = comparison;
  const show = (value: number): string =>
    ratio === null ? formatQuantity(value, siUnit(unit)) : formatPercent(value);
  const text = (value: number): string => `${value > 0 ? '+' : ''}${show(value)}`;
  const { mean, halfWidth } = difference;
  if (ratio !== null) {
    const range =
      ratio.low === null || ratio.high === null ? '' : ` (${text(ratio.low - 1)} to ${text(ratio.high - 1)})`;
    return text(ratio.mean - 1) + range;
  }
  if (mean === null) return '';
  return text(mean) + (halfWidth === null ? '' : ` (${text(mean - halfWidth)} to ${text(mean + halfWidth)})`);
}

/** The finding on one metric in plain words. */
export function findingText({ finding }: MetricComparison): string {
  if (finding === 'undecided') return 'cannot be told from one replication';
  return finding === 'negligible' ? `significant, but below ${LEVEL}` : finding;
}

/** What a group of comparisons below the limit is called: `13 comparisons that differ by less than 1 %`. */
export function levelTitle(count: number): string {
  return `${counted(count, 'comparison')} that ${count === 1 ? 'differs' : 'differ'} by less than ${LEVEL}`;
}

/** The largest relative change for the worse and for the better, each in a sentence. */
function furthest(comparisons: readonly MetricComparison[]): string[] {
  return (['worse', 'better'] as const).flatMap((verdict) => {
    const moved = ({ comparison: { ratio } }: MetricComparison): number =>
      ratio === null ? 0 : Math.abs(ratio.mean - 1);
    const found = comparisons
      .filter(({ comparison, finding }) => finding === verdict && comparison.ratio !== null)
      .reduce<MetricComparison | null>((a, b) => (a === null || moved(b) > moved(a) ? b : a), null);
    if (found === null) return [];
    const most = verdict === 'worse' ? 'Most for the worse' : 'Most for the better';
    return [`${most}: ${found.metric} of ${found.point}, ${fromTo(found)}, ${changeText(found)}.`];
  });
}

/** What stands against both documents or one of them. */
export function comparedReservations(documents: readonly Results[]): string[] {
  return [...new Set(documents.flatMap((results) => reservations(overview(results))))];
}

/**
 * The answer in sentences, most important first.
 * @param reserved sentences that stand against it
 */
export function comparisonAnswer(result: ResultComparison, reserved: readonly string[]): string[] {
  const { comparisons, only } = result;
  const count = (test: (c: MetricComparison) => boolean): number => comparisons.filter(test).length;
  const of = (finding: Finding) => (c: MetricComparison) => c.finding === finding;
  const parts = [
    [count(of('better')), 'better'],
    [count(of('worse')), 'worse'],
    [count(of('different')), 'different'],
  ] as const;
  const said = parts.flatMap(([n, what]) => (n === 0 ? [] : [`${n} ${what}`]));
  const total = counted(comparisons.length, 'comparison');
  const same = count(of('identical'));
  const level = count(of('negligible'));
  const undecided = count(of('undecided'));
  const sentences: string[] = [];
  if (said.length > 0) {
    const more = `${level} more ${level === 1 ? 'differs' : 'differ'}`;
    const small = level > 0 ? `; ${more} significantly, but by less than ${LEVEL}` : '';
    sentences.push(`Of ${total} ${listing(said)}${small}.`, ...furthest(comparisons));
  } else if (level > 0) {
    const differ = level === 1 ? '1 differs' : `${level} differ`;
    const all = level === 1 ? '' : ' all';
    sentences.push(`Of ${total} ${differ} significantly, but${all} by less than ${LEVEL}.`);
  } else if (same === comparisons.length) sentences.push(`The two runs are identical in all of ${total}.`);
  else if (count(of('no significant difference')) > 0)
    sentences.push(`No significant difference in ${total}.`);
  if (undecided > 0) {
    sentences.push(
      `${undecided} cannot be told: one replication gives no interval; use --replications 5 or more.`,
    );
  }
  if (level > 0) {
    sentences.push(
      `Below ${LEVEL} a difference counts as level however significant it is, as in the rankings of a run: the constants behind the numbers are not known to a percent.`,
    );
  }
  sentences.push(...reserved);
  sentences.push(`${result.pairing === 'paired' ? 'Paired' : 'Not paired'}: ${result.reason}.`);
  if (comparisons.length > 1) {
    sentences.push(
      `Holm's correction is over ${total}: the chance of one false alarm among them is at most 5 %.`,
    );
  }
  for (const side of ['reference', 'candidate'] as const) {
    if (only[side].length > 0) sentences.push(`Only the ${side} has ${points(only[side])}.`);
  }
  return sentences;
}

function points(keys: readonly string[]): string {
  const shown = keys.slice(0, 3).join(', ');
  return keys.length > 3 ? `${shown} and ${keys.length - 3} more points` : shown;
}
