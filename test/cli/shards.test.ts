import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { skipsWithout } from '../support/programs.js';
import { BIN, dsasim, ROOT } from './dsasim.js';
import { TINY, workload } from './tiny.js';

const { folder, file } = workload(TINY.replace('[1, 8]', '[1, 2, 4, 8, 16]'));
const reference = join(folder, 'reference');
const shards = join(folder, 'shards');
const bytes = (out: string) => readFileSync(join(out, 'results.json'), 'utf8');
const shard = (i: number, out = shards, ...more: string[]) =>
  dsasim(['run', file, '--shard', `${i}/3`, '--out', out, '--quiet', ...more]);
const merge = (from: string, out: string, expected = 3) =>
  dsasim(['merge', from, '--expect', String(expected), '--out', join(folder, out), '--quiet']);
/** A copy of the shards that a test may spoil. */
function copied(name: string): string {
  const to = join(folder, name);
  cpSync(shards, to, { recursive: true });
  return to;
}

beforeAll(async () => {
  expect((await dsasim(['run', file, '--out', reference, '--quiet'])).code).toBe(0);
  for (const i of [1, 2, 3]) expect(await shard(i)).toMatchObject({ code: 0, stderr: '' });
});

describe('the shards of a sweep', () => {
  it('give the bytes of one machine, without the files of the workload', async () => {
    expect(readdirSync(shards)).toEqual(['tiny.1-of-3.ndjson', 'tiny.2-of-3.ndjson', 'tiny.3-of-3.ndjson']);
    const moved = `${file}.away`;
    cpSync(file, moved);
    rmSync(file);
    expect(await merge(shards, 'merged')).toMatchObject({ code: 0, stderr: '' });
    cpSync(moved, file);
    expect(bytes(join(folder, 'merged'))).toBe(bytes(reference));
    expect(readFileSync(join(folder, 'merged/report.html'), 'utf8')).toBe(
      readFileSync(join(reference, 'report.html'), 'utf8'),
    );
  });

  it('are more than there are places, if one likes', async () => {
    const out = join(folder, 'many');
    for (let i = 1; i <= 7; i++) await dsasim(['run', file, '--shard', `${i}/7`, '--out', out, '--quiet']);
    expect((await merge(out, 'of-many', 7)).code).toBe(0);
    expect(bytes(join(folder, 'of-many'))).toBe(bytes(reference));
  });

  it('find their warm-up and the number of their replications by themselves', async () => {
    const auto = join(folder, 'auto.yaml');
    const until =
      'warmup: auto, duration: 200us, replications: 5, until: { relative_half_width: 0.1%, max: 8 }';
    writeFileSync(auto, TINY.replace('warmup: 10us, duration: 200us, replications: 3', until));
    const out = join(folder, 'auto-shards');
    for (const i of [1, 2]) {
      const one = await dsasim(['run', auto, '--shard', `${i}/2`, '--out', out, '--quiet']);
      expect(one).toMatchObject({ code: 0 });
    }
    expect((await merge(out, 'auto-merged', 2)).code).toBe(0);
    await dsasim(['run', auto, '--out', join(folder, 'auto'), '--quiet']);
    expect(bytes(join(folder, 'auto-merged'))).toBe(bytes(join(folder, 'auto')));
  });

  it('that are missing, unfinished or damaged are named, with exit code 3', async () => {
    const spoiled = copied('spoiled');
    const [first, second, third] = readdirSync(spoiled).map((name) => join(spoiled, name));
    rmSync(first!);
    const whole = readFileSync(second!, 'utf8').split('\n');
    writeFileSync(second!, `${whole.slice(0, 3).join('\n')}\n{"run":"torn`);
    writeFileSync(third!, readFileSync(third!, 'utf8').replace('"events":', '"evnets":'));
    const { code, stderr } = await merge(spoiled, 'no');
    expect(code).toBe(3);
    expect(stderr.split('\n').slice(1)).toEqual([
      '  - shard 1 of 3 is missing',
      `  - shard 2 of 3 is not finished: ${second} holds 2 results so far; run it again with --resume`,
      `  - shard 3 of 3 is damaged: 1 line of ${third}; run it again with --resume`,
      '',
    ]);
    for (const i of [1, 2, 3]) expect((await shard(i, spoiled, '--resume')).code).toBe(0);
    expect((await merge(spoiled, 'healed')).code).toBe(0);
    expect(bytes(join(folder, 'healed'))).toBe(bytes(reference));
  });

  it('of another division, workload or model are refused', async () => {
    expect((await merge(shards, 'no', 4)).stderr).toContain('is one of 3 shards, not of 4');
    const strangers = copied('strangers');
    await dsasim(['run', file, '--seed', '9', '--shard', '2/3', '--out', strangers, '--quiet', '--restart']);
    const other = await merge(strangers, 'no');
    expect([other.code, other.stderr]).toEqual([3, expect.stringContaining('is of another workload')]);
    const aged = copied('aged');
    const path = join(aged, 'tiny.2-of-3.ndjson');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"model":"\w+"/, '"model":"0123456789abcdef"'));
    const old = await merge(aged, 'no');
    expect([old.code, old.stderr]).toEqual([3, expect.stringContaining('by another model')]);
    mkdirSync(join(folder, 'empty'));
    expect((await merge(join(folder, 'empty'), 'no')).stderr).toContain('there is no shard in');
    expect((await shard(1, shards)).stderr).toContain('DSASIM_C014');
    expect((await shard(1, shards, '--worlds', '5', '--resume')).stderr).toContain('DSASIM_C015');
  });
});

