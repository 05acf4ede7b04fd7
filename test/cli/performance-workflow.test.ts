import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readBaseline } from '../../src/experiment/baseline.js';
import { dsasim, ROOT, temporaryFolder } from './dsasim.js';

const workflow = parse(readFileSync(join(ROOT, '.github/workflows/performance.yml'), 'utf8'));
const steps: { run?: string; uses?: string; with?: Record<string, string> }[] = workflow.jobs.gate.steps;
const packageJson = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** The words of the step that gates. */
function gateWords(): string[] {
  const step = steps.find(({ run }) => run?.includes('dsasim gate'))!;
  return step.run!.split(/\s+/).filter((word) => word !== '');
}

describe('the example workflow', () => {
  it('runs a gate that works as it is written, and uploads what that writes', async () => {
    const folder = temporaryFolder();
    const [npx, program, ...words] = gateWords();
    expect([npx, program]).toEqual(['npx', 'dsasim']);
    const args = words.map((word) =>
      word
        .replace(/^reports\/baselines\//, `${folder}/baselines/`)
        .replace(/(^|=)gate\//, `$1${folder}/gate/`),
    );
    expect(args.join(' ')).toContain(`--baseline ${folder}/baselines/`);
    const short = ['--replications', '2', '--set', 'measure.duration=200us'];
    const made = await dsasim([...args, ...short, '--update-baseline']);
    expect(made.code, made.stderr).toBe(0);
    const { code, stdout } = await dsasim([...args, ...short], {
      env: { CI: 'true', GITHUB_STEP_SUMMARY: join(folder, 'summary.md') },
    });
    expect([code, stdout]).toEqual([0, expect.stringContaining('gate passed: 2 workloads')]);
    expect(stdout).toContain('::notice title=quickstart%3A gate passed::');
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain('## Performance gate: passed');
    const upload = steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact'))!;
    expect(upload.with!.path).toBe('gate/');
    expect(readdirSync(join(folder, 'gate')).sort()).toEqual(['gate.json', 'junit.xml', 'report.html']);
  }, 300_000);

  it('gates the workloads that npm run gate does, and each has a baseline that can be read', async () => {
    const workloads = gateWords().filter((word) => word.endsWith('.yaml'));
    expect(workloads.length).toBe(2);
    for (const path of workloads) {
      expect(packageJson.scripts.gate).toContain(path);
      const { name } = parse(readFileSync(join(ROOT, path), 'utf8'));
      const baseline = await readBaseline(join(ROOT, 'reports/baselines', `${name}.json`));
      expect(baseline.workload).toBe(name);
      expect(Object.keys(baseline.points).length).toBeGreaterThan(1);
    }
  });

  it('has baselines without a time or a host, a metric a line, and nothing that is not gated', () => {
    const files = readdirSync(join(ROOT, 'reports/baselines'));
    expect(files.sort()).toEqual(['design-comparison.json', 'quickstart.json']);
    for (const file of files) {
      const text = readFileSync(join(ROOT, 'reports/baselines', file), 'utf8');
      expect(text).not.toMatch(/\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|host_?name/i);
      expect(text.match(/^ {8}"throughput": \{.*"values": \[.*\] \},?$/gm)!.length).toBe(
        Object.keys(JSON.parse(text).points).length,
      );
    }
  });
});
