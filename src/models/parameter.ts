/** What a declared constant of the model is made of. */

/** What a constant measures, and so which units a workload may write it in. */
export type Dimension = 'time' | 'bandwidth' | 'size' | 'count' | 'ratio';

/**
 * How far a constant can be trusted: `read` in a published source, `derived` from such by arithmetic, `recalled`
 * from the literature but not seen, `assumed` because nobody has published it.
 */
export type Trust = 'read' | 'derived' | 'recalled' | 'assumed';

/** A constant of the model. `low`, `nominal` and `high` are in the dimension's internal unit (time in ps). */
export interface ParameterDeclaration {
  readonly name: string;
  readonly dimension: Dimension;
  readonly low: number;
  readonly nominal: number;
  readonly high: number;
  /** One sentence: what it is. */
  readonly sentence: string;
  /** Where the number comes from. */
  readonly source: string;
  readonly trust: Trust;
  /** The least value that the model can bear. Default: what its dimension has, see {@link leastOf}. */
  readonly least?: number;
  /** The most that the model can bear, such as what a field of a register holds. Default: see {@link mostOf}. */
  readonly most?: number;
  /** Another constant that the model takes off this one: this one cannot be below it. */
  readonly notBelow?: string;
}

/**
 * The least values of constants that declare none. A time may be zero, and nobody waits for a size or a ratio; whoever
 * waits for one of none, or for bytes that do not move, waits for ever. Far below 10 MB/s moving a guest's memory takes
 * longer than the clock of a simulation reaches.
 */
const LEAST: Readonly<Record<Dimension, number>> = { time: 0, bandwidth: 1e7, size: 0, count: 1, ratio: 0 };

/** The least value that a constant can have, in its internal unit. */
export function leastOf({ dimension, least = LEAST[dimension] }: ParameterDeclaration): number {
  return least;
}

/** Of what is counted there is a table in memory, with this many entries at most. */
const MOST_COUNT = 1_000_000;

/** The most that a constant can be, in its internal unit. */
export function mostOf({ dimension, most }: ParameterDeclaration): number {
  return most ?? (dimension === 'count' ? MOST_COUNT : Number.MAX_SAFE_INTEGER);
}

/** Nanoseconds to picoseconds. */
export const ns = (value: number): number => Math.round(value * 1e3);
/** Microseconds to picoseconds. */
export const us = (value: number): number => Math.round(value * 1e6);
/** Milliseconds to picoseconds. */
export const ms = (value: number): number => Math.round(value * 1e9);
/** GB/s to B/s (decimal). */
export const gigabytesPerSecond = (value: number): number => value * 1e9;
