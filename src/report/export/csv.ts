/** All estimates of a result document as CSV (RFC 4180): one line for each metric of each point and tenant, in SI. */
import type { Results } from '../../experiment/results.js';
import { axesOf, exportRows, measuredCount } from './rows.js';

/** The file in pieces, one line each; lines end as RFC 4180 says. */
export function* csvPieces(results: Results): Generator<string> {
  yield line([
    'workload',
    'design',
    ...axesOf(results),
    'tenant',
    'metric',
    'unit',
    'mean',
    'half_width_95',
    'replications',
    'values',
  ]);
  for (const row of exportRows(results)) {
    const { design, place, tenant, metric, unit, mean, halfWidth, values } = row;
    const numbers = [text(mean), text(halfWidth), String(measuredCount(row)), values.map(text).join(' ')];
    yield line([results.workload.name, design, ...place, tenant, metric, unit, ...numbers]);
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
