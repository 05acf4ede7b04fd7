/** What was emulated for a guest, as the page shows it. */
import { expect, test } from 'vitest';
import { overview } from '../../src/report/overview.js';
import { surfaceSection } from '../../src/report/sections/surface.js';
import { sampleResults } from './sample-results.js';

const estimate = (mean: number) => ({ mean, half_width: 0, values: [mean] });

test('the counts of each design stand beside the code that was published for it', () => {
  const results = sampleResults({ sizes: 2, designs: 2 });
  for (const point of results.points) {
    point.metrics.emulated_registers = estimate(52);
    point.metrics.emulated_commands = estimate(4);
  }
  results.designs[0] = {
    ...results.designs[0]!,
    code: [{ lines: 2086, what: 'vdev.c', runs_in: 'the kernel', source: 'a posting' }],
  };
  const text = surfaceSection(overview(results))!.body.html;
  expect(text.match(/data-value="52"/g)).toHaveLength(2);
  expect(text).toContain('2086 lines in the kernel (vdev.c)');
});

test('nothing is shown where nothing was emulated', () => {
  const results = sampleResults({ sizes: 1, designs: 1 });
  for (const point of results.points) point.metrics.trapped_accesses = estimate(0);
  expect(surfaceSection(overview(results))).toBeNull();
});
