import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { BIN, dsasim } from './dsasim.js';
import { TINY, workload } from './tiny.js';

/** Simulated in about a second: 40 replications, each long enough to be killed in. */
const SWEEP = TINY.replace('[1, 8]', '[1, 2, 4, 8]')
  .replace('duration: 200us', 'duration: 2ms')
  .replace('replications: 3', 'replications: 10');

/** Kills that one run has to survive. */
const KILLS = 3;

const { folder, file } = workload(SWEEP);
const reference = join(folder, 'reference');
const bytes = (out: string, name = 'results.json') => readFileSync(join(out, name), 'utf8');
/** Whole lines of results in a journal. */
const finished = (out: string): number =>
  existsSync(join(out, 'journal.ndjson'))
    ? (bytes(out, 'journal.ndjson').match(/^\{"run".*\}$/gm) ?? []).length
    : 0;

/** Runs until a journal has grown by so many results, and then sends SIGKILL. @returns whether it came to that */
function killedAfter(args: readonly string[], out: string, results: number): Promise<boolean> {
  const child = spawn(process.execPath, [BIN, ...args], { stdio: 'ignore' });
  const from = finished(out);
  const watch = setInterval(() => {
    if (finished(out) - from >= results) child.kill('SIGKILL');
  }, 5);
  return new Promise((resolve) => {
    child.on('close', (_, signal) => {
      clearInterval(watch);
      resolve(signal === 'SIGKILL');
    });
  });
}

beforeAll(async () => {
  expect((await dsasim(['run', file, '--out', reference, '--quiet'])).code).toBe(0);
});

describe('a run that was killed', () => {
  it('goes on from any moment, torn lines included, and gives the same bytes', async () => {
    // The moments are drawn, but the same in every run of this test; when exactly each kill meets the process is not.
    const moments = fc.sample(fc.integer({ min: 1, max: 10 }), { numRuns: KILLS, seed: 7 });
    const out = join(folder, 'killed');
    const args = ['run', file, '--out', out, '--workers', '2', '--quiet', '--resume'];
    let kills = 0;
    let before = 0;
    for (const [i, moment] of moments.entries()) {
      if (!(await killedAfter(args, out, moment))) break;
      kills++;
      const now = finished(out);
      // Nothing that was finished before is lost.
      expect(now).toBeGreaterThanOrEqual(before + 1);
      before = now;
      expect(readdirSync(out)).toEqual(['journal.ndjson']);
      const torn = `{"run":"torn-by-kill-number-${i}.0","crc32":"0000`;
      if (i % 2 === 0) appendFileSync(join(out, 'journal.ndjson'), torn);
    }
    expect(kills).toBeGreaterThan(1);
    const { code, stderr } = await dsasim(['run', file, '--out', out, '--resume']);
    expect(code).toBe(0);
    expect(stderr).toContain(`resuming: ${before} finished replications found\n`);
    expect(bytes(out)).toBe(bytes(reference));
    expect(bytes(out, 'report.html')).toBe(bytes(reference, 'report.html'));
    expect(readdirSync(out).sort()).toEqual(['report.html', 'results.json']);
  });

  it('is told of results that would be thrown away, and throws them away only when told to', async () => {
    const out = join(folder, 'kept');
    const args = ['run', file, '--out', out, '--quiet'];
    expect(await killedAfter(args, out, 3)).toBe(true);
    const kept = finished(out);
    const { code, stderr } = await dsasim(args);
    expect(code).toBe(2);
    expect(stderr).toBe(
      `error[DSASIM_C014]: ${join(out, 'journal.ndjson')} holds ${kept} finished replications of an interrupted run\n  = continue it with --resume, or throw it away with --restart\n`,
    );
    expect(finished(out)).toBe(kept);
    expect((await dsasim([...args, '--restart', '--resume'])).stderr).toContain('DSASIM_C002');
    expect((await dsasim([...args, '--restart'])).code).toBe(0);
    expect(bytes(out)).toBe(bytes(reference));
  });

  it('uses what an edited workload still has in common with it', async () => {
    const out = join(folder, 'edited');
    expect(await killedAfter(['run', file, '--out', out, '--quiet'], out, 10)).toBe(true);
    const kept = finished(out);
    const edited = join(folder, 'edited.yaml');
    writeFileSync(edited, SWEEP.replace('[1, 2, 4, 8]', '[12, 8, 4, 2, 1]'));
    const resumed = await dsasim(['run', edited, '--out', out, '--resume']);
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.stringContaining(`${kept} finished`)]);
    await dsasim(['run', edited, '--out', join(folder, 'anew'), '--quiet']);
    expect(bytes(out)).toBe(bytes(join(folder, 'anew')));
  });

  it('begins at the beginning when there is nothing to resume', async () => {
    const out = join(folder, 'nothing');
    const { code, stderr } = await dsasim(['run', file, '--out', out, '--resume']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('nothing to resume')]);
    expect(bytes(out)).toBe(bytes(reference));
  });
});

describe('a run that is interrupted', () => {
  it('keeps what is finished and goes on with the command that it names', async () => {
    const out = join(folder, 'interrupted');
    const child = spawn(process.execPath, [BIN, 'run', file, '--out', out], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const watch = setInterval(() => {
      if (finished(out) < 2) return;
      // Once: the second signal would end the process at once.
      clearInterval(watch);
      child.kill('SIGINT');
    }, 5);
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code, stderr).toBe(130);
    const [, command] = /continue with: dsasim (.*)\n/.exec(stderr)!;
    const again = await dsasim(command!.split(' '));
    expect(again.code, again.stderr).toBe(0);
    expect(bytes(out)).toBe(bytes(reference));
  });
});
