/**
 * The figures of a page of the documentation: blocks between two markers, which a run of a committed workload fills.
 *
 *     <!-- figures of interrupts.yaml: latency_p50 cpu_per_descriptor -->
 *     what the workload concludes, and a table of these metrics
 *     <!-- end of figures -->
 */
import { pointMetric } from '../../experiment/baseline.js';
import type { ResultPoint, Results } from '../../experiment/results.js';
import { formatQuantity } from '../../workload/format.js';
import { capitalize, metricTitle } from '../names.js';
import { overview, siUnit } from '../overview.js';
import { wrap } from '../text-layout.js';

/** A block of a page. */
export interface FigureBlock {
  /** The workload's file, without its folder. */
  readonly file: string;
  /** Metrics of the table, also as `tenants.<name>.<metric>`; none for the conclusion alone. */
  readonly metrics: readonly string[];
  /** Whether it is the first of its workload on the page, which says what the workload concludes. */
  readonly concludes: boolean;
  /** What stands between the markers. */
  readonly text: string;
}

const BLOCK = /<!-- figures of (\S+?\.yaml)(?:: ([^>]*?))? -->\n([\s\S]*?)<!-- end of figures -->/g;
const PAGE_COLUMNS = 118;

/** The blocks of a page in order. */
export function figureBlocks(page: string): FigureBlock[] {
  const seen = new Set<string>();
  return [...page.matchAll(BLOCK)].map(([, file, metrics, text]) => {
    const concludes = !seen.has(file!);
    seen.add(file!);
    return {
      file: file!,
      metrics: (metrics ?? '').split(' ').filter((name) => name !== ''),
      concludes,
      text: text!,
    };
  });
}

/** The page with its blocks filled anew. @param fill gives the text of a block */
export function withFigures(page: string, fill: (block: FigureBlock) => string): string {
  const blocks = figureBlocks(page);
  let next = 0;
  return page.replace(BLOCK, (whole) => {
    const block = blocks[next++]!;
    const opening = whole.slice(0, whole.indexOf('-->') + 4);
    return `${opening}${fill(block)}<!-- end of figures -->`;
  });
}

/** What stands in a block: the conclusion of the workload as this run fills it, and a table of metrics. */
export function figures(
  results: Results,
  { metrics, concludes }: Pick<FigureBlock, 'metrics' | 'concludes'>,
): string {
  const said = concludes ? (results.conclusion?.says ?? null) : null;
  const paragraph =
    said === null ? [] : [...wrap(said, PAGE_COLUMNS, '> '), ''].map((l) => l.replace(/^ {2}/, '> '));
  return ['', ...paragraph, ...(metrics.length === 0 ? [] : [...table(results, metrics), '']), '']
    .join('\n')
    .replace(/\n{2,}$/, '\n\n');
}

function table(results: Results, metrics: readonly string[]): string[] {
  const view = overview(results);
  const columns = metrics.flatMap((metric) =>
    view.places.map((place) => {
      const of = metric.startsWith('tenants.') ? ` of ${metric.split('.')[1]}` : '';
      const title = `${capitalize(metricTitle(metric.split('.').at(-1)!))}${of}`;
      // With one axis a place is only its value, and the axis must be said.
      const axis = results.sweep.length === 1 ? `${view.axis!.title} ` : '';
      const heading = place.label === '' ? title : `${title}, ${axis}${place.label}`;
      return { heading, metric, place };
    }),
  );
  const cell = (point: ResultPoint | undefined, metric: string): string => {
    const unit = siUnit(results.metrics[metric.split('.').at(-1)!]?.unit ?? '');
    return point === undefined ? '' : formatQuantity(pointMetric(point, metric)?.mean ?? null, unit);
  };
  return [
    `| Design | ${columns.map(({ heading }) => heading).join(' | ')} |`,
    `|---|${columns.map(() => '---:|').join('')}`,
    ...view.designs.map(
      ({ id }) =>
        `| ${id} | ${columns.map(({ metric, place }) => cell(view.point(id, place), metric)).join(' | ')} |`,
    ),
  ];
}
