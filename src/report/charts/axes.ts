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
