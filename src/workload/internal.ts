/** Between a model constant's internal unit, its text and SI. */
import type { Dimension } from '../models/parameter.js';
import type { SiUnit } from './format.js';
import { quantityText } from './units.js';

/** The SI unit of a dimension, as results carry it. */
export const SI_UNIT: Readonly<Record<Dimension, SiUnit>> = {
  time: 's',
  bandwidth: 'B/s',
  size: 'B',
  count: '',
  ratio: '',
};

/** An internal value in SI: picoseconds become seconds, all else stays. */
export function toSi(dimension: Dimension, value: number): number {
  return dimension === 'time' ? value / 1e12 : value;
}

/** An internal value as a workload would write it: `600ns`, `31.9GB/s`, `128`. */
export function internalText(dimension: Dimension, value: number): string {
  return dimension === 'count' || dimension === 'ratio' ? String(value) : quantityText(dimension, value);
}
