import { EventHeap } from './event-heap.js';
import type { EventPool } from './event-pool.js';

/** Width of a bucket [ps]; a power of two, so that dividing by it is exact. */
const BUCKET_PS = 256;
const BUCKETS_PER_PS = 1 / BUCKET_PS;
/** Number of buckets; with BUCKET_PS the wheel sees 16.7 us ahead, past most delays inside a device, in 256 KiB. */
const BUCKETS = 65_536;
const BUCKET_MASK = BUCKETS - 1;

/**
 * Pending events in the order (time, order), exactly as an {@link EventHeap} gives them, at a cost that hardly
 * depends on how many are pending.
 *
 * Time is cut into buckets. Events of the current bucket, and any earlier ones that a paused run left room for,
 * wait in a small heap, `near`, which alone decides the order. An event of a later bucket within the horizon is
 * appended to that bucket's list without looking at its neighbours; one beyond the horizon goes to the heap
 * `far`. When `near` runs empty, the next occupied bucket is found in a bitmap and its list, with whatever
 * `far` holds for the same bucket, moves to `near`. So an event is compared only with those that fall into
 * the same bucket, and bursts of ties cost a heap's logarithm and not a list's length.
 */
export class TimingWheel {
  /** Number of events held. */
  size = 0;
  private readonly near: EventHeap;
  private readonly far: EventHeap;
  /** Last slot of each bucket's list, a ring whose last links to its first; counts only where `occupied` has a bit. */
  private readonly tail = new Int32Array(BUCKETS);
  /** One bit a bucket, and one bit a word of that bitmap. */
  private readonly occupied = new Int32Array(BUCKETS >> 5);
  private readonly summary = new Int32Array(BUCKETS >> 10);
  /** Index of the bucket whose events are in `near`, and the first picosecond after it [ps]. */
  private current = 0;
  private currentEndPs = BUCKET_PS;

  constructor(private readonly pool: EventPool) {
    this.near = new EventHeap(pool);
    this.far = new EventHeap(pool);
  }

  /** Adds the event in `slot`, whose time and order the pool already holds. */
  push(slot: number): void {
    this.size++;
    const pool = this.pool;
    const aheadPs = pool.timePs[slot]! - this.currentEndPs;
    if (aheadPs < 0) {
      this.near.push(slot);
      return;
    }
    // The bucket after the current one is 0 buckets ahead; the last free one of the ring is BUCKETS - 2 ahead.
    if (aheadPs >= (BUCKETS - 1) * BUCKET_PS) {
      this.far.push(slot);
      return;
    }
    const bucket = (this.current + 1 + Math.floor(aheadPs * BUCKETS_PER_PS)) & BUCKET_MASK;
    const word = bucket >> 5;
    const bits = this.occupied[word]!;
    if ((bits >>> (bucket & 31)) & 1) {
      const last = this.tail[bucket]!;
      pool.next[slot] = pool.next[last]!;
      pool.next[last] = slot;
    } else {
      pool.next[slot] = slot;
      this.occupied[word] = bits | (1 << (bucket & 31));
      this.summary[word >> 5]! |= 1 << (word & 31);
    }
    this.tail[bucket] = slot;
  }

  /** Removes the earliest event if it is due at or before `untilPs` and returns its slot, else -1. */
  popUntil(untilPs: number): number {
    const near = this.near;
    if (near.size === 0 && !this.advance(untilPs)) return -1;
    if (near.peekTimePs() > untilPs) return -1;
    this.size--;
    return near.pop();
  }

  /**
   * Moves on to the next bucket that holds an event and fills `near` from it. Refuses to move to a bucket that
   * begins after `untilPs`: events may still be scheduled before it.
   */
  private advance(untilPs: number): boolean {
    if (this.size === 0) return false;
    const steps = this.stepsToOccupied();
    let startPs = steps === 0 ? Number.POSITIVE_INFINITY : this.currentEndPs + (steps - 1) * BUCKET_PS;
    const farPs = this.far.peekTimePs();
    const farFirst = farPs < startPs;
    if (farFirst) startPs = Math.floor(farPs * BUCKETS_PER_PS) * BUCKET_PS;
    if (startPs > untilPs) return false;
    const moved = (startPs - this.currentEndPs) * BUCKETS_PER_PS + 1;
    // Past the horizon every bucket is empty, so any index may be the current one.
    this.current = farFirst && steps === 0 ? this.current : (this.current + moved) & BUCKET_MASK;
    this.currentEndPs = startPs + BUCKET_PS;
    if (!farFirst) this.unload(this.current);
    while (this.far.peekTimePs() < this.currentEndPs) this.near.push(this.far.pop());
    return true;
  }

  /** Moves the list of `bucket` to `near` and clears its bits. */
  private unload(bucket: number): void {
    const next = this.pool.next;
    const last = this.tail[bucket]!;
    let slot = last;
    do {
      slot = next[slot]!;
      this.near.push(slot);
    } while (slot !== last);
    const word = bucket >> 5;
    const bits = this.occupied[word]! & ~(1 << (bucket & 31));
    this.occupied[word] = bits;
    if (bits === 0) this.summary[word >> 5]! &= ~(1 << (word & 31));
  }

  /** How many buckets from the current one to the next occupied one, 0 when the wheel is empty. */
  private stepsToOccupied(): number {
    // The current bucket itself is never occupied, so the search may wrap onto its word without harm.
    const from = (this.current + 1) & BUCKET_MASK;
    const word = from >> 5;
    const here = this.occupied[word]! & (-1 << (from & 31));
    if (here !== 0) return this.stepsTo((word << 5) + lowestBit(here));
    const group = word >> 5;
    // In two steps, since shifting by 32 shifts by 0.
    const later = this.summary[group]! & ((-1 << (word & 31)) << 1);
    if (later !== 0) return this.stepsTo(this.lowestIn((group << 5) + lowestBit(later)));
    const groups = this.summary.length;
    for (let i = 1; i <= groups; i++) {
      const wrapped = (group + i) & (groups - 1);
      const words = this.summary[wrapped]!;
      if (words !== 0) return this.stepsTo(this.lowestIn((wrapped << 5) + lowestBit(words)));
    }
    return 0;
  }

  private lowestIn(word: number): number {
    return (word << 5) + lowestBit(this.occupied[word]!);
  }

  private stepsTo(bucket: number): number {
    return (bucket - this.current) & BUCKET_MASK;
  }
}

/** Index of the lowest bit set in a word that has one. */
function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
