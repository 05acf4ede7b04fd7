import { DOUBLE_ZERO } from './double-zero.js';
import { EventHeap } from './event-heap.js';
import { At, Lane, Wheel } from './event-layout.js';
import { grownDoubles } from './grown.js';
import { orderBucket } from './order-bucket.js';

/** What an event does: called with its two payload words at its time. */
export type EventHandler = (a: number, b: number) => void;

/** How many handlers an event can name: a kind = priority · MAX_HANDLERS + handler id is one word. */
export const MAX_HANDLERS = 1 << 20;

const INITIAL_EVENTS = 256;

/**
 * Pending events and their dispatch in the order (time, priority, sequence), at a cost that hardly depends on how many
 * are pending.
 *
 * A timing wheel cuts time into buckets. An event within the horizon is put before the others of its bucket, without looking at
 * them, and a bit says that the bucket holds some; an event beyond goes to the heap `far`. An event that is alone in the first
 * occupied bucket, and earlier than all that is not in the wheel, goes out at once. The bucket after it is looked up before it is
 * handled: a processor does both side by side. A bucket that holds more is put in order when its turn has come, and is `near`
 * from then on, until it is empty. Should more events come to that bucket meanwhile, they go to `far`. {@link take} does this,
 * and decides between `near` and `far`.
 *
 * No event carries the number of its scheduling: of two in one list, the one that was put there first was scheduled first. Where
 * events of one instant meet that come from several lists, what was put in order, or went to `far`, first, goes first: an
 * event that is beyond the horizon is scheduled before all of its instant that are within, and one that comes to the bucket of
 * `near` after all that are in it.
 *
 * {@link insert} and {@link dispatch} run once an event and take most of the kernel's time, so they are written for V8's
 * optimiser. Everything common stands in them without a call, everything rare is a call. `insert` stays below 460 bytecodes,
 * so that it is inlined into handlers, and a handler that is alone into `dispatch`. All memory is one buffer, because each
 * further array costs three loads wherever it is touched. Doubles are handed on in fields, because an argument of a function
 * that is not inlined is an object on the heap.
 */
export abstract class EventLoop {
  protected readonly handlers: EventHandler[] = [];
  /** Numbers of events scheduled and dispatched so far. */
  protected scheduled = 0;
  protected dispatched = 0;
  /** The current time, and when the event that is being scheduled is due [ps]. */
  protected clockPs = DOUBLE_ZERO;
  protected duePs = DOUBLE_ZERO;
  /** The lanes of the fingerprint. */
  protected lane0: number = Lane.start0;
  protected lane1: number = Lane.start1;

  private doubles = new Float64Array((At.records + INITIAL_EVENTS * At.recordWords) >> 1);
  /** The same bytes. */
  private words = new Int32Array(this.doubles.buffer);
  /** The first of the free slots, which are linked; there is always one. */
  private firstFree = 0;
  /** The bucket of the clock, and how many buckets after it the first occupied one is; Wheel.buckets if there is none. */
  private clockBucket = 0;
  private gap: number = Wheel.buckets;

  /** The first event of `near`, in order, and its time [ps]: 0 and Infinity if there is none. */
  private nearFirst = 0;
  private nearPs = Number.POSITIVE_INFINITY;
  /** The number that stands in the ranks of `near`, and how many were given. */
  private nearNumber = DOUBLE_ZERO;
  private numbers = DOUBLE_ZERO;
  /** An event of the bucket after `near`, which is being fetched from memory; 0 if there is none. */
  private ahead = 0;
  private readonly far = new EventHeap();
  /** The first event of `near`, or of the wheel, may go out without {@link take} if it is earlier than this [ps]. */
  private barrierPs = Number.NEGATIVE_INFINITY;
  /** Up to when [ps], and how many events, the current run may dispatch; and up to when it may without {@link take}. */
  private untilPs = Number.NEGATIVE_INFINITY;
  private allowed = Number.POSITIVE_INFINITY;
  private fastUntilPs = Number.NEGATIVE_INFINITY;

  constructor() {
    // Slot 0 means none, and is never the last of a list.
    this.words[At.next] = -1;
    this.free(At.records);
  }

