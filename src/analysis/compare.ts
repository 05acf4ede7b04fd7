/**
 * Comparisons of two systems that met the same luck: under common random numbers replication i of one pairs with
 * replication i of the other, and the interval is that of the paired difference.
 */
import { CONFIDENCE, estimate, type Interval } from './estimate.js';
import { holm } from './holm.js';
import { studentTTwoSidedP } from './student-t.js';

/** Which direction of a metric is good. */
export type Better = 'higher' | 'lower' | 'neither';

/**
 * What a comparison found. `undecided` means fewer than two pairs: nothing can be said, not even a tie. For a metric
 * without a good direction `better` never occurs and `worse` never either: they become `different`.
 */
type Verdict = 'better' | 'worse' | 'different' | 'no significant difference' | 'undecided';

/** A ratio of two systems with its interval, which is not symmetric. */
export interface RatioInterval {
  /** Geometric mean over pairs. */
  mean: number;
  /** Bounds; null with fewer than two pairs. */
  low: number | null;
  high: number | null;
}

/** Candidate against reference. */
export interface Comparison {
  /** Replications in which both have a value. */
  pairs: number;
  /** Candidate minus reference, in the metric's unit. */
  difference: Interval;
  /** Candidate over reference; null unless all values are above zero. */
  ratio: RatioInterval | null;
  /** Two-sided p-value of "no difference", adjusted for the comparisons made together; null when undecided. */
  p: number | null;
  verdict: Verdict;
}

/** The values of one system, one a replication; null where the metric could not be measured. */
export type Replications = readonly (number | null)[];

/**
 * Compares several candidates with one reference, with Holm's correction over all of them.
 *
 * @param candidates values of each candidate
 * @param reference values of the reference, replication i under the same random numbers as candidates' i
 * @param better good direction of the metric
 * @returns one comparison a candidate, in order
 */
export function compareAll(
  candidates: readonly Replications[],
  reference: Replications,
  better: Better,
): Comparison[] {
  return decide(candidates.map((candidate) => ({ ...comparePairs(candidate, reference), better })));
}

/** A comparison before its p-value was adjusted for the others and turned into a verdict. */
export type Undecided = Omit<Comparison, 'verdict'>;

/** Adjusts the p-values of comparisons that are made together (Holm) and says what each one found, in order. */
export function decide(raw: readonly (Undecided & { better: Better })[]): Comparison[] {
  const decided = raw.filter((comparison) => comparison.p !== null);
  const adjusted = holm(decided.map((comparison) => comparison.p!));
  let next = 0;
  return raw.map(({ better, ...comparison }) => {
    const p = comparison.p === null ? null : adjusted[next++]!;
    return { ...comparison, p, verdict: verdict(p, comparison.difference.mean, better) };
  });
}

/** Compares one candidate with a reference. */
export function compare(candidate: Replications, reference: Replications, better: Better): Comparison {
  return compareAll([candidate], reference, better)[0]!;
}

/** Compares replication by replication. */
export function comparePairs(candidate: Replications, reference: Replications): Undecided {
  const differences: number[] = [];
  const logRatios: number[] = [];
  for (let i = 0; i < Math.min(candidate.length, reference.length); i++) {
    const a = candidate[i] ?? null;
    const b = reference[i] ?? null;
    if (a === null || b === null) continue;
    differences.push(a - b);
    if (a > 0 && b > 0) logRatios.push(Math.log(a) - Math.log(b));
  }
  const pairs = differences.length;
  const difference = estimate(differences);
  const ratio = pairs > 0 && logRatios.length === pairs ? ratioInterval(logRatios) : null;
  return { pairs, difference, ratio, p: pValue(differences, difference) };
}

function ratioInterval(logRatios: readonly number[]): RatioInterval {
  const { mean, halfWidth } = estimate(logRatios);
  return {
    mean: Math.exp(mean!),
    low: halfWidth === null ? null : Math.exp(mean! - halfWidth),
    high: halfWidth === null ? null : Math.exp(mean! + halfWidth),
  };
}

/** Paired t test. Differences that are all equal leave no doubt: p is 1 at zero and 0 elsewhere. */
function pValue(differences: readonly number[], difference: Interval): number | null {
  if (difference.halfWidth === null) return null;
  if (difference.halfWidth === 0) return difference.mean === 0 ? 1 : 0;
  const degrees = differences.length - 1;
  let squares = 0;
  for (const d of differences) squares += (d - difference.mean!) * (d - difference.mean!);
  const standardError = Math.sqrt(squares / degrees / differences.length);
  return studentTTwoSidedP(difference.mean! / standardError, degrees);
}

function verdict(p: number | null, difference: number | null, better: Better): Verdict {
  if (p === null || difference === null) return 'undecided';
  if (p >= 1 - CONFIDENCE) return 'no significant difference';
  if (better === 'neither') return 'different';
  return difference > 0 === (better === 'higher') ? 'better' : 'worse';
}
