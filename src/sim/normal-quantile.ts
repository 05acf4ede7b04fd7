/** The smallest probability used, in place of zero: half the spacing of 53-bit uniforms, 2^-54. */
const SMALLEST = 5.551115123125783e-17;

/** A ratio of two polynomials of degree seven, coefficients from the constant up. */
interface Rational {
  readonly numerator: readonly number[];
  readonly denominator: readonly number[];
}

/** |u - 1/2| <= 0.425, in r = 0.425^2 - (u - 1/2)^2. */
const CENTRAL: Rational = {
  numerator: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
    67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  denominator: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852546,
  ],
};

/** sqrt(-ln p) <= 5, in r = sqrt(-ln p) - 1.6. */
const INTERMEDIATE: Rational = {
  numerator: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  denominator: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
};

/** p < 1.4e-11, in r = sqrt(-ln p) - 5. */
const EXTREME: Rational = {
  numerator: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  denominator: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
};

/**
 * The quantile of the standard normal distribution, to about 16 digits: algorithm AS 241 (PPND16), M. J. Wichura,
 * "The percentage points of the normal distribution", Applied Statistics 37 (1988), 477-484. One uniform a normal
 * and no trigonometry; `u` = 0 gives the quantile of 2^-54, -8.3, instead of minus infinity.
 */
export function standardNormalQuantile(u: number): number {
  const q = u - 0.5;
  if (Math.abs(q) <= 0.425) return q * evaluate(CENTRAL, 0.180625 - q * q);
  const tail = Math.sqrt(-Math.log(q < 0 ? Math.max(u, SMALLEST) : 1 - u));
  const x = tail <= 5 ? evaluate(INTERMEDIATE, tail - 1.6) : evaluate(EXTREME, tail - 5);
  return q < 0 ? -x : x;
}

function evaluate({ numerator, denominator }: Rational, r: number): number {
  let above = numerator[7]!;
  let below = denominator[7]!;
  for (let i = 6; i >= 0; i--) {
    above = above * r + numerator[i]!;
    below = below * r + denominator[i]!;
  }
  return above / below;
}