describe('the examples for clusters', () => {
  const program = `${process.execPath} ${BIN}`;
  const bash = (script: string, env: Record<string, string>) =>
    spawnSync('bash', ['-ec', script], { cwd: ROOT, encoding: 'utf8', env: { ...process.env, ...env } });

  it.skipIf(skipsWithout('parallel', 'parallel'))('run a sweep under GNU parallel', () => {
    const out = join(folder, 'parallel');
    // As its head says, with a slash behind the folder.
    const { status, stderr } = bash(`examples/parallel/sweep.sh ${file} 3 ${out}/`, { DSASIM: program });
    expect(status, stderr).toBe(0);
    expect(bytes(out)).toBe(bytes(reference));
    const spaced = join(folder, 'a sweep.yaml');
    cpSync(file, spaced);
    const again = bash(`examples/parallel/sweep.sh '${spaced}' 1 ${out}-again`, { DSASIM: program });
    expect(again.status, again.stderr).toBe(0);
  });

  it('do in each task of a Slurm array what a shard is', async () => {
    const out = join(folder, 'slurm');
    for (const SLURM_ARRAY_TASK_ID of ['1', '2', '3']) {
      const env = { DSASIM: program, WORKLOAD: file, SHARDS: '3', OUT: out, SLURM_ARRAY_TASK_ID };
      const { status, stderr } = bash('bash examples/slurm/sweep.sbatch', env);
      expect(status, stderr).toBe(0);
    }
    expect((await merge(out, 'of-slurm')).code).toBe(0);
    expect(bytes(join(folder, 'of-slurm'))).toBe(bytes(reference));
  });

  it('do in each pod of an indexed job of Kubernetes what a shard is', async () => {
    const { spec } = parse(readFileSync(join(ROOT, 'examples/kubernetes/sweep.yaml'), 'utf8'));
    expect(spec.completionMode).toBe('Indexed');
    const [container] = spec.template.spec.containers;
    const given: Record<string, string> = Object.fromEntries(
      container.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
    );
    expect(given.SHARDS).toBe(String(spec.completions));
    const out = join(folder, 'kubernetes');
    for (const JOB_COMPLETION_INDEX of ['0', '1', '2']) {
      const env = { ...given, WORKLOAD: file, SHARDS: '3', OUT: out, JOB_COMPLETION_INDEX };
      const { status, stderr } = bash(`dsasim() { ${program} "$@"; }; ${container.args[0]}`, env);
      expect(status, stderr).toBe(0);
    }
    expect((await merge(out, 'of-kubernetes')).code).toBe(0);
    expect(bytes(join(folder, 'of-kubernetes'))).toBe(bytes(reference));
  });
});
