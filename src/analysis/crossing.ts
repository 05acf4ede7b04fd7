/** Where two curves over a swept value cross, and where the load curve of one bends. */
import { comparePairs, decide, type Replications } from './compare.js';
import { estimate } from './estimate.js';
import { isTie, NEGLIGIBLE } from './ranking.js';

/** Logarithms of equal numbers differ by less than this. */
const ROUNDING = 1e-12;

/** A place on the axis with its 95 % interval, which is not symmetric. */
export interface Location {
  x: number;
  /** Null where fewer than two replications have it. */
  low: number | null;
  high: number | null;
  /** Replications that have it. */
  replications: number;
}

/** A crossing: below it the first curve is lower or higher than the second, above it the other way round. */
export interface Crossing extends Location {
  /** Whether the first curve is the higher one above the crossing. */
  rises: boolean;
}

/**
 * The crossings of two curves, interpolated on logarithms of both axes between neighbouring places. The interval is
 * that of the crossings of single replications, which met the same luck on both curves. Curves cross only if they
 * are apart on either side: where they tie, neither is above the other.
 *
 * @param x ascending places, above zero
 * @param first values of the first curve by place, then by replication, above zero where they count
 * @param second the same of the second
 * @param options.tested whether a difference must be significant too (paired, Holm over the places) to set curves apart
 */
export function crossings(
  x: readonly number[],
  first: readonly Replications[],
  second: readonly Replications[],
  { tested = true } = {},
): Crossing[] {
  const apart = x.map((_, i) => logRatios(first[i]!, second[i]!));
  const mean = apart.map((ratios) => estimate(ratios).mean);
  const pairs = x.map((_, i) => ({ ...comparePairs(first[i]!, second[i]!), better: 'neither' as const }));
  const ties = decide(pairs).map((comparison) => tested && isTie(comparison));
  const told = mean.map((value, i) => (ties[i] ? null : value));
  return signChanges(told, Math.log(1 + NEGLIGIBLE)).map(([start, end]) => {
    // Where the curves run together for a while, the crossing is the middle one of those in between.
    const within = signChanges(mean.slice(start, end + 1), ROUNDING);
    const [left, right] = within[Math.floor(within.length / 2)]!.map((i) => i + start) as [number, number];
    const at = between(x, mean, left, right);
    const count = Math.max(0, ...apart.map((ratios) => ratios.length));
    const own = Array.from({ length: count }, (_, r) =>
      nearestCrossing(
        x,
        apart.map((ratios) => ratios[r] ?? null),
        at,
      ),
    );
    return { ...located(at, own), rises: mean[end]! > 0 };
  });
}

/**
 * The knee of a load curve: where throughput over latency, the power of a system (Kleinrock 1979), is greatest. Below
 * it more load gains more throughput than it costs latency, above it the other way round.
 *
 * @param x ascending loads, above zero
 * @returns null when the greatest power is at an end of the places that have a value; the others are left out
 */
export function knee(
  x: readonly number[],
  throughput: readonly Replications[],
  latency: readonly Replications[],
): Location | null {
  const power = x.map((_, i) => logRatios(throughput[i]!, latency[i]!));
  const at = peak(
    x,
    power.map((values) => estimate(values).mean),
  );
  if (at === null) return null;
  const count = Math.max(0, ...power.map((values) => values.length));
  const own = Array.from({ length: count }, (_, r) =>
    peak(
      x,
      power.map((values) => values[r] ?? null),
    ),
  );
  return located(at, own);
}

function located(logX: number, replications: readonly (number | null)[]): Location {
  const { mean, halfWidth } = estimate(replications);
  const bound = (sign: number): number | null =>
    halfWidth === null ? null : Math.exp(mean! + sign * halfWidth);
  return {
    x: Math.exp(logX),
    low: bound(-1),
    high: bound(1),
    replications: replications.filter((value) => value !== null).length,
  };
}

function logRatios(a: Replications, b: Replications): (number | null)[] {
  return Array.from({ length: Math.min(a.length, b.length) }, (_, r) => {
    const [p, q] = [a[r] ?? null, b[r] ?? null];
    return p !== null && q !== null && p > 0 && q > 0 ? Math.log(p) - Math.log(q) : null;
  });
}

/** Pairs of places on either side of a change of sign; places without a value or close to zero belong to neither. */
function signChanges(values: readonly (number | null)[], zero: number): [left: number, right: number][] {
  const turns: [number, number][] = [];
  let last = -1;
  values.forEach((value, i) => {
    if (value === null || Math.abs(value) < zero) return;
    if (last >= 0 && values[last]! > 0 !== value > 0) turns.push([last, i]);
    last = i;
  });
  return turns;
}

/** Logarithm of the place where the straight line between two places is zero. */
function between(
  x: readonly number[],
  values: readonly (number | null)[],
  left: number,
  right: number,
): number {
  const [a, b] = [values[left]!, values[right]!];
  const [from, to] = [Math.log(x[left]!), Math.log(x[right]!)];
  return from + ((to - from) * a) / (a - b);
}

function nearestCrossing(
  x: readonly number[],
  values: readonly (number | null)[],
  at: number,
): number | null {
  let best: number | null = null;
  for (const [left, right] of signChanges(values, ROUNDING)) {
    const own = between(x, values, left, right);
    if (best === null || Math.abs(own - at) < Math.abs(best - at)) best = own;
  }
  return best;
}

/** Logarithm of the place of the greatest value: the top of the parabola through it and its neighbours. */
function peak(x: readonly number[], values: readonly (number | null)[]): number | null {
  const known = values.flatMap((value, i) => (value === null ? [] : [{ at: Math.log(x[i]!), value }]));
  const top = known.findIndex(({ value }) => known.every((other) => other.value <= value));
  if (top <= 0 || top >= known.length - 1) return null;
  const [before, highest, after] = known.slice(top - 1, top + 2) as [Place, Place, Place];
  const b = highest.at;
  const left = (b - before.at) * (highest.value - after.value);
  const right = (b - after.at) * (highest.value - before.value);
  const below = left - right;
  return below === 0 ? b : b - (0.5 * ((b - before.at) * left - (b - after.at) * right)) / below;
}

/** Logarithm of a place, and the value there. */
interface Place {
  at: number;
  value: number;
}
