import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dsasim, type Outcome } from './dsasim.js';
import { TINY, workload } from './tiny.js';

const SLOWER = ['--set', 'platform.set.engine.completion_latency=1us'];

/** Two workloads with their baselines in one folder, and the gate on both with more arguments. */
async function bench() {
  const { folder, file: first } = workload(TINY.replace('name: tiny', 'name: first'));
  const second = join(folder, 'second.yaml');
  writeFileSync(second, TINY.replace('name: tiny', 'name: second').replace('[1, 8]', '[2, 4]'));
  const baselines = join(folder, 'baselines/');
  const gate = (...args: string[]): Promise<Outcome> =>
    dsasim(['gate', first, second, '--baseline', baselines, ...args]);
  const made = await gate('--update-baseline');
  expect(made.code, made.stderr).toBe(0);
  expect(readdirSync(baselines).sort()).toEqual(['first.json', 'second.json']);
  return { folder, first, second, baselines, gate };
}

describe('dsasim gate on several workloads', () => {
  it('compares each with the baseline of its name, and says the verdict on each and on all', async () => {
    const { gate } = await bench();
    const { code, stdout } = await gate();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^first \(.*first\.json\)\ngate passed: 4 compared, 4 unchanged\n\nsecond /);
    expect(stdout).toMatch(/gate passed: 2 workloads\n$/);
    expect((await gate(...SLOWER)).code).toBe(1);
  });

  it('goes on after one that is not comparable, tells about both, and exits 3', async () => {
    const { gate, baselines } = await bench();
    writeFileSync(join(baselines, 'first.json'), '{');
    const { code, stdout, stderr } = await gate(...SLOWER);
    expect(code).toBe(3);
    expect(stderr).toMatch(/error\[DSASIM_G001\]: not comparable\n {2}- .*first\.json: is truncated/);
    expect(stdout).toMatch(/second[\s\S]*gate failed: 4 compared/);
    expect(stdout).toMatch(/gate not decided: 2 workloads\n$/);
    const json = JSON.parse((await gate('--json')).stdout);
    expect(json.passed).toBe(false);
    expect(json.workloads.map((w: { status: string }) => w.status)).toEqual(['not comparable', 'passed']);
  });

  it('refuses one file as the baseline of several, and two workloads of one name, with 2', async () => {
    const { folder, first, second } = await bench();
    const file = await dsasim(['gate', first, second, '--baseline', join(folder, 'one.json')]);
    expect([file.code, file.stderr]).toEqual([2, expect.stringContaining('error[DSASIM_C007]')]);
    const twice = await dsasim(['gate', first, first, '--baseline', `${folder}/`]);
    expect([twice.code, twice.stderr]).toEqual([2, expect.stringContaining('error[DSASIM_C009]')]);
  });

  it('takes results of each, and refuses to judge one without', async () => {
    const { folder, first, second, baselines, gate } = await bench();
    const outs = ['first', 'second'].map((name) => join(folder, name));
    await dsasim(['run', first, '--quiet', '--out', outs[0]!]);
    await dsasim(['run', second, '--quiet', '--out', outs[1]!]);
    const [a, b] = outs.map((out) => join(out, 'results.json'));
    expect((await gate('--results', b!, '--results', a!)).code).toBe(0);
    const alone = await dsasim(['gate', '--results', b!, '--results', a!, '--baseline', baselines]);
    expect([alone.code, alone.stdout]).toEqual([0, expect.stringContaining('gate passed: 2 workloads')]);
    const lacking = await gate('--results', a!);
    expect([lacking.code, lacking.stderr]).toEqual([2, expect.stringContaining('error[DSASIM_C008]')]);
  });
});

describe('formats of dsasim gate', () => {
  it('go to standard output or to files, all of one run', async () => {
    const { folder, gate } = await bench();
    const at = (name: string): string => join(folder, 'out', name);
    mkdirSync(join(folder, 'out'));
    const formats = ['junit', 'markdown', 'json', 'github'].flatMap((kind) => [
      '--format',
      `${kind}=${at(kind)}`,
    ]);
    const { code, stdout, stderr } = await gate(
      ...SLOWER,
      ...formats,
      '--format',
      'text',
      '--report',
      at('page'),
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/gate failed: 2 workloads/);
    expect(stderr).toContain(`wrote ${at('junit')}`);
    expect(readFileSync(at('junit'), 'utf8')).toMatch(
      /<testsuites name="dsasim gate" tests="8" failures="[1-8]"/,
    );
    expect(readFileSync(at('markdown'), 'utf8')).toMatch(/^## Performance gate: failed\n/);
    expect(JSON.parse(readFileSync(at('json'), 'utf8'))).toMatchObject({ kind: 'gate', passed: false });
    expect(readFileSync(at('github'), 'utf8')).toContain('| **regressed** | `latency_p50` |');
    // The summary went to its file; annotations are for the log.
    expect(stdout).toMatch(/^::error title=first%3A regression::latency_p50 of native-cdev/m);
    expect(readFileSync(at('page'), 'utf8')).toMatch(
      /^<!doctype html>[\s\S]*The gate failed[\s\S]*side by side/,
    );
  });

  it('append the step summary where GitHub wants it, and keep a document on standard output whole', async () => {
    const { folder, first, baselines } = await bench();
    const summary = join(folder, 'summary.md');
    writeFileSync(summary, 'before\n');
    const { stdout, stderr } = await dsasim(
      ['gate', first, '--baseline', baselines, ...SLOWER, '--format', 'github', '--json'],
      { env: { GITHUB_STEP_SUMMARY: summary } },
    );
    expect(JSON.parse(stdout).kind).toBe('gate');
    expect(stderr).toContain('::error title=');
    expect(readFileSync(summary, 'utf8')).toMatch(/^before\n## Performance gate: failed/);
  });

  it('refuse to share standard output, and an unknown one, with 2', async () => {
    const { gate } = await bench();
    const both = await gate('--format', 'json', '--format', 'junit');
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('error[DSASIM_C006]')]);
    const unknown = await gate('--format', 'xml');
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('text, json, markdown')]);
  });

  it('give the same bytes for an identical run', async () => {
    const { gate } = await bench();
    for (const format of ['text', 'json', 'markdown', 'junit', 'github']) {
      const [one, two] = [await gate('--format', format), await gate('--format', format, '--workers', '1')];
      expect([one.code, one.stdout], format).toEqual([0, two.stdout]);
    }
  });
});
