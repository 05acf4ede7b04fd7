/**
 * Curves, one a design: over a numeric axis of the sweep with intervals as bands, and latency over percentiles. The
 * specifications hold the values that they show and colours as CSS variables; the page carries titles and legends.
 */
import type { TopLevelSpec } from 'vega-lite';
import { formatQuantity, type SiUnit } from '../../workload/format.js';
import { designLook } from '../palette.js';
import { type Axis, axisAround, axisFromZero, labelExpression, thinned } from '../ticks.js';
import { frame, textWidth } from './frame.js';

/** Width that a label below the axis takes, with the gap to the next [px]. */
const LABEL_BELOW = 50;
/** Room between the first and last values and the edges [px], so that marks do not cover labels. */
const EDGE = 14;
/** An axis whose values span this factor is logarithmic. */
const LOG_FROM = 8;
/** Percentiles that are labelled. */
const PERCENTILE_TICKS = [50, 90, 99, 99.9, 99.99];

/** One point of a curve. */
export interface CurveValue {
  /** Position of the design in the document. */
  design: number;
  x: number;
  y: number;
  /** Interval; equal to `y` where there is none. */
  low: number;
  high: number;
}

/** How wide, how high, and what the axes say. */
export interface CurveOptions {
  width: number;
  height: number;
  x: { unit: SiUnit; values: readonly number[] };
  y: { unit: SiUnit; from: 'zero' | 'data' };
  /** Values that the axis must reach beside those drawn, to give charts side by side the same scale. */
  reach?: readonly number[];
}

/** A point of a percentile curve: percentile in percent, latency in seconds. */
export interface PercentileValue {
  design: number;
  percentile: number;
  seconds: number;
}

/** Curves over a numeric axis of the sweep. */
export function curveChart(values: readonly CurveValue[], options: CurveOptions): TopLevelSpec {
  const { unit } = options.y;
  const xs = options.x.values;
  const wide = xs.every((x) => x > 0) && Math.max(...xs) / Math.min(...xs) >= LOG_FROM;
  const ticks = thinned(xs, Math.floor(options.width / LABEL_BELOW));
  const reach = [...values.flatMap((v) => [v.low, v.high]), ...(options.reach ?? [])];
  const y = options.y.from === 'zero' ? axisFromZero(reach) : axisAround(reach.filter((v) => v > 0));
  const scale = scaleOf({
    type: wide ? 'log' : 'linear',
    domain: [Math.min(...xs), Math.max(...xs)],
    ticks,
  });
  return {
    ...frame(options.width, options.height, { left: leftOf(y, unit), right: 10, top: 8, bottom: 24 }),
    data: { values: values.map((v) => ({ ...v, ...looks(v.design) })) },
    encoding: {
      detail: { field: 'design', type: 'nominal' },
      x: {
        field: 'x',
        type: 'quantitative',
        title: null,
        scale: { ...scale, padding: EDGE, ...(wide ? { base: options.x.unit === 'B' ? 2 : 10 } : {}) },
        axis: {
          values: ticks,
          labelExpr: labelExpression(ticks, options.x.unit),
          labelFlush: false,
          grid: false,
        },
      },
      color: look('colour'),
    },
    layer: [
      {
        mark: { type: 'area', opacity: 0.16, clip: true },
        encoding: { y: vertical(y, unit, 'low'), y2: { field: 'high' } },
      },
      {
        mark: { type: 'line' },
        encoding: {
          y: vertical(y, unit, 'y'),
          strokeDash: look('dash'),
          strokeWidth: look('strokeWidth'),
        },
      },
      {
        mark: { type: 'point', fill: 'var(--paper,#fff)', strokeWidth: 1.7, opacity: 1 },
        encoding: { y: vertical(y, unit, 'y'), shape: look('shape'), size: look('markSize') },
      },
    ],
  } as TopLevelSpec;
}

/** Latency over percentiles, stretched so that every further nine takes the same width. */
export function percentileChart(
  values: readonly PercentileValue[],
  options: { width: number; height: number },
): TopLevelSpec {
  const drawn = values.filter((v) => v.percentile < 100 && v.seconds > 0);
  const reached = Math.max(...drawn.map((v) => v.percentile));
  const ticks = PERCENTILE_TICKS.filter((p) => p <= reached);
  const labels = Object.fromEntries(ticks.map((p) => [String(nines(p)), `p${p}`]));
  const y = axisAround(
    drawn.map((v) => v.seconds),
    4,
  );
  return {
    ...frame(options.width, options.height, { left: leftOf(y, 's'), right: 8, top: 8, bottom: 24 }),
    data: {
      values: drawn.map((v) => ({
        design: v.design,
        x: nines(v.percentile),
        y: v.seconds,
        ...looks(v.design),
      })),
    },
    encoding: {
      detail: { field: 'design', type: 'nominal' },
      x: {
        field: 'x',
        type: 'quantitative',
        title: null,
        scale: { domain: [0, nines(reached)], nice: false },
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
        mark: { type: 'line', interpolate: 'monotone' },
        encoding: {
          y: vertical(y, 's', 'y'),
          strokeDash: look('dash'),
          strokeWidth: look('strokeWidth'),
        },
      },
    ],
  } as TopLevelSpec;
}

/** How many nines a percentile has: 1 at p90, 2 at p99. */
function nines(percentile: number): number {
  return Number((-Math.log10(1 - percentile / 100)).toFixed(6));
}

/** Logarithmic scales have no zero to leave out. */
function scaleOf({ type, domain }: Axis): object {
  return type === 'log' ? { type, domain, nice: false } : { type, domain, nice: false, zero: false };
}

/** Room for the labels of a vertical axis [px]. */
function leftOf(axis: Axis, unit: SiUnit): number {
  return Math.max(...axis.ticks.map((tick) => textWidth(formatQuantity(tick, unit)))) + 8;
}

function vertical(axis: Axis, unit: SiUnit, field: string): object {
  return {
    field,
    type: 'quantitative',
    title: null,
    scale: scaleOf(axis),
    axis: {
      values: axis.ticks,
      labelExpr: labelExpression(axis.ticks, unit),
      domain: false,
      ticks: false,
    },
  };
}

/** The looks of a design as fields of its values, so that encodings take them as they are. */
function looks(design: number): object {
  const { colour, dash, shape, strokeWidth, markSize } = designLook(design);
  return { colour, dash: [...dash], shape, strokeWidth, markSize };
}

/** A field of `looks`, taken without a scale. */
function look(field: 'colour' | 'dash' | 'shape' | 'strokeWidth' | 'markSize'): object {
  const type = field === 'strokeWidth' || field === 'markSize' ? 'quantitative' : 'nominal';
  return { field, type, scale: null, legend: null };
}
