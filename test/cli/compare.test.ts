import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dsasim } from './dsasim.js';
import { TINY, workload } from './tiny.js';

/** Results of the tiny workload, run with these arguments. */
async function runs(...variants: string[][]): Promise<{ folder: string; files: string[] }> {
  const { folder, file } = workload(TINY.replace('replications: 3', 'replications: 5'));
  const files: string[] = [];
  for (const [i, args] of variants.entries()) {
    const out = join(folder, `run${i}`);
    const { code, stderr } = await dsasim(['run', file, '--quiet', '--out', out, ...args]);
    expect(code, stderr).toBe(0);
    files.push(join(out, 'results.json'));
  }
  return { folder, files };
}

const SLOWER = ['--set', 'platform.set.engine.completion_latency=1us'];

describe('dsasim compare', () => {
  it('calls a run and itself identical', async () => {
    const { files } = await runs([]);
    const { code, stdout, stderr } = await dsasim(['compare', files[0]!, files[0]!]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^The two runs are identical in all of \d+ comparisons\.\nPaired: both runs have seed 1/,
    );
    expect(stdout).toMatch(/throughput .* GB\/s {2}identical/);
  });

  it('pairs replications of one seed, and gives each metric its difference, interval and verdict', async () => {
    const { files } = await runs([], SLOWER);
    const { code, stdout } = await dsasim(['compare', files[0]!, files[1]!]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Of \d+ comparisons \d+ worse\.\nMost for the worse: latency_p50 of [\s\S]*?\nPaired: /,
    );
    expect(stdout).toMatch(/platform\.set\.engine\.completion_latency: .* → 1 µs/);
    expect(stdout).toMatch(/throughput .* → .* -\d.* % \(-\d.* % to -\d.* %\) {2}worse/);
    const back = JSON.parse((await dsasim(['compare', files[1]!, files[0]!, '--json'])).stdout);
    expect(back).toMatchObject({ schema_version: 1, kind: 'comparison', pairing: 'paired' });
    for (const { metric, comparison, finding } of back.comparisons) {
      if (metric === 'throughput') expect([comparison.verdict, finding]).toEqual(['better', 'better']);
      expect(comparison.p).toBeGreaterThanOrEqual(0);
    }
  });

  it('takes runs of different seeds as independent, says so, and finds no significant difference', async () => {
    const { files } = await runs(['--seed', '1'], ['--seed', '2']);
    const { stdout } = await dsasim(['compare', files[0]!, files[1]!, '--metric', 'latency_mean']);
    expect(stdout).toMatch(
      /^No significant difference in 2 comparisons\.\nNot paired: the seeds differ \(1 and 2\)/,
    );
    expect(stdout).toContain('no significant difference');
  });

  it('says that one replication cannot tell', async () => {
    const { files } = await runs(['--replications', '1'], ['--replications', '1', ...SLOWER]);
    const { stdout } = await dsasim(['compare', files[0]!, files[1]!, '--metric', 'throughput']);
    expect(stdout).toMatch(/2 cannot be told: one replication gives no interval/);
    expect(stdout).toContain('cannot be told from one replication');
  });

  it('matches two designs that were run alone by their place in the sweep', async () => {
    const { files } = await runs([], ['--set', 'designs=[mdev]']);
    const { stdout } = await dsasim(['compare', files[0]!, files[1]!, '--metric', 'boot_time']);
    expect(stdout).toMatch(/^mdev @ .*depth=1 against native-cdev @ .*depth=1$/m);
    expect(stdout).toMatch(/boot_time .*worse/);
  });

  it('compares what both have and names the points that only one has; exits 3 without any', async () => {
    const { files } = await runs(
      [],
      ['--set', 'sweep={tenants.process.load.closed.depth: [8, 16]}'],
      ['--set', 'sweep={tenants.process.load.closed.depth: [2]}'],
    );
    const some = await dsasim(['compare', files[0]!, files[1]!]);
    expect(some.stdout).toMatch(/Only the reference has native-cdev @ .*depth=1\./);
    expect(some.stdout).toMatch(/Only the candidate has native-cdev @ .*depth=16\./);
    const none = await dsasim(['compare', files[0]!, files[2]!]);
    expect([none.code, none.stderr]).toEqual([3, expect.stringContaining('share no point')]);
  });

  it('writes a page that says the same, and the same page again', async () => {
    const { folder, files } = await runs([], SLOWER);
    const page = join(folder, 'comparison.html');
    const args = ['compare', files[0]!, files[1]!, '--html', page];
    const { stderr } = await dsasim(args);
    expect(stderr).toBe(`wrote ${page}\n`);
    const text = readFileSync(page, 'utf8');
    expect(text).toMatch(/Of \d+ comparisons \d+ worse\./);
    expect(text).toContain('platform.set.engine.completion_latency');
    await dsasim(args);
    expect(readFileSync(page, 'utf8')).toBe(text);
    expect(readdirSync(folder).sort()).toEqual(['comparison.html', 'run0', 'run1', 'workload.yaml']);
  });

  it('fits a narrow window, and exits 2 on an unknown metric or what is no result', async () => {
    const { folder, files } = await runs([], SLOWER);
    const unknown = await dsasim(['compare', files[0]!, files[1]!, '--metric', 'througput']);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('did you mean throughput?')]);
    writeFileSync(join(folder, 'x.json'), '{}');
    expect((await dsasim(['compare', files[0]!, join(folder, 'x.json')])).code).toBe(2);
  });
});
