import { describe, expect, it } from 'vitest';
import { compareResults } from '../../src/experiment/compare-results.js';
import type { Results } from '../../src/experiment/results.js';
import { comparisonText } from '../../src/report/compare/text.js';
import { comparedReservations } from '../../src/report/compare/words.js';
import { sampleResults } from './sample-results.js';

/** The sample with every throughput scaled; luck stays what it was. */
function scaled(factor: number): Results {
  const results = sampleResults();
  for (const point of results.points) {
    const { throughput } = point.metrics;
    throughput!.values = throughput!.values.map((value) => value! * factor);
    throughput!.mean! *= factor;
  }
  return results;
}

const reservations = comparedReservations([sampleResults(), scaled(0.97)]);

describe('the text of a comparison', () => {
  it('is no wider than the window', () => {
    const result = compareResults(sampleResults(), scaled(0.97));
    for (const width of [40, 60, 80, 120]) {
      const lines = comparisonText(result, { width, colour: false, reservations }).split('\n');
      expect(lines.filter((line) => line.length > width)).toEqual([]);
    }
  });

  it('lists only what differs where there is much, and corrects over all of it', () => {
    const result = compareResults(sampleResults(), scaled(0.97));
    expect(result.comparisons.length).toBeGreaterThan(60);
    const text = comparisonText(result, { width: 120, colour: false, reservations });
    expect(text).toContain(
      `Of ${result.comparisons.length} comparisons ${sampleResults().points.length} worse.`,
    );
    expect(text).toContain('mdev is argued on the lists and never merged');
    expect(text.match(/such numbers are predictions/g)).toHaveLength(1);
    expect(text).toMatch(/throughput .*-3 % \(-3 % to -3 %\) {2}worse/);
    expect(text).not.toMatch(/boot_time/);
  });
});
