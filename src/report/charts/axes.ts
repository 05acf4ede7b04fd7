/** What charts with two axes share: scales, room for labels, and the look of a design's curve. */
import { formatQuantity, type SiUnit } from '../../workload/format.js';
import { designLook } from '../palette.js';
import { type Axis, labelExpression } from '../ticks.js';
import { textWidth } from './frame.js';

/** Logarithmic scales have no zero to leave out. */
export function scaleOf({ type, domain }: Pick<Axis, 'type' | 'domain'>): object {
  return type === 'log' ? { type, domain, nice: false } : { type, domain, nice: false, zero: false };
}

/** Room for the labels of a vertical axis [px]. */
export function leftOf(axis: Axis, unit: SiUnit): number {
  return Math.max(...axis.ticks.map((tick) => textWidth(formatQuantity(tick, unit)))) + 8;
}

/** The vertical channel of a field. */
export function vertical(axis: Axis, unit: SiUnit, field: string): object {
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
export function looks(design: number): object {
  const { colour, dash, shape, strokeWidth, markSize } = designLook(design);
  return { colour, dash: [...dash], shape, strokeWidth, markSize };
}

/** Where in its curve a value stands: `at` counts the places at which a curve could have one. */
interface Placed {
  readonly design: number;
  readonly at: number;
}

/** A part of a curve between gaps. */
export interface Piece {
  /** Unlike that of any other piece of the curve. */
  readonly piece: number;
  /** Whether it is a single value, of which neither a line nor a band can be drawn. */
  readonly alone: boolean;
}

/** Breaks curves where a place has no value, so that no line says anything there. */
export function pieces(values: readonly Placed[]): Piece[] {
  const taken = new Map<number, Set<number>>();
  for (const { design, at } of values) taken.set(design, (taken.get(design) ?? new Set()).add(at));
  return values.map(({ design, at }) => {
    const own = taken.get(design)!;
    let piece = at;
    while (own.has(piece - 1)) piece--;
    return { piece, alone: piece === at && !own.has(at + 1) };
  });
}

/** What sets the lines of a chart apart. */
export const LINES = ['design', 'piece'].map((field) => ({ field, type: 'nominal' }));

/** Fields that say how a mark looks and are words or lists; the others are numbers. */
const WORDS = ['colour', 'dash', 'shape'] as const;
const NUMBERS = ['strokeWidth', 'markSize', 'fillOpacity', 'strokeOpacity'] as const;

/** A field that says how a mark looks, taken without a scale. */
export function look(field: (typeof WORDS)[number] | (typeof NUMBERS)[number]): object {
  const type = (NUMBERS as readonly string[]).includes(field) ? 'quantitative' : 'nominal';
  return { field, type, scale: null, legend: null };
}

/** Where a value stands between the ends of a scale, 0..1. */
export function shareOf({ type, domain: [low, high] }: Pick<Axis, 'type' | 'domain'>, value: number): number {
  if (high === low) return 0.5;
  return type === 'log' ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}
