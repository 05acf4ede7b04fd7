/**
 * Designs against places, one quantity a table: the whole comparison in one look, the best of each place shaded most.
 * Shades follow the rankings of the answer: only among equal resources, and all that tie with the best alike.
 */
import { html, type Markup } from '../markup.js';
import { capitalize, listing } from '../names.js';
import { meanText } from '../numbers.js';
import { better, cohorts, type PlaceRanking, rankingsAcross } from '../outcomes.js';
import type { Overview, Place } from '../overview.js';
import { chartedQuantities, type Quantity } from '../quantities.js';
import { designSwatch, scrolling } from '../section.js';

/** More places than this do not fit beside each other. */
const MOST_PLACES = 12;
/** Shades between the worst and the best of a ranking. */
const SHADES = 6;

/** The tables; nothing where there is nothing to lay out in two directions. */
export function glanceTables(view: Overview): Markup | null {
  const { places, designs } = view;
  if (designs.length < 2 || places.length < 2 || places.length > MOST_PLACES) return null;
  const shown = chartedQuantities(view).filter(({ metric }) => metric !== 'latency_p50');
  return html`${shown.map((quantity) =>
    view.results.points.some((point) => (quantity.of(point)?.mean ?? null) !== null)
      ? scrolling(`${quantity.title} at a glance`, table(view, quantity))
      : unmeasured(view, quantity),
  )}`;
}

/** Why there is no table: it would hold nothing but dashes. */
function unmeasured(view: Overview, { title, metric }: Quantity): Markup {
  const verdicts = new Set(view.results.points.map((point) => point.verdicts[metric] ?? 'ok'));
  const reasons = [...verdicts].filter((verdict) => verdict !== 'ok');
  const why = reasons.length === 0 ? '' : `: ${listing(reasons)}`;
  const remedy = verdicts.has('too few samples') ? '; a longer measure.duration would help' : '';
  return html`<p class="note">${capitalize(title)} was measured nowhere${why}${remedy}.</p>`;
}

function table(view: Overview, quantity: Quantity): Markup {
  const { title, metric, of } = quantity;
  const unit = view.unit(metric);
  // An amount per device is what ranks designs together whatever they were given.
  const across = quantity.family === 'throughput per device';
  const rankings = across
    ? rankingsAcross(view, metric)
    : cohorts(view, metric).flatMap((cohort) => cohort.rankings);
  const shades = shadesOf(rankings, better(view, metric));
  const letters = across ? null : lettersOf(view);
  const rows = view.designs.map(({ id }, position) => {
    const cells = view.places.map((place) => {
      const point = view.point(id, place);
      const estimate = point && of(point);
      const shade = shades.get(cellKey(id, place));
      const letter = letters === 'cells' && point ? view.allotment(point).letter : '';
      return html`<td class="n${shade !== undefined && ` h${shade}`}" data-value="${estimate?.mean ?? ''}">${meanText(estimate, unit)}${letter !== '' && html` <small>${letter}</small>`}</td>`;
    });
    const letter = letters === 'rows' ? (lettersGiven(view, id)[0] ?? '') : '';
    return html`<tr><th scope="row">${designSwatch(position)} ${id}${letter !== '' && html` <small>${letter}</small>`}</th>${cells}</tr>`;
  });
  const axis = view.axis !== null && view.results.sweep.length === 1 ? ` by ${view.axis.title}` : '';
  const among = letters === null ? '' : ' among equal resources (the letter)';
  const shaded = rankings.length === 0 ? '' : `; shaded within each column${among}`;
  return html`<table border="1" cellpadding="4" class="glance sortable"><caption>${title}${axis} <small>${better(view, metric)} is better${shaded}</small></caption><thead><tr><th scope="col">Design</th>${view.places.map(({ label }) => html`<th scope="col" class="n">${label}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
}

/** What was given to a design over the sweep, as letters. */
function lettersGiven(view: Overview, id: string): string[] {
  const points = view.places.flatMap((place) => view.point(id, place) ?? []);
  return [...new Set(points.map((point) => view.allotment(point).letter))];
}

/** Where letters say what was given: nowhere if every column has one, at cells if a design's changes over the sweep. */
function lettersOf(view: Overview): 'rows' | 'cells' | null {
  const mixed = view.places.some((place) => {
    const points = view.designs.flatMap(({ id }) => view.point(id, place) ?? []);
    return new Set(points.map((point) => view.allotment(point).letter)).size > 1;
  });
  if (!mixed) return null;
  return view.designs.every(({ id }) => lettersGiven(view, id).length < 2) ? 'rows' : 'cells';
}

/** Shades by design and place: 0 for far behind, `SHADES` for rank 1. What nothing is ranked with has none. */
function shadesOf(
  rankings: readonly PlaceRanking[],
  direction: 'higher' | 'lower' | 'neither',
): ReadonlyMap<string, number> {
  const shades = new Map<string, number>();
  for (const { place, ranked } of rankings) {
    const means = ranked.map(({ mean }) => mean);
    const best = direction === 'lower' ? Math.min(...means) : Math.max(...means);
    for (const { id, rank, mean } of ranked) {
      const ratio = direction === 'lower' ? best / mean : mean / best;
      const behind = Number.isFinite(ratio) ? Math.floor(ratio * SHADES) : 0;
      shades.set(cellKey(id, place), rank === 1 ? SHADES : Math.max(0, Math.min(SHADES - 1, behind)));
    }
  }
  return shades;
}

function cellKey(id: string, place: Place): string {
  return `${place.index} ${id}`;
}
