/**
 * A 64-bit fingerprint of the events so far: two 32-bit lanes that absorb the same words with different rotations and
 * multipliers, so that a pair of differences which cancels in one lane does not cancel in the other. It tells
 * two event sequences apart; it is not a cryptographic digest.
 *
 * The step is h := (rotl(h, r) xor w) · m mod 2^32, m odd: a bijection of h for each word, so nothing that was
 * absorbed is ever lost by what follows. Lane 0 takes r = 5 and m = 0x9e3779b1, the prime nearest to 2^32 / golden ratio;
 * lane 1 takes r = 13 and m = 0x85ebca77, an odd constant with no additive relation to the first.
 *
 * An event is four words: the low 32 bits of its time; the other 21 bits of it, xor the kind times 0x2c1b3c6d, which
 * spreads the kind so that the two cannot be mistaken for each other; and its payloads. The event loop takes these steps itself.
 */
export class Fingerprint {
  constructor(
    private readonly lane0: number,
    private readonly lane1: number,
  ) {}

  /** 16 hexadecimal digits. */
  hex(): string {
    const word = (x: number): string => finalise(x).toString(16).padStart(8, '0');
    return word(this.lane0) + word(this.lane1);
  }
}

/** Spreads the last absorbed words over all output bits (the finaliser of MurmurHash3, by A. Appleby). */
function finalise(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
