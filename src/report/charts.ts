/**
 * Charts as vega-lite specifications: curves over the sweep, percentile curves and bars. They hold the values that
 * they show and colours as CSS variables, nothing else; the page around them carries titles and legends.
 */
import type { TopLevelSpec } from 'vega-lite';
import type { SiUnit } from '../workload/format.js';
import { formatQuantity } from '../workload/format.js';
import { designLook } from './palette.js';
import { type Axis, axisAround, axisFromZero, labelExpression, thinned } from './ticks.js';

/** Size of the letters [px] at the chart's own width; the page scales charts to their column. */
const FONT_SIZE = 12;
/** Most labels that fit below a chart of the usual width. */
const LABELS_BELOW = 9;

/** Room between the first and last values and the edges [px], so that marks do not cover labels. */
const EDGE = 14;

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

/** Curves over a numeric axis of the sweep, one a design, with the interval as a band. */
export function curveChart(values: readonly CurveValue[], options: CurveOptions): TopLevelSpec {
  const xs = options.x.values;
  const wide = xs.every((x) => x > 0) && Math.max(...xs) / Math.min(...xs) >= 8;
  const x: Axis = {
    type: wide ? 'log' : 'linear',
    domain: [Math.min(...xs), Math.max(...xs)],
    ticks: thinned(xs, LABELS_BELOW),
  };
  const reach = [...values.flatMap((v) => [v.low, v.high]), ...(options.reach ?? [])];
  const y = options.y.from === 'zero' ? axisFromZero(reach) : axisAround(reach.filter((v) => v > 0));
  const base = options.x.unit === 'B' ? 2 : 10;
  return {
    ...frame(options.width, options.height),
    data: { values: values.map((v) => ({ ...v })) },
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative',
        title: null,
        scale: {
          type: x.type,
          domain: x.domain,
          nice: false,
          zero: false,
          padding: EDGE,
          ...(x.type === 'log' ? { base } : {}),
        },
        axis: { ...below(x.ticks, options.x.unit), grid: false },
      },
      color: ordinal(values, 'colour'),
    },
    layer: [
      {
        mark: { type: 'area', opacity: 0.16, clip: true },
        encoding: { y: vertical(y, options.y.unit, 'low'), y2: { field: 'high' } },
      },
      {
        mark: { type: 'line', clip: false },
        encoding: {
          y: vertical(y, options.y.unit, 'y'),
          strokeDash: ordinal(values, 'dash'),
          strokeWidth: ordinal(values, 'strokeWidth'),
        },
      },
      {
        mark: { type: 'point', fill: 'var(--paper,#fff)', strokeWidth: 1.7, opacity: 1 },
        encoding: {
          y: vertical(y, options.y.unit, 'y'),
          shape: ordinal(values, 'shape'),
          size: ordinal(values, 'markSize'),
        },
      },
    ],
  } as TopLevelSpec;
}

/** A point of a percentile curve: percentile in percent, latency in seconds. */
export interface PercentileValue {
  design: number;
  percentile: number;
  seconds: number;
}

/** Percentiles that are labelled. */
const PERCENTILE_TICKS = [50, 90, 99, 99.9, 99.99];

/** Latency over percentiles, stretched so that every further nine takes the same width. */
export function percentileChart(
  values: readonly PercentileValue[],
  options: { width: number; height: number },
): TopLevelSpec {
  const drawn = values.filter((v) => v.percentile < 100);
  const nines = (percentile: number) => Number((-Math.log10(1 - percentile / 100)).toFixed(6));
  const reached = Math.max(...drawn.map((v) => v.percentile));
  const ticks = PERCENTILE_TICKS.filter((p) => p <= reached);
  const labels = Object.fromEntries(ticks.map((p) => [String(nines(p)), `p${p}`]));
  const y = axisAround(
    drawn.map((v) => v.seconds).filter((s) => s > 0),
    4,
  );
  return {
    ...frame(options.width, options.height),
    data: { values: drawn.map((v) => ({ design: v.design, x: nines(v.percentile), y: v.seconds })) },
    encoding: {
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
      color: ordinal(drawn, 'colour'),
    },
    layer: [
      {
        mark: { type: 'line', interpolate: 'monotone' },
        encoding: {
          y: vertical(y, 's', 'y'),
          strokeDash: ordinal(drawn, 'dash'),
          strokeWidth: ordinal(drawn, 'strokeWidth'),
        },
      },
    ],
  } as TopLevelSpec;
}

/** One bar, or one segment of a stacked bar. */
export interface BarValue {
  /** What stands left of the bar; segments of equal row are stacked. */
  row: string;
  /** Order of the segment within its row. */
  order: number;
  colour: string;
  value: number;
  /** Ends of the interval; left out for stacked bars. */
  low?: number;
  high?: number;
}

