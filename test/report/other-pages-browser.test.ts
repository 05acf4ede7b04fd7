import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Aggregate } from '../../src/experiment/aggregate.js';
import { makeBaseline } from '../../src/experiment/baseline.js';
import { compareResults } from '../../src/experiment/compare-results.js';
import { compareWithBaseline } from '../../src/experiment/gate.js';
import { passes } from '../../src/experiment/gate-outcome.js';
import type { Results } from '../../src/experiment/results.js';
import { Stream } from '../../src/experiment/stream.js';
import { measuredText, parseMeasured } from '../../src/experiment/validation/measured.js';
import { validate } from '../../src/experiment/validation/validation.js';
import { comparisonPage } from '../../src/report/compare/page.js';
import { comparedReservations } from '../../src/report/compare/words.js';
import { gatePage } from '../../src/report/gate/page.js';
import { renderSweep } from '../../src/report/sweep/page.js';
import { validationHtml } from '../../src/report/validation-html.js';
import type { GateMetric } from '../../src/workload/gate.js';
import { launchChromium, openDocument, SKIP_BROWSER } from '../support/chromium.js';
import { comparison as compared, outcome } from './sample-gate.js';
import { sampleResults } from './sample-results.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const JENKINS_POLICY = "sandbox; default-src 'none'; img-src 'self'; style-src 'self';";
/** Text that stands in the window before anybody scrolls. */
const FIRST_SCREEN = `[...document.querySelectorAll('h1, dt, dd, li, p')]
  .filter((part) => { const { bottom } = part.getBoundingClientRect(); return bottom > 0 && bottom <= innerHeight; })
  .map((part) => part.innerText).join('\\n')`;
/** Charts of some size. */
const DRAWN = `[...document.querySelectorAll('figure > svg')].filter((svg) => svg.getBoundingClientRect().width > 250).length`;
const RULES: GateMetric[] = [
  { metric: 'throughput', better: 'higher', tolerance: 0.01, absolute: 0, level: 0.95 },
  { metric: 'latency_p99', better: 'lower', tolerance: 0.02, absolute: 0, level: 0.95 },
];

/** The sample with every third point slower by 3 %, in reading. */
function slower(): Results {
  const results = sampleResults();
  results.points.forEach((point, i) => {
    if (i % 3 !== 0) return;
    const { throughput } = point.metrics;
    throughput!.values = throughput!.values.map((value) => value! * 0.97);
    throughput!.mean! *= 0.97;
    for (const stage of point.stages) if (stage.stage === 'read') stage.mean *= 1.03;
  });
  return results;
}

/** The size at which a point of the sample stands [B]. */
const amount = (point: string): number => {
  const [, number, unit] = /=(\d+)(B|KiB|MiB)$/.exec(point)!;
  return Number(number) * { B: 1, KiB: 1024, MiB: 1048576 }[unit as 'B' | 'KiB' | 'MiB'];
};

/** The gate's page on the two, as the command makes it. */
function gate(): string {
  const metrics = RULES.map(({ metric }) => metric);
  const [baseline, current] = [makeBaseline(sampleResults(), metrics), makeBaseline(slower(), metrics)];
  const report = compareWithBaseline(current, baseline, RULES);
  expect(passes(report, [], 'regression')).toBe(false);
  const gated = outcome([], {
    workload: 'design-comparison',
    baseline: 'reports/baselines/design-comparison.json',
    status: 'failed',
    report,
  });
  return gatePage([{ outcome: gated, sides: { baseline, current } }], {
    version: '0.1.0',
    command: 'dsasim gate workloads/design-comparison.yaml --baseline reports/baselines/',
  });
}

/** The page of a large sweep, of the points of the sample. */
function sweep(): Promise<string> {
  const results = sampleResults();
  const { points } = results;
  const aggregate = new Aggregate(results, points.length, (i) => points[i]!.key);
  const observed = aggregate.observing(new Stream(() => points));
  for (const _ of observed.items());
  const warnings = new Stream(() => results.warnings);
  const limits = new Stream(() => results.limits);
  return renderSweep({ ...results, warnings, limits, points: observed } as never, aggregate);
}

