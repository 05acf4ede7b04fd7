/** A result document as a summary in Markdown: the answer, the comparison, limits, and how to make it again. */
import type { Results } from '../../experiment/results.js';
import { allotmentText, designsGiven } from '../allotment.js';
import { answer } from '../answer.js';
import { capitalize, metricTitle } from '../names.js';
import { marginText, meanText } from '../numbers.js';
import { overview } from '../overview.js';

/** Metrics of the table, as far as the document has them. */
const COLUMNS = ['throughput', 'latency_p50', 'latency_p99', 'cpu_per_descriptor', 'boot_time'];

/** The whole text. */
export function markdownSummary(results: Results): string {
  const view = overview(results);
  const { findings, reservations, caveats } = answer(view);
  const { workload, generator, measure } = results;
  const columns = COLUMNS.filter((name) => view.metrics.includes(name));
  const swept = results.sweep.length > 0;
  const rows = view.places.flatMap((place) =>
    view.designs.flatMap(({ id }) => {
      const point = view.point(id, place);
      if (point === undefined) return [];
      const cells = columns.map((name) => {
        const margin = marginText(point.metrics[name], view.unit(name));
        return `${meanText(point.metrics[name], view.unit(name))}${margin === '' ? '' : ` ${margin}`}`;
      });
      return [row([...(swept ? [place.label] : []), id, ...cells])];
    }),
  );
  const broken = results.limits.filter((limit) => !limit.held);
  return [
    `# ${escaped(workload.name)}`,
    '',
    ...(workload.description === '' ? [] : [escaped(workload.description), '']),
    ...findings.map(({ topic, text }) => `- **${escaped(topic)}**: ${escaped(text)}.`),
    ...[...reservations, ...caveats].map((caveat) => `- ${escaped(caveat)}`),
    '',
    row([
      ...(swept ? [capitalize(view.axis?.title ?? 'place')] : []),
      'Design',
      ...columns.map((name) => capitalize(metricTitle(name))),
    ]),
    `|${(swept ? ['---'] : [])
      .concat(
        '---',
        columns.map(() => '--:'),
      )
      .join('|')}|`,
    ...rows,
    '',
    ...view.allotments.map(
      (allotment) => `- ${escaped(`${designsGiven(view, allotment)}: ${allotmentText(allotment)}`)}`,
    ),
    ...broken.map(
      ({ text, point }) => `- **limit broken**: ${escaped(`${text} at ${view.pointTitle(point)}`)}`,
    ),
    '',
    `${measure.replications} replications, seed ${workload.seed}, ${generator.name} ${generator.version}; margins are 95 % intervals.`,
    '',
    '```sh',
    workload.command,
    '```',
    '',
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(escaped).join(' | ')} |`;
}

/** Text that starts no markup and stays in its cell. */
function escaped(text: string): string {
  return text.replace(/[|<>[\]*`]/g, (character) => `\\${character}`).replace(/\n/g, ' ');
}
