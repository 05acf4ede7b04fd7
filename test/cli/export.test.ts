import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN, dsasim } from './dsasim.js';
import { workload } from './tiny.js';

describe('dsasim export', () => {
  it('writes every format to standard output, or whole to a file', async () => {
    const { folder, file } = workload();
    await dsasim(['run', file, '--out', folder, '--quiet']);
    const results = join(folder, 'results.json');
    const formats: [string, string[], RegExp][] = [
      ['csv', [], /^workload,design,tenants\.process\.load\.closed\.depth,tenant,metric,unit,mean/],
      ['markdown', [], /^# tiny\n/],
      [
        'github-action-benchmark',
        ['--direction', 'bigger'],
        /^\[\n {2}\{\n {4}"name": "tiny: throughput of /,
      ],
    ];
    for (const [format, more, expected] of formats) {
      const args = ['export', results, '--format', format, ...more];
      const printed = await dsasim(args);
      expect([printed.code, printed.stderr], format).toEqual([0, '']);
      expect(printed.stdout).toMatch(expected);
      const out = join(folder, `out.${format}`);
      const written = await dsasim([...args, '--out', out]);
      expect([written.code, written.stdout, written.stderr]).toEqual([0, '', `wrote ${out}\n`]);
      expect(readFileSync(out, 'utf8')).toBe(printed.stdout);
    }
    const parquet = join(folder, 'out.parquet');
    expect((await dsasim(['export', results, '--format', 'parquet', '--out', parquet, '--quiet'])).code).toBe(
      0,
    );
    expect(readFileSync(parquet).subarray(0, 4).toString()).toBe('PAR1');
    // Standard output is no terminal here.
    const piped = spawnSync(process.execPath, [BIN, 'export', results, '--format', 'parquet']);
    expect([piped.status, piped.stderr.toString()]).toEqual([0, '']);
    expect(piped.stdout.equals(readFileSync(parquet))).toBe(true);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('exits 2 without a format, with one that there is not, and where a direction lacks or says nothing', async () => {
    const { folder, file } = workload();
    await dsasim(['run', file, '--out', folder, '--quiet']);
    const results = join(folder, 'results.json');
    const cases: [string[], RegExp][] = [
      [[], /required option '--format <format>'/],
      [['--format', 'xls'], /Allowed choices are csv, parquet, markdown, github-action-benchmark/],
      [['--format', 'github-action-benchmark'], /error\[DSASIM_C011\].*\n.*--direction bigger/],
      [['--format', 'csv', '--direction', 'bigger'], /error\[DSASIM_C011\]/],
    ];
    for (const [args, expected] of cases) {
      const { code, stdout, stderr } = await dsasim(['export', results, ...args]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(expected);
    }
    const missing = await dsasim(['export', join(folder, 'none.json'), '--format', 'csv']);
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('DSASIM_D001')]);
  });
});
