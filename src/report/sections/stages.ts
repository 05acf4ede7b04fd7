/** Where the time goes: latency stacked by stage, one small chart a place. */
import type { ResultStage } from '../../experiment/results.js';
import { STAGES } from '../../models/metrics.js';
import { formatPercent, formatQuantity } from '../../workload/format.js';
import { type BarValue, barChart } from '../charts/bar-chart.js';
import { html, type Markup } from '../markup.js';
import type { Overview } from '../overview.js';
import { stageColour } from '../palette.js';
import type { ChartRenderer } from '../render-chart.js';
import { colourSwatch, figure, folded, legend, type Section, scrolling } from '../section.js';
import { heading } from './comparison.js';
import { shownPlaces } from './percentiles.js';

type Kind = 'mean' | 'p99';

/** The section, or null when no stage took time. */
export async function stagesSection(view: Overview, draw: ChartRenderer): Promise<Section | null> {
  const names = stageNames(view);
  if (names.length === 0) return null;
  const entries = names.map((name) => ({ swatch: colourSwatch(stageColour(name)), text: name }));
  return {
    id: 'stages',
    title: 'Where the time goes',
    body: html`<p class="note">Mean latency of a descriptor; stages are exposed time on its critical path and add up to the whole. Bars of one chart share a scale.</p>${legend(entries)}<div class="charts small">${await panels(view, draw, names, 'mean')}</div>${folded(
      'The slowest one percent',
      html`<p class="note">Mean over the descriptors at or above the 99th percentile.</p><div class="charts small">${await panels(view, draw, names, 'p99')}</div>`,
    )}${folded('Stages in numbers', scrolling('Stages in numbers', table(view, names)))}`,
  };
}

/** Stages that took time anywhere, in the order in which a descriptor meets them. */
function stageNames(view: Overview): string[] {
  const seen = new Set<string>();
  for (const point of view.results.points) {
    for (const { stage, mean, p99 } of point.stages) if (mean > 0 || p99 > 0) seen.add(stage);
  }
  const known = STAGES.filter((stage) => seen.has(stage));
  return [...known, ...[...seen].filter((stage) => !(known as string[]).includes(stage)).sort()];
}

async function panels(
  view: Overview,
  draw: ChartRenderer,
  names: readonly string[],
  kind: Kind,
): Promise<Markup[]> {
  const figures: Markup[] = [];
  for (const place of shownPlaces(view)) {
    const values: BarValue[] = view.designs.flatMap(({ id }) =>
      inOrder(view.point(id, place)?.stages ?? [], names)
        .filter((stage) => stage[kind] > 0)
        .map((stage) => ({
          row: id,
          order: names.indexOf(stage.stage),
          colour: stageColour(stage.stage),
          value: stage[kind],
        })),
    );
    if (values.length === 0) continue;
    const title = place.label === '' ? 'All designs' : heading(view, place);
    const spec = barChart(values, { width: 360, unit: 's', rowHeight: 26 });
    const what = kind === 'mean' ? 'Mean latency' : 'Latency of the slowest one percent';
    figures.push(
      figure(title, '', await draw(spec, `${what} by stage, ${title}; the values are in the table below.`)),
    );
  }
  return figures;
}

function inOrder(stages: readonly ResultStage[], names: readonly string[]): ResultStage[] {
  return [...stages].sort((a, b) => names.indexOf(a.stage) - names.indexOf(b.stage));
}

function table(view: Overview, names: readonly string[]): Markup {
  const rows = view.places.map(
    (place) =>
      html`<tbody>${
        place.label !== '' &&
        html`<tr class="place"><th scope="rowgroup" colspan="${names.length + 1}">${heading(view, place)}</th></tr>`
      }${view.designs.map(({ id }) => {
        const stages = view.point(id, place)?.stages;
        if (stages === undefined) return null;
        const total = stages.reduce((sum, stage) => sum + stage.mean, 0);
        const cells = names.map((name) => {
          const mean = stages.find((stage) => stage.stage === name)?.mean ?? 0;
          const share =
            total > 0 ? html` <small>${formatPercent(Number((mean / total).toFixed(3)))}</small>` : null;
          return html`<td class="n">${formatQuantity(mean, 's')}${mean > 0 ? share : null}</td>`;
        });
        return html`<tr><th scope="row">${id}</th>${cells}</tr>`;
      })}</tbody>`,
  );
  return html`<table border="1" cellpadding="4"><thead><tr><th scope="col">Design</th>${names.map((name) => html`<th scope="col" class="n">${name}</th>`)}</tr></thead>${rows}</table>`;
}
