import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html.js';
import {
  HOW_TO_GET_CHROMIUM,
  launchChromium,
  openDocument,
  SKIP_BROWSER,
  type WatchedPage,
} from '../support/chromium.js';
import { sampleResults } from './sample-results.js';

if (SKIP_BROWSER) process.stderr.write(`${HOW_TO_GET_CHROMIUM}\n`);

/** What Jenkins sends with every file of a build by default. */
const JENKINS_POLICY = "sandbox; default-src 'none'; img-src 'self'; style-src 'self';";
/** Charts of the sample: 4 over the sweep, 8 of percentiles, 16 of stages (half of them folded), 3 of the start. */
const CHARTS = 31;

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

describe.skipIf(SKIP_BROWSER)('the report in Chromium, without a network', () => {
  let browser: Browser;
  let folder = '';
  let file = '';
  let text = '';

  beforeAll(async () => {
    text = await renderHtml(sampleResults());
    folder = await mkdtemp(join(tmpdir(), 'dsasim-report-'));
    const path = join(folder, 'report.html');
    await writeFile(path, text);
    file = pathToFileURL(path).href;
    browser = await launchChromium();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs an expression in the page. It is a text because this project's types know no document. */
  const ask = <T>(opened: WatchedPage, expression: string): Promise<T> =>
    opened.page.evaluate(expression) as Promise<T>;

  /** Sizes of what is drawn in each chart that is not folded away. */
  const drawings = (opened: WatchedPage) =>
    ask<{ width: number; height: number; painted: number }[]>(
      opened,
      `[...document.querySelectorAll('figure svg')].map((svg) => {
        const box = svg.getBoundingClientRect();
        const painted = [...svg.querySelectorAll('path')].filter((path) => {
          const { width, height } = path.getBBox();
          return width + height > 1 && getComputedStyle(path).stroke + getComputedStyle(path).fill !== 'nonenone';
        }).length;
        return { width: box.width, height: box.height, painted };
      })`,
    );

  const expectCharts = async (opened: WatchedPage) => {
    const charts = await drawings(opened);
    expect(charts).toHaveLength(CHARTS);
    const shown = charts.filter((chart) => chart.width > 0);
    expect(shown.length).toBeGreaterThanOrEqual(CHARTS - 8);
    for (const chart of shown) {
      expect(chart.width).toBeGreaterThan(250);
      expect(chart.height).toBeGreaterThan(60);
      expect(chart.painted).toBeGreaterThanOrEqual(3);
    }
  };

  for (const viewport of [DESKTOP, PHONE]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      it(`reads well ${viewport.width} pixels wide in the ${colorScheme}: charts drawn, console silent, axe content`, async () => {
        const opened = await openDocument(browser, { file }, { viewport, colorScheme });
        await expectCharts(opened);
        expect(await ask(opened, 'document.documentElement.scrollWidth')).toBe(viewport.width);
        const dark = colorScheme === 'dark';
        const ground = await ask<string>(opened, 'getComputedStyle(document.body).backgroundColor');
        const level = Number(/\d+/.exec(ground)![0]);
        expect(dark ? level < 60 : level > 240, ground).toBe(true);

        await ask(opened, `document.querySelectorAll('details').forEach((part) => { part.open = true; })`);
        expect(await ask(opened, 'document.documentElement.scrollWidth')).toBe(viewport.width);
        await ask(opened, AXE);
        const violations = await ask<{ id: string; impact: string; nodes: { html: string }[] }[]>(
          opened,
          'axe.run().then((found) => found.violations)',
        );
        const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        expect(grave.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`)).toEqual([]);

        expect(opened.console).toEqual([]);
        expect(opened.requests).toEqual([]);
        await opened.close();
      }, 60_000);
    }
  }

  it('says the same with scripts off, and offers no button that would do nothing', async () => {
    const opened = await openDocument(browser, { file }, { viewport: DESKTOP, javaScriptEnabled: false });
    await expectCharts(opened);
    expect(await ask(opened, `document.querySelectorAll('button').length`)).toBe(0);
    expect(await ask(opened, `getComputedStyle(document.querySelector('.answer dd')).fontSize`)).toBe('21px');
    expect(opened.console).toEqual([]);
    await opened.close();
  });

  it("stays readable under Jenkins' default policy, which blocks its style sheet and script", async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const opened = await openDocument(
        browser,
        { text, headers: { 'content-security-policy': JENKINS_POLICY } },
        { viewport: DESKTOP, colorScheme },
      );
      await expectCharts(opened);
      // The policy is in force: no style sheet, no script.
      expect(await ask(opened, `getComputedStyle(document.body).marginTop`)).toBe('8px');
      expect(await ask(opened, `document.querySelectorAll('button').length`)).toBe(0);
      // Dark letters on the white ground of a page without style, in charts too.
      const colours = await ask<string[]>(
        opened,
        `[...document.querySelectorAll('figure svg text')].map((text) => getComputedStyle(text).fill)`,
      );
      expect(colours.length).toBeGreaterThan(100);
      for (const colour of new Set(colours)) expect(Number(/\d+/.exec(colour)![0]), colour).toBeLessThan(120);
      // Tables have lines.
      expect(
        await ask(opened, `getComputedStyle(document.querySelector('#comparison td')).borderTopWidth`),
      ).toBe('1px');
      expect(
        opened.console.filter(
          (line) => !line.includes('Content Security Policy') && !line.includes('sandboxed'),
        ),
      ).toEqual([]);
      expect(opened.requests).toEqual([]);
      await opened.close();
    }
  });

  it('sorts the comparison inside each place, by keyboard, and back', async () => {
    const opened = await openDocument(browser, { file }, { viewport: DESKTOP });
    const order = () =>
      ask<string[]>(
        opened,
        `[...document.querySelectorAll('#comparison table.sortable tbody')].map((body) =>
          [...body.rows].slice(1).map((row) => row.cells[0].textContent.trim()).join(' '))`,
      );
    const before = await order();
    expect(new Set(before)).toEqual(new Set(['native-cdev mdev vfio-user vfio-pci']));
    const heading = opened.page.getByRole('button', { name: 'Throughput', exact: true });
    await heading.focus();
    await opened.page.keyboard.press('Enter');
    expect((await order())[0]).toBe('vfio-user mdev native-cdev vfio-pci');
    await opened.page.keyboard.press('Enter');
    expect((await order())[0]).toBe('vfio-pci native-cdev mdev vfio-user');
    expect(
      await ask(opened, `document.querySelector('#comparison th[aria-sort]').getAttribute('aria-sort')`),
    ).toBe('descending');
    expect(opened.console).toEqual([]);
    await opened.close();
  });

  it('downloads the comparison as CSV with plain numbers', async () => {
    const opened = await openDocument(browser, { file }, { viewport: DESKTOP });
    const waiting = opened.page.waitForEvent('download');
    await opened.page.getByRole('button', { name: 'Download as CSV' }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe('design-comparison-dsasim-report.csv');
    const lines = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n');
    expect(lines).toHaveLength(1 + 32);
    const { mean } = sampleResults().points[0]!.metrics.throughput!;
    expect(lines[1]).toMatch(/^"size 64 B","native-cdev","A",/);
    expect(lines[1]).toContain(`"${mean}"`);
    expect(opened.console).toEqual([]);
    await opened.close();
  });

  it('prints on light ground in dark mode, with folded parts open', async () => {
    const opened = await openDocument(browser, { file }, { viewport: DESKTOP, colorScheme: 'dark' });
    await opened.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await ask(opened, 'getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(
      await ask(opened, `document.querySelector('#metrics details table').getBoundingClientRect().height`),
    ).toBeGreaterThan(100);
    const charts = await drawings(opened);
    expect(charts.filter((chart) => chart.width > 0)).toHaveLength(CHARTS);
    await opened.close();
  });
});
