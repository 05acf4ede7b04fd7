/** A large sweep along each of its axes: medians over all others, drawn where the axis is numeric, and as a table. */
import { AGGREGATED, type Aggregate, type Spread } from '../../experiment/aggregate.js';
import type { Results } from '../../experiment/results.js';
import { type CurveValue, curveChart } from '../charts/curve-chart.js';
import { html, type Markup } from '../markup.js';
import { axisTitle, capitalize, counted, metricTitle } from '../names.js';
import { type Overview, siUnit } from '../overview.js';
import { type ChartRenderer, chartRenderer } from '../render-chart.js';
import { figure, type Section, scrolling, slug } from '../section.js';
import { designLegend } from '../sections/curves.js';
import { quantity, unitOf } from './words.js';

/** Metrics that are shown, the first of those that are aggregated: throughput, median and p99 latency. */
const SHOWN = 3;
/** Values of an axis that its table lists. */
const VALUES_LISTED = 50;
const SIZE = { width: 360, height: 240 };

type Axis = Results['sweep'][number];
/** By metric, design and value of the axis. */
type Spreads = readonly (readonly (readonly (Spread | null)[])[])[];

/** The section, or null where nothing is swept. */
export async function axesSection(view: Overview, aggregate: Aggregate): Promise<Section | null> {
  const { sweep } = view.results;
  if (sweep.length === 0) return null;
  const draw = await chartRenderer();
  const parts: Markup[] = [];
  for (const [a, axis] of sweep.entries()) {
    const spreads = AGGREGATED.slice(0, SHOWN).map((_, m) =>
      view.designs.map((_design, design) =>
        axis.values.map((_value, value) => aggregate.spread(design, m, { axis: a, value })),
      ),
    );
    parts.push(html`${await figures(view, axis, spreads, draw)}${table(view, axis, spreads)}`);
  }
  return {
    id: 'axes',
    title: 'Along each axis',
    short: 'Axes',
    body: html`<p class="note">Medians over all other axes; half of the points lie in the band around a curve.</p>${designLegend(view)}${parts}`,
  };
}

/** A chart a metric; none along an axis of words. */
async function figures(
  view: Overview,
  axis: Axis,
  spreads: Spreads,
  draw: ChartRenderer,
): Promise<Markup | null> {
  const xs = axis.numbers.map((number) => number ?? Number.NaN);
  if (xs.length < 2 || xs.some(Number.isNaN) || new Set(xs).size < xs.length) return null;
  const name = axisTitle(axis.path);
  const drawn: Markup[] = [];
  for (const [m, byDesign] of spreads.entries()) {
    const values = byDesign.flatMap((own, design): CurveValue[] =>
      own.flatMap((spread, i) => {
        if (spread === null) return [];
        const { median, quartile1, quartile3 } = spread;
        const said = `${view.designs[design]!.id}, ${name} ${axis.values[i]}: ${quantity(median, m)}`;
        return [{ design, x: xs[i]!, y: median, low: quartile1, high: quartile3, said }];
      }),
    );
    if (values.length === 0) continue;
    const { spec, positions } = curveChart(values, {
      ...SIZE,
      x: { unit: siUnit(axis.unit), values: [...xs].sort((x, y) => x - y) },
      y: { unit: unitOf(m), from: m === 0 ? 'zero' : 'data' },
    });
    const title = `${capitalize(metricTitle(AGGREGATED[m]!.metric))} by ${name}`;
    const label = `${title}, the median of each design; the values are in the table below.`;
    const order = xs.map((_, i) => i).sort((i, j) => xs[i]! - xs[j]!);
    const data = {
      x: { title: name, unit: siUnit(axis.unit), values: order.map((i) => xs[i]!), positions },
      y: { title, unit: unitOf(m) },
      series: byDesign.map((own, design) => ({
        name: view.designs[design]!.id,
        design,
        values: order.map((i) => own[i]?.median ?? null),
        low: order.map((i) => own[i]?.quartile1 ?? null),
        high: order.map((i) => own[i]?.quartile3 ?? null),
      })),
    };
    drawn.push(figure(slug('chart', title, axis.path), title, '', await draw(spec, label), data));
  }
  return drawn.length === 0 ? null : html`<div class="charts small">${drawn}</div>`;
}

function table(view: Overview, axis: Axis, spreads: Spreads): Markup {
  const title = `Over ${axisTitle(axis.path)}`;
  const shown = axis.values.slice(0, VALUES_LISTED);
  const rows = shown.map(
    (text, value) =>
      html`<tr><th scope="row">${text}</th>${spreads.flatMap((byDesign, m) =>
        byDesign.map((own) => {
          const spread = own[value] ?? null;
          const between =
            spread === null ? '' : `${quantity(spread.quartile1, m)} to ${quantity(spread.quartile3, m)}`;
          return html`<td class="n" title="half of them: ${between}">${quantity(spread?.median, m)}</td>`;
        }),
      )}</tr>`,
  );
  const heads = spreads.flatMap((_, m) =>
    view.designs.map(
      ({ id }) =>
        html`<th scope="col" class="n">${capitalize(metricTitle(AGGREGATED[m]!.metric))}, ${id}</th>`,
    ),
  );
  const more = axis.values.length - shown.length;
  return html`${scrolling(title, html`<table border="1" cellpadding="4"><caption>${title}</caption><thead><tr><th scope="col">${capitalize(axisTitle(axis.path))}</th>${heads}</tr></thead><tbody>${rows}</tbody></table>`)}${more > 0 && html`<p class="note">and ${counted(more, 'more value')}</p>`}`;
}
