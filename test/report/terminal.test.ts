import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderTable } from '../../src/report/terminal.js';
import { sampleResults } from './sample-results.js';

const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('the comparison table of the terminal', () => {
  it('reads like this for two designs at one place', () => {
    const text = renderTable(sampleResults({ designs: 2, sizes: 1 }), { width: 80, colour: false });
    expect(text.replaceAll('\u00a0', ' ')).toMatchInlineSnapshot(`
      "                     throughput     p99 latency  median latency
      size 64 B
        native-cdev  4.47 GB/s ±1.0 %  1.31 µs ±1.2 %   883 ns ±1.0 %
        mdev         4.28 GB/s ±1.0 %  1.36 µs ±1.3 %   922 ns ±1.0 %

      native-cdev and mdev: guest × 4: 1 dedicated work queue (32 entries), 1 engine,
      0.25 devices each; 1 device in all
      Highlighted: in front among equal resources, ties included.
      "
    `);
  });

  it('never leaves the window, and drops columns rather than designs or places', () => {
    const results = sampleResults();
    let columns = 0;
    for (const width of [40, 60, 80, 100, 140, 200]) {
      const text = renderTable(results, { width, colour: false });
      expect(widest(text), `width ${width}`).toBeLessThanOrEqual(width);
      for (const { id } of results.designs) expect(text).toContain(id);
      expect(text.match(/^size \d+.[KM]?i?B$/gm)).toHaveLength(results.sweep[0]!.values.length);
      const shown = text.split('\n')[0]!.trim().split(/ {2,}/).length;
      expect(shown).toBeGreaterThanOrEqual(columns);
      columns = shown;
    }
    expect(columns).toBe(7);
  });

  it('speaks human units and never prints a value that is not there', () => {
    const results = sampleResults();
    results.points[0]!.metrics.throughput = { mean: null, half_width: null, values: [null] };
    const text = renderTable(results, { width: 200, colour: false });
    expect(text).toMatch(/\d\sGB\/s ±\d/);
    expect(text).toMatch(/\d\sµs/);
    expect(text).toContain('–');
    expect(text).not.toMatch(/NaN|undefined|null|Infinity|e[+-]\d/);
  });

  it('uses escape codes only when told to, and says the same with them', () => {
    const results = sampleResults();
    const plain = renderTable(results, { width: 120, colour: false });
    const coloured = renderTable(results, { width: 120, colour: true });
    expect(stripVTControlCharacters(plain)).toBe(plain);
    expect(coloured).not.toBe(plain);
    const trimmed = (text: string) => text.replace(/ +$/gm, '');
    expect(trimmed(stripVTControlCharacters(coloured))).toBe(trimmed(plain));
  });

  it('names who was given what, and limits that broke by point', () => {
    const text = renderTable(sampleResults(), { width: 200, colour: false });
    expect(text).toContain(
      'A native-cdev, mdev and vfio-user: guest × 4: 1 dedicated work queue (32 entries)',
    );
    expect(text).toContain('B vfio-pci: guest × 4');
    expect(text).toContain('4 devices in all');
    expect(text).toContain('✗ latency_p99 < 60us does not hold for vfio-user at 1 MiB: 163');
    expect(text).not.toContain('does not hold for native-cdev');
  });

  it('gives every tenant a row of its own where there are several', () => {
    const results = sampleResults({ designs: 1, sizes: 1 });
    const point = results.points[0]!;
    point.resources.push({ ...point.resources[0]!, tenant: 'background' });
    point.tenants.background = {
      ...point.metrics,
      throughput: { mean: 123e6, half_width: 0, values: [123e6, 123e6] },
    };
    const lines = renderTable(results, { width: 120, colour: false }).split('\n');
    expect(lines.find((line) => /^ {4}background /.test(line))).toContain('123 MB/s'.replace(' ', '\u00a0'));
    expect(lines.filter((line) => /^ {4}guest /.test(line))).toHaveLength(1);
  });
});
