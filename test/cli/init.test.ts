import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultsSchema } from '../../src/experiment/results.js';
import { dsasim, temporaryFolder } from './dsasim.js';

describe('dsasim init', () => {
  it('writes a workload that is valid, runs without a warning, balances, and passes its own gate', async () => {
    const folder = join(temporaryFolder(), 'new');
    const made = await dsasim(['init', folder]);
    const file = join(folder, 'workload.yaml');
    expect([made.code, made.stdout]).toEqual([0, '']);
    expect(made.stderr).toContain(`wrote ${file}\n\nnext:\n  dsasim check ${file}\n`);
    expect(readdirSync(folder)).toEqual(['workload.yaml']);

    const checked = await dsasim(['check', file]);
    expect([checked.code, checked.stderr]).toEqual([0, '']);
    expect(checked.stdout).toContain('starter is valid: 6 points of 2 designs');

    const run = await dsasim(['run', file, '--json', '--out', join(folder, 'out')]);
    expect(run.code).toBe(0);
    const results = resultsSchema.parse(JSON.parse(run.stdout));
    expect(results.warnings).toEqual([]);
    expect(results.limits.every(({ held }) => held)).toBe(true);
    for (const { conservation: c, metrics } of results.points) {
      expect(c.completed + c.failed + c.rejected + c.in_flight).toBe(c.submitted);
      expect(c.failed + c.rejected).toBe(0);
      expect(metrics.throughput!.half_width).not.toBeNull();
    }

    const baseline = join(folder, 'baseline.json');
    const gate = ['gate', file, '--baseline', baseline];
    expect((await dsasim([...gate, '--update-baseline'])).code).toBe(0);
    expect((await dsasim(gate)).stdout).toMatch(/gate passed: 18 compared, 18 unchanged/);
  });

  it('names the next commands as they are called: by npx where npx called it', async () => {
    const { stderr } = await dsasim(['init', join(temporaryFolder(), 'my files')], {
      env: { npm_command: 'exec' },
    });
    expect(stderr).toMatch(/\n {2}npx dsasim check '.*my files\/workload\.yaml'\n {2}npx dsasim run '/);
  });

  it('overwrites nothing, and says so with 2', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'workload.yaml'), 'mine');
    const { code, stderr } = await dsasim(['init'], { cwd: folder });
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('error[DSASIM_C012]: workload.yaml is there already'),
    ]);
    expect(readFileSync(join(folder, 'workload.yaml'), 'utf8')).toBe('mine');
    expect(readdirSync(folder)).toEqual(['workload.yaml']);
  });

  it('exits 4 where it may not write', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'taken'), '');
    const { code, stderr } = await dsasim(['init', join(folder, 'taken')]);
    expect([code, stderr]).toEqual([4, expect.stringContaining('a file is in the way of the directory')]);
  });

  it('names every command that it speaks of as it is', async () => {
    const folder = temporaryFolder();
    await dsasim(['init', folder, '--quiet']);
    const text = readFileSync(join(folder, 'workload.yaml'), 'utf8');
    const commands = [...text.matchAll(/dsasim ([a-z]+)/g)].map(([, command]) => command!);
    const help = (await dsasim(['--help'])).stdout;
    expect(commands).toEqual(expect.arrayContaining(['check', 'run', 'explain', 'list', 'gate']));
    for (const command of commands) expect(help).toMatch(new RegExp(`^ {2}${command} `, 'm'));
  });
});
