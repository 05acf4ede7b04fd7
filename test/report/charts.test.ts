/** What charts draw of values that are hard to draw: wide intervals, alike ones, and curves of one point. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type CurveValue, curveChart } from '../../src/report/charts/curve-chart.js';
import { distributionChart, percentileChart } from '../../src/report/charts/percentile-chart.js';
import { timeChart } from '../../src/report/charts/time-chart.js';
import { type ChartRenderer, chartRenderer } from '../../src/report/render-chart.js';

/** Shapes of a drawing with a fill or a stroke of a design's colour. */
const marksOf = (svg: string, design: number) =>
  [...svg.matchAll(/<path [^>]*>/g)].map(([tag]) => tag).filter((tag) => tag.includes(`var(--d${design},`));
const attribute = (tag: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
const number = (tag: string, name: string) => Number(attribute(tag, name) || 1);
/** Bands are the shapes that are filled with the colour, curves those that it strokes without a fill. */
const bandsOf = (svg: string, design: number) =>
  marksOf(svg, design).filter((tag) => attribute(tag, 'fill').startsWith('var(--d'));
const heights = (tag: string) =>
  [...attribute(tag, 'd').matchAll(/[ML]?(-?[\d.]+),(-?[\d.]+)/g)].map(([, , y]) => Number(y));

let draw: ChartRenderer;
beforeAll(async () => {
  draw = await chartRenderer();
});

const size = { width: 470, height: 280 };
const BOTTOM = size.height - 8 - 24;
const point = (design: number, x: number, y: number, half: number): CurveValue => ({
  design,
  x,
  y,
  low: y - half,
  high: y + half,
  said: '',
});
const curves = async (values: readonly CurveValue[], from: 'zero' | 'data' = 'data') => {
  const xs = [...new Set(values.map((v) => v.x))];
  const options = { ...size, x: { unit: '' as const, values: xs }, y: { unit: 's' as const, from } };
  return (await draw(curveChart(values, options).spec, 'chart')).html;
};

describe('bands around curves', () => {
  it('reach the bottom of a logarithmic axis where the interval goes below zero', async () => {
    const svg = await curves([
      point(0, 8, 8e-6, 1e-7),
      point(0, 64, 157e-6, 500e-6),
      point(1, 8, 10e-6, 1e-7),
      point(1, 64, 135e-6, 10e-6),
    ]);
    const [wide] = bandsOf(svg, 0);
    expect(Math.max(...heights(wide!))).toBeCloseTo(BOTTOM, 0);
    const [narrow] = bandsOf(svg, 1);
    expect(Math.max(...heights(narrow!))).toBeLessThan(BOTTOM - 5);
  });

  it('that are alike are together as faint as one', async () => {
    const alike = [0, 1, 2, 3, 4, 5].flatMap((design) => [
      point(design, 1, 28e-6, 1e-6),
      point(design, 2, 37e-6, 22e-6),
    ]);
    const svg = await curves(alike, 'zero');
    const clear = alike
      .filter((v) => v.x === 1)
      .reduce((left, { design }) => {
        const [band] = bandsOf(svg, design);
        return left * (1 - number(band!, 'fill-opacity'));
      }, 1);
    // Drawings round to two digits.
    expect(Math.abs(1 - clear - 0.16)).toBeLessThan(0.02);
  });

  it('leave curves and each other readable where many overlap', async () => {
    const many = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((design) => [
      point(design, 1, 28e-6, 1e-6 * design),
      point(design, 2, 37e-6, 5e-6 + 2e-6 * design),
    ]);
    const svg = await curves(many, 'zero');
    const clear = [...Array(8).keys()].reduce(
      (left, design) => left * (1 - number(bandsOf(svg, design)[0]!, 'fill-opacity')),
      1,
    );
    expect(1 - clear).toBeLessThan(0.5);
  });

  it('are bars where a curve has one point', async () => {
    const svg = await curves([point(0, 1, 2e-6, 1e-6), point(0, 2, 3e-6, 1e-6), point(1, 1, 4e-6, 2e-6)]);
    expect(svg.match(/<line [^>]*var\(--d0,/g)).toBeNull();
    expect(svg.match(/<line [^>]*var\(--d1,/g)).toHaveLength(1);
  });
});

describe('a curve with a place without a value', () => {
  const xs = [1, 2, 3, 4, 5];
  const at = (design: number, ...places: number[]) => places.map((x) => point(design, x, x * 1e-6, 1e-7));
  const drawn = async (values: readonly CurveValue[], expected?: readonly number[]) => {
    const x = { unit: '' as const, values: xs, ...(expected && { expected }) };
    const options = { ...size, x, y: { unit: 's' as const, from: 'data' as const } };
    return (await draw(curveChart(values, options).spec, 'chart')).html;
  };
  /** Lines of a design, as how many places each joins; a line of one place is none. */
  const joined = (svg: string, design: number) =>
    marksOf(svg, design)
      .filter((tag) => attribute(tag, 'stroke').startsWith('var(--d') && !attribute(tag, 'fill'))
      .map((tag) => heights(tag).length)
      .filter((places) => places > 1);

  it('is broken there, its band too', async () => {
    const svg = await drawn([...at(0, 1, 2, 4, 5), ...at(1, ...xs)]);
    expect([joined(svg, 0), joined(svg, 1)]).toEqual([[2, 2], [5]]);
    expect([bandsOf(svg, 0).length, bandsOf(svg, 1).length]).toEqual([2, 1]);
  });

  it('keeps a mark and a bar where a value stands alone between two', async () => {
    const svg = await drawn(at(0, 1, 2, 4));
    expect(joined(svg, 0)).toEqual([2]);
    expect(svg.match(/<line [^>]*var\(--d0,/g)).toHaveLength(1);
  });

  it('is whole where nothing is expected at that place', async () => {
    expect(joined(await drawn(at(0, 1, 3, 5), [1, 3, 5]), 0)).toEqual([3]);
  });

  it('is broken over time too, where for a while nothing was measured', async () => {
    const times = [0.5, 1.5, 2.5, 3.5, 4.5];
    const values = [0, 1, 3, 4].map((step) => ({ design: 0, step, t: times[step]!, level: 1 + step }));
    const options = { ...size, unit: 's' as const, length: 5, warmup: 1, times };
    const svg = (await draw(timeChart(values, options).spec, 'chart')).html;
    expect(joined(svg, 0)).toEqual([2, 2]);
  });
});

describe('percentiles', () => {
  const one = [{ design: 0, percentile: 50, seconds: 2e-6 }];
  const more = [50, 90, 99].map((percentile) => ({ design: 1, percentile, seconds: percentile * 1e-7 }));

  it('draw a mark where a design has one', async () => {
    for (const values of [one, [...one, ...more]]) {
      const svg = (await draw(percentileChart(values, [50, 90, 99], size).spec, 'chart')).html;
      expect(marksOf(svg, 0).filter((tag) => /A|a/.test(attribute(tag, 'd')))).toHaveLength(1);
      expect(svg).toContain('>p50</text>');
    }
  });

  it('do so as distributions too, and never beside a line', async () => {
    const svg = (await draw(distributionChart([...one, ...more], size), 'chart')).html;
    expect(marksOf(svg, 0)).toHaveLength(1);
    expect(marksOf(svg, 1)).toHaveLength(1);
  });
});
