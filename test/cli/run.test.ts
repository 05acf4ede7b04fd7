import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultsSchema } from '../../src/experiment/results.js';
import { begins, dsasim } from './dsasim.js';
import { LONG, TINY, workload } from './tiny.js';

const sha = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
// biome-ignore lint/suspicious/noControlCharactersInRegex: looking for escape codes
const ESCAPE = /\x1b\[/;

describe('dsasim run', () => {
  it('writes results and report under reports/<name>, and prints the table, the answer and where files are', async () => {
    const { folder, file } = workload();
    const { code, stdout, stderr } = await dsasim(['run', file], { cwd: folder });
    expect(code).toBe(0);
    expect(readdirSync(join(folder, 'reports/tiny')).sort()).toEqual(['report.html', 'results.json']);
    expect(stdout).toMatch(/native-cdev/);
    expect(stdout).toMatch(/Throughput: native-cdev moves/);
    expect(stderr).toContain('wrote reports/tiny/results.json and reports/tiny/report.html');
    expect(stdout + stderr).not.toMatch(ESCAPE);
    const document = resultsSchema.parse(
      JSON.parse(readFileSync(join(folder, 'reports/tiny/results.json'), 'utf8')),
    );
    expect(document.points.length).toBe(2);
    expect(document.workload).toMatchObject({
      name: 'tiny',
      file: 'workload.yaml',
      command: `dsasim run ${file}`,
    });
  });

  it('gives the same bytes for one, two and three workers, and again', async () => {
    const { folder, file } = workload();
    const hashes = new Set<string>();
    for (const workers of ['1', '2', '3', '3']) {
      const out = join(folder, `w${workers}-${hashes.size}`);
      expect((await dsasim(['run', file, '--workers', workers, '--out', out, '--quiet'])).code).toBe(0);
      hashes.add(sha(join(out, 'results.json')));
    }
    expect(hashes.size).toBe(1);
  });

  it('takes seed, replications and values from the command line, and names them in the command', async () => {
    const { folder, file } = workload();
    const out = join(folder, 'out');
    const args = ['--seed', '7', '--replications', '2', '--set', 'tenants.process.operations.size=1KiB'];
    args.push('--set', "description=it's small");
    const { code, stdout, stderr } = await dsasim(['run', file, '--out', out, '--json', ...args]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('wrote')]);
    const document = resultsSchema.parse(JSON.parse(stdout));
    expect(document.workload).toMatchObject({
      seed: 7,
      command: `dsasim run ${file} --seed 7 --replications 2 --set tenants.process.operations.size=1KiB --set 'description=it'\\''s small'`,
    });
    expect(document.measure.replications).toBe(2);
    const { rate, throughput } = document.points[0]!.metrics;
    expect(throughput!.mean! / rate!.mean!).toBeCloseTo(1024, 6);
  });

  it('prints one JSON document and nothing else with --json: the one that it writes', async () => {
    const { folder, file } = workload();
    const out = join(folder, 'out');
    const { stdout } = await dsasim(['run', file, '--out', out, '--json'], { env: { FORCE_COLOR: '1' } });
    expect(stdout).toBe(readFileSync(join(out, 'results.json'), 'utf8'));
    expect(JSON.parse(stdout).schema_version).toBe(2);
  });

  it('says nothing with --quiet but for limits that break, and exits 0 all the same', async () => {
    const { folder, file } = workload(`${TINY}  limits: [throughput > 1kB/s, latency_p50 < 1ns]\n`);
    const { code, stdout, stderr } = await dsasim(['run', file, '--out', folder, '--quiet']);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr.split('\n').filter((line) => line.includes('limit latency_p50 < 1ns')).length).toBe(2);
    expect(stderr).not.toContain('throughput');
  });

  it('colours its table only where colour is wanted', async () => {
    const { folder, file } = workload();
    const run = (env: Record<string, string>) => dsasim(['run', file, '--out', folder], { env });
    expect((await run({ FORCE_COLOR: '1' })).stdout).toMatch(ESCAPE);
    expect((await run({ NO_COLOR: '1' })).stdout).not.toMatch(ESCAPE);
  });

  it('exits 4 and leaves what was there when the files cannot be written', async () => {
    const { folder, file } = workload();
    const out = join(folder, 'out');
    mkdirSync(join(out, 'results.json'), { recursive: true });
    const { code, stderr } = await dsasim(['run', file, '--out', out]);
    expect(code).toBe(4);
    expect(stderr).toContain(
      `error[DSASIM_E001]: cannot write ${join(out, 'results.json')}: it is a directory`,
    );
    // What was simulated is not lost: --resume writes it once the way is free.
    expect(readdirSync(out).sort()).toEqual(['journal.ndjson', 'results.json']);
  });

  it('notices before simulating that the folder for results cannot be one', async () => {
    const { folder, file } = workload(LONG);
    writeFileSync(join(folder, 'taken'), 'mine');
    const { code, stderr } = await dsasim(['run', file, '--out', join(folder, 'taken/out')]);
    expect(code).toBe(4);
    expect(stderr).toContain('a file is in the way of the directory');
    expect(readFileSync(join(folder, 'taken'), 'utf8')).toBe('mine');
  });

  it('stops at the first interrupt, says what was finished, and how to go on with it', async () => {
    // As soon as it simulates, and as soon as something is finished.
    for (const [signal, expected, least] of [
      ['SIGTERM', 143, 0],
      ['SIGINT', 130, 1],
    ] as const) {
      const { folder, file } = workload(LONG.replace('500ms', '50ms'));
      const journal = join(folder, 'out', 'journal.ndjson');
      const kept = () => existsSync(journal) && readFileSync(journal, 'utf8').includes('{"run"');
      const { env, begun } = begins();
      const { code, stderr } = await dsasim(['run', file, '--out', join(folder, 'out')], {
        env,
        signals: [[least === 0 ? begun : kept, signal]],
      });
      expect(code).toBe(expected);
      const finished = Number(/interrupted: (\d+) of 80 replications were finished/.exec(stderr)![1]);
      expect(finished).toBeGreaterThanOrEqual(least);
      if (finished === 0) {
        expect(stderr).toMatch(/finished; no file was written\n$/);
        expect(existsSync(join(folder, 'out'))).toBe(false);
        continue;
      }
      expect(readFileSync(journal, 'utf8').match(/^\{"run"/gm)).toHaveLength(finished);
      const are = finished === 1 ? 'replication is' : 'replications are';
      expect(stderr).toContain(
        `${finished} finished ${are} kept in ${journal}; continue with: dsasim run ${file} --out ${join(folder, 'out')} --resume\n`,
      );
    }
  });
});
