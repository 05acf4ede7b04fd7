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

  private doubles = new Float64Array((At.links + INITIAL_EVENTS * (1 + At.recordWords)) >> 1);
  /** The same bytes. */
  private words = new Int32Array(this.doubles.buffer);
  /** How many slots there are; the record of a slot is at 8 · slot + recordsAt. */
  private capacity = INITIAL_EVENTS;
  private recordsAt = At.links + INITIAL_EVENTS - At.links * At.recordWords;
  /** The first of the free slots, which are linked; there is always one. */
  private firstFree = 0;
  /** The bucket of the clock, and how many buckets after it the first occupied one is; Wheel.buckets if there is none. */
  private clockBucket = 0;
  private gap: number = Wheel.buckets;

  /** The first event of `near`, in order, and its time [ps]: 0 and Infinity if there is none. */
  private nearFirst = 0;
  private nearPs = Number.POSITIVE_INFINITY;
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
    this.words[0] = -1;
    this.free(At.links, At.links + INITIAL_EVENTS);
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
    const free = words[slot]!;
    this.firstFree = free;
    const record = ((slot << 3) + this.recordsAt) & At.recordMask;
    const at = record >> 1;
    doubles[at] = duePs;
    doubles[at | 1] = this.scheduled++;
    words[record | At.kind] = (priority << At.handlerBits) | handler;
    words[record | At.a] = a;
    words[record | At.b] = b;
    if (duePs - clockPs < Wheel.horizonPs) {
      const bucket = (duePs * Wheel.bucketsPerPs) & Wheel.mask;
      const list = bucket + At.lists;
      words[slot] = words[list]!;
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
      let record = ((slot << 3) + this.recordsAt) & At.recordMask;
      if ((words[slot]! | this.nearFirst) === 0 && doubles[record >> 1]! < this.barrierPs) {
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
        record = ((slot << 3) + this.recordsAt) & At.recordMask;
      }
      const timePs = doubles[record >> 1]!;
      const kind = words[record | At.kind]!;
      const a = words[record | At.a]!;
      const b = words[record | At.b]!;
      words[slot] = this.firstFree;
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
    for (let slot = words[At.lists + this.clockBucket]!; slot !== 0; slot = words[slot]!) {
      if (doubles[((slot << 3) + this.recordsAt) >> 1]! <= clockPs) return false;
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
    if (nearPs < farPs || (nearPs === farPs && this.rank(this.nearFirst) < far.firstRank)) return 0;
    const slot = far.pop();
    this.advance(farPs);
    this.setBarrier();
    return slot;
  }

  /** Removes the first event of `near` and returns its slot. */
  private takeNear(): number {
    const { words, recordsAt } = this;
    // Reads from a record of the next bucket while this event is handled; the 0 makes sure that V8 does not leave it out.
    const ahead = this.ahead & At.slotMask;
    if (ahead !== 0) {
      const record = ((ahead << 3) + recordsAt) & At.recordMask;
      this.ahead = words[ahead]! | words[record | At.zero]!;
    }
    const slot = this.nearFirst & At.slotMask;
    this.setNear(words[slot]!);
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
    const { doubles, words, recordsAt } = this;
    const older = words[slot & At.slotMask]! & At.slotMask;
    if (words[older] === 0) {
      // Two events, the common case where few are pending: a comparison costs less than the lists.
      const timePs = doubles[(((slot << 3) + recordsAt) & At.recordMask) >> 1]!;
      const olderPs = doubles[(((older << 3) + recordsAt) & At.recordMask) >> 1]!;
      if (olderPs < timePs || (olderPs === timePs && this.rank(older) < this.rank(slot))) {
        words[older] = slot;
        words[slot & At.slotMask] = 0;
        slot = older;
      }
      this.setNear(slot);
      return;
    }
    this.setNear(orderBucket(slot, doubles, words, recordsAt));
  }

  private moveToFar(slot: number): void {
    while (slot !== 0) {
      const next = this.words[slot]!;
      this.far.push(slot, this.doubles[((slot << 3) + this.recordsAt) >> 1]!, this.rank(slot));
      slot = next;
    }
  }

  private setNear(slot: number): void {
    this.nearFirst = slot;
    const record = ((slot << 3) + this.recordsAt) & At.recordMask;
    this.nearPs = slot === 0 ? Number.POSITIVE_INFINITY : this.doubles[record >> 1]!;
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
    this.far.push(slot, timePs, this.rank(slot));
    if (timePs < this.barrierPs) this.barrierPs = timePs;
  }

  private rank(slot: number): number {
    const record = (slot << 3) + this.recordsAt;
    const priority = this.words[record | At.kind]! >>> At.handlerBits;
    return priority * At.ranksOfPriority + this.doubles[(record >> 1) | 1]!;
  }

  /** Makes room for twice as many events: the links stay where they are, the records move up. */
  private grow(): void {
    const { capacity } = this;
    const recordsEnd = this.words.length;
    this.doubles = grownDoubles(this.doubles, (At.links >> 1) + capacity * (1 + At.recordWords));
    this.words = new Int32Array(this.doubles.buffer);
    this.words.copyWithin(At.links + 2 * capacity, At.links + capacity, recordsEnd);
    this.recordsAt += capacity;
    this.capacity = 2 * capacity;
    this.free(At.links + capacity, At.links + this.capacity);
  }

  /** Makes the slots in [first, end) free. */
  private free(first: number, end: number): void {
    for (let slot = end - 1; slot >= first; slot--) {
      this.words[slot] = this.firstFree;
      this.firstFree = slot;
    }
  }
}
