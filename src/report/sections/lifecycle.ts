/** The lifecycle: what became of each event under each design, what it took, and what was done for it step by step. */
import type { ResultLifecycleEvent, ResultPoint } from '../../experiment/results.js';
import { STAGES } from '../../models/metrics.js';
import { formatQuantity, type SiUnit } from '../../workload/format.js';
import { type BarValue, barChart } from '../charts/bar-chart.js';
import { html, type Markup } from '../markup.js';
import { metricTitle } from '../names.js';
import type { Overview } from '../overview.js';
import { stageColour } from '../palette.js';
import type { ChartRenderer } from '../render-chart.js';
import {
  colourSwatch,
  designSwatch,
  figure,
  folded,
  legend,
  type Section,
  scrolling,
  slug,
} from '../section.js';
import { heading } from './comparison.js';
import { shownPlaces } from './percentiles.js';

interface Row {
  readonly point: ResultPoint;
  readonly event: ResultLifecycleEvent;
}

/** The section, or null where the workload has no lifecycle. */
export async function lifecycleSection(view: Overview, draw: ChartRenderer): Promise<Section | null> {
  const first = view.results.points[0]?.lifecycle ?? [];
  if (first.length === 0) return null;
  const parts: Markup[] = [];
  for (const [i, event] of first.entries()) {
    const rows = view.results.points.flatMap((point) => {
      const own = point.lifecycle[i];
      return own === undefined ? [] : [{ point, event: own }];
    });
    const title = `${event.action}: ${event.tenant} ${event.instance}`;
    const drawn = await timeline(view, draw, i, title);
    parts.push(
      html`<h3>${title}</h3>${drawn}${scrolling(title, outcomes(view, rows))}${folded(`Step by step: ${title}`, scrolling(`Steps of ${title}`, steps(view, rows)))}`,
    );
  }
  return {
    id: 'lifecycle',
    title: 'After the measured phase',
    short: 'Lifecycle',
    body: html`<p class="note">Events in their order, each when the one before was over. What a design cannot do is refused, and nothing is done.</p>${parts}`,
  };
}

/**
 * The steps of an event after each other, a bar a design and a chart a place; nothing where no step took time.
 * @param index of the event among those of a point
 */
async function timeline(
  view: Overview,
  draw: ChartRenderer,
  index: number,
  title: string,
): Promise<Markup | null> {
  const names = [
    ...new Set(
      view.results.points.flatMap(({ lifecycle }) =>
        (lifecycle[index]?.steps ?? []).filter(({ seconds }) => seconds > 0).map(({ step }) => step),
      ),
    ),
  ];
  const colour = (step: string): string => stageColour(STAGES[names.indexOf(step) % STAGES.length]!);
  const figures: Markup[] = [];
  for (const place of shownPlaces(view)) {
    const values = view.designs.flatMap(({ id }) =>
      (view.point(id, place)?.lifecycle[index]?.steps ?? []).flatMap(
        ({ step, seconds }, order): BarValue[] => {
          const said = `${id}, ${step}: ${formatQuantity(seconds, 's')}`;
          return seconds > 0 ? [{ row: id, order, colour: colour(step), value: seconds, said }] : [];
        },
      ),
    );
    if (values.length === 0) continue;
    const where = place.label === '' ? 'Step after step' : heading(view, place);
    const label = `Steps of ${title} by design, ${where}; the values are in the tables below.`;
    const spec = barChart(values, { width: 470, unit: 's', rowHeight: 26 });
    figures.push(
      figure(slug('lifecycle', String(index), title, place.label), where, '', await draw(spec, label)),
    );
  }
  if (figures.length === 0) return null;
  const key = legend(names.map((name) => ({ swatch: colourSwatch(colour(name)), text: name })));
  return html`${key}<div class="charts">${figures}</div>`;
}

/** One row a point: how it ended, and the metrics that some point has for this event. */
function outcomes(view: Overview, rows: readonly Row[]): Markup {
  const names = Object.keys(view.results.metrics).filter((name) =>
    rows.some(({ event }) => (event.metrics[name]?.mean ?? 0) !== 0),
  );
  const body = rows.map(({ point, event }) => {
    const ended = event.outcome === 'done' ? 'done' : `${event.outcome}: ${event.reason}`;
    const cells = names.map((name) => {
      const value = event.metrics[name]?.mean ?? null;
      const unit = view.results.metrics[name]!.unit as SiUnit;
      return html`<td class="n" data-value="${value ?? ''}">${value === null ? '–' : formatQuantity(value, unit)}</td>`;
    });
    return html`<tr><th scope="row">${designSwatch(view.position(point.design))} ${view.pointTitle(point.key)}</th><td class="text">${ended}</td>${cells}</tr>`;
  });
  return html`<table border="1" cellpadding="4" class="sortable"><thead><tr><th scope="col">Point</th><th scope="col">Ended</th>${names.map((name) => html`<th scope="col" class="n">${metricTitle(name)}</th>`)}</tr></thead><tbody>${body}</tbody></table>`;
}

function steps(view: Overview, rows: readonly Row[]): Markup {
  const body = rows.flatMap(({ point, event }) =>
    event.steps.map((step) => {
      const counts = [step.reads, step.writes, step.trapped, step.commands];
      return html`<tr><th scope="row">${view.pointTitle(point.key)}</th><td>${step.step}</td>${counts.map((count) => html`<td class="n" data-value="${count}">${formatQuantity(count, '')}</td>`)}<td class="n" data-value="${step.seconds}">${formatQuantity(step.seconds, 's')}</td></tr>`;
    }),
  );
  return html`<table border="1" cellpadding="4"><thead><tr><th scope="col">Point</th><th scope="col">Step</th>${['Reads', 'Writes', 'Trapped', 'Commands', 'Time'].map((title) => html`<th scope="col" class="n">${title}</th>`)}</tr></thead><tbody>${body}</tbody></table>`;
}
