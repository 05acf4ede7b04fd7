/** Throughput and latency of each design over the sweep, and of each tenant where there are several. */
import { type CurveValue, curveChart } from '../charts/curve-chart.js';
import { html, type Markup } from '../markup.js';
import { axisTitle, counted, listing } from '../names.js';
import { bounds, marginText, meanText } from '../numbers.js';
import type { Overview } from '../overview.js';
import { chartedQuantities, type Quantity } from '../quantities.js';
import type { ChartRenderer } from '../render-chart.js';
import { designSwatch, figure, legend, type Section, slug } from '../section.js';
import { barFigures } from './bars.js';

/** Tenants or facets beyond this number stay in the tables. */
const MOST_GROUPS = 6;
/** Four charts stand two in a row, three stand all in one. */
const WIDE = { width: 470, height: 280, style: 'charts' };
const NARROW = { width: 360, height: 240, style: 'charts small' };

/** The section, or null when the document has none of the metrics. */
export async function curvesSection(view: Overview, draw: ChartRenderer): Promise<Section | null> {
  if (chartedQuantities(view).length === 0) return null;
  const numeric = view.axis?.numeric === true && new Set(view.places.map((place) => place.x)).size > 1;
  const parts = numeric ? await curveGroups(view, draw) : [await barFigures(view, draw)];
  return {
    id: 'charts',
    title: 'Throughput and latency',
    short: 'Charts',
    body: html`${designLegend(view, charted(view))}${parts}`,
  };
}

/**
 * The designs of the document as curves have them; nothing when there is only one.
 * @param drawn positions of those that the charts below show; all by default
 */
export function designLegend(view: Overview, drawn?: ReadonlySet<number>): Markup | null {
  if (view.designs.length < 2) return null;
  const entries = view.designs.map(({ id }, i) => ({ swatch: designSwatch(i), text: id, design: i }));
  return legend(entries.filter(({ design }) => drawn?.has(design) ?? true));
}

/** Positions of the designs of which any charted quantity has a value. */
function charted(view: Overview): ReadonlySet<number> {
  const quantities = chartedQuantities(view);
  const valued = view.results.points.filter((point) =>
    quantities.some(({ of }) => bounds(of(point)) !== null),
  );
  return new Set(valued.map(({ design }) => view.position(design)));
}

/** One group of charts for every facet of the sweep and every tenant. */
async function curveGroups(view: Overview, draw: ChartRenderer): Promise<Markup[]> {
  const facets = [...new Set(view.places.map((place) => place.facet))];
  const tenants = view.tenants.length > 1 ? [null, ...view.tenants] : [null];
  const groups = tenants.flatMap((tenant) => facets.map((facet) => ({ tenant, facet })));
  const parts: Markup[] = [];
  for (const { tenant, facet } of groups.slice(0, MOST_GROUPS)) {
    const title = [tenant === null ? '' : `Tenant ${tenant}`, facet].filter(Boolean).join(', ');
    const drawn = await curveFigures(view, draw, chartedQuantities(view, tenant), facet, title);
    parts.push(html`${title !== '' && html`<h3>${title}</h3>`}${drawn}`);
  }
  const left = groups.length - MOST_GROUPS;
  if (left > 0) parts.push(html`<p class="note">${leftOut(view, left)}</p>`);
  return parts;
}

/** Which charts there are no more of: `34 more combinations of tenant and depth are not drawn`. */
function leftOut(view: Overview, left: number): string {
  const others = view.results.sweep.filter(({ path }) => path !== view.axis?.path);
  const what = [...(view.tenants.length > 1 ? ['tenant'] : []), ...others.map(({ path }) => axisTitle(path))];
  const things =
    what.length === 1 && view.tenants.length > 1
      ? counted(left, 'more tenant', 'more tenants')
      : what.length === 1
        ? counted(left, `more value of ${what[0]}`, `more values of ${what[0]}`)
        : counted(left, `more combination of ${listing(what)}`, `more combinations of ${listing(what)}`);
  return `${things} ${left === 1 ? 'is' : 'are'} not drawn; the tables have the values.`;
}

async function curveFigures(
  view: Overview,
  draw: ChartRenderer,
  all: readonly Quantity[],
  facet: string,
  group: string,
): Promise<Markup> {
  const size = all.length === 3 ? NARROW : WIDE;
  const axis = view.axis!;
  const xs = [...new Set(view.places.flatMap((place) => place.x ?? []))].sort((a, b) => a - b);
  const ofFacet = view.places.filter((place) => place.facet === facet).flatMap((place) => place.x ?? []);
  const figures: Markup[] = [];
  for (const quantity of all) {
    const values = curveValues(view, quantity, facet);
    if (values.length === 0) continue;
    const reach = all
      .filter((other) => other.family === quantity.family)
      .flatMap((other) => curveValues(view, other, facet).flatMap((v) => [v.low, v.high]));
    const { spec, positions } = curveChart(values, {
      ...size,
      x: { unit: axis.unit, values: xs, expected: ofFacet },
      y: { unit: view.unit(quantity.metric), from: quantity.from },
      reach,
    });
    const whose = group === '' ? '' : ` (${group})`;
    const label = `${quantity.title} of each design by ${axis.title}${whose}; the values are in the comparison table.`;
    const note = view.results.measure.replications > 1 ? '95 % band' : '';
    const title = `${quantity.title} by ${axis.title}`;
    const at = (design: number, of: (value: CurveValue) => number): (number | null)[] =>
      xs.map((x) => {
        const value = values.find((candidate) => candidate.design === design && candidate.x === x);
        return value === undefined ? null : of(value);
      });
    const series = view.designs.flatMap(({ id }, design) =>
      values.some((value) => value.design === design)
        ? [
            {
              name: id,
              design,
              values: at(design, (v) => v.y),
              low: at(design, (v) => v.low),
              high: at(design, (v) => v.high),
            },
          ]
        : [],
    );
    const data = {
      x: { title: axis.title, unit: axis.unit, values: xs, positions },
      y: { title: quantity.title, unit: view.unit(quantity.metric) },
      series,
    };
    figures.push(figure(slug('chart', group, title), title, note, await draw(spec, label), data));
  }
  return html`<div class="${size.style}">${figures}</div>`;
}

function curveValues(view: Overview, quantity: Quantity, facet: string): CurveValue[] {
  return view.designs.flatMap(({ id }, design) =>
    view.places
      .filter((place) => place.facet === facet && place.x !== null)
      .flatMap((place) => {
        const point = view.point(id, place);
        const estimate = point && quantity.of(point);
        const value = bounds(estimate);
        if (value === null) return [];
        const unit = view.unit(quantity.metric);
        const said =
          `${id}, ${place.label}: ${meanText(estimate, unit)} ${marginText(estimate, unit)}`.trim();
        return [{ design, x: place.x!, y: value.mean, low: value.low, high: value.high, said }];
      }),
  );
}
