import { EventHeap } from './event-heap.js';
import { EventPool } from './event-pool.js';

/**
 * Measures of the wheel. Powers of two, so that the bucket of a time is a product, exact, and a mask; a const enum
 * for the reason given in event-pool.ts.
 */
// biome-ignore lint/suspicious/noConstEnum: see above
const enum Wheel {
  /** A bucket is 2^7 ps wide. */
  bucketShift = 7,
  bucketPs = 128,
  bucketsPerPs = 1 / 128,
  buckets = 32_768,
  mask = buckets - 1,
  /**
   * What the wheel sees ahead of the current bucket [ps], 4.1 us: past most delays inside a device. 1,024 buckets less than
   * there are, so that the word of the summary that covers the current bucket never covers one that has wrapped round.
   */
  horizonPs = (buckets - 1024) * bucketPs,
  /** In {@link TimingWheel.bits}: one bit a bucket, and from here on one bit for each word of those. */
  summary = buckets / 32,
  summaryWords = buckets / 1024,
  /** Events that `near` takes; more would cost more moves than the heap does. */
  nearEvents = 32,
}

/**
 * Pending events in the order (time, rank), exactly as an {@link EventHeap} gives them, at a cost that hardly
 * depends on how many are pending.
 *
 * Time is cut into buckets. An event of a later bucket within the horizon is put before the others of its bucket, without
 * looking at them, and a bit says that the bucket holds some. The events of the current bucket, and any earlier ones that a
 * paused run left room for, lie sorted in `near`. What the wheel has no room for goes to the heap `far`: events beyond
 * the horizon, and those of a burst that `near` cannot hold. Each pop takes the earlier of the firsts of `near` and `far`,
 * so these two alone decide the order. When `near` runs empty, the next occupied bucket becomes the current one; an event that
 * is alone there goes out at once. The bucket after it is looked up at the same time, before the event is handled and not when
 * it is wanted: a processor does both side by side.
 *
 * It is the pool of its events and does not have one, for one object less on the way to every record.
 */
export class TimingWheel extends EventPool {
  /** Number of events held. */
  size = 0;
  /** For each bucket the first slot of its list, 0 for none. */
  private readonly lists = new Int32Array(Wheel.buckets);
  /** The bitmap of occupied buckets, then its summary. */
  private readonly bits = new Int32Array(Wheel.summary + Wheel.summaryWords);
  /** Slots of the current bucket, the earliest last, and their times, for records lie far apart [ps]. */
  private readonly near = new Int32Array(Wheel.nearEvents);
  private readonly nearPs = new Float64Array(Wheel.nearEvents);
  private nearSize = 0;
  private readonly far = new EventHeap(this);
  /** The first picosecond after the current bucket, and after the horizon [ps]. */
  private currentEndPs: number = Wheel.bucketPs;
  private horizonEndPs: number = Wheel.bucketPs + Wheel.horizonPs;
  /** When the first occupied bucket after the current one begins [ps]; Infinity if there is none. */
  private nextPs = Number.POSITIVE_INFINITY;

  /** Adds the event in `slot`, due at `timePs`. */
  push(slot: number, timePs: number): void {
    this.size++;
    if (timePs < this.currentEndPs) this.pushNear(slot);
    else if (timePs < this.horizonEndPs) {
      const { lists, bits } = this;
      const bucket = (timePs * Wheel.bucketsPerPs) & Wheel.mask;
      this.link(slot, lists[bucket]!);
      lists[bucket] = slot;
      bits[bucket >> 5]! |= 1 << (bucket & 31);
      bits[Wheel.summary | (bucket >> 10)]! |= 1 << ((bucket >> 5) & 31);
      if (timePs < this.nextPs) this.nextPs = bucketStart(timePs);
    } else this.far.push(slot);
  }

