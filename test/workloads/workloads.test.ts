import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type ResultPoint, resultsSchema } from '../../src/experiment/results.js';
import { figureBlocks, figures, withFigures } from '../../src/report/export/figures.js';
import { dsasim, ROOT, temporaryFolder } from '../cli/dsasim.js';

/**
 * Every file under workloads/ is a test, run as a user runs it. The fingerprints in fingerprints.json pin the order of
 * all events; they say nothing about truth, so each run must also balance. The same runs hold the figures of
 * docs/designs.md. After a wanted change of the model: npm run figures
 */
const FOLDER = join(ROOT, 'workloads');
const PINNED = fileURLToPath(new URL('./fingerprints.json', import.meta.url));
/** The page whose figures come from these runs. */
const PAGE = join(ROOT, 'docs', 'designs.md');
const UPDATE = process.env.DSASIM_UPDATE_FINGERPRINTS === '1';

type Fingerprints = Record<string, Record<string, string>>;

/** Every workload; what lies under programs/ is run by `dsasim exec` instead. */
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((file) => (file.endsWith('.yaml') || file.endsWith('.yml')) && !file.startsWith('programs'))
  .sort();

/** Sixteen digits that stand for the event sequences of all replications of a point. */
const pin = (point: ResultPoint): string =>
  createHash('sha256').update(point.fingerprints.join(' ')).digest('hex').slice(0, 16);

function pinned(): Fingerprints {
  try {
    return JSON.parse(readFileSync(PINNED, 'utf8')) as Fingerprints;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

describe('the committed workloads', () => {
  it('are there', () => {
    expect(files).toContain('quickstart.yaml');
    expect(files).toContain('design-comparison.yaml');
  });

  it('are all pinned, and nothing else is', () => {
    if (!UPDATE) expect(Object.keys(pinned()).sort()).toEqual(files);
  });

  for (const file of files) {
    it(`${file} validates, runs without warnings, balances, and keeps its event sequence`, async () => {
      const path = join(FOLDER, file);
      const { code, stdout, stderr } = await dsasim(['run', path, '--json', '--out', temporaryFolder()]);
      expect(code, stderr).toBe(0);
      expect(stderr).not.toMatch(/warning/i);
      const results = resultsSchema.parse(JSON.parse(stdout));
      expect(results.warnings).toEqual([]);
      expect(results.points.length).toBeGreaterThan(0);
      expect(results.limits.filter((limit) => !limit.held)).toEqual([]);
      expect(results.conclusion?.says).not.toBeNull();
      expect(results.conclusion?.holds.filter(({ held }) => held !== true) ?? []).toEqual([]);

      for (const point of results.points) {
        const { submitted, completed, failed, rejected, aborted, in_flight } = point.conservation;
        expect(submitted, point.key).toBeGreaterThan(0);
        expect(completed + failed + rejected + aborted + in_flight, point.key).toBe(submitted);
        const mean = point.metrics.latency_mean!.mean!;
        const stages = point.stages.reduce((sum, stage) => sum + stage.mean, 0);
        expect(Math.abs(stages / mean - 1), `${point.key}: stages ${stages}, mean ${mean}`).toBeLessThan(
          1e-9,
        );
        expect(point.fingerprints.length, point.key).toBe(results.measure.replications);
      }

      const page = readFileSync(PAGE, 'utf8');
      if (UPDATE) {
        const filled = withFigures(page, (block) =>
          block.file === file ? figures(results, block) : block.text,
        );
        writeFileSync(PAGE, filled);
      } else {
        for (const block of figureBlocks(page).filter((each) => each.file === file)) {
          expect(block.text, 'docs/designs.md: npm run figures').toBe(figures(results, block));
        }
      }

      const now = Object.fromEntries(results.points.map((point) => [point.key, pin(point)]));
      if (UPDATE) {
        const all: Fingerprints = { ...pinned(), [file]: now };
        const kept = files.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]]));
        writeFileSync(PINNED, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
      } else expect(now).toEqual(pinned()[file]);
    }, 300_000);
  }
});