  /** Throws what is wrong with the event that is being scheduled. */
  protected abstract refuse(priority: number, handler: number, a: number, b: number): never;

  /** Schedules an event at `duePs`; arguments and errors are those of Simulator.schedule. */
  protected insert(priority: number, handler: number, a: number, b: number): void {
    const { duePs, clockPs, doubles, words } = this;
    if (
      !(duePs >= clockPs && duePs <= At.timeMaxPs) ||
      Math.floor(duePs) !== duePs ||
      (priority & At.priorityMax) !== priority ||
      handler >>> 0 !== handler ||
      handler >= this.handlers.length ||
      (a | 0) !== a ||
      (b | 0) !== b
    ) {
      this.refuse(priority, handler, a, b);
    }
    const slot = this.firstFree & At.slotMask;
    const free = words[slot + At.next]!;
    this.firstFree = free;
    this.scheduled++;
    doubles[slot >> 1] = duePs;
    words[slot + At.kind] = (priority << At.handlerBits) | handler;
    words[slot + At.a] = a;
    words[slot + At.b] = b;
    if (duePs - clockPs < Wheel.horizonPs) {
      const bucket = (duePs * Wheel.bucketsPerPs) & Wheel.mask;
      const list = bucket + At.lists;
      words[slot + At.next] = words[list]!;
      words[list] = slot;
      const word = bucket >> 5;
      words[word + At.bits]! |= At.firstBit >>> bucket;
      words[(word >> 5) + At.summary]! |= At.firstBit >>> word;
      const gap = (bucket - this.clockBucket) & Wheel.mask;
      if (gap < this.gap) this.gap = gap;
    } else this.pushFar(slot);
    if (free === 0) this.grow();
  }

  /**
   * Dispatches events that are due at or before `untilPs`, at most `allowed` of them, until {@link halt}. The clock stays
   * at the last one.
   */
  protected dispatch(untilPs: number, allowed: number): void {
    this.untilPs = untilPs;
    this.allowed = allowed;
    // Only take counts how many events are left of a limited number.
    this.fastUntilPs = allowed === Number.POSITIVE_INFINITY ? untilPs : Number.NEGATIVE_INFINITY;
    this.setBarrier();
    for (;;) {
      const { doubles, words } = this;
      const bucket = (this.clockBucket + this.gap) & Wheel.mask;
      let slot = words[At.lists + bucket]! & At.slotMask;
      if ((words[slot + At.next]! | this.nearFirst) === 0 && doubles[slot >> 1]! < this.barrierPs) {
        words[At.lists + bucket] = 0;
        // Without a branch: whether a word has become empty is past foretelling.
        const word = bucket >> 5;
        const left = words[At.bits + word]! & ~(At.firstBit >>> bucket);
        words[At.bits + word] = left;
        const isEmpty = Math.clz32(left) >>> 5;
        const group = bucket >> 10;
        const inGroup = words[At.summary + group]! & ~((isEmpty << 31) >>> word);
        words[At.summary + group] = inGroup;
        this.clockBucket = bucket;
        if (inGroup === 0) this.findNext(bucket);
        else {
          const nextWord = (group << 5) | Math.clz32(inGroup);
          const inWord = words[At.bits + nextWord]!;
          const next = (nextWord << 5) | Math.clz32(inWord);
          this.gap = (next - bucket) & Wheel.mask;
        }
      } else {
        slot = this.gap !== 0 && this.nearPs < this.barrierPs ? 0 : this.take();
        if (slot < 0) break;
        slot = (slot === 0 ? this.takeNear() : slot) & At.slotMask;
      }
      const timePs = doubles[slot >> 1]!;
      const kind = words[slot + At.kind]!;
      const a = words[slot + At.a]!;
      const b = words[slot + At.b]!;
      words[slot + At.next] = this.firstFree;
      this.firstFree = slot;
      this.clockPs = timePs;
      this.dispatched++;
      let h0 = this.lane0;
      let h1 = this.lane1;
      const low = timePs | 0;
      h0 = Math.imul(((h0 << 5) | (h0 >>> 27)) ^ low, Lane.multiplier0);
      h1 = Math.imul(((h1 << 13) | (h1 >>> 19)) ^ low, Lane.multiplier1);
      const rest = ((timePs * Lane.twoToMinus32) | 0) ^ Math.imul(kind, Lane.kindMultiplier);
      h0 = Math.imul(((h0 << 5) | (h0 >>> 27)) ^ rest, Lane.multiplier0);
      h1 = Math.imul(((h1 << 13) | (h1 >>> 19)) ^ rest, Lane.multiplier1);
      h0 = Math.imul(((h0 << 5) | (h0 >>> 27)) ^ a, Lane.multiplier0);
      h1 = Math.imul(((h1 << 13) | (h1 >>> 19)) ^ a, Lane.multiplier1);
      this.lane0 = Math.imul(((h0 << 5) | (h0 >>> 27)) ^ b, Lane.multiplier0);
      this.lane1 = Math.imul(((h1 << 13) | (h1 >>> 19)) ^ b, Lane.multiplier1);
      this.handlers[kind & At.handlerMask]!(a, b);
    }
  }

