/** Turns of phrase of the answer: places, leads, ties. */
import { NEGLIGIBLE } from '../analysis/ranking.js';
import { listing, most } from './names.js';
import type { Stretch } from './outcomes.js';
import type { Overview, Place } from './overview.js';

/** Gaps from here on read better as a factor than in percent. */
const FACTOR_FROM = 1;

/** `8 %`, `8–12 %`, `a factor of 2.4`, `a factor of 2.4–3.1`; of shares such as 0.08. */
function gapText(shares: readonly number[]): string {
  const low = Math.min(...shares);
  const high = Math.max(...shares);
  if (!Number.isFinite(high)) return 'any factor (the other did nothing)';
  const factor = high >= FACTOR_FROM;
  const print = (share: number) => String(Number((factor ? 1 + share : share * 100).toPrecision(2)));
  const [from, to] = [print(low), print(high)];
  const range = from === to ? to : `${from}–${to}`;
  return factor ? `a factor of ${range}` : `${range} %`;
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
  if (!single || !view.axis.numeric || places.length === 2) {
    return places.length <= 3
      ? `at ${named(view, listing(places.map((place) => place.label)))}`
      : `at ${places.length} of ${view.places.length} points`;
  }
  const rising = (view.places.at(-1)!.x ?? 0) > (view.places[0]!.x ?? 0);
  if (last.index === view.places.length - 1 && rising) return `from ${named(view, first.label)} up`;
  return `from ${named(view, `${first.label} to ${last.label}`)}`;
}

/** Labels of places behind the name of their axis, where they have no unit that tells what they are. */
function named(view: Overview, labels: string): string {
  if (view.results.sweep.length > 1 || (view.axis !== null && view.axis.unit !== '')) return labels;
  return `${view.axis?.title ?? ''} ${labels}`.trim();
}

/**
 * Says who leads where, as one clause a stretch.
 * @param designs all designs that were ranked
 * @param meant what "all" means: these, and those that could not be ranked for want of a value
 */
export function leadText(
  view: Overview,
  designs: readonly string[],
  all: readonly Stretch[],
  meant: readonly string[] = designs,
): string {
  const parts = all.map((stretch) => {
    const where = placesText(view, stretch.places);
    const at = where === '' ? '' : ` ${where}`;
    if (stretch.level) return `${tieWords(designs, stretch, meant)}${at}`;
    const verb = stretch.leaders.length === 1 ? 'leads' : 'lead together';
    return `${most(stretch.leaders, meant)} ${verb}${at}${distance(stretch)}`;
  });
  return parts.join('; ');
}

function tieWords(designs: readonly string[], stretch: Stretch, meant: readonly string[]): string {
  const all = most(designs, meant);
  const who = designs.length === 2 || all.startsWith('all ') ? `${all} are level` : `${all} are all level`;
  if (stretch.spread === 0) return who.replace(/level$/, 'the same');
  return stretch.spread < NEGLIGIBLE
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
