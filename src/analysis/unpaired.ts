/**
 * Comparison of two systems that did not meet the same luck: Welch's t test, which does not ask for equal variances
 * (B. L. Welch, "The generalization of Student's problem when several different population variances are involved",
 * 1947).
 */
import { mean, sampleVariance } from 'simple-statistics';
import type { RatioInterval, Replications, Undecided } from './compare.js';
import { CONFIDENCE } from './estimate.js';
import { studentTQuantile, studentTTwoSidedP } from './student-t.js';

/** Difference of two means with its standard error. */
interface Welch {
  difference: number;
  standardError: number;
  /** Welch's and Satterthwaite's degrees of freedom, rounded down, which widens the interval. */
  degrees: number;
}

/**
 * Compares two sets of replications that share no random numbers.
 *
 * `pairs` is the number of values of the smaller set. With fewer than two values on a side nothing can be said.
 */
export function compareUnpaired(candidate: Replications, reference: Replications): Undecided {
  const a = candidate.filter((value) => value !== null);
  const b = reference.filter((value) => value !== null);
  const pairs = Math.min(a.length, b.length);
  if (pairs === 0) return { pairs, difference: { mean: null, halfWidth: null }, ratio: null, p: null };
  const plain = mean(a) - mean(b);
  const positive = [...a, ...b].every((value) => value > 0);
  if (pairs === 1) {
    const ratio = positive ? { mean: mean(a) / mean(b), low: null, high: null } : null;
    return { pairs, difference: { mean: plain, halfWidth: null }, ratio, p: null };
  }
  const found = welch(a, b);
  return {
    pairs,
    difference: { mean: plain, halfWidth: halfWidth(found) },
    ratio: positive ? ratioInterval(a, b) : null,
    p: pValue(found),
  };
}

function welch(a: readonly number[], b: readonly number[]): Welch {
  const [va, vb] = [sampleVariance([...a]) / a.length, sampleVariance([...b]) / b.length];
  const sum = va + vb;
  const degrees =
    sum === 0
      ? a.length + b.length - 2
      : (sum * sum) / ((va * va) / (a.length - 1) + (vb * vb) / (b.length - 1));
  return {
    difference: mean([...a]) - mean([...b]),
    standardError: Math.sqrt(sum),
    degrees: Math.max(1, Math.floor(degrees)),
  };
}

function halfWidth({ standardError, degrees }: Welch): number {
  return standardError === 0 ? 0 : standardError * studentTQuantile((1 + CONFIDENCE) / 2, degrees);
}

/** Two sets without any spread leave no doubt: p is 1 when they agree and 0 elsewhere. */
function pValue({ difference, standardError, degrees }: Welch): number {
  if (standardError === 0) return difference === 0 ? 1 : 0;
  return studentTTwoSidedP(difference / standardError, degrees);
}

/** Ratio of the geometric means, with the interval of the difference of the logarithms. */
function ratioInterval(a: readonly number[], b: readonly number[]): RatioInterval {
  const found = welch(a.map(Math.log), b.map(Math.log));
  const half = halfWidth(found);
  return {
    mean: Math.exp(found.difference),
    low: Math.exp(found.difference - half),
    high: Math.exp(found.difference + half),
  };
}
