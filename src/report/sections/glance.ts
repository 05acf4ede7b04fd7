/** Designs against places, one quantity a table: the whole comparison in one look, the best of each place shaded most. */
import { html, type Markup } from '../markup.js';
import { meanText } from '../numbers.js';
import { better } from '../outcomes.js';
import type { Overview, Place } from '../overview.js';
import { chartedQuantities, type Quantity } from '../quantities.js';
import { designSwatch, scrolling } from '../section.js';

/** More places than this do not fit beside each other. */
const MOST_PLACES = 12;
/** Shades between the worst and the best of a place. */
const SHADES = 6;
/** Values this close to the best are shaded like it. */
const LEVEL = 0.99;

/** The tables; nothing where there is nothing to lay out in two directions. */
export function glanceTables(view: Overview): Markup | null {
  const { places, designs } = view;
  if (designs.length < 2 || places.length < 2 || places.length > MOST_PLACES) return null;
  const shown = chartedQuantities(view).filter(({ metric }) => metric !== 'latency_p50');
  return html`${shown.map((quantity) => scrolling(`${quantity.title} at a glance`, table(view, quantity)))}`;
}

function table(view: Overview, { title, metric, of }: Quantity): Markup {
  const unit = view.unit(metric);
  const direction = better(view, metric);
  const estimateOf = (id: string, place: Place) => {
    const point = view.point(id, place);
    return point && of(point);
  };
  const rows = view.designs.map(({ id }, position) => {
    const cells = view.places.map((place) => {
      const all = view.designs.flatMap((design) => estimateOf(design.id, place)?.mean ?? []);
      const estimate = estimateOf(id, place);
      const mean = estimate?.mean ?? null;
      const grade = mean === null ? 0 : shade(mean, all, direction);
      return html`<td class="n h${grade}" data-value="${mean ?? ''}">${meanText(estimate, unit)}</td>`;
    });
    return html`<tr><th scope="row">${designSwatch(position)} ${id}</th>${cells}</tr>`;
  });
  const axis = view.axis !== null && view.results.sweep.length === 1 ? ` by ${view.axis.title}` : '';
  return html`<table border="1" cellpadding="4" class="glance sortable"><caption>${title}${axis} <small>${direction} is better; shaded within each column</small></caption><thead><tr><th scope="col">Design</th>${view.places.map(({ label }) => html`<th scope="col" class="n">${label}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
}

/** 0 for the worst of a place, `SHADES` for the best and for all that are level with it. */
function shade(mean: number, all: readonly number[], direction: 'higher' | 'lower' | 'neither'): number {
  const best = direction === 'lower' ? Math.min(...all) : Math.max(...all);
  const ratio = direction === 'lower' ? best / mean : mean / best;
  if (!Number.isFinite(ratio)) return 0;
  return ratio >= LEVEL ? SHADES : Math.max(0, Math.min(SHADES - 1, Math.floor(ratio * SHADES)));
}
