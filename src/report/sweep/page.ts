/** The report of a large sweep: aggregates instead of every point. */
import { AGGREGATED, type Aggregate } from '../../experiment/aggregate.js';
import type { ResultLimit, StreamedResults } from '../../experiment/results.js';
import { formatQuantity } from '../../workload/format.js';
import { html, type Markup } from '../markup.js';
import { axisTitle, capitalize, counted, metricTitle } from '../names.js';
import { type Overview, overview } from '../overview.js';
import { page } from '../page.js';
import { designSwatch, type Section, scrolling } from '../section.js';
import { noticesSection } from '../sections/notices.js';
import { provenanceSection } from '../sections/provenance.js';
import { reproduceSection } from '../sections/reproduce.js';
import { doubtSentences, leaderSentences, quantity } from './words.js';

/** Values of an axis that its table lists. */
const VALUES_LISTED = 50;
/** Broken limits that are listed. */
const LIMITS_LISTED = 20;

/**
 * Renders the page.
 * @param results the document; of its points only the aggregate is read
 * @returns the whole file, newline at the end
 */
export function renderSweep(results: StreamedResults, aggregate: Aggregate): string {
  const { generator, workload, sweep, measure } = results;
  const view = overview({
    ...results,
    points: [],
    curves: { crossovers: [], knees: [], break_even: [] },
    limits: [],
    settings: { ...results.settings, points: {} },
    warnings: [...results.warnings.items()],
  });
  const sections: (Section | null)[] = [
    answer(aggregate),
    spreads(view, aggregate),
    axes(view, aggregate),
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

function answer(aggregate: Aggregate): Section {
  const sentences = [...leaderSentences(aggregate), ...doubtSentences(aggregate)];
  return {
    id: 'answer',
    title: 'The sweep as a whole',
    body: html`<p>${counted(aggregate.points, 'point')} are too many to be read one by one. This page says what they amount to; <code>results.json</code> beside it has each of them.</p>${sentences.map((sentence) => html`<p>${sentence}</p>`)}`,
  };
}

function spreads({ designs }: Overview, aggregate: Aggregate): Section {
  const table = (m: number): Markup => {
    const rows = designs.map(({ id }, design) => {
      const spread = aggregate.spread(design, m);
      const cell = (value: number | undefined): Markup =>
        html`<td class="n" data-value="${value ?? ''}">${quantity(value, m)}</td>`;
      return html`<tr><th scope="row">${designSwatch(design)} ${id}</th><td class="n">${spread?.count ?? 0}</td>${cell(spread?.low)}${cell(spread?.quartile1)}${cell(spread?.median)}${cell(spread?.quartile3)}${cell(spread?.high)}<td class="text">${spread?.lowKey ?? ''}</td><td class="text">${spread?.highKey ?? ''}</td></tr>`;
    });
    const title = capitalize(metricTitle(AGGREGATED[m]!.metric));
    return scrolling(
      title,
      html`<table border="1" cellpadding="4" class="sortable"><caption>${title}</caption><thead><tr><th scope="col">Design</th><th scope="col" class="n">Points</th><th scope="col" class="n">Lowest</th><th scope="col" class="n">Lower quartile</th><th scope="col" class="n">Median</th><th scope="col" class="n">Upper quartile</th><th scope="col" class="n">Highest</th><th scope="col">Lowest at</th><th scope="col">Highest at</th></tr></thead><tbody>${rows}</tbody></table>`,
    );
  };
  return { id: 'spread', title: 'Spread over all points', body: html`${AGGREGATED.map((_, m) => table(m))}` };
}

/** One table an axis: the median of throughput and latency at each of its values, over all others. */
function axes({ results, designs }: Overview, aggregate: Aggregate): Section | null {
  if (results.sweep.length === 0) return null;
  const tables = results.sweep.map((axis, a) => {
    const shown = axis.values.slice(0, VALUES_LISTED);
    const metrics = AGGREGATED.slice(0, 3);
    const title = `Over ${axisTitle(axis.path)}`;
    const rows = shown.map(
      (text, value) =>
        html`<tr><th scope="row">${text}</th>${metrics.flatMap((_, m) =>
          designs.map((_design, design) => {
            const spread = aggregate.spread(design, m, { axis: a, value });
            const between =
              spread === null ? '' : `${quantity(spread.quartile1, m)} to ${quantity(spread.quartile3, m)}`;
            return html`<td class="n" title="half of them: ${between}">${quantity(spread?.median, m)}</td>`;
          }),
        )}</tr>`,
    );
    const heads = metrics.flatMap(({ metric }) =>
      designs.map(({ id }) => html`<th scope="col" class="n">${capitalize(metricTitle(metric))}, ${id}</th>`),
    );
    const more = axis.values.length - shown.length;
    return html`${scrolling(title, html`<table border="1" cellpadding="4"><caption>${title}: medians over all other axes</caption><thead><tr><th scope="col">${capitalize(axisTitle(axis.path))}</th>${heads}</tr></thead><tbody>${rows}</tbody></table>`)}${more > 0 && html`<p class="note">and ${counted(more, 'more value')}</p>`}`;
  });
  return { id: 'axes', title: 'Along each axis', body: html`${tables}` };
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