/** Horizontal bars from zero with their total at the end. */
export function barChart(
  values: readonly BarValue[],
  options: { width: number; unit: SiUnit; rowHeight?: number },
): TopLevelSpec {
  const rows = [...new Set(values.map((v) => v.row))];
  const totals = rows.map((row) => ({
    row,
    total: values.filter((v) => v.row === row).reduce((sum, v) => sum + v.value, 0),
    end: Math.max(...values.filter((v) => v.row === row).map((v) => v.high ?? 0)),
  }));
  const longest = Math.max(...totals.map(({ total, end }) => Math.max(total, end)));
  const colours = [...new Set(values.map((v) => v.colour))];
  const labelWidth = Math.min(
    170,
    Math.ceil(Math.max(...rows.map((row) => row.length)) * FONT_SIZE * 0.56) + 8,
  );
  const y = {
    field: 'row',
    type: 'nominal',
    sort: null,
    title: null,
    scale: { domain: rows, paddingInner: 0.28, paddingOuter: 0.1 },
    axis: {
      minExtent: labelWidth,
      maxExtent: labelWidth,
      labelLimit: labelWidth,
      ticks: false,
      domain: false,
    },
  };
  // Room at the right for the number behind the longest bar.
  const scale = { domain: [0, longest > 0 ? longest * 1.3 : 1], nice: false };
  const starts = new Map<string, number>();
  const segments = [...values]
    .sort((a, b) => a.order - b.order)
    .map((v) => {
      const start = starts.get(v.row) ?? 0;
      starts.set(v.row, start + v.value);
      return { ...v, start, stop: start + v.value };
    });
  return {
    ...frame(options.width, rows.length * (options.rowHeight ?? 24) + 4),
    layer: [
      {
        data: { values: segments },
        mark: { type: 'bar', stroke: 'var(--paper,#fff)', strokeWidth: 0.6 },
        encoding: {
          y,
          x: { field: 'start', type: 'quantitative', scale, axis: null },
          x2: { field: 'stop' },
          color: {
            field: 'colour',
            type: 'nominal',
            legend: null,
            scale: { domain: colours, range: colours },
          },
        },
      },
      {
        data: {
          values: values.filter((v) => v.low !== undefined && v.high !== v.low).map((v) => ({ ...v })),
        },
        mark: { type: 'rule', strokeWidth: 1.6, color: 'var(--fg,#222)' },
        encoding: {
          y,
          x: { field: 'low', type: 'quantitative', scale, axis: null },
          x2: { field: 'high' },
        },
      },
      {
        data: {
          values: totals.map(({ row, total, end }) => ({
            row,
            x: Math.max(total, end),
            text: formatQuantity(total, options.unit),
          })),
        },
        mark: { type: 'text', align: 'left', dx: 5, fontSize: FONT_SIZE, color: 'var(--fg,#222)' },
        encoding: { y, x: { field: 'x', type: 'quantitative', scale, axis: null }, text: { field: 'text' } },
      },
    ],
  } as TopLevelSpec;
}

function frame(width: number, height: number): object {
  return {
    width,
    height,
    autosize: { type: 'fit', contains: 'padding' },
    padding: 4,
    background: null,
    config: {
      font: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
      aria: false,
      view: { stroke: null },
      axis: {
        labelFontSize: FONT_SIZE,
        labelColor: 'var(--muted,#595959)',
        gridColor: 'var(--grid,#e3e3e3)',
        domainColor: 'var(--rule,#8c8c8c)',
        tickColor: 'var(--rule,#8c8c8c)',
        labelOverlap: false,
        labelPadding: 5,
        tickSize: 4,
      },
    },
  };
}

function below(ticks: readonly number[], unit: SiUnit): object {
  return { values: ticks, labelExpr: labelExpression(ticks, unit), labelFlush: false };
}

function vertical(axis: Axis, unit: SiUnit, field: string): object {
  const longest = Math.max(...axis.ticks.map((tick) => formatQuantity(tick, unit).length));
  // Vega guesses the width of letters generously; the guess would leave a wide empty margin.
  const extent = Math.ceil(longest * FONT_SIZE * 0.56) + 10;
  return {
    field,
    type: 'quantitative',
    title: null,
    scale: { type: axis.type, domain: axis.domain, nice: false, zero: false },
    axis: {
      values: axis.ticks,
      labelExpr: labelExpression(axis.ticks, unit),
      minExtent: extent,
      maxExtent: extent,
      domain: false,
      ticks: false,
    },
  };
}

/** A property of a design's look as an ordinal scale over the designs in a chart. */
function ordinal(
  values: readonly { design: number }[],
  property: keyof ReturnType<typeof designLook>,
): object {
  const designs = [...new Set(values.map((v) => v.design))].sort((a, b) => a - b);
  return {
    field: 'design',
    type: 'nominal',
    legend: null,
    scale: { domain: designs, range: designs.map((design) => designLook(design)[property]) },
  };
}
