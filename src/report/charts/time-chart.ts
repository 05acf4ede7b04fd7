/** A level over the time of one replication, one line a design, the warm-up shaded. */
import type { TopLevelSpec } from 'vega-lite';
import { formatQuantity, type SiUnit } from '../../workload/format.js';
import { axisFromZero, labelExpression } from '../ticks.js';
import { LINES, leftOf, look, looks, pieces, vertical } from './axes.js';
import type { PlacedChart } from './curve-chart.js';
import { frame, textWidth } from './frame.js';

/** Area of a level between two gaps [px²]. */
const DOT = 7;

/** A level that holds for a step. */
export interface TimeValue {
  design: number;
  /** Number of the step. */
  step: number;
  /** Middle of the step [s]. */
  t: number;
  level: number;
}

/** How large, how long, and in which unit. */
export interface TimeOptions {
  width: number;
  height: number;
  unit: SiUnit;
  /** Length of the replication, and of its warm-up [s]. */
  length: number;
  warmup: number;
  /** Middles of the steps [s]. */
  times: readonly number[];
  /** The level cannot be above this, such as 1 for a share. */
  top?: number;
}

/** The chart; positions are those of `options.times`. */
export function timeChart(values: readonly TimeValue[], options: TimeOptions): PlacedChart {
  const { unit, length, warmup, top } = options;
  const y = axisFromZero(top === undefined ? values.map((v) => v.level) : [top], 4);
  const ticks = axisFromZero([length], 4).ticks.filter((tick) => tick <= length);
  const left = leftOf(y, unit);
  const parts = pieces(values.map(({ design, step }) => ({ design, at: step })));
  const right = Math.max(8, textWidth(formatQuantity(ticks.at(-1)!, 's')) / 2);
  const x = {
    type: 'quantitative',
    title: null,
    scale: { domain: [0, length], nice: false },
    axis: { values: ticks, labelExpr: labelExpression(ticks, 's'), labelFlush: false, grid: false },
  };
  const spec = {
    ...frame(options.width, options.height, { left, right, top: 8, bottom: 24 }),
    layer: [
      {
        data: { values: [{ from: 0, to: warmup }] },
        mark: { type: 'rect', color: 'var(--grid,#e3e3e3)', opacity: 0.55 },
        encoding: { x: { field: 'from', ...x }, x2: { field: 'to' } },
      },
      {
        data: { values: values.map((v, i) => ({ ...v, ...parts[i], ...looks(v.design) })) },
        encoding: {
          x: { field: 't', ...x },
          y: vertical(y, unit, 'level'),
          color: look('colour'),
        },
        layer: [
          {
            mark: { type: 'line' },
            encoding: { detail: LINES, strokeDash: look('dash'), strokeWidth: look('strokeWidth') },
          },
          {
            transform: [{ filter: 'datum.alone' }],
            mark: { type: 'point', filled: true, size: DOT, opacity: 1 },
          },
        ],
      },
    ],
  } as TopLevelSpec;
  const inner = options.width - left - right;
  return { spec, positions: options.times.map((t) => left + (inner * t) / length) };
}
