import { describe, expect, it } from 'vitest';
import type { Results } from '../../src/experiment/results.js';
import { html, trusted } from '../../src/report/markup.js';
import { bounds, divided, marginText, meanText, rangeText } from '../../src/report/numbers.js';
import { overview } from '../../src/report/overview.js';
import { sampleResults } from './sample-results.js';

/** The sample with a second axis beside the size. */
function withDepth(kind: 'product' | 'zip'): Results {
  const results = sampleResults({ sizes: 3, designs: 2 });
  const depths = ['8', '16', '32'];
  results.sweep.push({ path: 'tenants.guest.depth', unit: '', values: depths, numbers: [8, 16, 32] });
  results.points = results.points.flatMap((point, i) =>
    (kind === 'zip' ? [depths[Math.floor(i / 2)]!] : depths).map((depth) => ({
      ...point,
      key: `${point.key} depth=${depth}`,
      at: { ...point.at, 'tenants.guest.depth': depth },
    })),
  );
  return results;
}

describe('the overview of a document', () => {
  it('lists places in the order of the sweep with sizes in human units', () => {
    const view = overview(sampleResults());
    expect(view.places.map((place) => place.label).join(' | ')).toBe(
      '64 B | 256 B | 1 KiB | 4 KiB | 16 KiB | 64 KiB | 256 KiB | 1 MiB',
    );
    expect(view.axis).toEqual({
      path: 'tenants.guest.operations[0].size',
      title: 'size',
      unit: 'B',
      numeric: true,
    });
    expect(view.point('mdev', view.places[3]!)!.at).toEqual({ 'tenants.guest.operations[0].size': '4KiB' });
  });

  it('makes one curve of axes that walk together and several of a product', () => {
    const facets = (results: Results) => [...new Set(overview(results).places.map((place) => place.facet))];
    expect(facets(withDepth('zip'))).toEqual(['']);
    expect(facets(withDepth('product'))).toEqual(['depth 8', 'depth 16', 'depth 32']);
    expect(overview(withDepth('product')).places[1]!.label).toBe('size 64 B, depth 16');
  });

  it('gives equal resources one letter and unequal ones another', () => {
    const view = overview(sampleResults());
    expect(view.allotments.map((a) => [a.letter, a.devices])).toEqual([
      ['A', 1],
      ['B', 4],
    ]);
  });

  it('has one unnamed place without a sweep', () => {
    const results = sampleResults({ sizes: 1 });
    const view = overview({ ...results, sweep: [], points: results.points.map((p) => ({ ...p, at: {} })) });
    expect(view.axis).toBeNull();
    expect(view.places).toEqual([{ index: 0, label: '', x: null, facet: '' }]);
    expect(view.pointTitle(results.points[1]!.key)).toBe('mdev');
  });
});

describe('numbers in print', () => {
  const estimate = (mean: number | null, half: number | null) => ({ mean, half_width: half, values: [] });

  it('gives means a unit and margins one decimal', () => {
    expect(meanText(estimate(31.42e9, 1), 'B/s')).toBe('31.4\u00a0GB/s');
    expect(meanText(undefined, 's')).toBe('–');
    expect(marginText(estimate(200, 1), 's')).toBe('±0.5\u00a0%');
    expect(marginText(estimate(200, 50), 's')).toBe('±25\u00a0%');
    expect(marginText(estimate(200, 19.94), 's')).toBe('±10\u00a0%');
    expect(marginText(estimate(200, 199.3), 's')).toBe('±100\u00a0%');
    expect(marginText(estimate(200, 366), 's')).toBe('±183\u00a0%');
    expect(marginText(estimate(200, 0.01), 's')).toBe('±<0.1\u00a0%');
    expect(marginText(estimate(200, 0), 's')).toBe('±0\u00a0%');
    expect(marginText(estimate(0, 2e-9), 's')).toBe('±2\u00a0ns');
    expect(marginText(estimate(200, null), 's')).toBe('');
  });

  it('divides an estimate with all that belongs to it', () => {
    expect(divided({ mean: 8, half_width: 2, values: [6, null, 10] }, 4)).toEqual({
      mean: 2,
      half_width: 0.5,
      values: [1.5, null, 2.5],
    });
    expect(bounds(estimate(8, 2))).toEqual({ mean: 8, low: 6, high: 10 });
    expect(bounds(estimate(null, null))).toBeNull();
    expect(rangeText([1e-6, 1.0001e-6], 's')).toBe('1 µs');
  });
});

describe('markup', () => {
  it('escapes everything but what is markup already', () => {
    const evil = `<img src=x onerror="alert('1')">&`;
    expect(html`<p title="${evil}">${[evil, html`<b>${1}</b>`, null, false, trusted('<i>')]}</p>`.html).toBe(
      '<p title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;">' +
        '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;<b>1</b><i></p>',
    );
  });
});
