/** Latency over percentiles, one small chart a place. */
import { type PercentileValue, percentileChart } from '../charts/curve-chart.js';
import { html, type Markup } from '../markup.js';
import type { Overview, Place } from '../overview.js';
import type { ChartRenderer } from '../render-chart.js';
import { figure, type Section } from '../section.js';
import { thinned } from '../ticks.js';
import { heading } from './comparison.js';
import { designLegend } from './curves.js';

/** Most charts; of a longer sweep evenly spaced places are shown. */
const MOST_PANELS = 8;

/** The section, or null when nothing was recorded. */
export async function percentilesSection(view: Overview, draw: ChartRenderer): Promise<Section | null> {
  const figures: Markup[] = [];
  for (const place of shownPlaces(view)) {
    const values: PercentileValue[] = view.designs.flatMap(({ id }, design) =>
      (view.point(id, place)?.percentiles ?? []).map(([percentile, seconds]) => ({
        design,
        percentile,
        seconds,
      })),
    );
    if (!values.some((value) => value.seconds > 0)) continue;
    const title = place.label === '' ? 'All designs' : heading(view, place);
    const spec = percentileChart(values, { width: 360, height: 220 });
    figures.push(figure(title, '', await draw(spec, `Latency by percentile, ${title}.`)));
  }
  if (figures.length === 0) return null;
  return {
    id: 'percentiles',
    title: 'Latency percentiles',
    body: html`<p class="note">Over all replications together. To the right every further nine of the tail takes the same width.</p>${designLegend(view)}<div class="charts small">${figures}</div>`,
  };
}

/** The places that get a chart of their own. */
export function shownPlaces(view: Overview): Place[] {
  const indices = new Set(
    thinned(
      view.places.map((place) => place.index),
      MOST_PANELS,
    ),
  );
  return view.places.filter((place) => indices.has(place.index));
}