  /** Makes the current {@link dispatch} return after the handler that calls this. */
  protected halt(): void {
    this.untilPs = Number.NEGATIVE_INFINITY;
    this.fastUntilPs = Number.NEGATIVE_INFINITY;
    this.barrierPs = Number.NEGATIVE_INFINITY;
  }

  /**
   * Whether nothing else is pending at this instant: a handler that has nothing left to do may then do at once what it would
   * schedule without delay.
   */
  get isInstantOver(): boolean {
    const { doubles, words, clockPs } = this;
    if (this.far.firstPs <= clockPs || this.nearPs <= clockPs) return false;
    if (this.gap !== 0) return true;
    for (let slot = words[At.lists + this.clockBucket]!; slot !== 0; slot = words[slot + At.next]!) {
      if (doubles[slot >> 1]! <= clockPs) return false;
    }
    return true;
  }

  /** Moves the clock to `timePs`, before which nothing is pending. */
  protected advance(timePs: number): void {
    const bucket = (timePs * Wheel.bucketsPerPs) & Wheel.mask;
    if (this.gap < Wheel.buckets) this.gap = (this.clockBucket + this.gap - bucket) & Wheel.mask;
    this.clockBucket = bucket;
    this.clockPs = timePs;
  }

  /**
   * Decides where the earliest event is. Returns 0 if it is the first of `near`, -1 if it may not be dispatched; else removes it
   * from `far`, moves the clock there and returns its slot.
   */
  private take(): number {
    const { far, clockPs, untilPs } = this;
    const bucketPs = clockPs - (clockPs & (Wheel.bucketPs - 1)) + this.gap * Wheel.bucketPs;
    if (
      bucketPs <= this.nearPs &&
      bucketPs <= far.firstPs &&
      bucketPs <= untilPs &&
      this.gap < Wheel.buckets
    ) {
      const slot = this.leaveBucket();
      if (this.nearFirst === 0) this.order(slot);
      else this.moveToFar(slot);
      this.setBarrier();
    }
    const { nearPs } = this;
    const farPs = far.firstPs;
    if (!(nearPs <= untilPs || farPs <= untilPs)) return -1;
    if (--this.allowed === 0) this.untilPs = Number.NEGATIVE_INFINITY;
    if (nearPs < farPs || (nearPs === farPs && this.rank(this.nearFirst, this.nearNumber) < far.firstRank))
      return 0;
    const slot = far.pop();
    this.advance(farPs);
    this.setBarrier();
    return slot;
  }

  /** Removes the first event of `near` and returns its slot. */
  private takeNear(): number {
    const { words } = this;
    // Reads from a record of the next bucket while this event is handled.
    const ahead = this.ahead & At.slotMask;
    if (ahead !== 0) this.ahead = words[ahead + At.next]!;
    const slot = this.nearFirst & At.slotMask;
    this.setNear(words[slot + At.next]!);
    return slot;
  }

