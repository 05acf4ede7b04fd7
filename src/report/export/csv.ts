/** All estimates of a result document as CSV (RFC 4180): one line for each metric of each point and tenant, in SI. */
import type { Estimate, Results } from '../../experiment/results.js';

/** The file in pieces, one line each; lines end as RFC 4180 says. */
export function* csvPieces(results: Results): Generator<string> {
  const axes = results.sweep.map(({ path }) => path);
  yield line([
    'workload',
    'design',
    ...axes,
    'tenant',
    'metric',
    'unit',
    'mean',
    'half_width_95',
    'replications',
    'values',
  ]);
  for (const point of results.points) {
    const place = axes.map((path) => point.at[path] ?? '');
    const own = [results.workload.name, point.design, ...place];
    const rows = function* (tenant: string, metrics: Readonly<Record<string, Estimate>>): Generator<string> {
      for (const [metric, { mean, half_width, values }] of Object.entries(metrics)) {
        const measured = values.filter((value) => value !== null);
        const unit = results.metrics[metric]?.unit ?? '';
        const numbers = [text(mean), text(half_width), String(measured.length), values.map(text).join(' ')];
        yield line([...own, tenant, metric, unit, ...numbers]);
      }
    };
    yield* rows('', point.metrics);
    for (const [tenant, metrics] of Object.entries(point.tenants)) yield* rows(tenant, metrics);
  }
}

/** A number that reads back as the same double; nothing for what could not be measured. */
function text(value: number | null): string {
  return value === null ? '' : String(value);
}

function line(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(content: string): string {
  return /[",\r\n]/.test(content) ? `"${content.replaceAll('"', '""')}"` : content;
}
