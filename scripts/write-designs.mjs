/** Fills the figures of docs/designs.md from runs of the committed workloads: npm run figures. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { figures, withFigures } from '../dist/report/export/figures.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, 'docs', 'designs.md');
const out = mkdtempSync(join(tmpdir(), 'dsasim-figures-'));
const known = new Map();

/** The result document of a workload. */
function run(file) {
  if (!known.has(file)) {
    process.stderr.write(`${file}\n`);
    const workload = join(root, 'workloads', file);
    const command = [join(root, 'dist', 'cli', 'main.js'), 'run', workload, '--quiet', '--out', out];
    execFileSync(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] });
    known.set(file, JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')));
  }
  return known.get(file);
}

try {
  const text = readFileSync(page, 'utf8');
  writeFileSync(
    page,
    withFigures(text, ({ file, metrics }) => figures(run(file), metrics)),
  );
} finally {
  rmSync(out, { recursive: true });
}
