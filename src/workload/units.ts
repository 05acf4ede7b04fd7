/**
 * Quantities with their units: reading what people write in a workload (`500ns`, `30GB/s`, `4KiB`, `2M/s`, `1%`)
 * into internal units, exactly, and writing such a text back.
 */

/** What a quantity measures. Internal units: ps, B, B/s, 1/s, Hz, and a plain ratio for `percent`. */
export type QuantityDimension = 'time' | 'size' | 'bandwidth' | 'rate' | 'frequency' | 'percent';

/** A unit and how many internal units it is; `divisor` serves the one unit below its internal unit, percent. */
interface Unit {
  readonly names: readonly string[];
  readonly factor: number;
  readonly divisor?: number;
}

const unit = (factor: number, ...names: string[]): Unit => ({ names, factor });
const KI = 1024;
const MI = 1024 * KI;
const GI = 1024 * MI;
const TI = 1024 * GI;

/** Units of each dimension in rising order; the first name of each is the one that is printed. */
const UNITS: Readonly<Record<QuantityDimension, readonly Unit[]>> = {
  time: [unit(1, 'ps'), unit(1e3, 'ns'), unit(1e6, 'us', 'µs', 'μs'), unit(1e9, 'ms'), unit(1e12, 's')],
  size: [
    unit(1, 'B'),
    unit(1e3, 'KB', 'kB'),
    unit(KI, 'KiB'),
    unit(1e6, 'MB'),
    unit(MI, 'MiB'),
    unit(1e9, 'GB'),
    unit(GI, 'GiB'),
    unit(1e12, 'TB'),
    unit(TI, 'TiB'),
  ],
  bandwidth: [
    unit(1, 'B/s'),
    unit(1e3, 'kB/s', 'KB/s'),
    unit(KI, 'KiB/s'),
    unit(1e6, 'MB/s'),
    unit(MI, 'MiB/s'),
    unit(1e9, 'GB/s'),
    unit(GI, 'GiB/s'),
    unit(1e12, 'TB/s'),
  ],
  rate: [unit(1, '/s'), unit(1e3, 'K/s', 'k/s'), unit(1e6, 'M/s'), unit(1e9, 'G/s')],
  frequency: [unit(1, 'Hz'), unit(1e3, 'kHz'), unit(1e6, 'MHz'), unit(1e9, 'GHz')],
  percent: [{ names: ['%'], factor: 1, divisor: 100 }],
};

/** Dimensions whose internal value is a whole number: picoseconds and bytes. */
const WHOLE: ReadonlySet<QuantityDimension> = new Set(['time', 'size']);

/** An example of each dimension, for messages. */
export const EXAMPLE: Readonly<Record<QuantityDimension, string>> = {
  time: '500ns',
  size: '4KiB',
  bandwidth: '30GB/s',
  rate: '2M/s',
  frequency: '2.4GHz',
  percent: '1%',
};

/** The unit that a bare number most likely lacks. */
const USUAL: Readonly<Record<QuantityDimension, string>> = {
  time: 'ns',
  size: 'B',
  bandwidth: 'GB/s',
  rate: 'M/s',
  frequency: 'GHz',
  percent: '%',
};

/** Why a text is not a quantity. */
type QuantityProblem =
  /** A number without a unit. */
  | { problem: 'bare'; example: string }
  /** A number with a unit that this dimension does not have. */
  | { problem: 'unit'; unit: string; allowed: readonly string[] }
  /** No number at the start. */
  | { problem: 'malformed'; example: string }
  /** Below zero, or not a whole number of picoseconds or bytes, or too large to be held exactly. */
  | { problem: 'range'; reason: string };

/** A value in internal units, or why there is none. */
export type QuantityResult = { value: number } | QuantityProblem;

const FORM = /^\s*([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?\s*([A-Za-zµμ%/]*)\s*$/;
const MAX_EXPONENT = 30;

/** Names of all units of a dimension, in rising order. */
export function unitNames(dimension: QuantityDimension): readonly string[] {
  return UNITS[dimension].flatMap((u) => u.names);
}

/**
 * digits x 10^exponent x factor / divisor, exact where the product is a whole number below 2^53 and otherwise the
 * double nearest to it up to one rounding more.
 */
function product(digits: bigint, exponent: number, factor: number, divisor: number): number {
  const up = digits * BigInt(factor) * 10n ** BigInt(Math.max(exponent, 0));
  const down = BigInt(divisor) * 10n ** BigInt(Math.max(-exponent, 0));
  return up % down === 0n ? Number(up / down) : Number(up) / Number(down);
}

/**
 * Reads a quantity.
 * @param dimension what it must measure
 * @param text as written; a number is a quantity without a unit
 * @returns the value in internal units [ps | B | B/s | 1/s | Hz | ratio], or the problem
 */
export function parseQuantity(dimension: QuantityDimension, text: string | number): QuantityResult {
  const match = FORM.exec(String(text));
  if (match === null) return { problem: 'malformed', example: EXAMPLE[dimension] };
  const [, sign, whole, fraction = '', power = '0', name] = match;
  if (name === '') {
    const written = String(text).trim();
    return { problem: 'bare', example: `${written}${USUAL[dimension]}` };
  }
  const found = UNITS[dimension].find((u) => u.names.includes(name!));
  if (found === undefined) return { problem: 'unit', unit: name!, allowed: unitNames(dimension) };
  const exponent = Number(power) - fraction.length;
  if (Math.abs(exponent) > MAX_EXPONENT || whole!.length > MAX_EXPONENT) {
    return { problem: 'range', reason: 'it has too many digits' };
  }
  const value = product(BigInt(whole! + fraction), exponent, found.factor, found.divisor ?? 1);
  if (sign === '-' && value !== 0) return { problem: 'range', reason: 'it must not be below zero' };
  if (WHOLE.has(dimension) && !Number.isInteger(value)) {
    return { problem: 'range', reason: `it is not a whole number of ${UNITS[dimension][0]!.names[0]}` };
  }
  if (value > Number.MAX_SAFE_INTEGER) return { problem: 'range', reason: 'it is too large' };
  return { value };
}

/**
 * Writes a quantity so that `parseQuantity` reads exactly the same value again: the largest unit in which three
 * decimals suffice, e.g. `1.15us`, `4KiB`, `31.9GB/s`.
 * @param value in internal units
 */
export function quantityText(dimension: QuantityDimension, value: number): string {
  if (dimension === 'percent') {
    const text = `${Number((value * 100).toPrecision(12))}%`;
    return reads(dimension, text, value) ? text : `${value * 100}%`;
  }
  const units = UNITS[dimension];
  for (let i = units.length - 1; i > 0; i--) {
    const { factor, names } = units[i]!;
    const binary = factor % KI === 0;
    const scaled = value / factor;
    if (scaled < 1 || (binary && !Number.isInteger(scaled))) continue;
    // A decimal unit is only preferred to a binary one below it when the size is no multiple of that.
    if (!binary && (dimension === 'size' || dimension === 'bandwidth') && value % KI === 0) continue;
    const text = `${Number(scaled.toFixed(3))}${names[0]}`;
    if (reads(dimension, text, value)) return text;
  }
  return `${value}${units[0]!.names[0]}`;
}

function reads(dimension: QuantityDimension, text: string, value: number): boolean {
  const result = parseQuantity(dimension, text);
  return 'value' in result && result.value === value;
}
