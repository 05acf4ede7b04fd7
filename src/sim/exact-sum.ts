import { DOUBLE_ZERO } from './double-zero.js';

const LIMB = 67108864; // 2^26: a product of two limbs is exact in a double
const LIMB_SQUARED = 4503599627370496; // 2^52

/** A sum of products of non-negative integers, exact to 2^105: sums of picoseconds outgrow one double in hours. */
export class ExactSum {
  /** The sum is high · 2^52 + low, with 0 <= low < 2^52. */
  private high = 0;
  private low = DOUBLE_ZERO;

  /** Adds an integer from 0 to 2^53 - 1. */
  add(x: number): void {
    // Mostly nothing is carried: a sum of two such integers that is below 2^52 is exact.
    const low = this.low + x;
    if (low < LIMB_SQUARED) this.low = low;
    else this.addByLimbs(x, 1);
  }

  /** Adds x · y, both integers from 0 to 2^53 - 1. */
  addProduct(x: number, y: number): void {
    const low = this.low + x * y;
    if (low < LIMB_SQUARED) this.low = low;
    else this.addByLimbs(x, y);
  }

  /** The same where something is carried, or the product is not exact in a double. */
  private addByLimbs(x: number, y: number): void {
    const xHigh = Math.floor(x / LIMB);
    const xLow = x - xHigh * LIMB;
    const yHigh = Math.floor(y / LIMB);
    const yLow = y - yHigh * LIMB;
    this.addCross(xHigh, yLow);
    this.addCross(xLow, yHigh);
    this.carry(this.low + xLow * yLow, xHigh * yHigh);
  }

  /** Adds another sum to this one. */
  addSum(other: ExactSum): void {
    this.carry(this.low + other.low, other.high);
  }

  /** Sets the sum to zero. */
  clear(): void {
    this.high = 0;
    this.low = 0;
  }

  /** The sum as the nearest double. */
  get value(): number {
    return this.high * LIMB_SQUARED + this.low;
  }

  /** The exact difference this - other, as the nearest double; 0 only if the sums are equal. */
  minus(other: ExactSum): number {
    return (this.high - other.high) * LIMB_SQUARED + (this.low - other.low);
  }

  /** High and low word, for storage. */
  words(): [high: number, low: number] {
    return [this.high, this.low];
  }

  /** The sum with the given words. */
  static ofWords(high: number, low: number): ExactSum {
    const sum = new ExactSum();
    sum.high = high;
    sum.low = low;
    return sum;
  }

  /** Adds x · y · 2^26, where x < 2^27 and y < 2^26. */
  private addCross(x: number, y: number): void {
    const product = x * y;
    const over = Math.floor(product / LIMB);
    this.carry(this.low + (product - over * LIMB) * LIMB, over);
  }

  /** Takes a low word below 2^53, whose excess over 2^52 goes to the high one. */
  private carry(low: number, high: number): void {
    const over = low >= LIMB_SQUARED;
    this.low = over ? low - LIMB_SQUARED : low;
    this.high += over ? high + 1 : high;
  }
}
