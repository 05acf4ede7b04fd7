/** Curves in one line of text: how a metric goes over the sweep, every design on the same scale. */

import { metricTitle } from './names.js';
import { rangeText } from './numbers.js';
import type { Overview, Place } from './overview.js';
import { clip } from './text-layout.js';

const BARS = '▁▂▃▄▅▆▇█';
/** Below so many values a line says no more than the table does. */
const LEAST_VALUES = 3;
/** More curves than this are for the report. */
const MOST_CURVES = 8;
/** Values that span more than this are drawn by their logarithm. */
const LINEAR_SPAN = 50;
const METRICS = ['throughput', 'latency_p99'];

/** Bars for values on a scale; a blank where there is no value. */
export function sparkline(values: readonly (number | null)[], low: number, high: number): string {
  const wide = low > 0 && high / low > LINEAR_SPAN;
  const at = (value: number): number => (wide ? Math.log(value) : value);
  const span = at(high) - at(low);
  return values
    .map((value) => {
      if (value === null) return ' ';
      const share = span > 0 ? (at(value) - at(low)) / span : 1;
      return BARS[Math.round(Math.max(0, Math.min(1, share)) * (BARS.length - 1))]!;
    })
    .join('');
}

/** One block a metric: a heading and a line for each design; empty where the sweep is no curve. */
export function sparklines(view: Overview, width: number): string[] {
  const { axis } = view;
  if (axis === null || !axis.numeric) return [];
  const facets = [...new Set(view.places.map(({ facet }) => facet))];
  if (facets.length * view.designs.length > MOST_CURVES) return [];
  return METRICS.flatMap((metric) => {
    if (!view.metrics.includes(metric)) return [];
    const curves = facets.flatMap((facet) => {
      const places = view.places.filter((place) => place.facet === facet && place.x !== null);
      return view.designs.flatMap(({ id }) => curve(view, metric, id, facet, places));
    });
    const all = curves.flatMap(({ values }) => values.filter((value) => value !== null));
    if (all.length === 0 || Math.max(...curves.map(({ values }) => values.length)) < LEAST_VALUES) return [];
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const named = Math.min(Math.max(...curves.map(({ name }) => name.length)), Math.floor(width / 2));
    const rows = curves.map(({ name, values }) => {
      const known = values.filter((value) => value !== null);
      const range = known.length === 0 ? '–' : rangeText(known, view.unit(metric));
      // Throughput begins at nothing, so that heights compare; a latency has no zero worth drawing.
      const from = metric === 'throughput' && high / low <= LINEAR_SPAN ? 0 : low;
      return clip(`  ${clip(name, named).padEnd(named)}  ${sparkline(values, from, high)}  ${range}`, width);
    });
    return [clip(`${metricTitle(metric)} over ${axis.title}`, width), ...rows];
  });
}

function curve(
  view: Overview,
  metric: string,
  design: string,
  facet: string,
  places: readonly Place[],
): { name: string; values: (number | null)[] }[] {
  const sorted = [...places].sort((a, b) => a.x! - b.x!);
  const values = sorted.map((place) => view.point(design, place)?.metrics[metric]?.mean ?? null);
  return values.every((value) => value === null)
    ? []
    : [{ name: facet === '' ? design : `${design}, ${facet}`, values }];
}
