import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT, temporaryFolder } from './dsasim.js';

/** Lines that the README gives to somebody who starts from nothing, without their comments. */
function wayOfTheReadme(): string[] {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const from = readme.indexOf('### From nothing to a gated CI job');
  const part = readme.slice(from, readme.indexOf('```yaml', from));
  return [...part.matchAll(/^ {4}npx dsasim ([^#\n]*)/gm)].map(([, line]) => line!.trim());
}

describe('the packed tarball', { timeout: 180_000 }, () => {
  let folder = '';

  beforeAll(() => {
    // What `npm install` would unpack, with the dependencies of this checkout around it: no network is needed.
    const base = temporaryFolder();
    folder = join(base, 'app');
    const place = join(folder, 'node_modules', 'dsasim');
    mkdirSync(place, { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(base, 'node_modules'));
    const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', base], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { filename } = Object.values(JSON.parse(packed) as Record<string, { filename: string }>)[0]!;
    execFileSync('tar', ['-xzf', join(base, filename), '-C', place, '--strip-components=1']);
  }, 60_000);

  /** Runs a line of the README in a folder that knows nothing but the package. */
  const run = (line: string) => {
    const bin = join(folder, 'node_modules/dsasim/dist/cli/main.js');
    const { CI, FORCE_COLOR, ...env } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...line.split(/\s+/)], {
      cwd: folder,
      encoding: 'utf8',
      env,
    });
    return { status, stdout, stderr, what: `dsasim ${line}\n${stderr}` };
  };

  it('leads from init to a gate that passes, and fails when the model gets slower, by the README alone', () => {
    const lines = wayOfTheReadme();
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['init', 'check', 'run', 'gate', 'gate']);
    const workload = join(folder, 'my-project/workload.yaml');
    for (const line of lines) {
      const { status, what } = run(line);
      expect(status, what).toBe(0);
      // Shorter than a newcomer's first run, so that the suite stays quick.
      if (line.startsWith('init')) {
        const text = readFileSync(workload, 'utf8');
        // Editors complete the file by the schema of the dependency.
        const schema = /^# yaml-language-server: \$schema=(.*)$/m.exec(text)![1]!;
        expect(existsSync(join(folder, 'my-project', schema)), schema).toBe(true);
        expect(text).toContain('duration: 1ms, replications: 5');
        writeFileSync(
          workload,
          text.replace('duration: 1ms, replications: 5', 'duration: 200us, replications: 3'),
        );
      }
    }
    expect(existsSync(join(folder, 'reports/starter/report.html'))).toBe(true);
    expect(existsSync(join(folder, 'baseline.json'))).toBe(true);

    const slower = readFileSync(workload, 'utf8').replace(
      '\ndesigns:',
      '\nplatform: { preset: spr, set: { fabric.bandwidth: 25GB/s } }\ndesigns:',
    );
    writeFileSync(workload, slower);
    const { status, stdout } = run(lines.at(-1)!);
    expect(status).toBe(1);
    expect(stdout).toMatch(/✗ throughput of mdev @ \S+: .*; stage \w+/);
    expect(stdout).toContain('fabric.bandwidth');
  });

  it('holds what its documents point to: schema, workloads, data and pages', () => {
    const place = join(folder, 'node_modules/dsasim');
    const readme = readFileSync(join(place, 'README.md'), 'utf8');
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path!);
    expect(links.length).toBeGreaterThan(6);
    // The sources are for those who read the repository.
    for (const path of links.filter((link) => !link.startsWith('src/'))) {
      expect(existsSync(join(place, path)), path).toBe(true);
    }
    expect(run(`check ${join(place, 'workloads/quickstart.yaml')}`).status).toBe(0);
  });
});
