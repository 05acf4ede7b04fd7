import { describe, expect, it } from 'vitest';
import { Aggregate } from '../../src/experiment/aggregate.js';
import type { ResultPoint } from '../../src/experiment/results.js';
import { Stream } from '../../src/experiment/stream.js';
import { renderSweep } from '../../src/report/sweep/page.js';
import { sweepText } from '../../src/report/sweep/text.js';
import { results } from './fixtures/experiment.js';

const DESIGNS = ['first', 'second'];
const SIZES = ['1', '2', '3', '4', '5'];
const base = results();
const [sample] = base.points;

/** What a page says, without its markup. */
const text = (page: string): string => page.replace(/<[^>]+>/g, '');

/** The first design moves 10, 20 … 50 B/s, the second always 30 B/s. */
const points: ResultPoint[] = SIZES.flatMap((size, i) =>
  DESIGNS.map((design, d) => {
    const mean = d === 0 ? 10 * (i + 1) : 30;
    return {
      ...sample!,
      key: `${design} @ size=${size}`,
      design,
      at: { size },
      metrics: {
        ...sample!.metrics,
        throughput: { mean, half_width: null, values: [mean] },
        // Too few samples at the last size.
        latency_p99: { mean: i < 4 ? 1e-6 : null, half_width: null, values: [i < 4 ? 1e-6 : null] },
      },
      load: i === 4 ? ('overloaded' as const) : ('stable' as const),
      conservation: { ...sample!.conservation, failed: 0, rejected: 0 },
    };
  }),
);
const document = {
  ...base,
  designs: DESIGNS.map((id) => ({ ...base.designs[0]!, id })),
  sweep: [{ path: 'size', unit: '', values: SIZES, numbers: SIZES.map(Number) }],
};

function aggregate(list = points): Aggregate {
  const made = new Aggregate(document as never, list.length, (i) => list[i]!.key);
  const observed = made.observing(new Stream(() => list));
  // Reading a part and beginning again counts nothing twice.
  for (const _ of observed.items()) break;
  expect([...observed.items()]).toEqual(list);
  return made;
}

describe('the aggregate of a sweep', () => {
  it('tells how means are spread, and at which points they are lowest and highest', () => {
    expect(aggregate().points).toBe(10);
    expect(aggregate().spread(0, 0)).toEqual({
      count: 5,
      low: 10,
      quartile1: 20,
      median: 30,
      quartile3: 40,
      high: 50,
      lowKey: 'first @ size=1',
      highKey: 'first @ size=5',
    });
    expect(aggregate().spread(0, 0, { axis: 0, value: 1 })).toMatchObject({ count: 1, low: 20, high: 20 });
    expect(aggregate([points[1]!]).spread(0, 0)).toBeNull();
  });

  it('counts at how many places a design is in front, ties included', () => {
    const made = aggregate();
    expect(made.places).toEqual({ ranked: 5, unequal: 0 });
    expect([made.leads(0, 0), made.leads(1, 0)]).toEqual([3, 3]);
  });

  it('ranks no designs that were given something else', () => {
    const richer = points.map((point, i) => (i === 1 ? { ...point, devices: 4 } : point));
    expect(aggregate(richer).places).toEqual({ ranked: 4, unequal: 1 });
  });

  it('counts what is to be doubted', () => {
    expect(aggregate().doubts(0)).toMatchObject({ points: 5, overloaded: 1, failed: 0 });
  });
});

describe('what people see of a large sweep', () => {
  const streamed = {
    ...document,
    points: new Stream(() => points),
    limits: new Stream(() =>
      points.map(({ key }, i) => ({ text: 'throughput > 1', point: key, value: 2, held: i > 0 })),
    ),
    warnings: new Stream(() => ['careful']),
  } as never;

  it('is one page with aggregates, and not a row a point', async () => {
    const page = await renderSweep(streamed, aggregate());
    expect(page).toMatch(/<\/html>\n$/);
    expect(page).toContain('10 points');
    expect(page).toContain('<dt>Throughput</dt>');
    expect(text(page)).toContain(
      'In front are first at 60 % and second at 60 % of 5 places, all level at 20 %.',
    );
    expect(text(page)).toContain('first and second are level at all 4 places that tell it.');
    expect(page.match(/<figure id="chart-(throughput|p99)/g)).toHaveLength(2);
    expect(page).toContain('1 of 10 checks do not hold.');
    expect(page).toContain('careful');
    expect(page.match(/first @ size=/g)!.length).toBeLessThan(12);
    expect(text(page)).toContain('size 5');
  });

  it('tells what other worlds and one resource more have shown', async () => {
    const ranking = {
      metric: 'boot_time',
      at: {},
      designs: DESIGNS,
      leaders: ['first'],
      of: 20,
      holds: 12,
      candidates: 3,
    };
    const robustness = { worlds: 20, constants: 86, untold: 0, rankings: [{ ...ranking, flip: null }] };
    const what_if = points.map(({ key }, i) => ({
      point: key,
      limited_by: i < 4 ? 'engine' : null,
      changes: [],
    }));
    const examined = { ...(streamed as object), robustness, what_if } as never;
    const page = text(await renderSweep(examined, aggregate()));
    for (const said of [page, sweepText(examined, aggregate(), 200)]) {
      expect(said).toMatch(
        /first in front in 12 of 20 worlds; none of the 3 constants that it goes with most turns it by itself\./,
      );
      expect(said).toMatch(/[Nn]one of the resources tried at 60 % and engines at 40 % of 10 points\./);
    }
    expect(page).toContain('How far it holds');
  });

  it('is a text that fits its terminal', () => {
    const lines = sweepText(streamed, aggregate(), 80);
    for (const line of lines.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines).toContain('10 B/s to 50 B/s, half of them between 20 B/s and 40 B/s');
    expect(lines).toContain('median throughput over size');
    expect(lines).toContain('• Throughput: in front are first at 60 % and second at 60 % of 5 places');
  });
});