  /** Empties the first occupied bucket, the clock's from now on, and returns its list. */
  private leaveBucket(): number {
    const { words } = this;
    const bucket = (this.clockBucket + this.gap) & Wheel.mask;
    const slot = words[At.lists + bucket]!;
    words[At.lists + bucket] = 0;
    const word = bucket >> 5;
    const left = words[At.bits + word]! & ~(At.firstBit >>> bucket);
    words[At.bits + word] = left;
    if (left === 0) words[At.summary + (word >> 5)]! &= ~(At.firstBit >>> word);
    this.clockBucket = bucket;
    this.findNext(bucket);
    this.ahead = words[At.lists + ((bucket + this.gap) & Wheel.mask)]!;
    return slot;
  }

  /** Makes a list of one bucket, the latest first, the events of `near`, by time, priority and sequence. */
  private order(slot: number): void {
    const { doubles, words } = this;
    this.nearNumber = this.nextNumber();
    slot &= At.slotMask;
    const older = words[slot + At.next]! & At.slotMask;
    if (words[older + At.next] === 0) {
      // Two events, the common case where few are pending: a comparison costs less than the lists.
      const timePs = doubles[slot >> 1]!;
      const olderPs = doubles[older >> 1]!;
      if (olderPs < timePs || (olderPs === timePs && this.priority(older) <= this.priority(slot))) {
        words[older + At.next] = slot;
        words[slot + At.next] = 0;
        slot = older;
      }
      this.setNear(slot);
      return;
    }
    this.setNear(orderBucket(slot, doubles, words));
  }

  /** Moves a list of one bucket, the latest first, to `far`. */
  private moveToFar(slot: number): void {
    const { doubles, words, far } = this;
    let oldest = 0;
    while (slot !== 0) {
      const next = words[slot + At.next]!;
      words[slot + At.next] = oldest;
      oldest = slot;
      slot = next;
    }
    for (; oldest !== 0; oldest = words[oldest + At.next]!)
      far.push(oldest, doubles[oldest >> 1]!, this.rank(oldest, this.nextNumber()));
  }

  private setNear(slot: number): void {
    this.nearFirst = slot;
    this.nearPs = slot === 0 ? Number.POSITIVE_INFINITY : this.doubles[(slot & At.slotMask) >> 1]!;
  }

  /** Finds the first occupied bucket after this one, which holds none any more. */
  private findNext(bucket: number): void {
    const { words } = this;
    let group = bucket >> 10;
    for (let i = 0; i < Wheel.groups; i++) {
      const inGroup = words[At.summary + group]!;
      if (inGroup !== 0) {
        const word = (group << 5) | Math.clz32(inGroup);
        const inWord = words[At.bits + word]!;
        const next = (word << 5) | Math.clz32(inWord);
        this.gap = (next - this.clockBucket) & Wheel.mask;
        return;
      }
      group = (group + 1) & (Wheel.groups - 1);
    }
    this.gap = Wheel.buckets;
  }

  /** To be called when the first event of `far`, or a limit of the run, has changed. */
  private setBarrier(): void {
    const { firstPs } = this.far;
    this.barrierPs = firstPs <= this.fastUntilPs ? firstPs : this.fastUntilPs + 1;
  }

  private pushFar(slot: number): void {
    const timePs = this.duePs;
    this.far.push(slot, timePs, this.rank(slot, this.nextNumber()));
    if (timePs < this.barrierPs) this.barrierPs = timePs;
  }

  private nextNumber(): number {
    this.numbers += 1;
    return this.numbers;
  }

  private rank(slot: number, number: number): number {
    return this.priority(slot) * At.ranksOfPriority + number;
  }

  private priority(slot: number): number {
    return this.words[slot + At.kind]! >>> At.handlerBits;
  }

  /** Makes room for twice as many events. */
  private grow(): void {
    const end = this.words.length;
    this.doubles = grownDoubles(this.doubles, (2 * end - At.records) >> 1);
    this.words = new Int32Array(this.doubles.buffer);
    this.free(end);
  }

  /** Makes the slots from `first` to the end free. */
  private free(first: number): void {
    for (let slot = this.words.length - At.recordWords; slot >= first; slot -= At.recordWords) {
      this.words[slot + At.next] = this.firstFree;
      this.firstFree = slot;
    }
  }
}
