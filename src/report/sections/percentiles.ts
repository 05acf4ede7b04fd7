/** Latency by rank: over percentiles, one small chart a place, and as cumulative distributions. */
import { distributionChart, type PercentileValue, percentileChart } from '../charts/percentile-chart.js';
import { html, type Markup } from '../markup.js';
import type { Overview, Place } from '../overview.js';
import type { ChartRenderer } from '../render-chart.js';
import { figure, folded, type Section, slug } from '../section.js';
import { thinned } from '../ticks.js';
import { heading } from './comparison.js';
import { designLegend } from './curves.js';

/** Most charts; of a longer sweep evenly spaced places are shown. */
const MOST_PANELS = 8;
const SIZE = { width: 360, height: 220 };

/** The section, or null when nothing was recorded. */
export async function percentilesSection(view: Overview, draw: ChartRenderer): Promise<Section | null> {
  const curves: Markup[] = [];
  const distributions: Markup[] = [];
  const drawn = new Set<number>();
  for (const place of shownPlaces(view)) {
    const values = valuesAt(view, place);
    const shown = values.filter((value) => value.seconds > 0);
    if (shown.length === 0) continue;
    for (const { design } of shown) drawn.add(design);
    const title = place.label === '' ? 'All designs' : heading(view, place);
    const percentiles = [...new Set(values.map((v) => v.percentile))].sort((a, b) => a - b);
    const { spec, positions } = percentileChart(values, percentiles, SIZE);
    const series = view.designs.map(({ id }, design) => {
      const own = new Map(
        values.filter((v) => v.design === design).map((v) => [v.percentile, v.seconds] as const),
      );
      return { name: id, design, values: percentiles.map((p) => own.get(p) ?? null) };
    });
    const data = {
      x: { title: 'percentile', unit: '%' as const, values: percentiles, positions },
      y: { title: 'latency', unit: 's' as const },
      series,
    };
    curves.push(
      figure(
        slug('percentiles', title),
        title,
        '',
        await draw(spec, `Latency by percentile, ${title}.`),
        data,
      ),
    );
    const label = `Share of descriptors by latency, ${title}.`;
    distributions.push(
      figure(slug('distribution', title), title, '', await draw(distributionChart(values, SIZE), label)),
    );
  }
  if (curves.length === 0) return null;
  return {
    id: 'percentiles',
    title: 'Latency percentiles',
    short: 'Percentiles',
    body: html`<p class="note">Over all replications together. To the right every further nine of the tail takes the same width.</p>${designLegend(view, drawn)}<div class="charts small">${curves}</div>${folded(
      'As cumulative distributions',
      html`<p class="note">Share of descriptors that took no longer than a latency.</p>${designLegend(view, drawn)}<div class="charts small">${distributions}</div>`,
    )}`,
  };
}

function valuesAt(view: Overview, place: Place): PercentileValue[] {
  return view.designs.flatMap(({ id }, design) =>
    (view.point(id, place)?.percentiles ?? []).map(([percentile, seconds]) => ({
      design,
      percentile,
      seconds,
    })),
  );
}

/** The places that get a chart of their own. */
export function shownPlaces(view: Overview, most = MOST_PANELS): Place[] {
  const indices = new Set(
    thinned(
      view.places.map((place) => place.index),
      most,
    ),
  );
  return view.places.filter((place) => indices.has(place.index));
}
