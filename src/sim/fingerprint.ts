/**
 * A 64-bit running fingerprint: two 32-bit lanes that absorb the same words with different rotations and
 * multipliers, so that a pair of differences which cancels in one lane does not cancel in the other. It tells
 * two event sequences apart; it is not a cryptographic digest.
 *
 * The step is h := (rotl(h, r) xor w) · m mod 2^32, m odd: a bijection of h for each word, so nothing that was
 * absorbed is ever lost by what follows.
 */
const LANE0_MULTIPLIER = 0x9e3779b1 | 0; // the prime nearest to 2^32 / golden ratio
const LANE1_MULTIPLIER = 0x85ebca77 | 0; // an odd constant with no additive relation to the first
const TWO_TO_MINUS_32 = 1 / 4294967296;

/** Views of one double, to absorb its bits; the words are ordered by value below, not by the machine. */
const doubleView = new DataView(new ArrayBuffer(8));

/** Spreads the last absorbed words over all output bits (the finaliser of MurmurHash3, by A. Appleby). */
function finalise(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}

export class Fingerprint {
  private readonly lanes = new Int32Array([0x243f6a88, 0x85a308d3]);

  /** Absorbs one 32-bit word; only the low 32 bits of `word` count. */
  addWord(word: number): void {
    const lanes = this.lanes;
    const h0 = lanes[0]!;
    const h1 = lanes[1]!;
    lanes[0] = Math.imul(((h0 << 5) | (h0 >>> 27)) ^ word, LANE0_MULTIPLIER);
    lanes[1] = Math.imul(((h1 << 13) | (h1 >>> 19)) ^ word, LANE1_MULTIPLIER);
  }

  /** Absorbs any number by its IEEE 754 bits; 0 and -0 are the same, and so are all NaN. */
  addNumber(x: number): void {
    doubleView.setFloat64(0, Number.isNaN(x) ? Number.NaN : x + 0);
    this.addWord(doubleView.getInt32(0));
    this.addWord(doubleView.getInt32(4));
  }

  /**
   * Absorbs one dispatched event.
   * @param timePs integer below 2^53 [ps]
   * @param kind priority and handler id in one word
   */
  addEvent(timePs: number, kind: number, a: number, b: number): void {
    // The lanes stay in locals for the whole event: four memory round trips less than four addWord calls.
    const lanes = this.lanes;
    let h0 = lanes[0]!;
    let h1 = lanes[1]!;
    const low = timePs | 0;
    h0 = Math.imul(((h0 << 5) | (h0 >>> 27)) ^ low, LANE0_MULTIPLIER);
    h1 = Math.imul(((h1 << 13) | (h1 >>> 19)) ^ low, LANE1_MULTIPLIER);
    // The high word has at most 21 bits; the kind is spread so that the two cannot be mistaken for each other.
    const rest = ((timePs * TWO_TO_MINUS_32) | 0) ^ Math.imul(kind, 0x2c1b3c6d);
    h0 = Math.imul(((h0 << 5) | (h0 >>> 27)) ^ rest, LANE0_MULTIPLIER);
    h1 = Math.imul(((h1 << 13) | (h1 >>> 19)) ^ rest, LANE1_MULTIPLIER);
    h0 = Math.imul(((h0 << 5) | (h0 >>> 27)) ^ a, LANE0_MULTIPLIER);
    h1 = Math.imul(((h1 << 13) | (h1 >>> 19)) ^ a, LANE1_MULTIPLIER);
    lanes[0] = Math.imul(((h0 << 5) | (h0 >>> 27)) ^ b, LANE0_MULTIPLIER);
    lanes[1] = Math.imul(((h1 << 13) | (h1 >>> 19)) ^ b, LANE1_MULTIPLIER);
  }

  /** The fingerprint so far, as 16 hexadecimal digits; reading it changes nothing. */
  hex(): string {
    const word = (x: number): string => finalise(x).toString(16).padStart(8, '0');
    return word(this.lanes[0]!) + word(this.lanes[1]!);
  }
}
