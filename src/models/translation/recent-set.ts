/** A fully associative cache of keys with least-recently-used replacement. */

/** Insertion order is age: a hit moves its key to the end, the first key goes when the set is full. */
export class RecentSet {
  private readonly keys = new Set<number>();

  constructor(private readonly capacity: number) {}

  /** Uses a key and keeps it. @returns whether it was there */
  use(key: number): boolean {
    const { keys } = this;
    if (keys.delete(key)) {
      keys.add(key);
      return true;
    }
    if (keys.size >= this.capacity) {
      for (const oldest of keys) {
        keys.delete(oldest);
        break;
      }
    }
    keys.add(key);
    return false;
  }
}
