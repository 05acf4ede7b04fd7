import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dsasim, type Outcome } from './dsasim.js';
import { TINY, workload } from './tiny.js';

/** A workload with its baseline, and the gate on it with more arguments. */
async function bench(text = TINY) {
  const { folder, file } = workload(text);
  const baseline = join(folder, 'baseline.json');
  const gate = (...args: string[]): Promise<Outcome> =>
    dsasim(['gate', file, '--baseline', baseline, ...args]);
  const made = await gate('--update-baseline');
  expect([made.code, made.stderr]).toEqual([0, `wrote ${baseline}\n`]);
  return { folder, file, baseline, gate };
}

/** The baseline with a piece of its text replaced; fails when the piece is not there. */
function edit(path: string, piece: string | RegExp, by: string): void {
  const text = readFileSync(path, 'utf8');
  expect(text).toMatch(piece);
  writeFileSync(path, text.replace(piece, by));
}

describe('dsasim gate', () => {
  it('passes an identical run with 0, and makes the same baseline again to the byte', async () => {
    const { baseline, gate } = await bench();
    const text = readFileSync(baseline, 'utf8');
    const { code, stdout } = await gate();
    expect([code, stdout]).toEqual([0, 'gate passed: 4 compared, 4 unchanged\n']);
    await gate('--update-baseline');
    expect(readFileSync(baseline, 'utf8')).toBe(text);
  });

  it('fails a slowdown of 3 % with 1, names the metric, the point and the stage, and says what changed', async () => {
    const { gate } = await bench();
    const { code, stdout } = await gate('--set', 'platform.set.engine.completion_latency=130ns');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /✗ latency_p50 of native-cdev.*: .* → .*\(\+\d.*tolerance 2 %\); stage \w+ \+\d+ ns/,
    );
    expect(stdout).toMatch(/what changed since the baseline:\n {2}parameters\n/);
    expect(stdout).toMatch(/^gate failed: 4 compared/m);
  });

  it('passes an improvement but asks for a new baseline', async () => {
    const { gate } = await bench();
    const { code, stdout } = await gate('--set', 'platform.set.engine.completion_latency=20ns');
    expect(code).toBe(0);
    expect(stdout).toContain('update the baseline with --update-baseline');
  });

  it('accepts what --tolerance accepts, and refuses one for a metric that it does not compare', async () => {
    const { gate } = await bench();
    const slower = ['--set', 'platform.set.engine.completion_latency=130ns'];
    const wide = ['--tolerance', 'latency_p50=50%', '--tolerance', 'throughput=50%'];
    expect((await gate(...slower, ...wide)).code).toBe(0);
    const { code, stderr } = await gate('--tolerance', 'boot_time=5%');
    expect([code, stderr]).toEqual([2, expect.stringContaining('it compares: throughput, latency_p50')]);
  });

  it('fails a broken limit with 1 although nothing moved', async () => {
    const { gate } = await bench();
    const { code, stdout } = await gate('--set', 'gate.limits=[throughput > 1TB/s]');
    expect(code).toBe(1);
    expect(stdout).toContain('✗ limit throughput > 1TB/s');
    expect(stdout).toContain('gate failed: 4 compared, 4 unchanged, 2 limits broken');
  });

  it('exits 3 when the baseline is missing, truncated, another kind, or of another schema, without simulating', async () => {
    const { baseline, gate, folder, file } = await bench();
    const text = readFileSync(baseline, 'utf8');
    const cases: [string, RegExp][] = [
      [text.slice(0, 200), /is truncated/],
      ['[]', /is not a baseline of dsasim gate/],
      [text.replace('"kind": "baseline"', '"kind": "run"'), /its kind is "run"/],
      [text.replace('"schema_version": 1', '"schema_version": 2'), /written by a newer dsasim/],
      [text.replace('"seed": 1', '"seed": null'), /does not have the expected shape: seed/],
    ];
    for (const [content, expected] of cases) {
      writeFileSync(baseline, content);
      const { code, stdout, stderr } = await gate();
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(expected);
    }
    const missing = await dsasim(['gate', file, '--baseline', join(folder, 'none.json')]);
    expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining('no such file or directory')]);
  });

  it('exits 3 on a baseline of another workload, seed, measurement, point or metric, with the reason', async () => {
    const { baseline, gate } = await bench();
    const text = readFileSync(baseline, 'utf8');
    const refused = async (...args: string[]): Promise<string> => {
      const { code, stderr } = await gate(...args);
      expect(code).toBe(3);
      return stderr;
    };
    expect(await refused('--seed', '2')).toContain('the seed is 2, the baseline has 1');
    expect(await refused('--replications', '4')).toContain('measure.replications is 4, the baseline has 3');
    expect(await refused('--set', 'name=other')).toContain('the workload is other, the baseline has tiny');
    expect(await refused('--set', 'designs=[mdev]')).toMatch(/the baseline lacks points: mdev/);
    edit(baseline, /"latency_p50"/g, '"latency_p90"');
    expect(await refused()).toContain('this run lacks metrics: latency_p90');
    writeFileSync(baseline, text.replace(/"points": \{(.*\n)*?\s\s\},/, '"points": {},'));
    expect(await refused()).toMatch(/the baseline lacks points/);
  });

  it('exits 3 when nothing could be compared', async () => {
    // Ten descriptors or so give no 99.9th percentile, on either side.
    const { gate, baseline } = await bench(
      TINY.replace('duration: 200us', 'duration: 10us').replace(
        /metrics:\n(.*\n)*/,
        'metrics:\n    latency_p99_9: { tolerance: 1% }\n',
      ),
    );
    expect(readFileSync(baseline, 'utf8')).toContain('"latency_p99_9": { "half_width": null, "mean": null');
    const { code, stderr } = await gate();
    expect([code, stderr]).toEqual([3, expect.stringContaining('nothing was compared')]);
  });

  it('takes results that exist already, but only of this very workload and of a version that it reads', async () => {
    const { folder, file, gate } = await bench();
    await dsasim(['run', file, '--out', folder, '--quiet']);
    const results = join(folder, 'results.json');
    expect((await gate('--results', results)).stdout).toBe('gate passed: 4 compared, 4 unchanged\n');
    const other = await gate('--results', results, '--set', 'tenants.process.batch=2');
    expect([other.code, other.stderr]).toEqual([3, expect.stringContaining('made from another workload')]);
    edit(results, '"schema_version": 1', '"schema_version": 9');
    const newer = await gate('--results', results);
    expect([newer.code, newer.stderr]).toEqual([3, expect.stringContaining('written by a newer dsasim')]);
    writeFileSync(results, '{');
    expect((await gate('--results', results)).code).toBe(2);
  });

  it('does not update a baseline under CI unless forced', async () => {
    const { folder, file } = workload();
    const baseline = join(folder, 'baseline.json');
    const update = (...args: string[]): Promise<Outcome> =>
      dsasim(['gate', file, '--baseline', baseline, '--update-baseline', ...args], { env: { CI: 'true' } });
    const { code, stderr } = await update();
    expect([code, stderr]).toEqual([2, expect.stringContaining('error[DSASIM_C004]')]);
    expect(existsSync(baseline)).toBe(false);
    expect((await update('--force')).code).toBe(0);
    expect(existsSync(baseline)).toBe(true);
  });

  it('prints one JSON document with --json, passed or not', async () => {
    const { gate } = await bench();
    const same = JSON.parse((await gate('--json')).stdout);
    expect(same).toMatchObject({
      schema_version: 1,
      kind: 'gate',
      workload: 'tiny',
      passed: true,
      changed: [],
    });
    expect(same.comparisons.length).toBe(4);
    const slow = await gate('--json', '--set', 'platform.set.engine.completion_latency=130ns');
    expect([slow.code, JSON.parse(slow.stdout).passed]).toEqual([1, false]);
  });

  it('exits 4 when the baseline cannot be written', async () => {
    const { folder, file } = workload();
    writeFileSync(join(folder, 'taken'), '');
    const path = join(folder, 'taken', 'baseline.json');
    const { code, stderr } = await dsasim(['gate', file, '--baseline', path, '--update-baseline']);
    expect([code, stderr]).toEqual([4, expect.stringContaining('error[DSASIM_E001]')]);
  });
});
