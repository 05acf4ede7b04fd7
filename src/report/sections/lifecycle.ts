/** The lifecycle: what became of each event under each design, what it took, and what was done for it step by step. */
import type { ResultLifecycleEvent, ResultPoint } from '../../experiment/results.js';
import { formatQuantity, type SiUnit } from '../../workload/format.js';
import { html, type Markup } from '../markup.js';
import { metricTitle } from '../names.js';
import type { Overview } from '../overview.js';
import { designSwatch, folded, type Section, scrolling } from '../section.js';

interface Row {
  readonly point: ResultPoint;
  readonly event: ResultLifecycleEvent;
}

/** The section, or null where the workload has no lifecycle. */
export function lifecycleSection(view: Overview): Section | null {
  const first = view.results.points[0]?.lifecycle ?? [];
  if (first.length === 0) return null;
  const tables = first.map((event, i) => {
    const rows = view.results.points.flatMap((point) => {
      const own = point.lifecycle[i];
      return own === undefined ? [] : [{ point, event: own }];
    });
    const title = `${event.action}: ${event.tenant} ${event.instance}`;
    return html`<h3>${title}</h3>${scrolling(title, outcomes(view, rows))}${folded(`Step by step: ${title}`, scrolling(`Steps of ${title}`, steps(view, rows)))}`;
  });
  return {
    id: 'lifecycle',
    title: 'After the measured phase',
    short: 'Lifecycle',
    body: html`<p class="note">Events in their order, each when the one before was over. What a design cannot do is refused, and nothing is done.</p>${tables}`,
  };
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
    return html`<tr><th scope="row">${designSwatch(view.position(point.design))} ${view.pointTitle(point.key)}</th><td>${ended}</td>${cells}</tr>`;
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
