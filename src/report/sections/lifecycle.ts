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
import { designSwatch, figure, folded, legend, type Section, scrolling, slug } from '../section.js';
import { heading } from './comparison.js';
import { shownPlaces } from './percentiles.js';

/** What of a bar's height is left blank the first, second and third time that the colours are gone through. */
const HOLLOWS = [0, 1 / 3, 3 / 4];

/** How a step looks: colours first, then the same with a stripe along the bar. */
interface StepLook {
  readonly colour: string;
  readonly hollow: number;
}

interface Row {
  readonly point: ResultPoint;
  readonly event: ResultLifecycleEvent;
}

/** The section, or null where the workload has no lifecycle. */
export async function lifecycleSection(view: Overview, draw: ChartRenderer): Promise<Section | null> {
  const first = view.results.points[0]?.lifecycle ?? [];
  if (first.length === 0) return null;
  const looks = stepLooks(view);
  const parts: Markup[] = [];
  for (const [i, event] of first.entries()) {
    const rows = view.results.points.flatMap((point) => {
      const own = point.lifecycle[i];
      return own === undefined ? [] : [{ point, event: own }];
    });
    const title = `${event.action}: ${event.tenant} ${event.instance}`;
    const drawn = await timeline(view, draw, { index: i, title, looks });
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

/** Steps of an event that took time, in the order in which they are met. */
function stepNames(view: Overview, index: number): string[] {
  const steps = view.results.points.flatMap(({ lifecycle }) => lifecycle[index]?.steps ?? []);
  return [...new Set(steps.filter(({ seconds }) => seconds > 0).map(({ step }) => step))];
}

/** One look a step for all events of the page, so that a reader who has learnt it may go on with it. */
function stepLooks(view: Overview): ReadonlyMap<string, StepLook> {
  const events = Math.max(0, ...view.results.points.map(({ lifecycle }) => lifecycle.length));
  const names = new Set(Array.from({ length: events }, (_, index) => stepNames(view, index)).flat());
  return new Map(
    [...names].map((name, i) => {
      const hollow = HOLLOWS[Math.floor(i / STAGES.length) % HOLLOWS.length]!;
      return [name, { colour: stageColour(STAGES[i % STAGES.length]!), hollow }];
    }),
  );
}

/** A step's look beside its name. */
function stepSwatch({ colour, hollow }: StepLook): Markup {
  const blank = 12 * hollow;
  return html`<svg class="swatch" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><rect width="12" height="12" rx="${hollow === 0 ? 2 : 0}" fill="${colour}"/>${
    hollow > 0 && html`<rect y="${6 - blank / 2}" width="12" height="${blank}" fill="var(--paper,#fff)"/>`
  }</svg>`;
}

/** The steps of an event after each other, a bar a design and a chart a place; nothing where no step took time. */
async function timeline(
  view: Overview,
  draw: ChartRenderer,
  { index, title, looks }: { index: number; title: string; looks: ReadonlyMap<string, StepLook> },
): Promise<Markup | null> {
  const figures: Markup[] = [];
  for (const place of shownPlaces(view)) {
    const values = view.designs.flatMap(({ id }) =>
      (view.point(id, place)?.lifecycle[index]?.steps ?? []).flatMap(
        ({ step, seconds }, order): BarValue[] => {
          const said = `${id}, ${step}: ${formatQuantity(seconds, 's')}`;
          return seconds > 0 ? [{ row: id, order, ...looks.get(step)!, value: seconds, said }] : [];
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
  const names = stepNames(view, index);
  const key = legend(names.map((name) => ({ swatch: stepSwatch(looks.get(name)!), text: name })));
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
