import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { benchmarkEntries } from '../../src/report/export/benchmark.js';
import { csvPieces } from '../../src/report/export/csv.js';
import { markdownSummary } from '../../src/report/export/markdown.js';
import { parquetBytes } from '../../src/report/export/parquet.js';
import { exportRows } from '../../src/report/export/rows.js';
import { sampleResults } from './sample-results.js';

/** Reads RFC 4180 back. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') cell += text[i++ + 1];
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ',' || c === '\r') {
      rows.at(-1)!.push(cell);
      cell = '';
      if (c === '\r') {
        expect(text[++i]).toBe('\n');
        rows.push([]);
      }
    } else cell += c;
  }
  return rows.slice(0, -1);
}

describe('CSV', () => {
  it('holds every number of the document, as it is', () => {
    const results = sampleResults();
    const [head, ...rows] = parseCsv([...csvPieces(results)].join(''));
    const at = (row: string[], name: string): string => row[head!.indexOf(name)]!;
    const metrics = results.points.reduce((sum, point) => sum + Object.keys(point.metrics).length, 0);
    const tenants = results.points
      .flatMap((point) => Object.values(point.tenants))
      .reduce((sum, own) => sum + Object.keys(own).length, 0);
    expect(rows.length).toBe(metrics + tenants);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([head!.length]));
    for (const row of rows.filter((each) => at(each, 'tenant') === '')) {
      const point = results.points.find(
        ({ design, at: place }) =>
          design === at(row, 'design') && results.sweep.every(({ path }) => place[path] === at(row, path)),
      )!;
      const { mean, values } = point.metrics[at(row, 'metric')]!;
      expect(at(row, 'mean')).toBe(mean === null ? '' : String(mean));
      if (mean !== null) expect(Number(at(row, 'mean'))).toBe(mean);
      expect(at(row, 'values').split(' ')).toEqual(
        values.map((value) => (value === null ? '' : String(value))),
      );
    }
  });

  it('quotes what would break a line', () => {
    const results = sampleResults();
    results.workload.name = 'a "b", c\nd';
    const [, row] = parseCsv([...csvPieces(results)].join(''));
    expect(row![0]).toBe('a "b", c\nd');
  });
});

describe('the summary in Markdown', () => {
  it('has the answer, a row for every point, and the command', () => {
    const results = sampleResults();
    const text = markdownSummary(results);
    expect(text).toMatch(/^# design-comparison\n/);
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    expect(rows.length).toBe(1 + results.points.length);
    expect(new Set(rows.map((row) => row.replaceAll('\\|', '').split('|').length)).size).toBe(1);
    expect(text).toContain(results.workload.command);
    expect(text).toMatch(/- \*\*Throughput/);
  });

  it('shows markup in names as text', () => {
    const results = sampleResults();
    results.workload.description = '<b>bold</b> *stars* [link](x)';
    expect(markdownSummary(results)).toContain('\\<b\\>bold\\</b\\> \\*stars\\* \\[link\\](x)');
  });
});

describe('the list for github-action-benchmark', () => {
  it('holds each metric in the list of its direction, with unit and spread, under a name of its own', () => {
    const results = sampleResults();
    const bigger = benchmarkEntries(results, 'bigger');
    const smaller = benchmarkEntries(results, 'smaller');
    expect(bigger.some(({ name }) => name.includes('throughput'))).toBe(true);
    expect(smaller.some(({ name }) => name.includes('latency_p99'))).toBe(true);
    expect(bigger.some(({ name }) => name.includes('latency'))).toBe(false);
    const names = [...bigger, ...smaller].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { value, unit, range } of bigger) {
      expect(Number.isFinite(value)).toBe(true);
      expect(unit).not.toBe('');
      if (range !== undefined) expect(range).toMatch(/^± [\d.e+-]+$/);
    }
  });
});

describe('Parquet', () => {
  it('holds the same rows as the CSV, typed, with nulls where nothing was measured', async () => {
    const results = sampleResults({ sizes: 7 });
    const bytes = await parquetBytes(results);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const read = await parquetReadObjects({ file });
    const rows = [...exportRows(results)];
    expect(read).toHaveLength(rows.length);
    read.forEach((row, i) => {
      const { design, place, metric, unit, mean, halfWidth } = rows[i]!;
      const path = results.sweep[0]!.path;
      expect(row).toMatchObject({ design, metric, unit, [path]: place[0] });
      expect(row.mean ?? null).toBe(mean);
      expect(row.half_width_95 ?? null).toBe(halfWidth);
      expect(row[`${path} [number]`]).toBe(
        results.sweep[0]!.numbers[results.sweep[0]!.values.indexOf(place[0]!)],
      );
    });
    expect(read.some((row) => row.mean === null || row.mean === undefined)).toBe(true);
    expect(await parquetBytes(results)).toEqual(bytes);
  });
});
