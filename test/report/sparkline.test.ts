import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overview } from '../../src/report/overview.js';
import { sparkline, sparklines } from '../../src/report/sparkline.js';
import { renderTable } from '../../src/report/terminal.js';
import { sampleResults } from './sample-results.js';

const BARS = '▁▂▃▄▅▆▇█';

describe('a line of bars', () => {
  it('rises from the lowest to the highest bar, with a blank where there is no value', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 0, 7)).toBe(BARS);
    expect(sparkline([7, null, 0], 0, 7)).toBe('█ ▁');
  });

  it('goes by logarithm where values span decades', () => {
    expect(sparkline([1, 10, 100, 1000], 1, 1000)).toBe('▁▃▆█');
  });

  it('has one bar for each value and keeps their order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.001, max: 1e12, noNaN: true }), { minLength: 1 }), (values) => {
        const line = sparkline(values, Math.min(...values), Math.max(...values));
        expect([...line].length).toBe(values.length);
        const heights = [...line].map((bar) => BARS.indexOf(bar));
        values.forEach((value, i) => {
          values.forEach((other, j) => {
            if (value > other) expect(heights[i]).toBeGreaterThanOrEqual(heights[j]!);
          });
        });
      }),
      { numRuns: 50 },
    );
  });
});

describe('the curves of a sweep', () => {
  it('have a line for each design with its range, all on one scale', () => {
    const view = overview(sampleResults());
    const lines = sparklines(view, 100);
    expect(lines[0]).toBe(`throughput over ${view.axis!.title}`);
    for (const { id } of view.designs) {
      const own = lines.filter((line) => line.startsWith(`  ${id} `));
      expect(own.length).toBe(2);
      expect(own[0]).toMatch(new RegExp(`  [${BARS}]{${view.places.length}}  .+ to .+B/s$`));
    }
  });

  it('are not drawn for a handful of values, for names, or for more curves than fit', () => {
    const few = sampleResults();
    const two = few.sweep[0]!.values.slice(0, 2);
    few.points = few.points.filter((point) => two.includes(point.at[few.sweep[0]!.path]!));
    few.sweep[0]!.values = two;
    few.sweep[0]!.numbers = few.sweep[0]!.numbers.slice(0, 2);
    expect(sparklines(overview(few), 100)).toEqual([]);
    const named = sampleResults();
    named.sweep[0]!.numbers = named.sweep[0]!.numbers.map(() => null);
    expect(sparklines(overview(named), 100)).toEqual([]);
  });

  it('fit the window below the table', () => {
    for (const width of [40, 60, 100]) {
      const lines = renderTable(sampleResults(), { width, colour: false }).split('\n');
      expect(lines.some((line) => line.startsWith('throughput over'))).toBe(true);
      expect(lines.filter((line) => line.length > width)).toEqual([]);
    }
  });
});
