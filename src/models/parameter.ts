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
}

/** Nanoseconds to picoseconds. */
export const ns = (value: number): number => Math.round(value * 1e3);
/** Microseconds to picoseconds. */
export const us = (value: number): number => Math.round(value * 1e6);
/** Milliseconds to picoseconds. */
export const ms = (value: number): number => Math.round(value * 1e9);
/** GB/s to B/s (decimal). */
export const gigabytesPerSecond = (value: number): number => value * 1e9;
