/** A fully associative cache of keys with least-recently-used replacement. */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';

const TWO_TO_MINUS_32 = 1 / 4294967296;

/** A place in a set: the key that it holds, and what the owner of the set keeps beside that. */
export class RecentEntry {
  /** The owner's; of an entry that was just added, whatever the key before it had. */
  value = DOUBLE_ZERO;
  /** Equal to no key while the place is empty. */
  key = Number.NaN;
  /** The number of its last use among all uses of the set. */
  usedAt = DOUBLE_ZERO;
  /** The next one of its hash chain, or the next empty one. */
  next: RecentEntry = this;
}

/**
 * Keys found through hash chains. A use of a key that is there, which is the rule, does no more than note when it was: only a
 * key that needs the place of another asks for the oldest. Then all entries are put in order once, and taken one after the
 * other as places are needed. One that has been used since is passed over, for it is younger than every one that has not. All
 * places are made with the set; a set of the language would do, but it makes garbage with every key that moves.
 */
export class RecentSet {
  private readonly entries: RecentEntry[] = [];
  /** Ends every chain, and the list of empty places. It holds no key. */
  private readonly end = new RecentEntry();
  private empty = this.end;
  /** First entry of each chain, and by how much a hash is shifted to be the number of one. */
  private readonly chains: RecentEntry[] = [];
  private readonly chainShift: number;
  /** Uses so far. */
  private uses = DOUBLE_ZERO;
  /** Uses when the entries were put in order. */
  private usesInOrder = DOUBLE_ZERO;
  /** Of each entry the number of its last use, and in the bits of the mask its own, by age; and how many of them were taken. */
  private readonly order: Float64Array;
  private readonly indexMask: number;
  private taken: number;

  /** @param capacity entries, at least 1 */
  constructor(capacity: number) {
    let bits = 1;
    while (1 << bits < capacity) bits++;
    this.indexMask = (1 << bits) - 1;
    this.chainShift = 32 - (bits + 1);
    for (let i = 0; i < 2 << bits; i++) this.chains.push(this.end);
    for (let i = 0; i < capacity; i++) {
      this.entries.push(new RecentEntry());
      this.clear(this.entries[i]!);
    }
    this.order = new Float64Array(capacity);
    this.taken = capacity;
  }

  /**
   * Uses a key, a whole number from 0 to 2^53 - 1, and keeps it; when the set is full the oldest goes.
   * @returns whether it was there
   */
  use(key: number): boolean {
    if (this.find(key) !== null) return true;
    this.add(key);
    return false;
  }

  /** Uses a key if it is there. @returns its entry, or null */
  find(key: number): RecentEntry | null {
    const { end } = this;
    let entry = this.chains[this.chainOf(key)]!;
    while (entry.key !== key) {
      if (entry === end) return null;
      entry = entry.next;
    }
    this.uses += 1;
    entry.usedAt = this.uses;
    return entry;
  }

  /** Uses a key that is not there, and keeps it; when the set is full the oldest goes. @returns its entry */
  add(key: number): RecentEntry {
    const { chains } = this;
    if (this.empty === this.end) this.remove(this.oldest());
    const entry = this.empty;
    this.empty = entry.next;
    const chain = this.chainOf(key);
    entry.key = key;
    entry.next = chains[chain]!;
    chains[chain] = entry;
    this.uses += 1;
    entry.usedAt = this.uses;
    return entry;
  }

  /** Forgets a key, if it is there: the next one that is added has its place. */
  forget(key: number): void {
    const entry = this.find(key);
    if (entry !== null) this.remove(entry);
  }

  private chainOf(key: number): number {
    const mixed = Math.imul((key | 0) ^ Math.imul(key * TWO_TO_MINUS_32, 0x85ebca6b), 0x9e3779b1);
    return mixed >>> this.chainShift;
  }

  /** Takes an entry out of its chain, and empties it. */
  private remove(entry: RecentEntry): void {
    const { chains } = this;
    const chain = this.chainOf(entry.key);
    let before = chains[chain]!;
    if (before === entry) chains[chain] = entry.next;
    else {
      while (before.next !== entry) before = before.next;
      before.next = entry.next;
    }
    this.clear(entry);
  }

  private clear(entry: RecentEntry): void {
    entry.key = Number.NaN;
    entry.next = this.empty;
    this.empty = entry;
  }

  /** The entry that was used longest ago, of a set that is full. */
  private oldest(): RecentEntry {
    const { entries, order, indexMask } = this;
    for (;;) {
      if (this.taken === entries.length) this.putInOrder();
      const entry = entries[order[this.taken++]! & indexMask]!;
      if (entry.usedAt <= this.usesInOrder) return entry;
    }
  }

  private putInOrder(): void {
    const { entries, order, indexMask } = this;
    for (let i = 0; i < entries.length; i++) order[i] = entries[i]!.usedAt * (indexMask + 1) + i;
    order.sort();
    this.usesInOrder = this.uses;
    this.taken = 0;
  }
}
