/** Comparisons in the order of the sweep, and what moved taken together by metric and design. */
import type { GateComparison, GateVerdict } from '../../experiment/gate.js';
import { EXAMPLE, parseQuantity, type QuantityDimension } from '../../workload/units.js';
import { counted } from '../names.js';
import { changeShare, comparisonText, detailText, shortPoints } from './words.js';

/** What moved the same way in one metric of one design. */
export interface Group {
  metric: string;
  design: string;
  /** In the order of the sweep. */
  members: readonly GateComparison[];
  /** Points at which the metric of the design was compared. */
  points: number;
  /** The member that moved by the largest share of its baseline. */
  worst: GateComparison;
}

/** Groups that are named where a verdict is given; the others are counted. */
const NAMED = 8;

const DIMENSIONS = Object.keys(EXAMPLE) as QuantityDimension[];
const WORDS = new Intl.Collator('en', { numeric: true });

/**
 * Points in the order of their sweep: design by design, and 256B before 1KiB. A baseline sorts its keys as text, so
 * what a value says decides.
 */
export function inOrder<T extends { point: string }>(all: readonly T[]): T[] {
  const designs = [...new Set(all.map(({ point }) => designOf(point)))];
  const keys = new Map(
    all.map(({ point }) => [point, { design: designs.indexOf(designOf(point)), values: valuesOf(point) }]),
  );
  return [...all].sort((a, b) => {
    const [one, other] = [keys.get(a.point)!, keys.get(b.point)!];
    return one.design - other.design || inValues(one.values, other.values);
  });
}

/** Each point of these and its place in {@link inOrder}. */
export function placesInOrder(all: readonly { point: string }[]): Map<string, number> {
  return new Map(inOrder(all).map(({ point }, place) => [point, place]));
}

const ORDER: readonly GateVerdict[] = ['regressed', 'unclear', 'improved', 'within', 'same'];

/** What needs attention first, and of equal verdicts in the order of the sweep. */
export function worstFirst(comparisons: readonly GateComparison[]): GateComparison[] {
  return inOrder(comparisons).sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
}

/**
 * Comparisons of these verdicts by verdict, metric and design; the group with the largest change first.
 * @param all every comparison of the gate
 */
export function groups(all: readonly GateComparison[], verdicts: readonly GateVerdict[]): Group[] {
  const members = new Map<string, GateComparison[]>();
  for (const c of inOrder(all)) {
    if (!verdicts.includes(c.verdict)) continue;
    const key = JSON.stringify([c.verdict, c.metric, c.design]);
    const list = members.get(key);
    if (list === undefined) members.set(key, [c]);
    else list.push(c);
  }
  return [...members.values()].map((list) => group(list, all)).sort((a, b) => larger(a.worst, b.worst));
}

function group(members: readonly GateComparison[], all: readonly GateComparison[]): Group {
  const worst = members.reduce((most, c) => (larger(c, most) < 0 ? c : most));
  const { metric, design } = worst;
  const points = all.filter((c) => c.metric === metric && c.design === design).length;
  return { metric, design, members, points, worst };
}

/** `boot_time of mdev at 3 of 8 points, most at size=64B: 265 µs → 512 µs (+92.9 % ± 0 %, tolerance 0 %)`. */
export function groupText({ metric, design, members, points, worst }: Group, names: Names): string {
  const name = names.get(worst.point) ?? worst.point;
  if (members.length === 1) return comparisonText({ ...worst, point: name });
  const where = members.length === points ? `all ${points}` : `${members.length} of ${points}`;
  const detail = detailText(worst);
  const alike = members.every((c) => detailText(c) === detail);
  const most = alike ? '' : `, most at ${placeOf(name)}`;
  return `${metric} of ${design} at ${where} points${most}: ${detail}`;
}

/** Points with the names under which they are shown. */
type Names = ReturnType<typeof shortPoints>;

/** What regressed, a line for every metric of a design, the largest change first; what is not named is counted. */
export function regressionTexts(all: readonly GateComparison[]): string[] {
  const found = groups(all, ['regressed']);
  const names = shortPoints(all.map(({ point }) => point));
  const named = found.length === NAMED + 1 ? found : found.slice(0, NAMED);
  const rest = found.slice(named.length);
  const lines = named.map((one) => groupText(one, names));
  if (rest.length === 0) return lines;
  const count = rest.reduce((sum, { members }) => sum + members.length, 0);
  return [
    ...lines,
    `and ${counted(count, 'more regression')}, of ${counted(rest.length, 'further pair')} of metric and design`,
  ];
}

/** The same where every regression has a line of its own nearby: nothing unless those are too many to be taken in. */
export function regressionSummary(all: readonly GateComparison[]): string[] {
  const count = all.filter(({ verdict }) => verdict === 'regressed').length;
  return count > NAMED ? regressionTexts(all) : [];
}

/** Below zero where the first moved by the larger share of its baseline; any move from zero comes before those. */
function larger(a: GateComparison, b: GateComparison): number {
  const [one, other] = [a, b].map((c) => Math.abs(changeShare(c))) as [number, number];
  return one === other ? 0 : other > one ? 1 : -1;
}

function designOf(point: string): string {
  return point.split(' @ ', 1)[0]!;
}

function placeOf(point: string): string {
  return point.slice(point.indexOf(' @ ') + 3);
}

/** A value of the sweep: what it measures and how much, where it is a quantity or a number. */
interface SweepValue {
  text: string;
  dimension: QuantityDimension | 'number' | null;
  amount: number;
}

function valuesOf(point: string): SweepValue[] {
  if (!point.includes(' @ ')) return [];
  return placeOf(point)
    .split(', ')
    .map((part) => sweepValue(part.slice(part.indexOf('=') + 1)));
}

function sweepValue(text: string): SweepValue {
  const number = Number(text);
  if (text !== '' && Number.isFinite(number)) return { text, dimension: 'number', amount: number };
  for (const dimension of DIMENSIONS) {
    const read = parseQuantity(dimension, text);
    if ('value' in read) return { text, dimension, amount: read.value };
  }
  return { text, dimension: null, amount: 0 };
}

/** The first axis of a sweep moves slowest. */
function inValues(a: readonly SweepValue[], b: readonly SweepValue[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [one, other] = [a[i]!, b[i]!];
    const alike = one.dimension !== null && one.dimension === other.dimension;
    const order = alike ? one.amount - other.amount : WORDS.compare(one.text, other.text);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
