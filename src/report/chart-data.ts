/**
 * The numbers of a chart, for a script to read out and to save: positions in the drawing, values, and the same in
 * print. They stand in the page beside the drawing as JSON, which browsers do not run.
 */
import { formatQuantity, type SiUnit } from '../workload/format.js';
import { type Markup, trusted } from './markup.js';

/** A curve of the chart. */
export interface DataSeries {
  name: string;
  /** Position of the design in the document. */
  design: number;
  /** One a position, null where the curve has none. */
  values: readonly (number | null)[];
  /** Ends of the intervals, where there are some. */
  low?: readonly (number | null)[];
  high?: readonly (number | null)[];
}

/** A chart in numbers. */
export interface ChartData {
  x: { title: string; unit: SiUnit | '%'; values: readonly number[]; positions: readonly number[] };
  y: { title: string; unit: SiUnit | '%' };
  series: readonly DataSeries[];
}

/** The data block of a figure. */
export function dataBlock({ x, y, series }: ChartData): Markup {
  const column = (title: string, unit: string): string => (unit === '' ? title : `${title} [${unit}]`);
  const text = JSON.stringify({
    x: column(x.title, x.unit),
    y: column(y.title, y.unit),
    px: x.positions.map((position) => Number(position.toFixed(1))),
    at: x.values.map(kept),
    labels: x.values.map((value) => printed(value, x.unit)),
    series: series.map(({ name, design, values, low, high }) => ({
      name,
      design,
      values: values.map(kept),
      text: values.map((value) => (value === null ? '–' : printed(value, y.unit))),
      ...(low === undefined || high === undefined ? {} : { low: low.map(kept), high: high.map(kept) }),
    })),
  });
  // A text that ends the element early would be markup.
  return trusted(`<script type="application/json" class="data">${text.replaceAll('<', '\\u003c')}</script>`);
}

/** As many digits as a chart can show, and more than anybody reads off it. */
function kept(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}

function printed(value: number, unit: SiUnit | '%'): string {
  return unit === '%' ? `${Number(value.toPrecision(6))} %` : formatQuantity(value, unit);
}
