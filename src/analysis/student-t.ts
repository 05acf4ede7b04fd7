/**
 * Student's t distribution for a whole number of degrees of freedom.
 *
 * For whole degrees the central probability is a finite sum (Abramowitz and Stegun, 26.7.3 and 26.7.4), so no gamma
 * function and no series of uncertain length is needed; only sin, cos and atan2, which agree on all Node versions.
 */

/** Halvings after which a double angle cannot change any more. */
const BISECTIONS = 64;

/** Quantiles already found: reports ask for the same two or three thousands of times. */
const quantiles = new Map<string, number>();

/**
 * P(|T| <= t): the probability that a t variable lies within ±t.
 *
 * @param t bound, at or above zero
 * @param degrees degrees of freedom, a whole number from 1
 * @throws RangeError when an argument is outside its range
 */
export function studentTCentral(t: number, degrees: number): number {
  checkDegrees(degrees);
  if (!(t >= 0)) throw new RangeError(`t must be at or above 0, not ${t}`);
  return centralAtAngle(Math.atan2(t, Math.sqrt(degrees)), degrees);
}

/** Two-sided p-value of a t statistic: P(|T| >= |t|). Below about 1e-15 it is rounding noise around zero. */
export function studentTTwoSidedP(t: number, degrees: number): number {
  return Math.max(0, 1 - studentTCentral(Math.abs(t), degrees));
}

/**
 * The t that P(T <= t) = probability asks for; exact to about 1e-12 relative between 1e-4 and 1 - 1e-4.
 *
 * @param probability strictly between 0 and 1 (0.975 for a two-sided 95 % interval)
 * @param degrees degrees of freedom, a whole number from 1
 * @throws RangeError when an argument is outside its range
 */
export function studentTQuantile(probability: number, degrees: number): number {
  checkDegrees(degrees);
  if (!(probability > 0 && probability < 1)) {
    throw new RangeError(`probability must lie between 0 and 1, not ${probability}`);
  }
  if (probability === 0.5) return 0;
  if (probability < 0.5) return -studentTQuantile(1 - probability, degrees);
  const key = `${probability}/${degrees}`;
  let quantile = quantiles.get(key);
  if (quantile === undefined) {
    quantile = invert(2 * probability - 1, degrees);
    quantiles.set(key, quantile);
  }
  return quantile;
}

/** Bisects the angle atan(t/√degrees), on which the central probability is monotone and well behaved. */
function invert(central: number, degrees: number): number {
  let low = 0;
  let high = Math.PI / 2;
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (centralAtAngle(middle, degrees) < central) low = middle;
    else high = middle;
  }
  const angle = (low + high) / 2;
  return (Math.sqrt(degrees) * Math.sin(angle)) / Math.cos(angle);
}

/** Abramowitz and Stegun 26.7.3 (odd degrees) and 26.7.4 (even degrees), summed by their term ratio. */
function centralAtAngle(angle: number, degrees: number): number {
  const sine = Math.sin(angle);
  const cosine = Math.cos(angle);
  const squared = cosine * cosine;
  const odd = degrees % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k < degrees; k += 2) {
    term *= (squared * (k - 1)) / k;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}

function checkDegrees(degrees: number): void {
  if (!Number.isInteger(degrees) || degrees < 1) {
    throw new RangeError(`degrees of freedom must be a whole number from 1, not ${degrees}`);
  }
}
