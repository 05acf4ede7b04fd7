import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parameterDeclaration } from '../../src/models/parameters.js';
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

/** The tiny workload with transfers so large that moving the data is all that counts. */
const LARGE = TINY.replace('4KiB', '256KiB').replace('duration: 200us', 'duration: 1ms');

/** Sets a constant to a multiple of its nominal value. */
function scaled(name: string, factor: number): string[] {
  const { dimension, nominal } = parameterDeclaration(name)!;
  const unit = dimension === 'time' ? 'ps' : 'B/s';
  return ['--set', `platform.set.${name}=${Math.round(nominal * factor)}${unit}`];
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

  it('says of designs that nobody can run that their numbers are predictions, on the page as well', async () => {
    const { folder, gate } = await bench(
      TINY.replace('designs: [native-cdev]', 'designs: [native-cdev, mdev]'),
    );
    const page = join(folder, 'gate.html');
    const { stdout } = await gate('--report', page);
    const sentence = 'mdev is argued on the lists and never merged: such numbers are predictions.';
    expect(stdout).toContain(`${sentence}\n`);
    expect(readFileSync(page, 'utf8')).toContain(sentence);
  });

  it('fails a slowdown of 3 % in one constant with 1, and names metric, point, stage and constant', async () => {
    const { gate } = await bench(LARGE);
    const { code, stdout } = await gate(...scaled('engine.bandwidth', 0.97));
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /✗ throughput of native-cdev @ tenants\.process\.load\.closed\.depth=1: .* → .*\(-[12]\.\d+ %.*tolerance 1 %\); stage read \+\d+ ns/,
    );
    expect(stdout).toMatch(/✗ latency_p50 of native-cdev .*depth=8: .*tolerance 2 %\); stage \w+ \+/);
    expect(stdout).toMatch(
      /what changed since the baseline:\n {2}platform\.set\.engine\.bandwidth: [\d.]+ GB\/s → [\d.]+ GB\/s \(at 2 points\)\n/,
    );
    expect(stdout).toMatch(/^gate failed: 4 compared/m);
  });

  it('finds the stage of each constant that slows down', async () => {
    const { gate } = await bench(`${TINY.replace(/tolerance: \d%/g, 'tolerance: 0.1%')}`);
    for (const [constant, factor, stage] of [
      ['host.prepare', 50, 'prepare'],
      ['engine.completion_latency', 1.5, 'complete'],
      ['host.poll_transfer', 1.5, 'notify'],
    ] as const) {
      const { code, stdout } = await gate(...scaled(constant, factor), '--json');
      expect(code, constant).toBe(1);
      const [{ comparisons }] = JSON.parse(stdout).workloads;
      const regressed = comparisons.filter((c: { verdict: string }) => c.verdict === 'regressed');
      expect(regressed.length, constant).toBeGreaterThan(0);
      for (const { moved, point } of regressed.filter((c: { point: string }) => c.point.endsWith('=1'))) {
        expect([constant, point, moved.kind, moved.name]).toEqual([constant, point, 'stage', stage]);
      }
    }
  });

  it('finds the step of the control path where a start takes longer', async () => {
    const { gate } = await bench(
      TINY.replace('designs: [native-cdev]', 'designs: [mdev]').replace(
        /metrics:\n(.*\n)*/,
        'metrics:\n    boot_time: { tolerance: 1% }\n',
      ),
    );
    const { code, stdout } = await gate(...scaled('user_exit', 1.5));
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ boot_time of mdev .*; step .+ \+[\d.]+ [µm]s/);
  });

  it('passes an improvement but asks for a new baseline; --fail-on any-change does not', async () => {
    const { gate } = await bench();
    const faster = scaled('engine.completion_latency', 0.5);
    const { code, stdout } = await gate(...faster);
    expect(code).toBe(0);
    expect(stdout).toContain('update the baseline with --update-baseline');
    expect((await gate(...faster, '--fail-on', 'any-change')).code).toBe(1);
    expect((await gate('--fail-on', 'any-change')).code).toBe(0);
  });

  it('compares other constants, devices and versions unless --strict-model forbids it with 3', async () => {
    const { baseline, gate } = await bench();
    const other = ['--set', 'devices.0.groups.0.work_queues.0.size=24'.replace(/\.0/g, '[0]')];
    const listed = await gate(...other);
    expect(listed.stdout).toContain('devices[0].groups[0].work_queues[0].size: 32 → 24 (at 2 points)');
    const refused = await gate(...other, '--strict-model');
    expect([refused.code, refused.stderr]).toEqual([
      3,
      expect.stringContaining('size is 24, the baseline has 32'),
    ]);
    edit(baseline, /"model": "[^"]+"/, '"model": "0.0.1"');
    const older = await gate();
    expect([older.code, older.stdout]).toEqual([0, expect.stringMatching(/version of dsasim: 0\.0\.1 → /)]);
    expect((await gate('--strict-model')).code).toBe(3);
  });

  it('accepts what --tolerance accepts, and refuses one for a metric that it does not compare', async () => {
    const { gate } = await bench();
    const slower = scaled('engine.completion_latency', 1.5);
    const wide = ['--tolerance', 'latency_p50=50%', '--tolerance', 'throughput=50%'];
    expect((await gate(...slower, ...wide)).code).toBe(0);
    const { code, stderr } = await gate('--tolerance', 'boot_time=5%');
    expect([code, stderr]).toEqual([2, expect.stringContaining('it compares: throughput, latency_p50')]);
  });

  it('fails a broken limit with 1 although nothing moved', async () => {
    const { gate } = await bench();
    const { code, stdout } = await gate('--set', 'gate.limits=[throughput > 1TB/s]');
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ limit throughput > 1TB\/s: is [\d.]+ GB\/s at native-cdev @ /);
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
      expect(stderr).toMatch(
        /\n {2}= ((move it away, and )?write it with the same command and --update|use the dsasim)/,
      );
    }
    const missing = await dsasim(['gate', file, '--baseline', join(folder, 'none.json')]);
    expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining('no such file or directory')]);
    expect(missing.stderr).toMatch(
      /\n {2}= write it with the same command and --update-baseline, on your machine, and commit it\n$/,
    );
  });

  it('exits 3 on a baseline of another workload, seed, measurement, point or metric, with the reason', async () => {
    const { baseline, gate } = await bench();
    const text = readFileSync(baseline, 'utf8');
    const refused = async (...args: string[]): Promise<string> => {
      const { code, stderr } = await gate(...args);
      expect(code).toBe(3);
      expect(stderr).toMatch(
        /\n {2}= if the change is wanted, write the baseline again with --update-baseline/,
      );
      return stderr;
    };
    expect(await refused('--seed', '2')).toContain('the seed is 2, the baseline has 1');
    expect(await refused('--replications', '4')).toContain('measure.replications is 4, the baseline has 3');
    expect(await refused('--set', 'name=other')).toContain('the workload is other, the baseline has tiny');
    expect(await refused('--set', 'designs=[mdev]')).toMatch(/the baseline lacks points: mdev/);
    expect(await refused('--set', 'tenants.process.operations.size=8KiB')).toContain(
      'tenants.process.operations[0].size is 8192, the baseline has 4096',
    );
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
    expect(stderr).toContain('  = measure longer (measure.duration)');
  });

  it('takes results that exist already, but only of this very workload and of a version that it reads', async () => {
    const { folder, file, baseline, gate } = await bench();
    await dsasim(['run', file, '--out', folder, '--quiet']);
    const results = join(folder, 'results.json');
    expect((await gate('--results', results)).stdout).toBe('gate passed: 4 compared, 4 unchanged\n');
    const other = await gate('--results', results, ...scaled('host.prepare', 2));
    expect([other.code, other.stderr]).toEqual([3, expect.stringContaining('made from another workload')]);
    const alone = await dsasim(['gate', '--results', results, '--baseline', baseline]);
    expect(alone.stdout).toBe('gate passed: 4 compared, 4 unchanged\n');
    edit(results, '"schema_version": 2', '"schema_version": 9');
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
      passed: true,
      workloads: [{ workload: 'tiny', status: 'passed', changed: [] }],
    });
    expect(same.workloads[0].comparisons.length).toBe(4);
    const slow = await gate('--json', ...scaled('engine.completion_latency', 1.5));
    expect([slow.code, JSON.parse(slow.stdout).passed]).toEqual([1, false]);
  });

  it('exits 3 when there is nothing at all to compare', async () => {
    const { baseline } = await bench();
    const { code, stderr } = await dsasim(['gate', '--baseline', baseline]);
    expect([code, stderr]).toEqual([3, expect.stringContaining('nothing was compared')]);
  });

  it('exits 4 when the baseline cannot be written', async () => {
    const { folder, file } = workload();
    writeFileSync(join(folder, 'taken'), '');
    const path = join(folder, 'taken', 'baseline.json');
    const { code, stderr } = await dsasim(['gate', file, '--baseline', path, '--update-baseline']);
    expect([code, stderr]).toEqual([4, expect.stringContaining('error[DSASIM_E001]')]);
  });
});
