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
/**
 * Charts of the sample: 4 over the sweep, 8 of percentiles and as many distributions, 8 of stages and 4 × 8 of their
 * bands, 4 × 3 over time, 4 × 3 timelines, 3 of the start.
 */
const CHARTS = 87;
/** Those that stand in the open when the page opens. */
const OPEN_CHARTS = 4 + 8 + 8 + 4 + 4 + 3;

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
    ask<{ width: number; height: number; painted: number; shown: boolean }[]>(
      opened,
      `[...document.querySelectorAll('figure > svg')].map((svg) => {
        const box = svg.getBoundingClientRect();
        const painted = [...svg.querySelectorAll('path')].filter((path) => {
          const { width, height } = path.getBBox();
          return width + height > 1 && getComputedStyle(path).stroke + getComputedStyle(path).fill !== 'nonenone';
        }).length;
        const shown = svg.checkVisibility({ contentVisibilityAuto: true });
        return { width: box.width, height: box.height, painted, shown };
      })`,
    );

  const expectCharts = async (opened: WatchedPage) => {
    const charts = await drawings(opened);
    expect(charts).toHaveLength(CHARTS);
    const shown = charts.filter((chart) => chart.shown);
    expect(shown).toHaveLength(OPEN_CHARTS);
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
        // What is argued, hypothetical or unvalidated is said on the first screen.
        const reserved = await opened.page.getByText('such numbers are predictions').boundingBox();
        expect(reserved!.y + reserved!.height).toBeLessThan(viewport.height);
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
      }, 120_000);
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
        `[...document.querySelectorAll('#comparison table.sortable:not(.glance) tbody')].map((body) =>
          [...body.rows].slice(1).map((row) => row.cells[0].textContent.trim()).join(' '))`,
      );
    const before = await order();
    expect(new Set(before)).toEqual(new Set(['native-cdev mdev vfio-user vfio-pci']));
    const heading = opened.page
      .locator('#comparison table:not(.glance)')
      .getByRole('button', { name: 'Throughput', exact: true });
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
    await opened.page.getByRole('button', { name: 'Download as CSV: Comparison of designs' }).click();
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

  it('reads out a chart by keyboard, and saves its numbers', async () => {
    const opened = await openDocument(browser, { file }, { viewport: DESKTOP });
    const figure = opened.page.locator('#chart-throughput-by-size');
    await figure.locator('svg').first().focus();
    await opened.page.keyboard.press('End');
    const said = await figure.locator('output').textContent();
    expect(said).toMatch(/^1 MiB/);
    for (const { id } of sampleResults().designs) expect(said).toContain(id);
    await opened.page.keyboard.press('Escape');
    expect(await figure.locator('output').textContent()).toBe('');

    const waiting = opened.page.waitForEvent('download');
    await figure.hover();
    await figure.getByRole('button', { name: 'Save as CSV' }).click();
    const lines = readFileSync(await (await waiting).path(), 'utf8')
      .trim()
      .split('\n');
    expect(lines).toHaveLength(1 + 8);
    expect(lines[0]).toContain('"size [B]","native-cdev","native-cdev low","native-cdev high"');
    const { mean } = sampleResults().points[0]!.metrics.throughput!;
    expect(Number(lines[1]!.split(',')[1]!.replaceAll('"', '')) / mean!).toBeCloseTo(1, 5);
    expect(opened.console).toEqual([]);
    await opened.close();
  });

  it('hides a design in all charts when its legend is pressed, and shows it again', async () => {
    const opened = await openDocument(browser, { file }, { viewport: DESKTOP });
    const painted = () =>
      ask<number>(
        opened,
        `[...document.querySelectorAll('figure > svg [stroke^="var(--d1,"]')].filter((mark) => getComputedStyle(mark).display !== 'none').length`,
      );
    const before = await painted();
    expect(before).toBeGreaterThan(20);
    const entry = opened.page.locator('#charts .legend').getByRole('button', { name: 'mdev', exact: true });
    await entry.click();
    expect(await painted()).toBe(0);
    expect(await entry.getAttribute('aria-pressed')).toBe('false');
    await entry.click();
    expect(await painted()).toBe(before);
    await opened.close();
  });

  it('opens what a link points to inside a folded part, and enlarges a chart', async () => {
    const opened = await openDocument(browser, { file }, { viewport: DESKTOP });
    const id = 'distribution-size-4-kib';
    expect(
      await ask(opened, `document.getElementById('${id}').checkVisibility({ contentVisibilityAuto: true })`),
    ).toBe(false);
    await ask(opened, `location.hash = '${id}'`);
    await opened.page.waitForFunction(
      `document.getElementById('${id}').checkVisibility({ contentVisibilityAuto: true })`,
    );
    await opened.page.locator(`#${id}`).hover();
    await opened.page.locator(`#${id}`).getByRole('button', { name: 'Enlarge' }).click();
    const large = await opened.page.locator('dialog.large svg').first().boundingBox();
    expect(large!.width).toBeGreaterThan(900);
    await opened.page.keyboard.press('Escape');
    expect(await opened.page.locator('dialog.large').isVisible()).toBe(false);
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
    expect(charts.filter((chart) => chart.shown)).toHaveLength(CHARTS);
    await opened.close();
  });
});
