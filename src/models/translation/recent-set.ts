/** A fully associative cache of keys with least-recently-used replacement. */

const TWO_TO_MINUS_32 = 1 / 4294967296;
const NONE = -1;

/**
 * Keys in a ring by age, found through hash chains: typed arrays of fixed size, nothing allocated per use. A set of
 * the language would do, but it makes garbage with every key that moves.
 */
export class RecentSet {
  private readonly keys: Float64Array;
  /** Neighbours of each entry by age. The place after the last entry closes the ring and holds no key. */
  private readonly younger: Int32Array;
  private readonly older: Int32Array;
  /** First entry of each chain, and the next one of each entry. */
  private readonly chains: Int32Array;
  private readonly chained: Int32Array;
  private readonly chainMask: number;
  private count = 0;
  /** Number of the entry that `use` used last, from 0 to the capacity - 1: for what a cache keeps beside its keys. */
  used = 0;

  /** @param capacity entries, at least 1 */
  constructor(private readonly capacity: number) {
    let chains = 4;
    while (chains < 2 * capacity) chains *= 2;
    this.chainMask = chains - 1;
    this.chains = new Int32Array(chains).fill(NONE);
    this.chained = new Int32Array(capacity);
    this.keys = new Float64Array(capacity + 1).fill(NONE);
    this.younger = new Int32Array(capacity + 1).fill(capacity);
    this.older = new Int32Array(capacity + 1).fill(capacity);
  }

  /**
   * Uses a key, a whole number from 0 to 2^53 - 1, and keeps it; when the set is full the oldest goes.
   * @returns whether it was there
   */
  use(key: number): boolean {
    const { keys, capacity } = this;
    if (keys[this.older[capacity]!] === key) {
      this.used = this.older[capacity]!;
      return true;
    }
    const chain = this.chainOf(key);
    let entry = this.chains[chain]!;
    while (entry !== NONE && keys[entry] !== key) entry = this.chained[entry]!;
    if (entry !== NONE) {
      this.used = entry;
      this.leaveRing(entry);
      this.makeYoungest(entry);
      return true;
    }
    if (this.count < capacity) entry = this.count++;
    else {
      entry = this.younger[capacity]!;
      this.leaveRing(entry);
      if (keys[entry] !== NONE) this.leaveChain(entry);
    }
    this.used = entry;
    keys[entry] = key;
    this.chained[entry] = this.chains[chain]!;
    this.chains[chain] = entry;
    this.makeYoungest(entry);
    return false;
  }

  /** Forgets a key, if it is there: its entry becomes the oldest and holds none. */
  forget(key: number): void {
    const { keys, younger, older, capacity } = this;
    let entry = this.chains[this.chainOf(key)]!;
    while (entry !== NONE && keys[entry] !== key) entry = this.chained[entry]!;
    if (entry === NONE) return;
    this.leaveChain(entry);
    this.leaveRing(entry);
    keys[entry] = NONE;
    const after = younger[capacity]!;
    younger[entry] = after;
    older[entry] = capacity;
    older[after] = entry;
    younger[capacity] = entry;
  }

  private chainOf(key: number): number {
    const mixed = Math.imul((key | 0) ^ Math.imul(key * TWO_TO_MINUS_32, 0x85ebca6b), 0x9e3779b1);
    return (mixed ^ (mixed >>> 15)) & this.chainMask;
  }

  private makeYoungest(entry: number): void {
    const { younger, older, capacity } = this;
    const before = older[capacity]!;
    older[entry] = before;
    younger[entry] = capacity;
    younger[before] = entry;
    older[capacity] = entry;
  }

  private leaveRing(entry: number): void {
    const { younger, older } = this;
    const above = younger[entry]!;
    const below = older[entry]!;
    older[above] = below;
    younger[below] = above;
  }

  private leaveChain(entry: number): void {
    const { chained } = this;
    const chain = this.chainOf(this.keys[entry]!);
    let at = this.chains[chain]!;
    if (at === entry) {
      this.chains[chain] = chained[entry]!;
      return;
    }
    while (chained[at] !== entry) at = chained[at]!;
    chained[at] = chained[entry]!;
  }
}
