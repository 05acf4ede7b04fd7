/** Points: measured against simulated on two logarithmic axes, and errors over size. */
import type { TopLevelSpec } from 'vega-lite';
import { formatQuantity, type SiUnit } from '../../workload/format.js';
import { designLook } from '../palette.js';
import { axisAround, labelExpression, thinned } from '../ticks.js';
import { frame, textWidth } from './frame.js';

/** Area of a mark [px²], small: there are hundreds. */
const MARK_SIZE = 26;
/** Errors beyond this stand at the edge of the chart. */
const LARGEST_ERROR = 0.4;
const ERROR_TICKS = [-0.4, -0.2, -0.1, 0, 0.1, 0.2, 0.4];
const LABEL_BELOW = 60;

/** A point; `series` chooses colour and mark. */
export interface ScatterValue {
  readonly series: number;
  readonly x: number;
  readonly y: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Measured (across) against simulated (up) in one unit, with the line on which both are equal. */
export function agreementChart(values: readonly ScatterValue[], unit: SiUnit, size: Size): TopLevelSpec {
  const drawn = values.filter((v) => v.x > 0 && v.y > 0);
  const axis = axisAround(drawn.flatMap((v) => [v.x, v.y]));
  const [low, high] = axis.domain;
  const left = Math.max(...axis.ticks.map((tick) => textWidth(formatQuantity(tick, unit)))) + 8;
  const channel = (field: string): object => ({
    field,
    type: 'quantitative',
    title: null,
    scale: { type: axis.type, domain: axis.domain, nice: false },
    axis: { values: axis.ticks, labelExpr: labelExpression(axis.ticks, unit), labelFlush: false },
  });
  return {
    ...frame(size.width, size.height, { left, right: 24, top: 8, bottom: 24 }),
    layer: [
      {
        data: { values: [{ x: low, y: low, x2: high, y2: high }] },
        mark: { type: 'rule', color: 'var(--rule,#8c8c8c)' },
        encoding: { x: channel('x'), y: channel('y'), x2: { field: 'x2' }, y2: { field: 'y2' } },
      },
      {
        data: { values: drawn.map(withLook) },
        mark: MARK,
        encoding: { ...LOOK, x: channel('x'), y: channel('y') },
      },
    ],
  } as TopLevelSpec;
}

/** Signed errors (up, as ratios) over size (across). */
export function errorChart(values: readonly ScatterValue[], size: Size): TopLevelSpec {
  const xs = [...new Set(values.map((v) => v.x))].sort((a, b) => a - b);
  const ticks = thinned(xs, Math.floor(size.width / LABEL_BELOW));
  const labels = Object.fromEntries(ERROR_TICKS.map((tick) => [String(tick), `${Math.round(tick * 100)} %`]));
  const clipped = values.map((v) =>
    withLook({ ...v, y: Math.max(-LARGEST_ERROR, Math.min(LARGEST_ERROR, v.y)) }),
  );
  return {
    ...frame(size.width, size.height, { left: 52, right: 24, top: 8, bottom: 24 }),
    data: { values: clipped },
    mark: MARK,
    encoding: {
      ...LOOK,
      x: {
        field: 'x',
        type: 'quantitative',
        title: null,
        scale: { type: 'log', base: 2, domain: [xs[0]!, xs.at(-1)!], nice: false, padding: 12 },
        axis: { values: ticks, labelExpr: labelExpression(ticks, 'B'), grid: false },
      },
      y: {
        field: 'y',
        type: 'quantitative',
        title: null,
        scale: { domain: [-LARGEST_ERROR, LARGEST_ERROR], nice: false },
        axis: {
          values: ERROR_TICKS,
          labelExpr: `(${JSON.stringify(labels)})[''+datum.value]`,
          ticks: false,
          domain: false,
        },
      },
    },
  } as TopLevelSpec;
}

const MARK = { type: 'point', strokeWidth: 1.3, opacity: 0.85, fill: 'transparent', size: MARK_SIZE };
const LOOK = {
  color: { field: 'colour', type: 'nominal', legend: null, scale: null },
  shape: { field: 'shape', type: 'nominal', legend: null, scale: null },
};

function withLook(value: ScatterValue): object {
  const { colour, shape } = designLook(value.series);
  return { ...value, colour, shape };
}
