import { beforeAll, describe, expect, it } from 'vitest';
import type { Results } from '../../src/experiment/results.js';
import { METRICS } from '../../src/models/metrics.js';
import { answerSentences } from '../../src/report/answer.js';
import { renderHtml } from '../../src/report/html.js';
import { section, visibleText } from './page-text.js';
import { sampleResults } from './sample-results.js';

describe('the report of the design comparison', () => {
  const results = sampleResults();
  let page = '';
  let text = '';

  beforeAll(async () => {
    page = await renderHtml(results);
    text = visibleText(page);
  });

  it('has its sections in this order, the answer first', () => {
    const headings = [...page.matchAll(/<section id="([\w-]+)"><h2>([^<]*?) ?</g)].map(
      (m) => `${m[1]}: ${m[2]}`,
    );
    expect(headings).toEqual([
      'answer: The answer',
      'comparison: Comparison',
      'robustness: How far it holds',
      'charts: Throughput and latency',
      'percentiles: Latency percentiles',
      'stages: Where the time goes',
      'over-time: Over time',
      'timeline: Engines and queues, close up',
      'control-path: Starting an instance',
      'surface: Emulated surface',
      'provenance: What the numbers rest on',
      'designs: Designs and notices',
      'metrics: All metrics',
      'reproduce: How to reproduce this',
    ]);
    for (const id of page.matchAll(/href="#([\w-]+)"/g)) expect(page).toContain(`id="${id[1]}"`);
  });

  it('begins with the answer, word for word', () => {
    // A finding begins with a capital letter on the page only.
    const tight = (s: string) => s.replaceAll('\u00a0', ' ').replace(/\s/g, '').toLowerCase();
    for (const sentence of answerSentences(results)) {
      const [topic, rest] = sentence.split(/: (.*)/s);
      const said = tight(visibleText(section(page, 'answer')));
      if (rest === undefined) expect(said).toContain(tight(sentence));
      else {
        expect(said).toContain(tight(topic!));
        expect(said).toContain(tight(rest));
      }
    }
  });

  it('shows every design, metric, place, constant, notice, stage and fingerprint', () => {
    for (const design of results.designs) {
      for (const id of [
        'comparison',
        'charts',
        'percentiles',
        'stages',
        'control-path',
        'designs',
        'metrics',
      ]) {
        expect(section(page, id), `${design.id} in ${id}`).toContain(design.id);
      }
      for (const notice of design.notices) expect(text).toContain(notice);
    }
    for (const { name, sentence } of METRICS) {
      expect(section(page, 'metrics')).toContain(`<code>${name}</code>`);
      expect(text).toContain(sentence.replaceAll('  ', ' '));
    }
    for (const label of ['64 B', '256 B', '1 KiB', '4 KiB', '16 KiB', '64 KiB', '256 KiB', '1 MiB']) {
      expect(section(page, 'comparison')).toContain(`size ${label}`);
      expect(section(page, 'charts')).toContain(`>${label}</text>`);
    }
    for (const parameter of results.parameters) expect(section(page, 'provenance')).toContain(parameter.name);
    expect(section(page, 'provenance')).toMatch(/<code>dsasim explain [A-Z]\d\d<\/code>/);
    for (const stage of ['submit', 'trap', 'queue', 'read', 'write', 'notify']) {
      expect(section(page, 'stages')).toContain(stage);
    }
    for (const print of results.points.flatMap((p) => p.fingerprints)) expect(page).toContain(print);
    expect(text).toContain(results.workload.command);
    expect(text).toContain(results.workload.hash);
  });

  it('prints no value that is not there', () => {
    expect(text).not.toMatch(/\b(NaN|undefined|null|Infinity|\[object)\b/);
    expect(page).not.toMatch(/="[^"]*(NaN|undefined)/);
  });

  it('loads nothing: no address but its own anchors, a policy that forbids the rest, no style attributes', () => {
    const markup = page.replace(/<(style|script)\b[^>]*>.*?<\/\1>/gs, '');
    expect(
      [...markup.matchAll(/\s(?:src|href|action|data|poster)="([^"]*)"/g)].filter(
        (m) => !m[1]!.startsWith('#'),
      ),
    ).toEqual([]);
    expect(page).not.toMatch(/@import|url\(\s*['"]?(?:https?:)?\/\//);
    expect(page).toMatch(/Content-Security-Policy" content="default-src &#39;none&#39;;/);
    expect(markup).not.toMatch(/\sstyle="|\son\w+="/);
    // Namespaces of SVG are names, not addresses that are loaded.
    expect(markup.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:\/\//);
  });

  it('draws four curves for each chart over the sweep, and names every chart for screen readers', () => {
    const charts = section(page, 'charts').match(/<svg role="img".*?<\/svg>/gs)!;
    expect(charts).toHaveLength(4);
    for (const chart of charts) {
      expect(chart).toMatch(/aria-label="[^"]{20,}"/);
      for (const colour of ['--d0', '--d1', '--d2', '--d3']) {
        expect(chart.split(`stroke="var(${colour},`).length - 1, colour).toBeGreaterThanOrEqual(1 + 8);
      }
    }
    expect(section(page, 'percentiles').match(/<svg role="img"/g)).toHaveLength(2 * 8);
    expect(section(page, 'control-path').match(/<svg role="img"/g)).toHaveLength(3);
  });

  it('has bars as long as their values', () => {
    const chart = section(page, 'control-path').match(/<svg role="img".*?<\/svg>/s)![0];
    const widths = [...chart.matchAll(/<path d="M[\d.]+,[\d.]+h([\d.]+)v/g)].map((m) => Number(m[1]));
    const values = [2.1e-3, 31e-3, 29e-3, 131e-3];
    expect(widths).toHaveLength(4);
    values.forEach((value, i) => {
      expect(widths[i]! / widths[3]!).toBeCloseTo(value / values[3]!, 2);
    });
  });

  it('has no id twice', () => {
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map((m) => m[1]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('stays below 2 MB', () => {
    expect(Buffer.byteLength(page)).toBeLessThan(2e6);
    expect(Buffer.byteLength(page)).toBeGreaterThan(1e5);
  });

  it('gives the same bytes again, also when two are rendered at once and keys come in another order', async () => {
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([k, v]) => [k, reversed(v)]),
            )
          : value;
    const again = await Promise.all([renderHtml(results), renderHtml(reversed(results) as Results)]);
    expect(again[0] === page).toBe(true);
    expect(again[1] === page).toBe(true);
  });
});
