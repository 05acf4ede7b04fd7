/** Throughput and latency of each design over the sweep, and of each tenant where there are several. */
import type { Estimate, ResultPoint } from '../../experiment/results.js';
import { barChart } from '../charts/bar-chart.js';
import { type CurveValue, curveChart } from '../charts/curve-chart.js';
import { html, type Markup } from '../markup.js';
import { capitalize, metricTitle } from '../names.js';
import { bounds, divided } from '../numbers.js';
import type { Overview } from '../overview.js';
import { designLook } from '../palette.js';
import type { ChartRenderer } from '../render-chart.js';
import { designSwatch, figure, legend, type Section } from '../section.js';

/** Charts of tenants or facets beyond this number stay in the tables. */
const MOST_FACETS = 6;
const WIDTH = 470;
const HEIGHT = 280;
const BAR_WIDTH = 360;

/** What a chart shows: a title, the metric for unit and direction, and the estimate of a point. */
interface Quantity {
  title: string;
  metric: string;
  of: (point: ResultPoint) => Estimate | undefined;
  /** Bars and amounts start at zero; latencies spread over decades and need not. */
  from: 'zero' | 'data';
  /** Quantities of equal family share a scale. */
  family: string;
}

/** The section, or null when the document has none of the metrics. */
export async function curvesSection(view: Overview, draw: ChartRenderer): Promise<Section | null> {
  const parts: Markup[] = [await group(view, draw, quantities(view), '')];
  if (view.tenants.length > 1) {
    for (const tenant of view.tenants.slice(0, MOST_FACETS)) {
      const of = (metric: string) => (point: ResultPoint) => point.tenants[tenant]?.[metric];
      const own = quantities(view)
        .filter(({ metric, title }) => metric !== 'throughput' || title === 'Throughput')
        .map((quantity) => ({ ...quantity, of: of(quantity.metric) }));
      parts.push(html`<h3>Tenant ${tenant}</h3>${await group(view, draw, own, `${tenant}: `)}`);
    }
  }
  if (quantities(view).length === 0) return null;
  return { id: 'charts', title: 'Throughput and latency', body: html`${designLegend(view)}${parts}` };
}

/** The designs of the document as curves have them. */
export function designLegend(view: Overview): Markup {
  return legend(view.designs.map(({ id }, i) => ({ swatch: designSwatch(i), text: id })));
}

function quantities(view: Overview): Quantity[] {
  const metric = (name: string, from: Quantity['from'], family: string): Quantity => ({
    title: capitalize(metricTitle(name)),
    metric: name,
    of: (point) => point.metrics[name],
    from,
    family,
  });
  const all = [metric('throughput', 'zero', 'throughput')];
  if (new Set(view.results.points.map((point) => point.devices)).size > 1) {
    all.push({
      ...metric('throughput', 'zero', 'throughput per device'),
      title: 'Throughput per device',
      of: (point) =>
        point.metrics.throughput && divided(point.metrics.throughput, Math.max(1, point.devices)),
    });
  }
  all.push(metric('latency_p50', 'data', 'latency'), metric('latency_p99', 'data', 'latency'));
  return all.filter(({ metric: name }) => view.metrics.includes(name));
}

async function group(
  view: Overview,
  draw: ChartRenderer,
  all: readonly Quantity[],
  prefix: string,
): Promise<Markup> {
  const numeric = view.axis?.numeric === true && new Set(view.places.map((place) => place.x)).size > 1;
  const facets = numeric ? [...new Set(view.places.map((place) => place.facet))] : [''];
  const figures: Markup[] = [];
  for (const facet of facets.slice(0, MOST_FACETS)) {
    for (const quantity of all) {
      const drawing = numeric
        ? await curves(view, draw, quantity, facet, all)
        : await bars(view, draw, quantity);
      if (drawing === null) continue;
      const along = numeric ? ` by ${view.axis!.title}` : '';
      const note = [
        facet,
        view.results.measure.replications > 1 ? `95 % ${numeric ? 'band' : 'interval'}` : '',
      ]
        .filter((text) => text !== '')
        .join(', ');
      figures.push(figure(`${prefix}${quantity.title}${along}`, note, drawing));
    }
  }
  const left = facets.length - MOST_FACETS;
  return html`<div class="${numeric ? 'charts' : 'charts small'}">${figures}</div>${left > 0 && html`<p class="note">${left} more combinations of the sweep are in the tables.</p>`}`;
}

async function curves(
  view: Overview,
  draw: ChartRenderer,
  quantity: Quantity,
  facet: string,
  all: readonly Quantity[],
): Promise<Markup | null> {
  const values = curveValues(view, quantity, facet);
  if (values.length === 0) return null;
  const reach = all
    .filter((other) => other.family === quantity.family)
    .flatMap((other) => curveValues(view, other, facet).flatMap((v) => [v.low, v.high]));
  const xs = [...new Set(view.places.flatMap((place) => place.x ?? []))].sort((a, b) => a - b);
  const spec = curveChart(values, {
    width: WIDTH,
    height: HEIGHT,
    x: { unit: view.axis!.unit, values: xs },
    y: { unit: view.unit(quantity.metric), from: quantity.from },
    reach,
  });
  return draw(
    spec,
    `${quantity.title} of each design by ${view.axis!.title}; the values are in the comparison table.`,
  );
}

function curveValues(view: Overview, quantity: Quantity, facet: string): CurveValue[] {
  return view.designs.flatMap(({ id }, design) =>
    view.places
      .filter((place) => place.facet === facet && place.x !== null)
      .flatMap((place) => {
        const point = view.point(id, place);
        const value = point === undefined ? null : bounds(quantity.of(point));
        return value === null
          ? []
          : [{ design, x: place.x!, y: value.mean, low: value.low, high: value.high }];
      }),
  );
}

/** Without a numeric axis: a bar a design and place. */
async function bars(view: Overview, draw: ChartRenderer, quantity: Quantity): Promise<Markup | null> {
  const values = view.places.flatMap((place) =>
    view.designs.flatMap(({ id }, design) => {
      const point = view.point(id, place);
      const value = point === undefined ? null : bounds(quantity.of(point));
      if (value === null) return [];
      const row =
        view.designs.length === 1 && place.label !== ''
          ? place.label
          : [place.label, id].filter(Boolean).join(' · ');
      return [
        {
          row,
          order: 0,
          colour: designLook(design).colour,
          value: value.mean,
          low: value.low,
          high: value.high,
        },
      ];
    }),
  );
  if (values.length === 0) return null;
  const spec = barChart(values, { width: BAR_WIDTH, unit: view.unit(quantity.metric) });
  return draw(spec, `${quantity.title} of each design; the values are in the comparison table.`);
}
