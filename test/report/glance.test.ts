/** The tables at a glance: what is shaded is what the answer calls in front, and nothing else. */
import { expect, test } from 'vitest';
import type { Results } from '../../src/experiment/results.js';
import { overview } from '../../src/report/overview.js';
import { glanceTables } from '../../src/report/sections/glance.js';
import { visibleText } from './page-text.js';
import { sampleResults } from './sample-results.js';

/** Grades of a table's cells by design, 6 the best, null unshaded. */
function grades(results: Results, title: string): Record<string, (number | null)[]> {
  const page = glanceTables(overview(results))!.html;
  const table = page.match(/<table.*?<\/table>/gs)!.find((one) => one.includes(`<caption>${title}`))!;
  const rows = table.match(/<tbody>.*<\/tbody>/s)![0].match(/<tr>.*?<\/tr>/gs)!;
  return Object.fromEntries(
    rows.map((row) => [
      /<\/svg> ([\w-]+)/.exec(row)![1]!,
      [...row.matchAll(/<td class="n(?: h(\d))?"/g)].map(([, grade]) =>
        grade === undefined ? null : Number(grade),
      ),
    ]),
  );
}

const estimate = (values: number[]) => ({
  mean: values.reduce((sum, v) => sum + v, 0) / values.length,
  half_width: 0,
  values,
});

test('what was given more devices is not shaded as the best of those that were not', () => {
  const of = grades(sampleResults(), 'Throughput by size');
  expect(of['vfio-pci']!.every((grade) => grade === null)).toBe(true);
  expect(of['native-cdev']!.every((grade) => grade === 6)).toBe(true);
  const text = visibleText(glanceTables(overview(sampleResults()))!.html);
  expect(text).toContain('shaded within each column among equal resources');
  expect(text).toMatch(/vfio-pci B/);
});

test('per device all are shaded together', () => {
  const of = grades(sampleResults(), 'Throughput per device by size');
  for (const row of Object.values(of)) expect(row).not.toContain(null);
});

test('two of four that share another allotment have a best of their own', () => {
  const results = sampleResults({ sizes: 2 });
  for (const point of results.points.filter(({ design }) => design === 'vfio-user')) {
    const other = results.points.find(({ design }) => design === 'vfio-pci')!;
    Object.assign(point, { devices: other.devices, resources: other.resources });
    point.metrics.throughput = estimate(point.metrics.throughput!.values.map((v) => v! / 4));
  }
  const of = grades(results, 'Throughput by size');
  expect(of['native-cdev']).toEqual([6, 6]);
  expect(of['vfio-pci']).toEqual([6, 6]);
  expect(of['vfio-user']!.every((grade) => grade! < 3)).toBe(true);
});

test('all that tie with the best are shaded like it, however far their means lie apart', () => {
  const results = sampleResults({ sizes: 2, designs: 2 });
  const noisy = [90e-6, 300e-6, 60e-6, 200e-6, 130e-6];
  for (const point of results.points) {
    const values = point.design === 'mdev' ? [130e-6, 135e-6, 131e-6, 136e-6, 140e-6] : noisy;
    point.metrics.latency_p99 = estimate(values);
  }
  expect(grades(results, 'P99 latency by size')).toEqual({ 'native-cdev': [6, 6], mdev: [6, 6] });
});

test('a quantity that was nowhere measured is a line that says why instead of a table of dashes', () => {
  const results = sampleResults({ sizes: 2 });
  for (const point of results.points) {
    point.metrics.latency_p99 = { mean: null, half_width: null, values: [null] };
    point.verdicts.latency_p99 = 'too few samples';
  }
  const page = glanceTables(overview(results))!.html;
  expect(page).not.toContain('<caption>P99');
  expect(visibleText(page)).toContain('P99 latency was measured nowhere: too few samples');
  expect(page).toContain('<caption>Throughput');
});
