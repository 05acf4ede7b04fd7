/** Where the time goes: latency stacked by stage, one small chart a place. */
import { STAGES } from '../../models/metrics.js';
import { formatPercent, formatQuantity } from '../../workload/format.js';
import { alike } from '../alike.js';
import { type BarValue, barChart } from '../charts/bar-chart.js';
import { html, type Markup } from '../markup.js';
import { listing } from '../names.js';
import type { Overview } from '../overview.js';
import { stageColour } from '../palette.js';
import type { ChartRenderer } from '../render-chart.js';
import { colourSwatch, figure, folded, legend, type Section, scrolling, slug } from '../section.js';
import { heading } from './comparison.js';
import { shownPlaces } from './percentiles.js';

/** The section, or null when no stage took time. */
export async function stagesSection(view: Overview, draw: ChartRenderer): Promise<Section | null> {
  const names = stageNames(view);
  if (names.length === 0) return null;
  const key = legend(names.map((name) => ({ swatch: colourSwatch(stageColour(name)), text: name })));
  const banded = await bandPanels(view, draw, names);
  return {
    id: 'stages',
    title: 'Where the time goes',
    short: 'Stages',
    body: html`<p class="note">Mean latency of a descriptor; stages are exposed time on its critical path and add up to the whole. Bars of one chart share a scale.</p>${key}<div class="charts small">${await panels(view, draw, names)}</div>${
      banded.length > 0 &&
      folded(
        'From the quickest descriptors to the slowest',
        html`<p class="note">Mean over the descriptors whose latency ranks between two percentiles. Designs with the same bars share them.</p>${key}<div class="charts small">${banded}</div>`,
      )
    }${folded('Stages in numbers', scrolling('Stages in numbers', table(view, names)))}`,
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

async function panels(view: Overview, draw: ChartRenderer, names: readonly string[]): Promise<Markup[]> {
  const figures: Markup[] = [];
  for (const place of shownPlaces(view)) {
    const values: BarValue[] = view.designs.flatMap(({ id }) => {
      const stages = view.point(id, place)?.stages ?? [];
      return bar(id, Object.fromEntries(stages.map(({ stage, mean }) => [stage, mean])), names);
    });
    if (values.length === 0) continue;
    const title = place.label === '' ? 'All designs' : heading(view, place);
    const spec = barChart(values, { width: 360, unit: 's', rowHeight: 26 });
    const label = `Mean latency by stage, ${title}; the values are in the table below.`;
    figures.push(figure(slug('stages', title), title, '', await draw(spec, label)));
  }
  return figures;
}

/** One chart for each place and each set of designs of which the same is to be shown. */
async function bandPanels(view: Overview, draw: ChartRenderer, names: readonly string[]): Promise<Markup[]> {
  const figures: Markup[] = [];
  for (const place of shownPlaces(view)) {
    for (const { designs, point } of alike(view, place, ({ bands }) => bands)) {
      const values = point.bands.flatMap(({ from, to, stages }) => bar(bandName(from, to), stages, names));
      if (values.length === 0) continue;
      const title = [listing(designs), place.label && `at ${heading(view, place)}`].filter(Boolean).join(' ');
      const spec = barChart(values, { width: 360, unit: 's', rowHeight: 26 });
      const label = `Latency by stage, from the quickest to the slowest descriptors, ${title}.`;
      figures.push(figure(slug('bands', title), title, '', await draw(spec, label)));
    }
  }
  return figures;
}

/** One stacked bar, each segment telling a pointer what it is. */
function bar(row: string, stages: Readonly<Record<string, number>>, names: readonly string[]): BarValue[] {
  const total = Object.values(stages).reduce((sum, value) => sum + value, 0);
  return names.flatMap((name, order) => {
    const value = stages[name] ?? 0;
    if (!(value > 0)) return [];
    const share = formatPercent(Number((value / total).toFixed(3)));
    const said = `${row}, ${name}: ${formatQuantity(value, 's')} (${share})`;
    return [{ row, order, colour: stageColour(name), value, said }];
  });
}

/** `quickest half`, `p50 to p90`, `slowest 0.1 %`. */
function bandName(from: number, to: number): string {
  const percent = (share: number): string => String(Number((share * 100).toPrecision(6)));
  if (from === 0) return to === 0.5 ? 'quickest half' : `quickest ${percent(to)} %`;
  return to === 1 ? `slowest ${percent(1 - from)} %` : `p${percent(from)} to p${percent(to)}`;
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
