/** The report of a large sweep: aggregates instead of every point. */
import { AGGREGATED, type Aggregate } from '../../experiment/aggregate.js';
import type { ResultLimit, StreamedResults } from '../../experiment/results.js';
import { formatQuantity } from '../../workload/format.js';
import { html, type Markup } from '../markup.js';
import { axisTitle, capitalize, counted, metricTitle } from '../names.js';
import type { Overview } from '../overview.js';
import { page } from '../page.js';
import { designSwatch, type Section, scrolling } from '../section.js';
import { answerOf } from '../sections/answer.js';
import { noticesSection } from '../sections/notices.js';
import { provenanceSection } from '../sections/provenance.js';
import { reproduceSection } from '../sections/reproduce.js';
import { robustnessSection } from '../sections/robustness.js';
import { sweepAnswer, withoutPoints } from './answer.js';
import { axesSection } from './axes.js';
import { quantity } from './words.js';

/** Broken limits that are listed. */
const LIMITS_LISTED = 20;

/**
 * Renders the page.
 * @param results the document; of its points only the aggregate is read
 * @returns the whole file, newline at the end
 */
export async function renderSweep(results: StreamedResults, aggregate: Aggregate): Promise<string> {
  const { generator, workload, sweep, measure } = results;
  const view = withoutPoints(results);
  const sections: (Section | null)[] = [
    answer(view, results, aggregate),
    await axesSection(view, aggregate),
    spreads(view, aggregate),
    results.robustness === null ? null : robustnessSection(view),
    limits(results),
    provenanceSection(view),
    noticesSection(view),
    reproduceSection(view),
  ];
  return page({
    generator,
    kind: `${generator.name} report`,
    heading: workload.name,
    about: workload.description,
    facts: [
      counted(aggregate.points, 'point'),
      counted(aggregate.designs.length, 'design'),
      ...sweep.map((axis) => `${axisTitle(axis.path)} in ${counted(axis.values.length, 'step')}`),
      counted(measure.replications, 'replication'),
      `seed ${workload.seed}`,
      `preset ${workload.preset}`,
      `${generator.name} ${generator.version}`,
    ],
    sections: sections.filter((section) => section !== null),
    footer: `Simulated with ${generator.name} ${generator.version}; no hardware was measured for this page.`,
  });
}

function answer(view: Overview, results: StreamedResults, aggregate: Aggregate): Section {
  const section = answerOf(
    sweepAnswer(results, aggregate),
    view.designs.map(({ id }) => id),
  );
  const note = html`<p class="note">${counted(aggregate.points, 'point')} are too many to be read one by one. This page says what they amount to; <code>results.json</code> beside it has each of them.</p>`;
  return { ...section, body: html`${section.body}${note}` };
}

function spreads({ designs }: Overview, aggregate: Aggregate): Section {
  const table = (m: number): Markup => {
    const rows = designs.map(({ id }, design) => {
      const spread = aggregate.spread(design, m);
      const cell = (label: string, value: number | undefined): Markup =>
        html`<td class="n" data-label="${label}" data-value="${value ?? ''}">${quantity(value, m)}</td>`;
      const place = (label: string, key: string | undefined): Markup =>
        html`<td class="text" data-label="${label}">${placeOf(key ?? '', id)}</td>`;
      return html`<tr><th scope="row">${designSwatch(design)} ${id}</th><td class="n" data-label="Points">${spread?.count ?? 0}</td>${cell('Lowest', spread?.low)}${cell('Lower quartile', spread?.quartile1)}${cell('Median', spread?.median)}${cell('Upper quartile', spread?.quartile3)}${cell('Highest', spread?.high)}${place('Lowest at', spread?.lowKey)}${place('Highest at', spread?.highKey)}</tr>`;
    });
    const title = capitalize(metricTitle(AGGREGATED[m]!.metric));
    return scrolling(
      title,
      html`<table border="1" cellpadding="4" class="sortable stack"><caption>${title}</caption><thead><tr><th scope="col">Design</th><th scope="col" class="n">Points</th><th scope="col" class="n">Lowest</th><th scope="col" class="n">Lower quartile</th><th scope="col" class="n">Median</th><th scope="col" class="n">Upper quartile</th><th scope="col" class="n">Highest</th><th scope="col">Lowest at</th><th scope="col">Highest at</th></tr></thead><tbody>${rows}</tbody></table>`,
    );
  };
  return {
    id: 'spread',
    title: 'Spread over all points',
    short: 'Spread',
    body: html`${AGGREGATED.map((_, m) => table(m))}`,
  };
}

/** Where a point stands, without its design: `size 64KiB, depth 4`. */
function placeOf(key: string, design: string): string {
  const place = key.startsWith(`${design} @ `) ? key.slice(design.length + 3) : key;
  return place
    .split(', ')
    .map((part) => {
      const at = part.indexOf('=');
      return at < 0 ? part : `${axisTitle(part.slice(0, at))} ${part.slice(at + 1)}`;
    })
    .join(', ');
}

function limits(results: StreamedResults): Section | null {
  const broken: ResultLimit[] = [];
  let checked = 0;
  let count = 0;
  for (const limit of results.limits.items()) {
    checked++;
    if (limit.held) continue;
    if (++count <= LIMITS_LISTED) broken.push(limit);
  }
  if (checked === 0) return null;
  const rows = broken.map(
    (limit) =>
      html`<li><code>${limit.text}</code> at ${limit.point}: ${formatQuantity(limit.value, '')}</li>`,
  );
  return {
    id: 'limits',
    title: 'Limits',
    body: html`<p>${count} of ${counted(checked, 'check')} do not hold.</p>${rows.length > 0 && html`<ul>${rows}</ul>`}${count > rows.length && html`<p class="note">and ${count - rows.length} more, in <code>results.json</code></p>`}`,
  };
}
