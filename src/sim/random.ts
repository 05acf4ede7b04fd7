import { SimulationError } from './errors.js';

const TWO_TO_MINUS_53 = 1 / 9007199254740992;
const TWO_TO_MINUS_32 = 1 / 4294967296;
const TWO_TO_26 = 67108864;

/**
 * Random numbers by name instead of by order. A draw is a pure function of (seed, replication, tenant,
 * descriptor, purpose, index), so a descriptor meets the same luck in every design, however the events around it
 * fall: the common random numbers that make designs comparable with few replications. Each purpose (a size, a
 * delay, a page's residence) has a number of its own; one that served two purposes would tie them together.
 *
 * Construction: a 64-bit state of two 32-bit words. The key is mixed once; a draw absorbs its four counter words
 * and mixes by rounds of xor-shift and odd multiplication with cross-feed between the words. Each round is a
 * bijection of the state, hence different counters in one word never collide before the end. The multipliers and
 * shifts are those of the low-bias 32-bit mixer found by search by C. Wellons (hash-prospector).
 */
export class KeyedRandom {
  private readonly key0: number;
  private readonly key1: number;

  /**
   * @param seed non-negative integer up to 2^53 - 1
   * @param replication non-negative integer below 2^32
   * @throws SimulationError if either is not
   */
  constructor(seed: number, replication: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new SimulationError(
        'DSASIM_S008_BAD_ARGUMENT',
        `seed ${seed} is not an integer from 0 to 2^53 - 1`,
      );
    }
    if (replication >>> 0 !== replication) {
      throw new SimulationError(
        'DSASIM_S008_BAD_ARGUMENT',
        `replication ${replication} is not a 32-bit integer`,
      );
    }
    let x = 0x6a09e667 ^ (seed | 0);
    let y = 0x3c6ef372 ^ (seed * TWO_TO_MINUS_32);
    for (let round = 0; round < 4; round++) {
      x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
      y = Math.imul(y ^ x ^ (y >>> 15), 0xd35a2d97);
      x = (x ^ y ^ (y >>> 15)) + round;
      if (round === 1) y ^= replication;
    }
    this.key0 = x | 0;
    this.key1 = y | 0;
  }

  /**
   * A uniform draw in [0, 1) with 53 bits.
   * @param tenant integer, low 32 bits count
   * @param descriptor non-negative integer up to 2^53 - 1
   * @param purpose what the number is for, integer, low 32 bits count
   * @param index for several draws of one purpose, integer, low 32 bits count
   */
  uniform(tenant: number, descriptor: number, purpose: number, index = 0): number {
    let x = this.key0 ^ tenant;
    let y = this.key1 ^ descriptor;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    y = Math.imul(y ^ x ^ (y >>> 15), 0xd35a2d97);
    x ^= y ^ (y >>> 15);
    x ^= purpose;
    y ^= Math.imul(descriptor * TWO_TO_MINUS_32, 0x9e3779b1) ^ index;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    y = Math.imul(y ^ x ^ (y >>> 15), 0xd35a2d97);
    x ^= y ^ (y >>> 15);
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    y = Math.imul(y ^ x ^ (y >>> 15), 0xd35a2d97);
    x ^= y ^ (y >>> 15);
    x = Math.imul(x ^ (x >>> 15), 0x21f0aaad);
    y = Math.imul(y ^ x ^ (y >>> 16), 0xd35a2d97);
    x ^= y ^ (y >>> 15);
    return ((x >>> 5) * TWO_TO_26 + (y >>> 6)) * TWO_TO_MINUS_53;
  }
}
