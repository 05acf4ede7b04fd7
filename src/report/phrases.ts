/** Turns of phrase of the answer: places, leads, ties. */
import { NEGLIGIBLE } from '../analysis/ranking.js';
import type { Results } from '../experiment/results.js';
import { formatQuantity } from '../workload/format.js';
import { axisTitle, listing, most } from './names.js';
import type { Doubt, Stretch } from './outcomes.js';
import { type Overview, type Place, siUnit } from './overview.js';

/** Gaps from here on read better as a factor than in percent. */
const FACTOR_FROM = 1;
/** Gaps down to here may begin a range of factors: `1.5–3.1`. Less would not tell 2 % from 4 %. */
const FACTOR_TO = 0.5;
/** Places or values that are named one by one; more are counted. */
const LISTED = 3;
/** Clauses about who leads; of more the rest is counted. */
const TOLD = 5;

/** `8 %`, `8–12 %`, `a factor of 2.4–3.1`, `8 % to a factor of 3.1`; of shares such as 0.08. */
function gapText(shares: readonly number[]): string {
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  if (!Number.isFinite(high)) return 'any factor (the other did nothing)';
  // As they would be printed: what reads 100 % is a factor of 2.
  const [least, greatest] = [low, high].map((share) => Number(share.toPrecision(2))) as [number, number];
  const print = (value: number) => String(Number(value.toPrecision(2)));
  const percent = (share: number) => print(share * 100);
  const range = (from: string, to: string) => (from === to ? to : `${from}–${to}`);
  if (greatest < FACTOR_FROM) return `${range(percent(low), percent(high))} %`;
  if (least < FACTOR_TO) return `${percent(low)} % to a factor of ${print(1 + high)}`;
  return `a factor of ${range(print(1 + low), print(1 + high))}`;
}

/** Where something holds: `at every size`, `at 64 B`, `from 64 B to 1 KiB`, `from 4 KiB up`; empty without a sweep. */
export function placesText(view: Overview, places: readonly Place[]): string {
  const first = places[0];
  const last = places.at(-1);
  if (first === undefined || last === undefined || view.axis === null) return '';
  const single = view.results.sweep.length === 1;
  if (places.length === view.places.length) {
    return single ? `at every ${view.axis.title}` : 'at every point of the sweep';
  }
  if (places.length === 1) return `at ${named(view, first.label)}`;
  const unbroken = places.every((place, i) => place.index === first.index + i);
  if (!single || !view.axis.numeric || !unbroken || places.length === 2) {
    if (!single) return pointsText(view, places);
    return places.length <= LISTED
      ? `at ${named(view, listing(places.map((place) => place.label)))}`
      : `at ${places.length} of ${view.places.length} points`;
  }
  const rising = (view.places.at(-1)!.x ?? 0) > (view.places[0]!.x ?? 0);
  if (last.index === view.places.length - 1 && rising) return `from ${named(view, first.label)} up`;
  return `from ${named(view, `${first.label} to ${last.label}`)}`;
}

/**
 * Where something holds among several axes: `at size 4 KiB, depth 1 and 8`, `at 7 of 40 points, all with size 4 KiB`,
 * `at all 8 points with size 4 KiB`.
 */
function pointsText(view: Overview, places: readonly Place[]): string {
  const atOf = (place: Place): Readonly<Record<string, string>> =>
    view.designs.map(({ id }) => view.point(id, place)).find((point) => point !== undefined)?.at ?? {};
  const all = view.places.map(atOf);
  const here = places.map(atOf);
  const same = (ats: typeof all, path: string) => ats.every((at) => at[path] === here[0]![path]);
  const telling = view.results.sweep.map(({ path }) => path).filter((path) => !same(all, path));
  const common = telling.filter((path) => same(here, path));
  const word = (path: string, at = here[0]!) => axisValue(view.results, path, at[path] ?? '');
  const words = common.map((path) => word(path));
  const [differing, another] = telling.filter((path) => !common.includes(path));
  const number = places.length;
  if (number <= LISTED && differing !== undefined && another === undefined) {
    const title = `${axisTitle(differing)} `;
    const values = listing(here.map((at) => word(differing, at).slice(title.length)));
    return `at ${[...words, title + values].join(', ')}`;
  }
  if (number === 2) return `at ${listing(places.map(({ label }) => label))}`;
  if (words.length === 0) return `at ${number} of ${all.length} points`;
  return all.filter((at) => common.every((path) => same([at], path))).length === number
    ? `at all ${number} points with ${words.join(', ')}`
    : `at ${number} of ${all.length} points, all with ${words.join(', ')}`;
}

