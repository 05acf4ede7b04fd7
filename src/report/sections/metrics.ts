/** Every metric at every place, for those who look for one more number. */
import { html, type Markup } from '../markup.js';
import { capitalize, metricTitle } from '../names.js';
import type { Overview, Place } from '../overview.js';
import { folded, type Section, scrolling } from '../section.js';
import { estimateCell, heading } from './comparison.js';

/** One folded table a place, and what the metrics mean. */
export function metricsSection(view: Overview): Section {
  return {
    id: 'metrics',
    title: 'All metrics',
    short: 'Metrics',
    body: html`${view.places.map((place) => {
      const title = place.label === '' ? 'All metrics by design' : capitalize(heading(view, place));
      return folded(title, scrolling(`All metrics, ${title}`, table(view, place)));
    })}${folded('What the metrics mean', glossary(view))}`,
  };
}

function table(view: Overview, place: Place): Markup {
  const designs = view.designs.filter(({ id }) => view.point(id, place) !== undefined);
  const row = (title: string, metric: string, tenant: string | null) => {
    const cells = designs.map(({ id }) => {
      const point = view.point(id, place)!;
      return estimateCell(view, metric, (tenant === null ? point.metrics : point.tenants[tenant])?.[metric]);
    });
    return html`<tr><th scope="row">${title}</th>${cells}</tr>`;
  };
  const tenants = view.tenants.length > 1 ? view.tenants : [];
  return html`<table border="1" cellpadding="4"><thead><tr><th scope="col">Metric</th>${designs.map(({ id }) => html`<th scope="col" class="n">${id}</th>`)}</tr></thead><tbody>${view.metrics.map((metric) => row(capitalize(metricTitle(metric)), metric, null))}</tbody>${tenants.map(
    (tenant) =>
      html`<tbody><tr class="place"><th scope="rowgroup" colspan="${designs.length + 1}">Tenant ${tenant}</th></tr>${view.metrics
        .filter((metric) =>
          designs.some(({ id }) => view.point(id, place)!.tenants[tenant]?.[metric] !== undefined),
        )
        .map((metric) => row(capitalize(metricTitle(metric)), metric, tenant))}</tbody>`,
  )}</table>`;
}

function glossary(view: Overview): Markup {
  return html`<dl class="glossary">${view.metrics.map((metric) => {
    const { sentence, better } = view.results.metrics[metric]!;
    const direction = better === 'neither' ? '' : ` ${capitalize(better)} is better.`;
    return html`<dt>${capitalize(metricTitle(metric))} <code>${metric}</code></dt><dd>${sentence}${direction}</dd>`;
  })}</dl>`;
}
