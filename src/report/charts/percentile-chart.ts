/** Latency by rank, two ways: over percentiles stretched toward the tail, and as a cumulative distribution. */
import type { TopLevelSpec } from 'vega-lite';
import { axisAround, labelExpression } from '../ticks.js';
import { leftOf, look, looks, scaleOf, shareOf, vertical } from './axes.js';
import type { PlacedChart } from './curve-chart.js';
import { frame } from './frame.js';

/** Percentiles that are labelled. */
const PERCENTILE_TICKS = [50, 90, 99, 99.9, 99.99];
const SHARE_TICKS = [0, 25, 50, 75, 100];
const RIGHT = 8;
/** The axis of percentiles goes at least as far: to p50 alone it would be a strip with its one mark at the edge. */
const LEAST_REACH = 90;

/** A point of a curve: percentile in percent, latency in seconds. */
export interface PercentileValue {
  design: number;
  percentile: number;
  seconds: number;
}

interface Size {
  width: number;
  height: number;
}

/** Latency over percentiles, every further nine the same width; positions are those of `percentiles`. */
export function percentileChart(
  values: readonly PercentileValue[],
  percentiles: readonly number[],
  options: Size,
): PlacedChart {
  const drawn = values.filter((v) => v.percentile < 100 && v.seconds > 0);
  const single = alone(drawn);
  const reached = Math.max(LEAST_REACH, ...drawn.map((v) => v.percentile));
  const ticks = PERCENTILE_TICKS.filter((p) => p <= reached);
  const labels = Object.fromEntries(ticks.map((p) => [String(nines(p)), `p${p}`]));
  const y = axisAround(
    drawn.map((v) => v.seconds),
    4,
  );
  const left = leftOf(y, 's');
  const domain: [number, number] = [0, nines(reached)];
  const spec = {
    ...frame(options.width, options.height, { left, right: RIGHT, top: 8, bottom: 24 }),
    data: {
      values: drawn.map((v) => ({
        design: v.design,
        x: nines(v.percentile),
        y: v.seconds,
        alone: single.has(v.design),
        ...looks(v.design),
      })),
    },
    encoding: {
      detail: { field: 'design', type: 'nominal' },
      x: {
        field: 'x',
        type: 'quantitative',
        title: null,
        scale: { domain, nice: false },
        axis: {
          values: ticks.map(nines),
          labelExpr: `(${JSON.stringify(labels)})[''+datum.value]`,
          labelFlush: true,
          grid: true,
        },
      },
      color: look('colour'),
    },
    layer: [
      {
        transform: [{ filter: '!datum.alone' }],
        mark: { type: 'line', interpolate: 'monotone' },
        encoding: {
          y: vertical(y, 's', 'y'),
          strokeDash: look('dash'),
          strokeWidth: look('strokeWidth'),
        },
      },
      lonePoints({ y: vertical(y, 's', 'y') }),
    ],
  } as TopLevelSpec;
  const inner = options.width - left - RIGHT;
  return {
    spec,
    positions: percentiles.map((p) => left + inner * shareOf({ type: 'linear', domain }, nines(p))),
  };
}

/** Share of descriptors (up) that took no longer than a latency (across). */
export function distributionChart(values: readonly PercentileValue[], options: Size): TopLevelSpec {
  const drawn = values.filter((v) => v.seconds > 0);
  const single = alone(drawn);
  const across = axisAround(
    drawn.map((v) => v.seconds),
    3,
  );
  const labels = Object.fromEntries(SHARE_TICKS.map((share) => [String(share), `${share} %`]));
  const y = {
    field: 'y',
    type: 'quantitative',
    title: null,
    scale: { domain: [0, 100], nice: false },
    axis: {
      values: SHARE_TICKS,
      labelExpr: `(${JSON.stringify(labels)})[''+datum.value]`,
      domain: false,
      ticks: false,
    },
  };
  return {
    ...frame(options.width, options.height, { left: 44, right: 20, top: 8, bottom: 24 }),
    data: {
      values: drawn.map((v) => ({
        design: v.design,
        x: v.seconds,
        y: v.percentile,
        alone: single.has(v.design),
        ...looks(v.design),
      })),
    },
    encoding: {
      detail: { field: 'design', type: 'nominal' },
      x: {
        field: 'x',
        type: 'quantitative',
        title: null,
        scale: scaleOf(across),
        axis: { values: across.ticks, labelExpr: labelExpression(across.ticks, 's'), labelFlush: false },
      },
      order: { field: 'y', type: 'quantitative' },
      color: look('colour'),
    },
    layer: [
      {
        transform: [{ filter: '!datum.alone' }],
        mark: { type: 'line' },
        encoding: {
          y,
          strokeDash: look('dash'),
          strokeWidth: look('strokeWidth'),
        },
      },
      lonePoints({ y }),
    ],
  } as TopLevelSpec;
}

/** The designs that have one point each: a line draws nothing of it, so it is a mark. */
function alone(drawn: readonly PercentileValue[]): ReadonlySet<number> {
  const designs = drawn.map(({ design }) => design);
  return new Set(
    designs.filter((design, i) => designs.indexOf(design) === i && designs.lastIndexOf(design) === i),
  );
}

/** The layer of those marks. */
function lonePoints(encoding: object): object {
  return {
    transform: [{ filter: 'datum.alone' }],
    mark: { type: 'point', fill: 'var(--paper,#fff)', strokeWidth: 1.7, opacity: 1 },
    encoding: { ...encoding, shape: look('shape'), size: look('markSize') },
  };
}

/** How many nines a percentile has: 1 at p90, 2 at p99. */
function nines(percentile: number): number {
  return Number((-Math.log10(1 - percentile / 100)).toFixed(6));
}
