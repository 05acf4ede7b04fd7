import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultsSchema } from '../../src/experiment/results.js';
import { dsasim } from './dsasim.js';
import { workload } from './tiny.js';

/** Two designs whose guests sleep until interrupted. */
const SLEEPING = `name: sleeping
devices:
  - groups:
      - { engines: 1, work_queues: [{ name: copy, mode: dedicated, size: 32 }] }
designs: [mdev, vfio-user]
tenants:
  - name: guest
    work_queue: copy
    load: { closed: { depth: 8 } }
    operations: { op: memmove, size: 4KiB }
    completion: interrupt
semantics: timing
measure: { warmup: 20us, duration: 1ms, replications: 2 }
`;

describe('dsasim run --worlds and --what-if', () => {
  it('say in how many worlds rankings hold, what they depend on, and what limits each point', async () => {
    const { folder, file } = workload(SLEEPING);
    const out = join(folder, 'out');
    const { code, stdout, stderr } = await dsasim(['run', file, '--worlds', '6', '--what-if', '--out', out]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/Robustness: \d of \d rankings hold in all of 6 worlds with \d+ constants/);
    expect(stdout).toMatch(/What limits throughput: mdev: submitting threads \(\+\d+ % with one\s+more/);

    const results = resultsSchema.parse(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')));
    expect(results.workload.command).toMatch(/--worlds 6 --what-if$/);
    expect(results.robustness!.worlds).toBe(6);
    expect(results.what_if!.map(({ point }) => point)).toEqual(['mdev', 'vfio-user']);
    const posted = results.what_if![1]!.changes.find(({ id }) => id === 'posted_interrupts');
    expect(posted!.throughput!.ratio).toBeGreaterThan(1);

    const again = await dsasim([
      'run',
      file,
      '--worlds',
      '6',
      '--what-if',
      '--workers',
      '1',
      '--json',
      '--out',
      out,
    ]);
    expect(JSON.parse(again.stdout)).toEqual(results);
  }, 240_000);

  it('leave the document without findings that nobody asked for', async () => {
    const { folder, file } = workload(SLEEPING);
    const { stdout } = await dsasim(['run', file, '--json', '--out', join(folder, 'out')]);
    const { robustness, what_if } = resultsSchema.parse(JSON.parse(stdout));
    expect([robustness, what_if]).toEqual([null, null]);
  }, 120_000);

  it('refuse a number of worlds that is none', async () => {
    const { file } = workload(SLEEPING);
    const { code, stderr } = await dsasim(['run', file, '--worlds', 'many']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/whole number/);
  });
});

describe('dsasim run of a workload that asks for precision', () => {
  it('finds the warm-up, replicates until intervals are narrow, and is the same for any number of workers', async () => {
    const measure = 'measure: { warmup: auto, duration: 100us, until: { relative_half_width: 5%, max: 12 } }';
    const { folder, file } = workload(SLEEPING.replace(/measure: .*/, measure));
    const run = (workers: string) =>
      dsasim(['run', file, '--json', '--workers', workers, '--out', join(folder, workers)]);
    const [one, two] = [await run('1'), await run('2')];
    expect(one.code, one.stderr).toBe(0);
    expect(two.stdout).toBe(one.stdout);
    const results = resultsSchema.parse(JSON.parse(one.stdout));
    expect(results.measure).toMatchObject({ warmup: null, until: { relative_half_width: 0.05, max: 12 } });
    for (const { metrics, fingerprints } of results.points) {
      const { mean, half_width } = metrics.throughput!;
      expect(half_width! / mean! <= 0.05 || fingerprints.length === 12).toBe(true);
    }
  }, 240_000);
});
