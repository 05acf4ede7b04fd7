/**
 * All estimates of a result document as one Parquet file, for DuckDB, pandas and Spark: the table of the CSV with
 * typed columns, and beside the text of each axis of the sweep its number where it has one.
 */
import type { Results } from '../../experiment/results.js';
import { axesOf, exportRows, measuredCount } from './rows.js';

/** The file. */
export async function parquetBytes(results: Results): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const rows = [...exportRows(results)];
  const texts = (name: string, data: string[]) => ({ name, data, type: 'STRING' as const });
  const doubles = (name: string, data: (number | null)[]) => ({
    name,
    data,
    type: 'DOUBLE' as const,
    nullable: true,
  });
  const axes = axesOf(results).flatMap((path, i) => {
    const { values, numbers } = results.sweep[i]!;
    const written = rows.map(({ place }) => place[i]!);
    const number = new Map(values.map((value, at) => [value, numbers[at] ?? null]));
    return [
      texts(path, written),
      doubles(
        `${path} [number]`,
        written.map((value) => number.get(value) ?? null),
      ),
    ];
  });
  const columnData = [
    texts(
      'workload',
      rows.map(() => results.workload.name),
    ),
    texts(
      'design',
      rows.map(({ design }) => design),
    ),
    ...axes,
    texts(
      'tenant',
      rows.map(({ tenant }) => tenant),
    ),
    texts(
      'metric',
      rows.map(({ metric }) => metric),
    ),
    texts(
      'unit',
      rows.map(({ unit }) => unit),
    ),
    doubles(
      'mean',
      rows.map(({ mean }) => mean),
    ),
    doubles(
      'half_width_95',
      rows.map(({ halfWidth }) => halfWidth),
    ),
    { name: 'replications', data: rows.map(measuredCount), type: 'INT32' as const },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
