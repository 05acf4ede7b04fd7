/** Throughput and latency where there is no numeric axis to draw curves over: a bar a place, tenant and design. */
import { type BarValue, barChart } from '../charts/bar-chart.js';
import { html, type Markup } from '../markup.js';
import { bounds } from '../numbers.js';
import type { Overview } from '../overview.js';
import { designLook } from '../palette.js';
import { chartedQuantities } from '../quantities.js';
import type { ChartRenderer } from '../render-chart.js';
import { figure, slug } from '../section.js';

const WIDTH = 360;

/** One chart a quantity. With several tenants, theirs follow the bar of all. */
export async function barFigures(view: Overview, draw: ChartRenderer): Promise<Markup> {
  const tenants = view.tenants.length > 1 ? [null, ...view.tenants] : [null];
  const figures: Markup[] = [];
  for (const quantity of chartedQuantities(view)) {
    const values = view.places.flatMap((place) =>
      view.designs.flatMap(({ id }, design) =>
        tenants.flatMap((tenant): BarValue[] => {
          const point = view.point(id, place);
          const own =
            tenant === null
              ? quantity
              : chartedQuantities(view, tenant).find((other) => other.title === quantity.title);
          const value = point === undefined ? null : bounds(own?.of(point));
          if (value === null) return [];
          const names = [
            place.label,
            view.designs.length > 1 ? id : '',
            tenant ?? (tenants.length > 1 ? 'all' : ''),
          ];
          const row = names.filter(Boolean).join(' · ') || id;
          const { colour } = designLook(design);
          return [{ row, order: 0, colour, value: value.mean, low: value.low, high: value.high }];
        }),
      ),
    );
    if (values.length === 0) continue;
    const spec = barChart(values, { width: WIDTH, unit: view.unit(quantity.metric) });
    const label = `${quantity.title} of each design; the values are in the comparison table.`;
    const note = view.results.measure.replications > 1 ? '95 % interval' : '';
    figures.push(figure(slug('chart', quantity.title), quantity.title, note, await draw(spec, label)));
  }
  return html`<div class="charts small">${figures}</div>`;
}
