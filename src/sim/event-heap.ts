import { type EventPool, grownDoubles, grownWords } from './event-pool.js';

const INITIAL_EVENTS = 64;

/**
 * A four-ary min-heap of pool slots ordered by (time, order). The keys are copied next to each other, so a
 * comparison touches two arrays in sequence instead of chasing slots; four children share a cache line.
 * The timing wheel keeps its current and its far-future events in one, and is tested against one for its order.
 */
export class EventHeap {
  /** Number of events held. */
  size = 0;
  private timePs = new Float64Array(INITIAL_EVENTS);
  private order = new Float64Array(INITIAL_EVENTS);
  private slot = new Int32Array(INITIAL_EVENTS);

  constructor(private readonly pool: EventPool) {}

  /** Time of the earliest event [ps], Infinity when empty. */
  peekTimePs(): number {
    return this.size > 0 ? this.timePs[0]! : Number.POSITIVE_INFINITY;
  }

  /** Adds the event in `slot`, whose time and order the pool already holds. */
  push(slot: number): void {
    if (this.size === this.slot.length) this.grow();
    const times = this.timePs;
    const orders = this.order;
    const slots = this.slot;
    const timePs = this.pool.timePs[slot]!;
    const order = this.pool.order[slot]!;
    let hole = this.size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const parentTime = times[parent]!;
      if (parentTime < timePs || (parentTime === timePs && orders[parent]! < order)) break;
      times[hole] = parentTime;
      orders[hole] = orders[parent]!;
      slots[hole] = slots[parent]!;
      hole = parent;
    }
    times[hole] = timePs;
    orders[hole] = order;
    slots[hole] = slot;
  }

  /** Removes the earliest event if it is due at or before `untilPs` and returns its slot, else -1. */
  popUntil(untilPs: number): number {
    return this.size > 0 && this.timePs[0]! <= untilPs ? this.pop() : -1;
  }

  /** Removes the earliest event and returns its slot; the caller has seen that there is one. */
  pop(): number {
    const top = this.slot[0]!;
    const last = --this.size;
    if (last > 0) this.settle(last);
    return top;
  }

  /** Moves the event at `last` to where it belongs below the emptied root. */
  private settle(last: number): void {
    const times = this.timePs;
    const orders = this.order;
    const slots = this.slot;
    const timePs = times[last]!;
    const order = orders[last]!;
    let hole = 0;
    for (;;) {
      let child = hole * 4 + 1;
      if (child >= last) break;
      const end = Math.min(child + 4, last);
      let best = child;
      let bestTime = times[child]!;
      for (child++; child < end; child++) {
        const time = times[child]!;
        if (time < bestTime || (time === bestTime && orders[child]! < orders[best]!)) {
          best = child;
          bestTime = time;
        }
      }
      if (timePs < bestTime || (timePs === bestTime && order < orders[best]!)) break;
      times[hole] = bestTime;
      orders[hole] = orders[best]!;
      slots[hole] = slots[best]!;
      hole = best;
    }
    times[hole] = timePs;
    orders[hole] = order;
    slots[hole] = slots[last]!;
  }

  private grow(): void {
    const length = this.slot.length * 2;
    this.timePs = grownDoubles(this.timePs, length);
    this.order = grownDoubles(this.order, length);
    this.slot = grownWords(this.slot, length);
  }
}
