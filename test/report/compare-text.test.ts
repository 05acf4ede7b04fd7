import { describe, expect, it } from 'vitest';
import { compareResults, type ResultComparison } from '../../src/experiment/compare-results.js';
import type { Results } from '../../src/experiment/results.js';
import { comparisonPage } from '../../src/report/compare/page.js';
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

describe('a difference below 1 %', () => {
  const options = { width: 200, colour: false, reservations: [] };
  const page = (result: ResultComparison) =>
    comparisonPage(result, { version: '0.1.0', command: 'x', reservations: [], files: ['a', 'b'] });
  const level =
    'Below 1 % a difference counts as level however significant it is, as in the rankings of a run: the constants behind the numbers are not known to a percent.';

  /** The sample with throughputs a little lower everywhere, and much lower at the first two points. */
  const mixed = (): Results => {
    const results = scaled(0.9999);
    const { points } = scaled(0.97);
    for (const i of [0, 1]) results.points[i]!.metrics.throughput = points[i]!.metrics.throughput!;
    return results;
  };
  const small = sampleResults().points.length - 2;

  it('is a finding of its own, counted apart from what is worse, and explained', () => {
    const result = compareResults(sampleResults(), mixed());
    const first = `Of ${result.comparisons.length} comparisons 2 worse; ${small} more differ significantly, but by less than 1 %.`;
    const text = comparisonText(result, options);
    expect(text.startsWith(`${first}\nMost for the worse: throughput of `)).toBe(true);
    expect(text).toContain(`${level}\n`);
    expect(text.match(/ {2}worse$/gm)).toHaveLength(2);
    const made = page(result);
    expect(made).toContain(`<dd>${first}</dd>`);
    expect(made).toContain(`<li>${level}</li>`);
    expect(made.match(/<b class="bad">worse<\/b>/g)).toHaveLength(2);
    expect(made.match(/>significant, but below 1 %</g)).toHaveLength(small);
    expect(made).toContain(`<summary>${small} comparisons that differ by less than 1 %</summary>`);
    const same = result.comparisons.length - small - 2;
    expect(made).toContain(`<summary>${same} comparisons without a significant difference</summary>`);
    expect(result.comparisons.filter(({ finding }) => finding === 'negligible')).toHaveLength(small);
  });

  it('is listed in the text where there are few comparisons, and alone is no change for the worse', () => {
    const result = compareResults(sampleResults(), scaled(0.9999), ['throughput']);
    const text = comparisonText(result, options);
    const count = result.comparisons.length;
    expect(
      text.startsWith(`Of ${count} comparisons ${count} differ significantly, but all by less than 1 %.\n`),
    ).toBe(true);
    expect(text).not.toContain('worse');
    expect(text.match(/ {2}significant, but below 1 %$/gm)).toHaveLength(count);
    expect(page(result)).not.toContain('without a significant difference');
  });

  it('is no matter of one replication, of which what agrees is identical and the rest cannot be told', () => {
    const once = (results: Results): Results => {
      for (const { metrics } of results.points)
        for (const metric of Object.values(metrics)) metric.values = metric.values.slice(0, 1);
      return results;
    };
    const result = compareResults(once(sampleResults()), once(scaled(0.9999)), ['throughput', 'boot_time']);
    expect(new Set(result.comparisons.map(({ finding }) => finding))).toEqual(
      new Set(['undecided', 'identical']),
    );
    const count = sampleResults().points.length;
    expect(comparisonText(result, options)).toMatch(new RegExp(`^${count} cannot be told: one replication`));
  });

  it('does not change what is above', () => {
    const result = compareResults(sampleResults(), scaled(0.97), ['throughput']);
    expect(new Set(result.comparisons.map(({ finding }) => finding))).toEqual(new Set(['worse']));
    expect(comparisonText(result, options)).not.toContain('1 %');
    expect(compareResults(sampleResults(), sampleResults()).comparisons[0]!.finding).toBe('identical');
  });
});
