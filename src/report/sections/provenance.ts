/** What the numbers rest on: every constant with its value, range, trust and source. */
import type { ResultParameter } from '../../experiment/results.js';
import { formatQuantity } from '../../workload/format.js';
import { html, type Markup } from '../markup.js';
import { counted } from '../names.js';
import { type Overview, siUnit } from '../overview.js';
import { folded, type Section, scrolling } from '../section.js';

/** Least trusted first; an unknown trust comes before all. */
const TRUST = ['assumed', 'recalled', 'derived', 'read'];
const KNOWN: ReadonlySet<string> = new Set(['derived', 'read']);

/** How a source names a row of data/costs/costs.csv. */
const COST = /\b[A-Z]\d\d\b/;

/** The section, or null when the document lists no constants. */
export function provenanceSection(view: Overview): Section | null {
  const { parameters } = view.results;
  if (parameters.length === 0) return null;
  const sorted = parameters
    .map((parameter, index) => ({ parameter, index }))
    .sort(
      (a, b) =>
        Number(b.parameter.changed) - Number(a.parameter.changed) ||
        TRUST.indexOf(a.parameter.trust) - TRUST.indexOf(b.parameter.trust) ||
        a.index - b.index,
    )
    .map(({ parameter }) => parameter);
  const changed = parameters.filter((parameter) => parameter.changed).length;
  const note = `${counted(parameters.length, 'constant')}, ${changed === 0 ? 'none' : changed} changed from the preset. Assumed means that nobody has published the value, recalled that it was remembered but not looked up.`;
  const cited = parameters.flatMap(({ source }) => source.match(COST) ?? [])[0];
  const open = sorted.filter((parameter) => parameter.changed || !KNOWN.has(parameter.trust));
  const rest = sorted.filter((parameter) => !open.includes(parameter));
  const first = scrolling('Constants that are changed, assumed or recalled', table(open));
  const then = scrolling('Constants that were read or derived', table(rest));
  return {
    id: 'provenance',
    title: 'What the numbers rest on',
    short: 'Constants',
    body: html`<p class="note">${note}${cited !== undefined && citing(cited)}</p>${open.length > 0 && first}${
      rest.length > 0 &&
      folded(`${counted(rest.length, 'constant')} read in a source or derived from one`, then)
    }`,
  };
}

/** Where a cost stands that a source names. */
function citing(cost: string): Markup {
  return html` Costs are rows of <code>data/costs/costs.csv</code> in dsasim, each with where it was published: <code>dsasim explain ${cost}</code> prints one.`;
}

function table(parameters: readonly ResultParameter[]): Markup {
  return html`<table border="1" cellpadding="4" class="sortable stack"><thead><tr><th scope="col">Constant</th><th scope="col" class="n">Value</th><th scope="col" class="n">Range</th><th scope="col">Trust</th><th scope="col">What it is</th><th scope="col">Source</th></tr></thead><tbody>${parameters.map(row)}</tbody></table>`;
}

function row(parameter: ResultParameter): Markup {
  const print = (value: number) => formatQuantity(value, siUnit(parameter.unit));
  const { low, nominal, high } = parameter;
  const range = low === high ? 'fixed' : `${print(low)} to ${print(high)}`;
  const value = parameter.changed
    ? html`<b>${print(parameter.value)}</b> <small>changed from ${print(nominal)}</small>`
    : print(parameter.value);
  return html`<tr><th scope="row"><code>${parameter.name}</code></th><td class="n" data-label="Value" data-value="${parameter.value}">${value}</td><td class="n" data-label="Range">${range}</td><td data-label="Trust"><span class="trust ${KNOWN.has(parameter.trust) ? 'known' : 'unknown'}">${parameter.trust}</span></td><td class="text">${parameter.sentence}</td><td class="text" data-label="Source">${parameter.source}</td></tr>`;
}
