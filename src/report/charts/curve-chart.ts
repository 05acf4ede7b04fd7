/**
 * Curves over a numeric axis of the sweep, one a design, with intervals as bands. The specification holds the values
 * that it shows and colours as CSS variables; the page carries titles and legends.
 */
import type { TopLevelSpec } from 'vega-lite';
import type { SiUnit } from '../../workload/format.js';
import { axisAround, axisFromZero, labelExpression, thinned } from '../ticks.js';
import { leftOf, look, looks, scaleOf, shareOf, vertical } from './axes.js';
import { frame } from './frame.js';

/** Width that a label below the axis takes, with the gap to the next [px]. */
const LABEL_BELOW = 50;
/** Room between the first and last values and the edges [px], so that marks do not cover labels. */
const EDGE = 14;
/** An axis whose values span this factor is logarithmic. */
const LOG_FROM = 8;
const RIGHT = 10;

/** One point of a curve. */
export interface CurveValue {
  /** Position of the design in the document. */
  design: number;
  x: number;
  y: number;
  /** Interval; equal to `y` where there is none. */
  low: number;
  high: number;
  /** What a pointer on it is told. */
  said: string;
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

/** A drawing and where its values of x stand in it [px]. */
export interface PlacedChart {
  spec: TopLevelSpec;
  positions: number[];
}

/** The chart; positions are those of `options.x.values`. */
export function curveChart(values: readonly CurveValue[], options: CurveOptions): PlacedChart {
  const { unit } = options.y;
  const xs = options.x.values;
  const wide = xs.every((x) => x > 0) && Math.max(...xs) / Math.min(...xs) >= LOG_FROM;
  const ticks = thinned(xs, Math.floor(options.width / LABEL_BELOW));
  const reach = [...values.flatMap((v) => [v.low, v.high]), ...(options.reach ?? [])];
  const y = options.y.from === 'zero' ? axisFromZero(reach) : axisAround(reach.filter((v) => v > 0));
  const across = {
    type: wide ? ('log' as const) : ('linear' as const),
    domain: [Math.min(...xs), Math.max(...xs)] as [number, number],
  };
  const left = leftOf(y, unit);
  const spec = {
    ...frame(options.width, options.height, { left, right: RIGHT, top: 8, bottom: 24 }),
    data: { values: values.map((v) => ({ ...v, ...looks(v.design) })) },
    encoding: {
      detail: { field: 'design', type: 'nominal' },
      x: {
        field: 'x',
        type: 'quantitative',
        title: null,
        scale: {
          ...scaleOf(across),
          padding: EDGE,
          ...(wide ? { base: options.x.unit === 'B' ? 2 : 10 } : {}),
        },
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
        mark: { type: 'point', fill: 'var(--paper,#fff)', strokeWidth: 1.7, opacity: 1, aria: true },
        encoding: {
          y: vertical(y, unit, 'y'),
          shape: look('shape'),
          size: look('markSize'),
          description: { field: 'said', type: 'nominal' },
        },
      },
    ],
  } as TopLevelSpec;
  const inner = options.width - left - RIGHT - 2 * EDGE;
  return { spec, positions: xs.map((x) => left + EDGE + inner * shareOf(across, x)) };
}