  /** Removes the earliest event if it is due at or before `untilPs` and returns its slot, else -1. */
  popUntil(untilPs: number): number {
    const { far } = this;
    if (this.nearSize === 0) {
      if (this.nextPs > untilPs || far.firstPs < this.nextPs) return this.popFar(untilPs);
      const slot = this.advance();
      if (this.next(slot) === 0 && this.timePs(slot) <= untilPs && this.timePs(slot) < far.firstPs) {
        this.size--;
        return slot;
      }
      this.unload(slot);
    }
    const slot = this.near[this.nearSize - 1]!;
    const timePs = this.nearPs[this.nearSize - 1]!;
    if (far.firstPs <= timePs && (far.firstPs < timePs || far.firstRank < this.rank(slot))) {
      return this.popFar(untilPs);
    }
    if (timePs > untilPs) return -1;
    this.nearSize--;
    this.size--;
    return slot;
  }

  /** Makes the next occupied bucket the current one, empties it and returns the first slot of its list. */
  private advance(): number {
    const { lists, bits, nextPs } = this;
    const bucket = (nextPs * Wheel.bucketsPerPs) & Wheel.mask;
    const endPs = nextPs + Wheel.bucketPs;
    this.currentEndPs = endPs;
    this.horizonEndPs = endPs + Wheel.horizonPs;
    const slot = lists[bucket]!;
    lists[bucket] = 0;
    // Without a branch: whether a word has become empty is past foretelling.
    const word = bucket >> 5;
    const left = bits[word]! & ~(1 << (bucket & 31));
    bits[word] = left;
    const isEmpty = ((left | -left) >>> 31) ^ 1;
    bits[Wheel.summary | (word >> 5)]! &= ~(isEmpty << (word & 31));
    this.nextPs = endPs + this.emptyAfter(bucket);
    return slot;
  }

  /** How long the buckets after this one are empty [ps]; Infinity if all are. */
  private emptyAfter(bucket: number): number {
    const { bits } = this;
    let group = bucket >> 10;
    let words = bits[Wheel.summary | group]!;
    for (let i = 1; words === 0; i++) {
      if (i > Wheel.summaryWords) return Number.POSITIVE_INFINITY;
      group = (group + 1) & (Wheel.summaryWords - 1);
      words = bits[Wheel.summary | group]!;
    }
    const word = (group << 5) | (31 - Math.clz32(words & -words));
    const buckets = bits[word]!;
    const next = (word << 5) | (31 - Math.clz32(buckets & -buckets));
    return ((next - bucket - 1) & Wheel.mask) << Wheel.bucketShift;
  }

  /** Moves a list to `near`. */
  private unload(first: number): void {
    for (let slot = first; slot !== 0; ) {
      const next = this.next(slot);
      this.pushNear(slot);
      slot = next;
    }
  }

  /** Sorts an event into `near`, or leaves it to the heap if that is full. */
  private pushNear(slot: number): void {
    const { near, nearPs } = this;
    let hole = this.nearSize;
    if (hole === Wheel.nearEvents) {
      this.far.push(slot);
      return;
    }
    this.nearSize++;
    const timePs = this.timePs(slot);
    for (; hole > 0; hole--) {
      const otherPs = nearPs[hole - 1]!;
      if (otherPs > timePs || (otherPs === timePs && this.rank(near[hole - 1]!) > this.rank(slot))) break;
      near[hole] = near[hole - 1]!;
      nearPs[hole] = otherPs;
    }
    near[hole] = slot;
    nearPs[hole] = timePs;
  }

  /** Takes the first event of the heap, which is earlier than any other, if it is due. */
  private popFar(untilPs: number): number {
    const timePs = this.far.firstPs;
    if (!(timePs <= untilPs)) return -1;
    if (timePs >= this.currentEndPs) {
      // No bucket up to this one holds an event, so any may become the current one.
      this.currentEndPs = bucketStart(timePs) + Wheel.bucketPs;
      this.horizonEndPs = this.currentEndPs + Wheel.horizonPs;
    }
    this.size--;
    return this.far.pop();
  }
}

/** When the bucket of a time begins [ps]. */
function bucketStart(timePs: number): number {
  return timePs - (timePs & (Wheel.bucketPs - 1));
}
