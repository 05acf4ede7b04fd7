/** Sampling of constants that are not known exactly, and which of them an outcome goes with. */
import type { KeyedRandom } from '../sim/random.js';

/** A constant's range; the nominal value lies within. */
export interface Range {
  readonly low: number;
  readonly nominal: number;
  readonly high: number;
}

const ORDER = 1;
const WITHIN = 2;

/**
 * A Latin hypercube (McKay, Beckman and Conover 1979): of every dimension each of `worlds` equal slices is met once,
 * in an order that is independent of the other dimensions'.
 * @returns by world, then by dimension, numbers in (0, 1)
 */
export function latinHypercube(worlds: number, dimensions: number, random: KeyedRandom): number[][] {
  const columns = Array.from({ length: dimensions }, (_, dimension) => {
    const order = Array.from({ length: worlds }, (_, i) => i);
    for (let i = worlds - 1; i > 0; i--) {
      const j = Math.floor(random.uniform(dimension, i, ORDER) * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order.map((slice, world) => (slice + random.uniform(dimension, world, WITHIN)) / worlds);
  });
  return Array.from({ length: worlds }, (_, world) => columns.map((column) => column[world]!));
}

/**
 * The value of a constant at a share `u` of its distribution: half of all lies below the nominal value and half above,
 * spread evenly over the logarithm on either side, since ranges of costs are factors and not differences. A side that
 * begins at zero is spread evenly over the value.
 */
export function atShare({ low, nominal, high }: Range, u: number): number {
  if (u < 0.5) return spread(Math.min(low, nominal), nominal, 2 * u);
  return spread(nominal, Math.max(nominal, high), 2 * u - 1);
}

function spread(from: number, to: number, share: number): number {
  if (from <= 0) return from + (to - from) * share;
  return from * Math.exp(Math.log(to / from) * share);
}

/**
 * Spearman's rank correlation; 0 when one of the two never changes.
 * @throws RangeError when the lengths differ
 */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) throw new RangeError('ranks of lists of different length');
  const [p, q] = [ranks(a), ranks(b)];
  const middle = (a.length - 1) / 2;
  let both = 0;
  let first = 0;
  let second = 0;
  for (let i = 0; i < a.length; i++) {
    both += (p[i]! - middle) * (q[i]! - middle);
    first += (p[i]! - middle) * (p[i]! - middle);
    second += (q[i]! - middle) * (q[i]! - middle);
  }
  return first > 0 && second > 0 ? both / Math.sqrt(first * second) : 0;
}

/** Ranks from 0; equal values share the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]! || i - j);
  const result = new Array<number>(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end + 1 < order.length && values[order[end + 1]!] === values[order[start]!]) end++;
    for (let i = start; i <= end; i++) result[order[i]!] = (start + end) / 2;
    start = end + 1;
  }
  return result;
}
