/** Tables wider than the window and the sheet: a reader sees that there is more, and paper loses nothing. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html.js';
import { launchChromium, openDocument, SKIP_BROWSER, type WatchedPage } from '../support/chromium.js';
import { sampleResults } from './sample-results.js';

/** Scrollers in the open that have more than they show. */
const CUT = `[...document.querySelectorAll('.scroll')].filter((part) => part.checkVisibility() && part.scrollWidth > part.clientWidth + 1)`;

describe.skipIf(SKIP_BROWSER)('tables wider than their place', () => {
  let browser: Browser;
  let text = '';
  beforeAll(async () => {
    browser = await launchChromium();
    text = await renderHtml(sampleResults());
  }, 60_000);
  afterAll(() => browser?.close());

  const ask = <T>(opened: WatchedPage, expression: string): Promise<T> =>
    opened.page.evaluate(expression) as Promise<T>;
  const open = (width: number, colorScheme: 'light' | 'dark', javaScriptEnabled: boolean) =>
    openDocument(
      browser,
      { text, headers: {} },
      { viewport: { width, height: 900 }, colorScheme, javaScriptEnabled },
    );

  /** Colours of the first glance table at some distances from its right edge, in the middle of its first row. */
  async function edge(opened: WatchedPage, distances: readonly number[]): Promise<number[][]> {
    const scroller = opened.page.locator('#comparison .scroll').first();
    await scroller.scrollIntoViewIfNeeded();
    const row = (await scroller.locator('tbody tr').first().boundingBox())!;
    const box = (await scroller.boundingBox())!;
    const clip = { x: box.x, y: row.y + 4, width: box.width, height: 1 };
    const png = (await opened.page.screenshot({ clip })).toString('base64');
    const reader = await browser.newPage();
    const pixels = await reader.evaluate(`new Promise((done) => {
      const image = new Image();
      image.onload = () => {
        const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: 1 });
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        done(${JSON.stringify(distances)}.map((d) => [...context.getImageData(image.width - d, 0, 1, 1).data].slice(0, 3)));
      };
      image.src = 'data:image/png;base64,${png}';
    })`);
    await reader.close();
    return pixels as number[][];
  }
  const apart = ([a, b]: number[][]) => Math.max(...a!.map((value, i) => Math.abs(value - b![i]!)));

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`show by a shade at the edge that columns follow, in the ${colorScheme} and without scripts`, async () => {
      const opened = await open(800, colorScheme, false);
      const cells = opened.page
        .locator('#comparison .scroll')
        .first()
        .locator('tbody tr')
        .first()
        .locator('td');
      // The last cell that is seen is shaded all over: the cue lies over shades too.
      expect(await cells.last().getAttribute('class')).toContain('h6');
      expect(apart(await edge(opened, [2, 40]))).toBeGreaterThan(20);
      await opened.close();
    });

    it(`show none at the last column, in the ${colorScheme}`, async () => {
      const opened = await open(800, colorScheme, true);
      await ask(opened, `document.querySelector('#comparison .scroll').scrollLeft = 10000`);
      expect(apart(await edge(opened, [2, 40]))).toBeLessThan(8);
      await opened.close();
    });
  }

  for (const width of [380, 800]) {
    it(`keep their captions in sight ${width} pixels wide, scrolled or not, and the page still`, async () => {
      const opened = await open(width, 'light', true);
      await ask(opened, `document.querySelectorAll('details').forEach((part) => { part.open = true; })`);
      expect(await ask(opened, `${CUT}.length`)).toBeGreaterThan(3);
      for (const left of [0, 120]) {
        await ask(opened, `${CUT}.forEach((part) => { part.scrollLeft = ${left}; })`);
        const outside = await ask<string[]>(
          opened,
          `[...document.querySelectorAll('.scroll caption, .scroll figcaption')].filter((part) => {
            const range = document.createRange();
            range.selectNodeContents(part);
            return [...range.getClientRects()].some(({ left, right }) => left < 0 || right > innerWidth);
          }).map((part) => part.textContent)`,
        );
        expect(outside).toEqual([]);
      }
      expect(await ask(opened, 'document.documentElement.scrollWidth')).toBe(width);
      await opened.close();
    });
  }

  it('fit the sheet in print, shades included', async () => {
    // What margins leave of A4 upright.
    const opened = await open(680, 'light', true);
    await opened.page.emulateMedia({ media: 'print' });
    const over = await ask<string[]>(
      opened,
      `[...document.querySelectorAll('.scroll')].filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.getAttribute('aria-label'))`,
    );
    expect(over).toEqual([]);
    expect(await ask(opened, `getComputedStyle(document.querySelector('td.h6')).printColorAdjust`)).toBe(
      'exact',
    );
    await opened.close();
  });
});
