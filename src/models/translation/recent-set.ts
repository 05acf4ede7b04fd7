/** A fully associative cache of keys with least-recently-used replacement. */

const TWO_TO_MINUS_32 = 1 / 4294967296;
const NONE = -1;

/** An entry: its neighbours by age and the next one of its hash chain; four words, so that its place is a shift. */
const ENTRY_SHIFT = 2;
const YOUNGER = 0;
const OLDER = 1;
const CHAINED = 2;

/**
 * Keys in a ring by age, found through hash chains: typed arrays of fixed size, nothing allocated per use. A set of
 * the language would do, but it makes garbage with every key that moves.
 */
export class RecentSet {
  private readonly keys: Float64Array;
  /** The entries. The place after the last closes the ring and holds no key. */
  private readonly entries: Int32Array;
  /** First entry of each chain. */
  private readonly chains: Int32Array;
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
    this.keys = new Float64Array(capacity + 1).fill(NONE);
    this.entries = new Int32Array((capacity + 1) << ENTRY_SHIFT).fill(capacity);
  }

  /**
   * Uses a key, a whole number from 0 to 2^53 - 1, and keeps it; when the set is full the oldest goes.
   * @returns whether it was there
   */
  use(key: number): boolean {
    const { keys, entries, capacity } = this;
    const youngest = entries[(capacity << ENTRY_SHIFT) | OLDER]!;
    if (keys[youngest] === key) {
      this.used = youngest;
      return true;
    }
    const chain = this.chainOf(key);
    const entry = this.find(chain, key);
    if (entry === NONE) return this.add(chain, key);
    this.used = entry;
    this.leaveRing(entry);
    this.makeYoungest(entry);
    return true;
  }

  /** The entry of a key, or NONE. */
  private find(chain: number, key: number): number {
    const { keys, entries } = this;
    let entry = this.chains[chain]!;
    while (entry !== NONE && keys[entry] !== key) entry = entries[(entry << ENTRY_SHIFT) | CHAINED]!;
    return entry;
  }

  private add(chain: number, key: number): false {
    const { keys, entries, capacity } = this;
    let entry = this.count;
    if (entry < capacity) this.count++;
    else {
      entry = entries[(capacity << ENTRY_SHIFT) | YOUNGER]!;
      this.leaveRing(entry);
      if (keys[entry] !== NONE) this.leaveChain(entry);
    }
    this.used = entry;
    keys[entry] = key;
    entries[(entry << ENTRY_SHIFT) | CHAINED] = this.chains[chain]!;
    this.chains[chain] = entry;
    this.makeYoungest(entry);
    return false;
  }

  /** Forgets a key, if it is there: its entry becomes the oldest and holds none. */
  forget(key: number): void {
    const { keys, entries, capacity } = this;
    const entry = this.find(this.chainOf(key), key);
    if (entry === NONE) return;
    this.leaveChain(entry);
    this.leaveRing(entry);
    keys[entry] = NONE;
    const after = entries[(capacity << ENTRY_SHIFT) | YOUNGER]!;
    entries[(entry << ENTRY_SHIFT) | YOUNGER] = after;
    entries[(entry << ENTRY_SHIFT) | OLDER] = capacity;
    entries[(after << ENTRY_SHIFT) | OLDER] = entry;
    entries[(capacity << ENTRY_SHIFT) | YOUNGER] = entry;
  }

  private chainOf(key: number): number {
    const mixed = Math.imul((key | 0) ^ Math.imul(key * TWO_TO_MINUS_32, 0x85ebca6b), 0x9e3779b1);
    return (mixed ^ (mixed >>> 15)) & this.chainMask;
  }

  private makeYoungest(entry: number): void {
    const { entries, capacity } = this;
    const end = capacity << ENTRY_SHIFT;
    const before = entries[end | OLDER]!;
    entries[(entry << ENTRY_SHIFT) | OLDER] = before;
    entries[(entry << ENTRY_SHIFT) | YOUNGER] = capacity;
    entries[(before << ENTRY_SHIFT) | YOUNGER] = entry;
    entries[end | OLDER] = entry;
  }

  private leaveRing(entry: number): void {
    const { entries } = this;
    const above = entries[(entry << ENTRY_SHIFT) | YOUNGER]!;
    const below = entries[(entry << ENTRY_SHIFT) | OLDER]!;
    entries[(above << ENTRY_SHIFT) | OLDER] = below;
    entries[(below << ENTRY_SHIFT) | YOUNGER] = above;
  }

  private leaveChain(entry: number): void {
    const { entries } = this;
    const next = entries[(entry << ENTRY_SHIFT) | CHAINED]!;
    const chain = this.chainOf(this.keys[entry]!);
    let at = this.chains[chain]!;
    if (at === entry) {
      this.chains[chain] = next;
      return;
    }
    while (entries[(at << ENTRY_SHIFT) | CHAINED] !== entry) at = entries[(at << ENTRY_SHIFT) | CHAINED]!;
    entries[(at << ENTRY_SHIFT) | CHAINED] = next;
  }
}
