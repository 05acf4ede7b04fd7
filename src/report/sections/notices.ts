/** The designs that were compared, what stands against each of them, and all warnings. */
import { limitedMetric } from '../../experiment/limits.js';
import type { ResultDesign } from '../../experiment/results.js';
import { html, type Markup } from '../markup.js';
import { capitalize } from '../names.js';
import { meanText } from '../numbers.js';
import type { Overview } from '../overview.js';
import { designSwatch, type Section, scrolling } from '../section.js';

/** Mechanisms in the order in which designs are described. */
const AXES = ['control', 'data', 'translation', 'interrupts', 'lifecycle', 'mapping', 'suspend'];

/** Designs, limits and warnings. */
export function noticesSection(view: Overview): Section {
  return {
    id: 'designs',
    title: 'Designs and notices',
    short: 'Designs',
    body: html`${scrolling('Mechanisms of each design', mechanisms(view))}<div class="designs">${view.designs.map(about)}</div>${limits(view)}${warnings(view)}`,
  };
}

function mechanisms(view: Overview): Markup {
  const names = new Set(view.designs.flatMap((design) => Object.keys(design.axes)));
  const known = AXES.filter((axis) => names.has(axis));
  const axes = [...known, ...[...names].filter((axis) => !AXES.includes(axis)).sort()];
  return html`<table border="1" cellpadding="4"><caption>Mechanisms</caption><thead><tr><th scope="col">Design</th><th scope="col">Status</th>${axes.map((axis) => html`<th scope="col">${axis.replaceAll('_', ' ')}</th>`)}</tr></thead><tbody>${view.designs.map(
    (design, i) =>
      html`<tr><th scope="row">${designSwatch(i)} ${design.id}</th><td>${standing(design)}</td>${axes.map((axis) => html`<td>${design.axes[axis] ?? '–'}</td>`)}</tr>`,
  )}</tbody></table>`;
}

function standing(design: ResultDesign): string {
  return design.validity === 'hypothetical' && design.status !== 'hypothetical'
    ? `${design.status}, hypothetical`
    : design.status;
}

function about(design: ResultDesign, position: number): Markup {
  const remarks = remarksOf(design);
  const sources = [...design.sources, ...design.code.map(({ lines, source }) => `${lines} lines: ${source}`)];
  return html`<div class="design"><h3>${designSwatch(position)} ${design.id}</h3><p>${design.summary}</p>${
    remarks.length > 0 && html`<ul>${remarks.map((text) => html`<li>${text}</li>`)}</ul>`
  }${sources.length > 0 && html`<p class="note">Sources: ${sources.join('; ')}</p>`}</div>`;
}

/** Why a design is hypothetical, in sentences, unless a notice of it begins with the same words; then its notices. */
function remarksOf({ reasons, notices }: ResultDesign): string[] {
  const plain = notices.map((notice) => notice.toLowerCase());
  const untold = reasons.filter((reason) => !plain.some((notice) => notice.startsWith(reason.toLowerCase())));
  return [...untold.map((reason) => `${capitalize(reason)}.`), ...notices];
}

function limits(view: Overview): Markup | null {
  if (view.results.limits.length === 0) return null;
  const rows = view.results.limits.map((limit) => {
    const value = meanText(
      { mean: limit.value, half_width: null, values: [] },
      view.unit(limitedMetric(limit)),
    );
    return html`<tr><th scope="row"><code>${limit.text}</code></th><td>${view.pointTitle(limit.point)}</td><td class="n">${value}</td><td>${limit.held ? 'held' : html`<b class="bad">broken</b>`}</td></tr>`;
  });
  return html`<h3>Limits of the workload</h3>${scrolling('Limits', html`<table border="1" cellpadding="4"><thead><tr><th scope="col">Limit</th><th scope="col">Point</th><th scope="col" class="n">Value</th><th scope="col">Kept</th></tr></thead><tbody>${rows}</tbody></table>`)}`;
}

function warnings(view: Overview): Markup | null {
  const all = [
    ...view.results.warnings,
    ...view.results.points.flatMap((point) =>
      point.warnings.map((text) => `${view.pointTitle(point.key)}: ${text}`),
    ),
  ];
  if (all.length === 0) return null;
  return html`<h3>Warnings</h3><ul>${all.map((text) => html`<li>${text}</li>`)}</ul>`;
}
