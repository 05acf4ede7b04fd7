import { EventHeap } from './event-heap.js';
import type { EventPool } from './event-pool.js';

/** Width of a bucket [ps]; a power of two, so that dividing by it is exact. */
const BUCKET_PS = 64;
const BUCKETS_PER_PS = 1 / BUCKET_PS;
/** Number of buckets; with BUCKET_PS the wheel sees 4.2 us ahead, past most delays inside a device, in 264 KiB. */
const BUCKETS = 65_536;
const BUCKET_MASK = BUCKETS - 1;
/** What the wheel sees ahead of the current bucket [ps]. */
const HORIZON_PS = (BUCKETS - 1) * BUCKET_PS;
/** Where the bitmap and its summary begin in {@link TimingWheel.ring}. */
const OCCUPIED = BUCKETS;
const SUMMARY = OCCUPIED + (BUCKETS >> 5);
const SUMMARY_WORDS = BUCKETS >> 10;

/**
 * Pending events in the order (time, order), exactly as an {@link EventHeap} gives them, at a cost that hardly
 * depends on how many are pending.
 *
 * Time is cut into buckets. Events of the current bucket, and any earlier ones that a paused run left room for,
 * wait in a small heap, `near`, which alone decides the order. An event of a later bucket within the horizon is
 * appended to that bucket's list without looking at its neighbours; one beyond the horizon goes to the heap
 * `far`. When `near` runs empty, the next occupied bucket is found in a bitmap and its list, with whatever
 * `far` holds for the same bucket, moves to `near`; an event that is alone there goes out at once. So an event is compared only with those that fall into
 * the same bucket, and bursts of ties cost a heap's logarithm and not a list's length.
 */
export class TimingWheel {
  /** Number of events held. */
  size = 0;
  private readonly near: EventHeap;
  private readonly far: EventHeap;
  /**
   * For each bucket the last slot of its list, a ring whose last links to its first, which counts only where the
   * bitmap has a bit; then the bitmap, one bit a bucket; then one bit for each word of the bitmap.
   */
  private readonly ring = new Int32Array(SUMMARY + SUMMARY_WORDS);
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
    const aheadPs = this.pool.keys[slot << 1]! - this.currentEndPs;
    if (aheadPs < 0) this.near.push(slot);
    // The bucket after the current one is 0 buckets ahead; the last free one of the ring is BUCKETS - 2 ahead.
    else if (aheadPs >= HORIZON_PS) this.far.push(slot);
    else this.append((this.current + 1 + ((aheadPs * BUCKETS_PER_PS) | 0)) & BUCKET_MASK, slot);
  }

  private append(bucket: number, slot: number): void {
    const { ring } = this;
    const { next } = this.pool;
    const at = OCCUPIED + (bucket >> 5);
    const bits = ring[at]!;
    const bit = 1 << (bucket & 31);
    if ((bits & bit) !== 0) {
      const last = ring[bucket]!;
      next[slot] = next[last]!;
      next[last] = slot;
    } else {
      next[slot] = slot;
      ring[at] = bits | bit;
      if (bits === 0) ring[SUMMARY + (bucket >> 10)]! |= 1 << ((bucket >> 5) & 31);
    }
    ring[bucket] = slot;
  }

  /** Removes the earliest event if it is due at or before `untilPs` and returns its slot, else -1. */
  popUntil(untilPs: number): number {
    const { near } = this;
    if (near.size === 0) {
      const alone = this.advance(untilPs);
      if (alone >= 0) return alone;
    }
    if (near.peekTimePs() > untilPs) return -1;
    this.size--;
    return near.pop();
  }

  /**
   * Moves on to the next bucket that holds an event and fills `near` from it; refuses to move to a bucket that
   * begins after `untilPs`, for events may still be scheduled before it.
   * @returns the bucket's event, already removed, if it is alone and due; otherwise -1
   */
  private advance(untilPs: number): number {
    if (this.size === 0) return -1;
    const bucket = this.nextOccupied();
    const steps = (bucket - this.current) & BUCKET_MASK;
    let startPs = bucket < 0 ? Number.POSITIVE_INFINITY : this.currentEndPs + (steps - 1) * BUCKET_PS;
    const farPs = this.far.peekTimePs();
    const farFirst = farPs < startPs;
    if (farFirst) startPs = Math.floor(farPs * BUCKETS_PER_PS) * BUCKET_PS;
    if (startPs > untilPs) return -1;
    if (farFirst) {
      // Past the horizon every bucket is empty, so any index may be the current one.
      if (bucket >= 0) {
        const moved = (startPs - this.currentEndPs) * BUCKETS_PER_PS + 1;
        this.current = (this.current + moved) & BUCKET_MASK;
      }
    } else this.current = bucket;
    this.currentEndPs = startPs + BUCKET_PS;
    if (!farFirst) {
      const last = this.takeList(bucket);
      const isAlone = this.pool.next[last] === last;
      if (isAlone && farPs >= this.currentEndPs && this.pool.keys[last << 1]! <= untilPs) {
        this.size--;
        return last;
      }
      this.unload(last);
    }
    while (this.far.peekTimePs() < this.currentEndPs) this.near.push(this.far.pop());
    return -1;
  }

  /** Empties a bucket and returns the last slot of its list. */
  private takeList(bucket: number): number {
    const { ring } = this;
    const at = OCCUPIED + (bucket >> 5);
    const bits = ring[at]! & ~(1 << (bucket & 31));
    ring[at] = bits;
    if (bits === 0) ring[SUMMARY + (bucket >> 10)]! &= ~(1 << ((bucket >> 5) & 31));
    return ring[bucket]!;
  }

  /** Moves a list to `near`. */
  private unload(last: number): void {
    const { next } = this.pool;
    let slot = last;
    do {
      slot = next[slot]!;
      this.near.push(slot);
    } while (slot !== last);
  }

  /** The first occupied bucket after the current one, or -1 when the wheel is empty. */
  private nextOccupied(): number {
    const { ring } = this;
    // The current bucket itself is never occupied, so the search may wrap onto its word without harm.
    const from = (this.current + 1) & BUCKET_MASK;
    const word = from >> 5;
    const here = ring[OCCUPIED + word]! & (-1 << (from & 31));
    if (here !== 0) return (word << 5) + lowestBit(here);
    const group = word >> 5;
    // In two steps, since shifting by 32 shifts by 0.
    let words = ring[SUMMARY + group]! & ((-1 << (word & 31)) << 1);
    let found = group;
    for (let i = 1; words === 0; i++) {
      if (i > SUMMARY_WORDS) return -1;
      found = (group + i) & (SUMMARY_WORDS - 1);
      words = ring[SUMMARY + found]!;
    }
    const first = (found << 5) + lowestBit(words);
    return (first << 5) + lowestBit(ring[OCCUPIED + first]!);
  }
}

/** Index of the lowest bit set in a word that has one. */
function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