/** A value of an axis with its name, as tables and charts write it: `size 256 B`. */
export function axisValue({ sweep }: Results, path: string, written: string): string {
  const axis = sweep.find((each) => each.path === path);
  const number = axis?.numbers[axis.values.indexOf(written)] ?? null;
  const unit = siUnit(axis?.unit ?? '');
  const value = number === null || unit === '' ? written : formatQuantity(number, unit);
  return `${axisTitle(path)} ${value}`;
}

/** Labels of places behind the name of their axis, where they have no unit that tells what they are. */
function named(view: Overview, labels: string): string {
  if (view.results.sweep.length > 1 || (view.axis !== null && view.axis.unit !== '')) return labels;
  return `${view.axis?.title ?? ''} ${labels}`.trim();
}

/**
 * Says who leads where, as one clause a stretch; of many stretches the last are counted.
 * @param meant what "all" means: those that were ranked, and those that could not be for want of a value
 */
export function leadText(view: Overview, all: readonly Stretch[], meant: readonly string[]): string {
  const parts = all.slice(0, TOLD).map((stretch) => {
    const where = placesText(view, stretch.places);
    const at = where === '' ? '' : ` ${where}`;
    if (stretch.level) return `${tieWords(stretch, meant)}${at}`;
    const verb = stretch.leaders.length === 1 ? 'leads' : 'lead together';
    return `${most(stretch.leaders, meant)} ${verb}${at}${distance(stretch)}`;
  });
  const left = all.slice(TOLD).reduce((sum, { places }) => sum + places.length, 0);
  if (left > 0) parts.push(`other leaders at ${left} of ${view.places.length} points`);
  return parts.join('; ');
}

/** `not counted: mdev at 4 KiB (not stationary)`; empty when every value is ranked. */
export function doubtText(view: Overview, doubts: readonly Doubt[]): string {
  if (doubts.length === 0) return '';
  const whys = listing([...new Set(doubts.map(({ why }) => why))]);
  if (doubts.length > LISTED) return `not counted: ${doubts.length} values (${whys})`;
  const each = doubts.map(({ id, place, why }) => `${`${id} ${placesText(view, [place])}`.trim()} (${why})`);
  return `not counted: ${listing(each)}`;
}

function tieWords({ leaders, spread }: Stretch, meant: readonly string[]): string {
  const all = most(leaders, meant);
  const who = leaders.length === 2 || all.startsWith('all ') ? `${all} are level` : `${all} are all level`;
  if (spread === 0) return who.replace(/level$/, 'the same');
  return spread < NEGLIGIBLE
    ? `${who} within ${NEGLIGIBLE * 100} %`
    : `${who}, without a significant difference,`;
}

/** `, ahead of mdev by 8–12 % and of vfio-user by up to 30 %`. */
function distance(stretch: Stretch): string {
  const next = [...new Set(stretch.leads.map((lead) => lead.id))];
  const gap = gapText(stretch.leads.map((lead) => lead.share));
  const ahead = `, ahead of ${next.length === 1 ? next[0] : 'the next'} by ${gap}`;
  const furthest = stretch.lasts.reduce((a, b) => (b.share > a.share ? b : a));
  const lastIsNext = stretch.leads.every((lead, i) => lead.id === stretch.lasts[i]?.id);
  const upTo = stretch.lasts.length > 1 ? 'up to ' : '';
  return lastIsNext ? ahead : `${ahead} and of ${furthest.id} by ${upTo}${gapText([furthest.share])}`;
}
