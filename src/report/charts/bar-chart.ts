/** Horizontal bars from zero, plain or stacked, with their total in human units at the end. */
import type { TopLevelSpec } from 'vega-lite';
import { formatQuantity, type SiUnit } from '../../workload/format.js';
import { FONT_SIZE, frame, textWidth } from './frame.js';

/** One bar, or one segment of a stacked bar. */
export interface BarValue {
  /** What stands left of the bar; segments of equal row are stacked. */
  row: string;
  /** Order of the segment within its row. */
  order: number;
  colour: string;
  /** Share of the bar's height that a stripe along it leaves blank, where colours do not suffice. */
  hollow?: number;
  value: number;
  /** What a pointer on it is told. */
  said?: string;
  /** Ends of the interval; left out for stacked bars. */
  low?: number;
  high?: number;
}

/** Longest label that is printed in full [letters]. */
const LONGEST_LABEL = 28;
/** Gap between a bar's end and its number [px]. */
const GAP = 5;

/** The specification; `width` includes labels and numbers. */
export function barChart(
  values: readonly BarValue[],
  options: { width: number; unit: SiUnit; rowHeight?: number },
): TopLevelSpec {
  const rows = [...new Set(values.map((v) => v.row))];
  const ends = rows.map((row) => {
    const own = values.filter((v) => v.row === row);
    const total = own.reduce((sum, v) => sum + v.value, 0);
    const x = Math.max(total, ...own.map((v) => v.high ?? 0));
    return { row, x, text: formatQuantity(total, options.unit) };
  });
  const labels = rows.map((row) => (row.length > LONGEST_LABEL ? row.slice(0, LONGEST_LABEL) : row));
  const longest = Math.max(...ends.map(({ x }) => x));
  const room = {
    left: Math.max(...labels.map(textWidth)) + 10,
    right: Math.max(...ends.map(({ text }) => textWidth(text))) + GAP + 2,
    top: 2,
    bottom: 2,
  };
  const y = {
    field: 'row',
    type: 'nominal',
    sort: null,
    title: null,
    scale: { domain: rows, paddingInner: 0.28, paddingOuter: 0.1 },
    axis: {
      ticks: false,
      domain: false,
      labelExpr: `length(datum.label) > ${LONGEST_LABEL} ? slice(datum.label, 0, ${LONGEST_LABEL - 1}) + '…' : datum.label`,
    },
  };
  const x = (field: string) => ({
    field,
    type: 'quantitative',
    scale: { domain: [0, longest > 0 ? longest : 1], nice: false },
    axis: null,
  });
  const bars = stacked(values);
  const stripes = [...new Set(bars.map((v) => v.hollow))].map((hollow) => ({
    data: { values: bars.filter((v) => v.hollow === hollow) },
    mark: { type: 'bar', aria: true, color: 'var(--paper,#fff)', height: { band: hollow } },
    encoding: { y, x: x('start'), x2: { field: 'stop' }, description: { field: 'said', type: 'nominal' } },
  }));
  return {
    ...frame(options.width, rows.length * (options.rowHeight ?? 24) + 4, room),
    layer: [
      {
        data: { values: bars },
        mark: { type: 'bar', aria: true, stroke: 'var(--paper,#fff)', strokeWidth: 0.6 },
        encoding: {
          y,
          x: x('start'),
          x2: { field: 'stop' },
          color: { field: 'colour', type: 'nominal', scale: null, legend: null },
          description: { field: 'said', type: 'nominal' },
        },
      },
      ...stripes.filter(({ mark }) => mark.height.band),
      {
        data: { values: values.filter((v) => v.low !== undefined && v.high !== v.low) },
        mark: { type: 'rule', strokeWidth: 1.6, color: 'var(--fg,#222)' },
        encoding: { y, x: x('low'), x2: { field: 'high' } },
      },
      {
        data: { values: ends },
        mark: { type: 'text', align: 'left', dx: GAP, fontSize: FONT_SIZE, color: 'var(--fg,#222)' },
        encoding: { y, x: x('x'), text: { field: 'text' } },
      },
    ],
  } as TopLevelSpec;
}

/** Segments with their ends, each beginning where the one before it in its row stops. */
function stacked(values: readonly BarValue[]): (BarValue & { start: number; stop: number })[] {
  const reached = new Map<string, number>();
  return [...values]
    .sort((a, b) => a.order - b.order)
    .map((v) => {
      const start = reached.get(v.row) ?? 0;
      reached.set(v.row, start + v.value);
      return { ...v, start, stop: start + v.value, said: v.said ?? '' };
    });
}