/** The validation's page on two families of rows. */
async function validation(): Promise<string> {
  const families = ['sync-aligned', 'batch-spread'] as const;
  return validationHtml(await validate(parseMeasured(measuredText()), { preset: 'spr', families }), '0.1.0');
}

/** The comparison's page on the same two. */
function comparison(): string {
  return comparisonPage(compareResults(sampleResults(), slower()), {
    version: '0.1.0',
    command: 'dsasim compare before/results.json after/results.json --html comparison.html',
    reservations: comparedReservations([sampleResults(), slower()]),
    files: ['before/results.json', 'after/results.json'],
  });
}

describe.skipIf(SKIP_BROWSER)('the pages beside that of a run in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  }, 60_000);
  afterAll(() => browser?.close());

  const pages: [what: string, make: () => string | Promise<string>, says: RegExp, charts: number][] = [
    ['gate', gate, /regressed/, 0],
    ['comparison', comparison, /worse[\s\S]*such numbers are predictions/, 0],
    ['sweep', sweep, /such numbers are predictions/, 3],
    ['validation', validation, /Unvalidated, since no row measures them/, 3],
  ];
  for (const [what, make, says, charts] of pages) {
    let made = '';
    beforeAll(async () => {
      made = await make();
    }, 120_000);

    for (const width of [1280, 390]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        it(`the ${what} fits ${width} pixels in the ${colorScheme}, console silent, axe content`, async () => {
          const opened = await openDocument(
            browser,
            { text: made, headers: {} },
            { viewport: { width, height: 844 }, colorScheme },
          );
          const ask = <T>(expression: string): Promise<T> => opened.page.evaluate(expression) as Promise<T>;
          // What must be known before believing the answer is on the first screen.
          const seen = await ask<string>(FIRST_SCREEN);
          expect(seen).toMatch(says);
          const ground = await ask<string>('getComputedStyle(document.body).backgroundColor');
          const level = Number(/\d+/.exec(ground)![0]);
          expect(colorScheme === 'dark' ? level < 60 : level > 240, ground).toBe(true);
          await ask(`document.querySelectorAll('details').forEach((part) => { part.open = true; })`);
          expect(await ask('document.documentElement.scrollWidth')).toBe(width);
          await ask(AXE);
          const violations = await ask<{ id: string; impact: string; nodes: { html: string }[] }[]>(
            'axe.run().then((found) => found.violations)',
          );
          const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
          expect(grave.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`)).toEqual([]);
          expect([opened.console, opened.requests]).toEqual([[], []]);
          await opened.close();
        }, 60_000);
      }
    }

    for (const [how, headers, javaScriptEnabled] of [
      ['with scripts off', {}, false],
      ["under Jenkins' default policy", { 'content-security-policy': JENKINS_POLICY }, true],
    ] as const) {
      it(`the ${what} is readable ${how}`, async () => {
        const opened = await openDocument(
          browser,
          { text: made, headers },
          { viewport: { width: 1280, height: 900 }, javaScriptEnabled },
        );
        const ask = <T>(expression: string): Promise<T> => opened.page.evaluate(expression) as Promise<T>;
        expect(await ask('document.body.innerText')).toMatch(says);
        expect(await ask(`document.querySelectorAll('button').length`)).toBe(0);
        const drawn = await ask<number>(DRAWN);
        expect(drawn).toBeGreaterThanOrEqual(charts);
        await opened.close();
      }, 60_000);
    }
  }

  it('the gate draws an interval for every comparison, and sorts by its difference', async () => {
    const opened = await openDocument(
      browser,
      { text: gate(), headers: {} },
      { viewport: { width: 1280, height: 900 } },
    );
    const ask = <T>(expression: string): Promise<T> => opened.page.evaluate(expression) as Promise<T>;
    const rows = await ask<number>(`document.querySelectorAll('#comparison-1 tbody tr').length`);
    expect(rows).toBeGreaterThan(30);
    expect(await ask<number>(`document.querySelectorAll('#comparison-1 td svg').length`)).toBe(rows);
    // What did not move is folded.
    expect(await ask<number>(`document.querySelectorAll('#comparison-1 > .scroll tbody tr').length`)).toBe(
      11,
    );
    await ask(`document.querySelectorAll('#comparison-1 th button')[4].click()`);
    const values = await ask<number[]>(
      `[...document.querySelectorAll('#comparison-1 > .scroll tbody tr')].map((row) => Number(row.cells[4].dataset.value))`,
    );
    expect(values).toEqual([...values].sort((a, b) => a - b));
    await opened.close();
  });

  /** The texts of a column after each of two clicks on its heading, of the first table that a selector finds. */
  async function sorted(text: string, table: string, column: number): Promise<[string[], string[]]> {
    const opened = await openDocument(
      browser,
      { text, headers: {} },
      { viewport: { width: 1280, height: 900 } },
    );
    const click = (): Promise<string[]> =>
      opened.page.evaluate(`(() => {
        const table = document.querySelector('${table}');
        table.tHead.rows[0].cells[${column}].querySelector('button').click();
        return [...table.tBodies[0].rows].map((row) => row.cells[${column}].textContent);
      })()`);
    const orders: [string[], string[]] = [await click(), await click()];
    await opened.close();
    return orders;
  }

  it('the gate sorts points by their size, changes by their share and what moved by how much, empty cells last', async () => {
    const at = (size: string, difference: number, moved: number | null) =>
      compared('regressed', {
        point: `mdev @ tenants.guest.operations.size=${size}`,
        baseline: size === '1MiB' ? 3e12 : 30e9,
        difference,
        moved: moved === null ? null : { kind: 'stage', name: 'read', difference: moved },
      });
    const comparisons = [
      at('16KiB', -1.2e9, null),
      at('1KiB', -12e9, 12e-6),
      at('1MiB', -9e9, 2e-9),
      at('256B', 3e9, 120e-9),
    ];
    const none = makeBaseline(sampleResults(), []);
    const points = Object.fromEntries(
      comparisons.map(({ point }) => [point, Object.values(none.points)[0]!]),
    );
    const sides = { baseline: { ...none, points }, current: { ...none, points } };
    const text = gatePage([{ outcome: outcome(comparisons), sides }], { version: '0.1.0', command: '' });
    const column = (at: number) => sorted(text, '#comparison-1 table', at);
    const sizes = ['256B', '1KiB', '16KiB', '1MiB'].map((size) => `mdev @ size=${size}`);
    const changes = ['-40 % ± 0.333 %', '-4 % ± 0.333 %', '-0.3 % ± 0.00333 %', '+10 % ± 0.333 %'];
    const moves = ['stage read +2 ns', 'stage read +120 ns', 'stage read +12 µs'];
    expect(await column(0)).toEqual([sizes, sizes.toReversed()]);
    expect(await column(4)).toEqual([changes, changes.toReversed()]);
    expect(await column(7)).toEqual([
      [...moves, ''],
      [...moves.toReversed(), ''],
    ]);
  }, 60_000);

  it('the comparison of results sorts points by their size', async () => {
    const [up, down] = await sorted(comparison(), '#comparison > .scroll table', 0);
    expect(new Set(up.map(amount)).size).toBeGreaterThan(2);
    expect(down).toEqual(up.toReversed());
    for (const design of ['native-cdev', 'mdev', 'vfio-user', 'vfio-pci']) {
      const amounts = up.filter((point) => point.startsWith(`${design} `)).map(amount);
      expect(amounts, design).toEqual([...amounts].sort((a, b) => a - b));
    }
  }, 60_000);

  it('the validation sorts what was measured and simulated, and its errors, as numbers', async () => {
    const text = await validation();
    for (const [table, column] of [
      ['#rows table', 1],
      ['#rows table', 2],
      ['#rows table', 4],
      ['#families table', 2],
    ] as const) {
      const [up, down] = await sorted(text, table, column);
      const values = up.map((cell) => Number.parseFloat(cell.replace('−', '-')));
      expect(values, `${table} ${column}`).toEqual([...values].sort((a, b) => a - b));
      expect(down.map((cell) => Number.parseFloat(cell.replace('−', '-')))).toEqual(values.toReversed());
    }
  }, 60_000);
});
