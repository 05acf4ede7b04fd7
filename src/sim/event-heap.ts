import { grownDoubles, grownWords } from './grown.js';

const INITIAL_EVENTS = 64;

/**
 * A four-ary min-heap of slots ordered by (time, rank). The keys lie next to each other, so a comparison touches one
 * array in sequence instead of chasing slots; four children share a cache line.
 */
export class EventHeap {
  /** Number of events held. */
  size = 0;
  /** Time of the earliest event [ps], Infinity when empty; and its rank. */
  firstPs = Number.POSITIVE_INFINITY;
  /** Time and rank of each place. */
  private keys = new Float64Array(INITIAL_EVENTS * 2);
  private slots = new Int32Array(INITIAL_EVENTS);

  /** Rank of the earliest event; the caller has seen that there is one. */
  get firstRank(): number {
    return this.keys[1]!;
  }

  /** Adds the event in `slot`. */
  push(slot: number, timePs: number, rank: number): void {
    if (this.size === this.slots.length) this.grow();
    const { keys, slots } = this;
    let hole = this.size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const parentTime = keys[parent << 1]!;
      if (parentTime < timePs || (parentTime === timePs && keys[(parent << 1) + 1]! < rank)) break;
      keys[hole << 1] = parentTime;
      keys[(hole << 1) + 1] = keys[(parent << 1) + 1]!;
      slots[hole] = slots[parent]!;
      hole = parent;
    }
    keys[hole << 1] = timePs;
    keys[(hole << 1) + 1] = rank;
    slots[hole] = slot;
    this.firstPs = keys[0]!;
  }

  /** Removes the earliest event and returns its slot; the caller has seen that there is one. */
  pop(): number {
    const top = this.slots[0]!;
    const last = --this.size;
    if (last > 0) this.settle(last);
    this.firstPs = last > 0 ? this.keys[0]! : Number.POSITIVE_INFINITY;
    return top;
  }

  /** Moves the event at `last` to where it belongs below the emptied root. */
  private settle(last: number): void {
    const { keys, slots } = this;
    const timePs = keys[last << 1]!;
    const rank = keys[(last << 1) + 1]!;
    let hole = 0;
    for (;;) {
      let child = hole * 4 + 1;
      if (child >= last) break;
      const end = Math.min(child + 4, last);
      let best = child;
      let bestTime = keys[child << 1]!;
      for (child++; child < end; child++) {
        const time = keys[child << 1]!;
        if (time < bestTime || (time === bestTime && keys[(child << 1) + 1]! < keys[(best << 1) + 1]!)) {
          best = child;
          bestTime = time;
        }
      }
      if (timePs < bestTime || (timePs === bestTime && rank < keys[(best << 1) + 1]!)) break;
      keys[hole << 1] = bestTime;
      keys[(hole << 1) + 1] = keys[(best << 1) + 1]!;
      slots[hole] = slots[best]!;
      hole = best;
    }
    keys[hole << 1] = timePs;
    keys[(hole << 1) + 1] = rank;
    slots[hole] = slots[last]!;
  }

  private grow(): void {
    this.keys = grownDoubles(this.keys, this.keys.length * 2);
    this.slots = grownWords(this.slots, this.slots.length * 2);
  }
}
