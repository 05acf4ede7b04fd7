/**
 * Curves over a numeric axis of the sweep, one a design, with intervals as bands. The specification holds the values
 * that it shows and colours as CSS variables; the page carries titles and legends.
 */
import type { TopLevelSpec } from 'vega-lite';
import type { SiUnit } from '../../workload/format.js';
import { type Axis, axisAround, axisFromZero, labelExpression, thinned } from '../ticks.js';
import { LINES, leftOf, look, looks, type Piece, pieces, scaleOf, shareOf, vertical } from './axes.js';
import { frame } from './frame.js';

/** Width that a label below the axis takes, with the gap to the next [px]. */
const LABEL_BELOW = 50;
/** Room between the first and last values and the edges [px], so that marks do not cover labels. */
const EDGE = 14;
/** An axis whose values span this factor is logarithmic. */
const LOG_FROM = 8;
const RIGHT = 10;
/** How much of what lies below it a band covers, and all bands together where every one lies on the others. */
const BAND_OPACITY = 0.16;
const BANDS_OPACITY = 0.45;
/** The edges of a band are drawn this much stronger than what is between them. */
const EDGE_STRENGTH = 2.5;

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
  x: {
    unit: SiUnit;
    values: readonly number[];
    /** Those at which a curve has a gap if it has no value; all by default. */
    expected?: readonly number[];
  };
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
    data: {
      values: drawable(values, y, options.x.expected ?? xs).map((v) => ({ ...v, ...looks(v.design) })),
    },
    encoding: {
      detail: LINES,
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
    },
    layer: [
      {
        transform: [{ filter: '!datum.alone' }],
        mark: { type: 'area', opacity: 1, strokeWidth: 0.8, clip: true },
        encoding: {
          y: vertical(y, unit, 'low'),
          y2: { field: 'high' },
          fill: look('colour'),
          stroke: look('colour'),
          fillOpacity: look('fillOpacity'),
          strokeOpacity: look('strokeOpacity'),
        },
      },
      {
        transform: [{ filter: 'datum.alone' }],
        mark: { type: 'rule', strokeWidth: 1.6, opacity: 0.6, clip: true },
        encoding: { y: vertical(y, unit, 'low'), y2: { field: 'high' }, color: look('colour') },
      },
      {
        mark: { type: 'line' },
        encoding: {
          color: look('colour'),
          y: vertical(y, unit, 'y'),
          strokeDash: look('dash'),
          strokeWidth: look('strokeWidth'),
        },
      },
      {
        mark: { type: 'point', fill: 'var(--paper,#fff)', strokeWidth: 1.7, opacity: 1, aria: true },
        encoding: {
          y: vertical(y, unit, 'y'),
          color: look('colour'),
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

/** A value with what decides how its interval is drawn. */
interface DrawableValue extends CurveValue, Piece {
  fillOpacity: number;
  strokeOpacity: number;
}

/**
 * Values as an axis can show them. An interval that reaches zero or below has no place on a logarithmic axis; left to
 * the scale it would vanish, and the least certain would look the most certain, so it goes to the bottom. Bands that
 * are alike share the opacity of one, and many different ones are fainter: they lie on each other. The interval of a
 * value alone between gaps is a bar.
 */
function drawable(
  values: readonly CurveValue[],
  { type, domain }: Axis,
  expected: readonly number[],
): DrawableValue[] {
  const places = [...new Set(expected)].sort((a, b) => a - b);
  const parts = pieces(values.map(({ design, x }) => ({ design, at: places.indexOf(x) })));
  const designs = [...new Set(values.map((v) => v.design))];
  const bands = new Map(
    designs.map((design) => {
      const own = values.filter((v) => v.design === design);
      return [design, JSON.stringify(own.map((v) => [v.x, v.low, v.high]))];
    }),
  );
  const shapes = [...bands.values()];
  const each = Math.min(BAND_OPACITY, shared(BANDS_OPACITY, new Set(shapes).size));
  return values.map((v, i) => {
    const shape = bands.get(v.design)!;
    const fillOpacity = shared(each, shapes.filter((other) => other === shape).length);
    return {
      ...v,
      ...parts[i]!,
      low: type === 'log' ? Math.max(v.low, domain[0]) : v.low,
      fillOpacity,
      strokeOpacity: EDGE_STRENGTH * fillOpacity,
    };
  });
}

/** The opacity of each of some layers that together have the given one. */
function shared(opacity: number, layers: number): number {
  return 1 - (1 - opacity) ** (1 / layers);
}
