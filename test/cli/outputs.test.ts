import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { begins, dsasim } from './dsasim.js';
import { LONG, TINY, workload } from './tiny.js';

describe('what a command would write over', () => {
  const { folder, file } = workload();
  const results = join(folder, 'out/results.json');
  const baseline = join(folder, 'baseline.json');

  beforeAll(async () => {
    expect((await dsasim(['run', file, '--quiet', '--out', join(folder, 'out')])).code).toBe(0);
    const made = ['gate', file, '--baseline', baseline, '--results', results, '--update-baseline'];
    expect((await dsasim(made)).code).toBe(0);
  });

  it.each([
    ['run with a trace', () => ['run', file, '--out', join(folder, 'b'), '--trace', file], () => file],
    ['report', () => ['report', results, '--out', results], () => results],
    ['export', () => ['export', results, '--format', 'csv', '--out', results], () => results],
    ['compare', () => ['compare', results, baseline, '--html', results], () => results],
    ['gate, a page', () => ['gate', file, '--baseline', baseline, '--report', baseline], () => baseline],
    [
      'gate, a format',
      () => ['gate', file, '--baseline', baseline, '--format', `json=${baseline}`],
      () => baseline,
    ],
    ['gate, a baseline', () => ['gate', file, '--baseline', file, '--update-baseline'], () => file],
  ])('stays where the command reads it: %s', async (_, args, target) => {
    const before = readFileSync(target());
    const { code, stdout, stderr } = await dsasim(args());
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`error[DSASIM_C018]: ${target()} would be overwritten`);
    expect(stderr).toMatch(/\n {2}= name another file/);
    expect(readFileSync(target())).toEqual(before);
  });

  it('stays where it is no baseline that a baseline would replace', async () => {
    const notes = join(folder, 'notes.txt');
    writeFileSync(notes, 'not to be lost\n');
    for (const target of [notes, results]) {
      const before = readFileSync(target);
      const { code, stderr } = await dsasim(['gate', file, '--baseline', target, '--update-baseline']);
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining('would be overwritten, and is no baseline'),
      ]);
      expect(readFileSync(target)).toEqual(before);
    }
  });

  it('is found for all workloads of a gate before the first of them is simulated', async () => {
    const { file: other } = workload(TINY.replace('name: tiny', 'name: other'));
    const baselines = join(folder, 'baselines');
    mkdirSync(baselines);
    writeFileSync(join(baselines, 'other.json'), 'not to be lost\n');
    const { code, stderr } = await dsasim([
      ...['gate', file, other, '--baseline', baselines, '--update-baseline'],
    ]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('is no baseline')]);
    expect(readdirSync(baselines)).toEqual(['other.json']);
  });

  it('is found before anything is simulated, a folder, device or pipe as well', async () => {
    const { file: long } = workload(LONG);
    const taken = join(folder, 'taken');
    mkdirSync(taken, { recursive: true });
    for (const [target, reason] of [
      [taken, 'it is a directory'],
      ['/dev/null', 'it is no regular file'],
    ]) {
      const out = join(folder, 'never');
      const { code, stderr } = await dsasim(['run', long, '--out', out, '--trace', target!]);
      expect([code, stderr]).toEqual([4, expect.stringContaining(`cannot write ${target}: ${reason}`)]);
    }
  });
});

describe('a folder that cannot be made', () => {
  const { folder, file } = workload();
  const results = join(folder, 'results.json');

  const shards = join(folder, 'shards');

  beforeAll(async () => {
    expect((await dsasim(['run', file, '--quiet', '--out', folder])).code).toBe(0);
    expect((await dsasim(['run', file, '--quiet', '--shard', '1/1', '--out', shards])).code).toBe(0);
  });

  // The system makes no folders in /proc, whoever asks.
  it.runIf(process.platform === 'linux').each([
    ['run', ['run', file, '--out', '/proc/a/b'], '/proc/a/b'],
    ['run with a trace', ['run', file, '--out', folder, '--trace', '/proc/a/t.json'], '/proc/a'],
    ['a shard', ['run', file, '--shard', '1/2', '--out', '/proc/a'], '/proc/a'],
    ['merge', ['merge', shards, '--expect', '1', '--out', '/proc/a'], '/proc/a'],
    ['gate', ['gate', file, '--baseline', '/proc/a/b.json', '--update-baseline'], '/proc/a'],
    ['report', ['report', results, '--out', '/proc/a/r.html'], '/proc/a'],
    ['export', ['export', results, '--format', 'csv', '--out', '/proc/a/r.csv'], '/proc/a'],
    ['init', ['init', '/proc/a'], '/proc/a'],
  ])('is said at once: %s', async (_, args, path) => {
    const { code, stderr } = await dsasim(args);
    expect(stderr).toContain(`error[DSASIM_E001]: cannot write ${path}`);
    expect(stderr).toMatch(/: (no folder can be made in \/proc|permission denied)\n/);
    expect(code).toBe(4);
    expect(stderr).not.toContain('replications');
  });
});

describe('a folder in which a run is at work', () => {
  it.runIf(process.platform === 'linux')('is refused to another one until the first has ended', async () => {
    const { folder, file } = workload(LONG);
    const out = join(folder, 'out');
    const { env, begun } = begins();
    let tried = false;
    const first = dsasim(['run', file, '--out', out, '--workers', '1'], {
      env,
      signals: [[() => tried, 'SIGKILL']],
    });
    while (!begun()) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const more of [[], ['--resume'], ['--restart']]) {
      const { code, stderr } = await dsasim(['run', file, '--out', out, ...more]);
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining('error[DSASIM_C017]: another dsasim is at work'),
      ]);
      expect(stderr).toContain('choose another folder with --out');
    }
    tried = true;
    expect((await first).code).toBeNull();
    // However it ended: this one was killed.
    writeFileSync(file, TINY);
    const after = await dsasim(['run', file, '--out', out, '--restart', '--quiet']);
    expect([after.code, after.stderr]).toEqual([0, '']);
  });
});
