/**
 * Distributions as pure functions of uniform draws: they hold no state and draw nothing, so that the caller's
 * key alone decides the value. Every uniform `u` lies in [0, 1). Only functions whose results are the same on all
 * supported Node versions are used: log, log1p, exp, expm1, sqrt.
 */
import { SimulationError } from './errors.js';
import { standardNormalQuantile } from './normal-quantile.js';

/** Exponential with the given mean, in the unit of the mean; the inverse of 1 - exp(-x / mean). */
export function exponential(u: number, mean: number): number {
  // The absolute value turns the sign, and keeps u = 0 from giving minus zero.
  return mean * Math.abs(Math.log(1 - u));
}

/** Uniform in [low, high), in their unit. */
export function uniformBetween(u: number, low: number, high: number): number {
  return low + u * (high - low);
}

/** A whole number from 0 to count - 1, each equally likely (to within count / 2^53). */
export function uniformInteger(u: number, count: number): number {
  return Math.floor(u * count);
}

/** Normal with the given mean and standard deviation. */
export function normal(u: number, mean: number, standardDeviation: number): number {
  return mean + standardDeviation * standardNormalQuantile(u);
}

/** Lognormal with the given median and `sigma`, the standard deviation of the logarithm. */
export function lognormal(u: number, median: number, sigma: number): number {
  return median * Math.exp(sigma * standardNormalQuantile(u));
}

/**
 * Lognormal with the given mean and coefficient of variation (standard deviation over mean), the two numbers that
 * a measured latency is usually reported with: sigma^2 = ln(1 + cv^2), median = mean / exp(sigma^2 / 2).
 */
export function lognormalOfMean(u: number, mean: number, coefficientOfVariation: number): number {
  const variance = Math.log1p(coefficientOfVariation * coefficientOfVariation);
  return lognormal(u, mean * Math.exp(-variance / 2), Math.sqrt(variance));
}

/** Pareto: P(X > x) = (minimum / x)^shape for x >= minimum; the mean is finite for shape > 1 only. */
export function pareto(u: number, minimum: number, shape: number): number {
  return minimum * Math.exp(-Math.log(1 - u) / shape);
}

/** Number of failures before the first success of trials that succeed with `probability` in (0, 1]. */
export function geometric(u: number, probability: number): number {
  return probability === 1 ? 0 : Math.floor(Math.abs(Math.log(1 - u) / Math.log1p(-probability)));
}

/** True with the given probability. */
export function bernoulli(u: number, probability: number): boolean {
  return u < probability;
}

/**
 * The slowest of `n` independent exponentials in one draw: the inverse of (1 - exp(-x / mean))^n. It stands for
 * `n` parallel memory reads of which the last decides; its mean is `mean` · (1 + 1/2 + ... + 1/n).
 */
export function maximumOfExponentials(u: number, n: number, mean: number): number {
  // 1 - u^(1/n), without the cancellation that a large n would bring.
  return mean * Math.abs(Math.log(-Math.expm1(Math.log(u) / n)));
}

/** A choice among indices 0 ... n - 1 in proportion to given weights, prepared once and drawn many times. */
export class WeightedChoice {
  private readonly cumulative: Float64Array;
  private readonly last: number;

  /**
   * @param weights non-negative finite numbers, at least one of them positive
   * @throws SimulationError if they are not
   */
  constructor(weights: readonly number[]) {
    this.cumulative = new Float64Array(weights.length);
    let total = 0;
    let last = -1;
    weights.forEach((weight, i) => {
      if (!(weight >= 0)) throw new SimulationError('DSASIM_S008_BAD_ARGUMENT', `weight ${weight}`);
      if (weight > 0) last = i;
      total += weight;
      this.cumulative[i] = total;
    });
    if (last < 0 || total === Number.POSITIVE_INFINITY) {
      throw new SimulationError('DSASIM_S008_BAD_ARGUMENT', `weights sum to ${total}`);
    }
    this.last = last;
  }

  /** The index that `u` falls to; one of weight zero never comes up. */
  pick(u: number): number {
    const cumulative = this.cumulative;
    const target = u * cumulative[this.last]!;
    // The first index whose cumulative weight exceeds the target; mixes are short, so mostly few steps.
    let low = 0;
    let high = this.last;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! > target) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
