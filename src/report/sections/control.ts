/** The control path: what provisioning and boot take, step by step, and how often they leave the guest. */
import type { ControlStep } from '../../experiment/results.js';
import { formatQuantity, type SiUnit } from '../../workload/format.js';
import { barChart } from '../charts/bar-chart.js';
import { type ControlTotal, controlTotals } from '../control-path.js';
import { html, type Markup } from '../markup.js';
import type { Overview } from '../overview.js';
import { designLook } from '../palette.js';
import type { ChartRenderer } from '../render-chart.js';
import { designSwatch, figure, folded, type Section, scrolling, slug } from '../section.js';

/** The section, or null when nothing was provisioned or booted. */
export async function controlSection(view: Overview, draw: ChartRenderer): Promise<Section | null> {
  const totals = controlTotals(view).filter(
    (total) => total.start !== null || total.point.control.length > 0,
  );
  if (totals.length === 0) return null;
  const bars: [title: string, unit: SiUnit, of: (total: ControlTotal) => number | null][] = [
    ['Provisioning', 's', (total) => total.provision],
    ['Boot of the guest driver', 's', (total) => total.boot],
    ['Trapped accesses during boot', '', (total) => total.trapped],
  ];
  const figures: Markup[] = [];
  for (const [title, unit, of] of bars) {
    const values = totals.flatMap((total) => {
      const value = of(total);
      const colour = designLook(view.position(total.design)).colour;
      return value === null ? [] : [{ row: total.design, order: 0, colour, value }];
    });
    if (!values.some((bar) => bar.value > 0)) continue;
    const label = `${title} by design; the values are in the table below.`;
    const drawing = await draw(barChart(values, { width: 360, unit }), label);
    figures.push(figure(slug('start', title), title, '', drawing));
  }
  const first = view.places[0]!.label;
  const varies = totals.some((total) => total.varies);
  const note = varies
    ? `Of one instance at ${first}; other points of the sweep differ and are under all metrics.`
    : 'Of one instance; the same at every point of the sweep.';
  return {
    id: 'control-path',
    title: 'Starting an instance',
    short: 'Start',
    body: html`<p class="note">${view.places.length > 1 ? note : 'Of one instance.'}</p><div class="charts small">${figures}</div>${scrolling('Control path by design', totalsTable(view, totals))}${folded('Step by step', scrolling('Control path step by step', stepsTable(totals)))}`,
  };
}

function totalsTable(view: Overview, totals: readonly ControlTotal[]): Markup {
  const rows = totals.map(({ design, point, provision, boot, start, trapped }) => {
    const sum = (of: (step: ControlStep) => number) =>
      point.control.reduce((total, step) => total + of(step), 0);
    const pinned = point.metrics.pinned_bytes?.mean ?? null;
    return html`<tr><th scope="row">${designSwatch(view.position(design))} ${design}</th>${time(provision)}${time(boot)}${time(start)}${count(trapped)}${count(sum((s) => s.reads))}${count(sum((s) => s.writes))}${count(sum((s) => s.commands))}<td class="n" data-value="${pinned ?? ''}">${printed(pinned, 'B')}</td></tr>`;
  });
  return html`<table border="1" cellpadding="4" class="sortable"><thead><tr><th scope="col">Design</th>${[
    'Provisioning',
    'Boot',
    'Together',
    'Trapped accesses',
    'Reads',
    'Writes',
    'Commands',
    'Pinned memory',
  ].map(
    (title) => html`<th scope="col" class="n">${title}</th>`,
  )}</tr></thead><tbody>${rows}</tbody></table>`;
}

function stepsTable(totals: readonly ControlTotal[]): Markup {
  const rows = totals.flatMap(({ design, point }) =>
    point.control.map(
      (step, i) =>
        html`<tr><th scope="row">${i === 0 ? design : html`<span class="again">${design}</span>`}</th><td>${step.phase}</td><td>${step.step}</td>${count(step.reads)}${count(step.writes)}${count(step.trapped)}${count(step.commands)}${time(step.seconds)}</tr>`,
    ),
  );
  return html`<table border="1" cellpadding="4"><thead><tr><th scope="col">Design</th><th scope="col">Phase</th><th scope="col">Step</th>${['Reads', 'Writes', 'Trapped', 'Commands', 'Time'].map((title) => html`<th scope="col" class="n">${title}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
}

function time(seconds: number | null): Markup {
  return html`<td class="n" data-value="${seconds ?? ''}">${printed(seconds, 's')}</td>`;
}

function count(value: number): Markup {
  return html`<td class="n" data-value="${value}">${formatQuantity(value, '')}</td>`;
}

function printed(value: number | null, unit: SiUnit): string {
  return value === null ? '–' : formatQuantity(value, unit);
}
