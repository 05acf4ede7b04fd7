/** A headless Chromium for tests, cut off from any network; or one line that says how to get it. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Where distributions put it; `DSASIM_CHROMIUM` names another one instead. */
const CANDIDATES =
  process.env.DSASIM_CHROMIUM === undefined
    ? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
    : [process.env.DSASIM_CHROMIUM];

/** Path of an installed Chromium, or null. */
const CHROMIUM = CANDIDATES.find((path) => existsSync(path)) ?? null;

/**
 * Whether browser tests must be skipped: there is no Chromium, and `DSASIM_REQUIRE_CHROMIUM=1` does not demand one.
 * Where it does, the tests run and fail at launch.
 */
export const SKIP_BROWSER = CHROMIUM === null && process.env.DSASIM_REQUIRE_CHROMIUM !== '1';

/** What to tell who runs the tests without it. */
export const HOW_TO_GET_CHROMIUM =
  'Browser tests skipped: no Chromium found; `apt-get install chromium` installs it, DSASIM_CHROMIUM=/path names one.';

/** Starts the browser. @throws Error when there is none */
export function launchChromium(): Promise<Browser> {
  if (CHROMIUM === null) throw new Error(HOW_TO_GET_CHROMIUM);
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page that heard everything its document said and asked for. */
export interface WatchedPage {
  page: Page;
  /** Console messages and uncaught errors, in order. */
  console: string[];
  /** Addresses that it tried to load beyond the document itself. */
  requests: string[];
  close(): Promise<void>;
}

/** Host name under which `openDocument` serves a text; nothing answers there, the browser is handed the text. */
const ADDRESS = 'http://report.invalid/report.html';

/**
 * Opens a document offline.
 *
 * @param source a file's address (`file:///…`), or a text with the headers to serve it with
 */
export async function openDocument(
  browser: Browser,
  source: { file: string } | { text: string; headers: Record<string, string> },
  options: BrowserContextOptions,
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  await context.setOffline(true);
  const page = await context.newPage();
  const watched: WatchedPage = { page, console: [], requests: [], close: () => context.close() };
  const address = 'file' in source ? source.file : ADDRESS;
  page.on('console', (message) => watched.console.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => watched.console.push(`uncaught: ${error.message}`));
  await context.route('**/*', (route) => {
    if (route.request().url() !== address) {
      watched.requests.push(route.request().url());
      return route.abort();
    }
    return 'file' in source
      ? route.continue()
      : route.fulfill({ body: source.text, headers: { 'content-type': 'text/html', ...source.headers } });
  });
  await page.goto(address, { waitUntil: 'load' });
  return watched;
}
