/** The page of a comparison of two documents. */
import type { Finding, MetricComparison, ResultComparison } from '../../experiment/compare-results.js';
import { formatQuantity } from '../../workload/format.js';
import { placesInOrder } from '../gate/groups.js';
import { settingText, shortPoints } from '../gate/words.js';
import { html, type Markup } from '../markup.js';
import { capitalize, counted } from '../names.js';
import { siUnit } from '../overview.js';
import { page } from '../page.js';
import { folded, type Section, scrolling } from '../section.js';
import { changeText, comparisonAnswer, findingText, levelTitle } from './words.js';

/** What stands around the comparison. */
export interface ComparisonPageOptions {
  version: string;
  /** The command that makes the page again. */
  command: string;
  /** What stands against the two documents. */
  reservations: readonly string[];
  /** Files of the two documents. */
  files: readonly [reference: string, candidate: string];
}

/** The whole file, newline at the end. */
export function comparisonPage(result: ResultComparison, options: ComparisonPageOptions): string {
  const { version, command, files, reservations } = options;
  const [first = '', ...others] = comparisonAnswer(result, reservations);
  const sections: Section[] = [
    {
      id: 'answer',
      title: 'The answer',
      short: 'Answer',
      body: html`<dl class="answer"><div><dt>${files[1]} against ${files[0]}</dt><dd>${first}</dd></div></dl><ul class="caveats">${others.map((text) => html`<li>${text}</li>`)}</ul>`,
    },
    comparisonSection(result),
  ];
  if (result.differences.length > 0) {
    sections.push({
      id: 'differences',
      title: 'What was simulated differently',
      short: 'Settings',
      body: scrolling('What was simulated differently', differences(result)),
    });
  }
  sections.push({
    id: 'reproduce',
    title: 'How to reproduce this',
    short: 'Reproduce',
    body: html`<pre class="command"><code>${command}</code></pre><p class="note">The same two documents give the same page.</p>`,
  });
  return page({
    generator: { name: 'dsasim', version },
    kind: 'dsasim comparison',
    heading:
      result.reference === result.candidate
        ? result.candidate
        : `${result.candidate} and ${result.reference}`,
    about: '',
    facts: [counted(result.comparisons.length, 'comparison'), result.pairing, `dsasim ${version}`],
    sections,
    footer: `Compared with dsasim ${version}; no hardware was measured for this page.`,
  });
}

/** What differs comes first, for the worse before the better. */
const ORDER: readonly Finding[] = ['worse', 'better', 'different', 'undecided'];

/** What differs stands in the open; what does not, or by too little to matter, is folded. */
function comparisonSection({ comparisons }: ResultComparison): Section {
  const names = shortPoints(comparisons.map(({ point }) => point));
  const moved = comparisons.filter(({ finding }) => ORDER.includes(finding));
  const level = comparisons.filter(({ finding }) => finding === 'negligible');
  const still = comparisons.filter(
    ({ finding }) => finding === 'identical' || finding === 'no significant difference',
  );
  const part = (title: string, list: readonly MetricComparison[]): Markup =>
    scrolling(title, table(list, names));
  const small = levelTitle(level.length);
  const rest = `${counted(still.length, 'comparison')} without a significant difference`;
  return {
    id: 'comparison',
    title: 'Every comparison',
    short: 'Comparisons',
    body: html`${moved.length > 0 && part('Comparisons that differ', moved)}${
      level.length > 0 && folded(small, part(capitalize(small), level))
    }${still.length > 0 && folded(rest, part(capitalize(rest), still))}`,
  };
}

function table(comparisons: readonly MetricComparison[], names: ReadonlyMap<string, string>): Markup {
  const place = ({ finding }: MetricComparison): number =>
    (ORDER.indexOf(finding) + ORDER.length + 1) % (ORDER.length + 1);
  const sorted = [...comparisons].sort((a, b) => place(a) - place(b));
  const places = placesInOrder(sorted);
  return html`<table class="sortable stack" border="1" cellpadding="4"><thead><tr><th scope="col">Point</th><th scope="col">Metric</th><th scope="col" class="n">Reference</th><th scope="col" class="n">Candidate</th><th scope="col" class="n">Change and 95 % interval</th><th scope="col" class="n">p (Holm)</th><th scope="col">Finding</th></tr></thead><tbody>${sorted.map((c) => row(c, names.get(c.point)!, places.get(c.point)!))}</tbody></table>`;
}

/** @param at where the point stands in the sweep */
function row(c: MetricComparison, name: string, at: number): Markup {
  const unit = siUnit(c.unit);
  const { p, ratio, difference } = c.comparison;
  const change = ratio === null ? difference.mean : ratio.mean - 1;
  const finding = findingText(c);
  return html`<tr><th scope="row" data-order="${at}">${name}</th><td data-label="Metric">${c.metric}</td><td class="n" data-label="Reference" data-value="${c.reference}">${formatQuantity(c.reference, unit)}</td><td class="n" data-label="Candidate" data-value="${c.candidate}">${formatQuantity(c.candidate, unit)}</td><td class="n" data-label="Change" data-value="${change ?? ''}">${changeText(c)}</td><td class="n" data-label="p (Holm)" data-value="${p ?? ''}">${p === null ? '–' : p < 0.0001 ? '< 0.0001' : String(Number(p.toPrecision(2)))}</td><td data-label="Finding">${finding === 'worse' ? html`<b class="bad">worse</b>` : finding}</td></tr>`;
}

function differences({ differences: all }: ResultComparison): Markup {
  const rows = all.map(
    ({ path, from, to, points }) =>
      html`<tr><th scope="row">${path}</th><td>${settingText(from)}</td><td>${settingText(to)}</td><td class="n">${points}</td></tr>`,
  );
  return html`<table border="1" cellpadding="4"><thead><tr><th scope="col">Setting</th><th scope="col">Reference</th><th scope="col">Candidate</th><th scope="col" class="n">Points</th></tr></thead><tbody>${rows}</tbody></table>`;
}
