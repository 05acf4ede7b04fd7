import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Results } from '../../src/experiment/results.js';
import { METRICS } from '../../src/models/metrics.js';
import { answerSentences } from '../../src/report/answer.js';
import { renderHtml } from '../../src/report/html.js';
import { sampleResults } from './sample-results.js';

/** What a reader sees: the page without style, script and tags. */
function visibleText(page: string): string {
  return page
    .replace(/<(style|script)>.*?<\/\1>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')
    .replaceAll('\u00a0', ' ')
    .replace(/\s+/g, ' ');
}

const section = (page: string, id: string) =>
  page.slice(
    page.indexOf(`<section id="${id}">`),
    page.indexOf('</section>', page.indexOf(`<section id="${id}">`)),
  );

describe('the report of the design comparison', () => {
  const results = sampleResults();
  let page = '';
  let text = '';

  beforeAll(async () => {
    page = await renderHtml(results);
    text = visibleText(page);
  });

  it('has its sections in this order, the answer first', () => {
    const headings = [...page.matchAll(/<section id="([\w-]+)"><h2>([^<]*)/g)].map((m) => `${m[1]}: ${m[2]}`);
    expect(headings).toEqual([
      'answer: The answer',
      'comparison: Comparison',
      'charts: Throughput and latency',
      'percentiles: Latency percentiles',
      'stages: Where the time goes',
      'control-path: Starting an instance',
      'provenance: What the numbers rest on',
      'designs: Designs and notices',
      'metrics: All metrics',
      'reproduce: How to reproduce this',
    ]);
    for (const id of page.matchAll(/href="#([\w-]+)"/g)) expect(page).toContain(`id="${id[1]}"`);
  });

  it('begins with the answer, word for word', () => {
    const tight = (s: string) => s.replaceAll('\u00a0', ' ').replace(/\s/g, '');
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
    const markup = page.replace(/<(style|script)>.*?<\/\1>/gs, '');
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
    expect(section(page, 'percentiles').match(/<svg role="img"/g)).toHaveLength(8);
    expect(section(page, 'stages').match(/<svg role="img"/g)).toHaveLength(16);
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

describe('the report of unusual documents', () => {
  afterEach(() => vi.restoreAllMocks());

  const check = async (results: Results): Promise<string> => {
    // Vega reports doubtful specifications on the console; there must be none.
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const page = await renderHtml(results);
    expect(warn.mock.calls).toEqual([]);
    expect(visibleText(page)).not.toMatch(/\b(NaN|undefined|null|Infinity|\[object)\b/);
    expect(page).not.toMatch(/="[^"]*(NaN|undefined)/);
    return page;
  };

  it('draws bars instead of curves without a sweep', async () => {
    const results = sampleResults({ sizes: 1 });
    const page = await check({
      ...results,
      sweep: [],
      points: results.points.map((p) => ({ ...p, at: {} })),
    });
    const charts = section(page, 'charts');
    for (const { id } of results.designs) expect(charts).toContain(`>${id}</text>`);
    expect(charts).not.toContain('by size');
  });

  it('draws bars over an axis of words', async () => {
    const results = sampleResults({ sizes: 2, designs: 1 });
    const axis = {
      path: 'devices[0].groups[0].work_queues[0].mode',
      unit: '',
      values: ['dedicated', 'shared'],
      numbers: [null, null],
    };
    results.points.forEach((point, i) => {
      point.at = { [axis.path]: axis.values[i]! };
    });
    const page = await check({ ...results, sweep: [axis] });
    expect(section(page, 'charts')).toContain('>dedicated</text>');
    expect(section(page, 'comparison')).toContain('mode shared');
  });

  it('draws one row of charts for every value of a second axis', async () => {
    const results = sampleResults({ sizes: 2, designs: 2 });
    const depth = { path: 'tenants.guest.depth', unit: '', values: ['8', '32'], numbers: [8, 32] };
    const page = await check({
      ...results,
      sweep: [...results.sweep, depth],
      points: results.points.flatMap((p) =>
        depth.values.map((d) => ({ ...p, key: `${p.key} ${d}`, at: { ...p.at, [depth.path]: d } })),
      ),
    });
    expect(section(page, 'charts').match(/depth (8|32), 95/g)).toHaveLength(2 * 3);
  });

  it('tells tenants apart', async () => {
    const results = sampleResults({ sizes: 2, designs: 2 });
    for (const point of results.points) {
      point.resources.push({ ...point.resources[0]!, tenant: 'background' });
      point.tenants.background = { throughput: { mean: 5e9, half_width: 0, values: [5e9] } };
    }
    const page = await check(results);
    expect(section(page, 'charts')).toContain('Tenant background');
    expect(visibleText(section(page, 'comparison'))).toContain('background 5 GB/s');
    expect(visibleText(section(page, 'answer'))).toContain('background gets 5 GB/s');
  });

  it('renders one replication, metrics without values and a document without points', async () => {
    await check(sampleResults({ replications: 1, sizes: 1, designs: 1 }));
    const empty = sampleResults({ sizes: 2 });
    for (const point of empty.points) {
      for (const name of Object.keys(point.metrics))
        point.metrics[name] = { mean: null, half_width: null, values: [] };
      point.percentiles = [];
      point.stages = [];
      point.control = [];
    }
    await check(empty);
    expect(await check({ ...sampleResults(), points: [], limits: [] })).toContain('Nothing was measured.');
  });

  it('draws a sweep that was stopped before its last design, and zeros', async () => {
    const results = sampleResults({ sizes: 3 });
    results.points.pop();
    for (const point of results.points) {
      point.metrics.throughput = { mean: 0, half_width: 0, values: [0, 0, 0, 0, 0] };
      point.metrics.latency_p50 = point.metrics.throughput;
    }
    await check(results);
  });

  it('escapes every text of the document', async () => {
    const evil = `</script><img src=x onerror="alert('1')">&`;
    const results = sampleResults({ sizes: 1, designs: 2 });
    results.workload = {
      ...results.workload,
      name: evil,
      description: evil,
      command: evil,
      file: evil,
      preset: evil,
    };
    results.designs[0] = {
      ...results.designs[0]!,
      id: evil,
      summary: evil,
      notices: [evil],
      reasons: [evil],
      sources: [evil],
    };
    for (const point of results.points.slice(0, 1)) {
      point.design = evil;
      point.warnings = [evil];
      point.resources[0]!.tenant = evil;
      point.control[0]!.step = evil;
    }
    results.parameters[0] = {
      ...results.parameters[0]!,
      name: evil,
      sentence: evil,
      source: evil,
      trust: evil,
    };
    results.warnings = [evil];
    results.limits = [{ text: evil, point: evil, value: 1, held: false }];
    const page = await renderHtml(results);
    expect(page).not.toContain('<img');
    expect(page.match(/<\/script>/g)).toHaveLength(1);
    expect(page).toContain('&lt;/script&gt;&lt;img src=x');
  });

  it('gives seventeen designs seventeen looks', async () => {
    const results = sampleResults({ sizes: 2 });
    for (let i = 4; i < 17; i++) {
      const id = `design-${i}`;
      results.designs.push({ ...results.designs[1]!, id });
      for (const point of results.points.filter((p) => p.design === 'mdev')) {
        results.points.push({ ...point, design: id, key: point.key.replace('mdev', id) });
      }
    }
    const page = await check(results);
    const legend = section(page, 'charts').match(/<ul class="legend">.*?<\/ul>/s)![0];
    const swatches = [...legend.matchAll(/<svg.*?<\/svg>/gs)].map((m) => m[0]);
    expect(swatches).toHaveLength(17);
    expect(new Set(swatches).size).toBe(17);
  });
});
