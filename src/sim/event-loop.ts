import { EventHeap } from './event-heap.js';
import { grownDoubles } from './grown.js';

/** What an event does: called with its two payload words at its time. */
export type EventHandler = (a: number, b: number) => void;

/** How many handlers an event can name: a kind = priority · MAX_HANDLERS + handler id is one word. */
export const MAX_HANDLERS = 1 << 20;

/**
 * Where things lie in the memory of the loop, in 32-bit words, and how they are packed. A const enum, since the
 * build then writes the numbers into the code, where the optimiser folds them; only the type check is with isolatedModules,
 * under which the compiler would not.
 */
// biome-ignore lint/suspicious/noConstEnum: see above
const enum At {
  /** Word 0 as a slot means none; its double, the time of no event, is Infinity. One bit for each word of `bits` that is not 0. */
  summary = 32,
  /** One bit for each bucket that holds events. */
  bits = 64,
  /** The same two for the lists of `near`, one for each instant of a bucket and each priority, whose first slots follow. */
  nearSummary = bits + 1024,
  nearBits = nearSummary + 2,
  near = 2048,
  /** For each bucket the slot of the event that was put there last, 0 for none. */
  lists = 4096,
  /**
   * The records of events, half a cache line each. A slot is the place of a record. It begins with two doubles, its time [ps]
   * and its sequence number; then come these words: priority and handler, both payloads, the next slot of a list.
   */
  records = lists + 32_768,
  recordWords = 8,
  kind = 4,
  a = 5,
  b = 6,
  next = 7,
  /** A slot is loaded through this mask, which changes nothing, but shows the optimiser that no place is negative. */
  slotMask = 0x7fff_fff8,
  /** Kind = priority · 2^20 + handler id. */
  handlerBits = 20,
  handlerMask = 0xf_ffff,
  /** Rank = priority · 2^49 + sequence number: one double that compares like the pair, exact up to 2^49 events. */
  ranksOfPriority = 562949953421312,
  /** As priorities.ts and simulator.ts have them. */
  priorityMax = 15,
  timeMaxPs = 9007199254740991,
}

/** Measures of the wheel. */
// biome-ignore lint/suspicious/noConstEnum: see above
const enum Wheel {
  /** A bucket is 2^7 ps wide; powers of two, so that the bucket of a time is a product, exact, and a mask. */
  bucketPs = 128,
  bucketsPerPs = 1 / 128,
  buckets = 32_768,
  mask = buckets - 1,
  /**
   * What the wheel sees ahead of the clock [ps], 4.1 us: past most delays inside a device. 1,024 buckets less than there are,
   * so that the word of the summary that covers the clock's bucket never covers one that has wrapped round.
   */
  horizonPs = (buckets - 1024) * bucketPs,
  /** The summary has so many words, one for each group of 1,024 buckets. */
  groups = buckets / 1024,
}

/** The arithmetic of fingerprint.ts, which says what it is for; here for the reason given above. */
// biome-ignore lint/suspicious/noConstEnum: see above
const enum Lane {
  start0 = 0x243f6a88,
  start1 = 0x85a308d3 | 0,
  multiplier0 = 0x9e3779b1 | 0,
  multiplier1 = 0x85ebca77 | 0,
  kindMultiplier = 0x2c1b3c6d,
  twoToMinus32 = 1 / 4294967296,
}

const INITIAL_EVENTS = 256;

/**
 * Pending events and their dispatch in the order (time, priority, sequence), at a cost that hardly depends on how many
 * are pending.
 *
 * A timing wheel cuts time into buckets. An event within the horizon is put before the others of its bucket, without looking at
 * them, and a bit says that the bucket holds some; an event beyond goes to the heap `far`. An event that is alone in the first
 * occupied bucket, and earlier than all that is not in the wheel, goes out at once. The bucket after it is looked up before it is
 * handled: a processor does both side by side. For everything else there is {@link take}. It spreads the bucket whose turn has
 * come over the lists of `near`, one for each instant and priority, and decides between `near` and `far`. Should
 * events come to a bucket earlier than, or the same as, the one that `near` still holds, they go to `far`.
 *
 * {@link insert} and {@link dispatch} run once an event and take most of the kernel's time, so they are written for V8's
 * optimiser. Everything common stands in them without a call, everything rare is a call. `insert` stays below 460 bytecodes,
 * so that it is inlined into handlers, and a handler that is alone into `dispatch`; `take` stays above, since it would take that
 * room. All memory is one buffer, because each further array costs three loads wherever it is touched. Doubles are handed on
 * in fields, because an argument of a function that is not inlined is an object on the heap.
 */
export abstract class EventLoop {
  protected readonly handlers: EventHandler[] = [];
  /** Numbers of events scheduled and dispatched so far. */
  protected scheduled = 0;
  protected dispatched = 0;
  /** The current time, and when the event that is being scheduled is due [ps]. NaN makes them doubles for V8 from the start. */
  protected clockPs = Number.NaN;
  protected duePs = Number.NaN;
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

  /** Where the first list of `near` is, and the time of its events [ps]; Infinity if `near` is empty. */
  private nearList = 0;
  private nearPs = Number.POSITIVE_INFINITY;
  private readonly far = new EventHeap();
  /** The first event of the wheel may go out without {@link take} if it is earlier than this and alone [ps]. */
  private barrierPs = Number.NEGATIVE_INFINITY;
  /** Up to when [ps], and how many events, the current run may dispatch; and up to when it may without {@link take}. */
  private untilPs = Number.NEGATIVE_INFINITY;
  private allowed = Number.POSITIVE_INFINITY;
  private fastUntilPs = Number.NEGATIVE_INFINITY;

  constructor() {
    this.clockPs = 0;
    this.doubles[0] = Number.POSITIVE_INFINITY;
    this.freeFrom(At.records);
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
    const link = slot | At.next;
    const free = words[link]!;
    this.firstFree = free;
    const at = slot >> 1;
    doubles[at] = duePs;
    doubles[at | 1] = this.scheduled++;
    words[slot | At.kind] = (priority << At.handlerBits) | handler;
    words[slot | At.a] = a;
    words[slot | At.b] = b;
    if (duePs - clockPs < Wheel.horizonPs) {
      const bucket = (duePs * Wheel.bucketsPerPs) & Wheel.mask;
      const list = bucket + At.lists;
      words[link] = words[list]!;
      words[list] = slot;
      const word = bucket >> 5;
      words[word + At.bits]! |= 1 << bucket;
      words[(word >> 5) + At.summary]! |= 1 << word;
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
      if (doubles[slot >> 1]! < this.barrierPs && words[slot | At.next] === 0) {
        words[At.lists + bucket] = 0;
        // Without a branch: whether a word has become empty is past foretelling.
        const word = bucket >> 5;
        const left = words[At.bits + word]! & ~(1 << bucket);
        words[At.bits + word] = left;
        const isEmpty = ((left | -left) >>> 31) ^ 1;
        const group = bucket >> 10;
        const inGroup = words[At.summary + group]! & ~(isEmpty << word);
        words[At.summary + group] = inGroup;
        this.clockBucket = bucket;
        if (inGroup === 0) this.findNext(bucket);
        else {
          const nextWord = (group << 5) | (31 - Math.clz32(inGroup & -inGroup));
          const inWord = words[At.bits + nextWord]!;
          const next = (nextWord << 5) | (31 - Math.clz32(inWord & -inWord));
          this.gap = (next - bucket) & Wheel.mask;
        }
      } else {
        slot = this.take();
        if (slot < 0) break;
        slot &= At.slotMask;
      }
      const timePs = doubles[slot >> 1]!;
      const kind = words[slot | At.kind]!;
      const a = words[slot | At.a]!;
      const b = words[slot | At.b]!;
      words[slot | At.next] = this.firstFree;
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
    for (let slot = words[At.lists + this.clockBucket]!; slot !== 0; slot = words[slot | At.next]!) {
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

  /** Removes the earliest event, wherever it is, if it may be dispatched, moves the clock there and returns its slot; else -1. */
  private take(): number {
    const { doubles, words, far, clockPs } = this;
    const bucketPs = clockPs - (clockPs & (Wheel.bucketPs - 1)) + this.gap * Wheel.bucketPs;
    if (
      bucketPs <= this.nearPs &&
      bucketPs <= far.firstPs &&
      bucketPs <= this.untilPs &&
      this.gap < Wheel.buckets
    ) {
      // The bucket's turn has come. Its list is the latest first, so putting each event before the others restores the sequence.
      const isFree = this.nearPs === Number.POSITIVE_INFINITY;
      const bucket = (this.clockBucket + this.gap) & Wheel.mask;
      let slot = words[At.lists + bucket]! & At.slotMask;
      let next = words[slot | At.next]! & At.slotMask;
      while (slot !== 0) {
        // Reads from the next record while this one is dealt with, since records lie far apart.
        const after = words[next | At.next]! & At.slotMask;
        const timePs = doubles[slot >> 1]!;
        if (isFree) {
          const list = ((timePs & (Wheel.bucketPs - 1)) << 4) | (words[slot | At.kind]! >>> At.handlerBits);
          words[slot | At.next] = words[At.near + list]!;
          words[At.near + list] = slot;
          words[At.nearBits + (list >> 5)]! |= 1 << list;
          words[At.nearSummary + (list >> 10)]! |= 1 << (list >> 5);
        } else far.push(slot, timePs, this.rank(slot));
        slot = next;
        next = after;
      }
      words[At.lists + bucket] = 0;
      const word = bucket >> 5;
      const left = words[At.bits + word]! & ~(1 << bucket);
      words[At.bits + word] = left;
      if (left === 0) words[At.summary + (word >> 5)]! &= ~(1 << word);
      this.findNext(bucket);
      if (isFree) this.findNear(bucketPs);
    }
    const { nearPs, nearList } = this;
    const farPs = far.firstPs;
    let timePs = nearPs;
    let slot = words[At.near + nearList]! & At.slotMask;
    if (nearPs > farPs || (nearPs === farPs && this.rank(slot) > far.firstRank)) {
      if (farPs > this.untilPs) return -1;
      timePs = farPs;
      slot = far.pop();
    } else {
      if (!(nearPs <= this.untilPs)) return -1;
      const next = words[slot | At.next]!;
      words[At.near + nearList] = next;
      if (next === 0) {
        const word = nearList >> 5;
        const left = words[At.nearBits + word]! & ~(1 << nearList);
        words[At.nearBits + word] = left;
        if (left === 0) words[At.nearSummary + (word >> 5)]! &= ~(1 << word);
        this.findNear(nearPs - (nearList >> 4));
      }
    }
    this.advance(timePs);
    if (--this.allowed === 0) this.untilPs = Number.NEGATIVE_INFINITY;
    this.setBarrier();
    return slot;
  }

  /** Finds the first list of `near`, which holds events of the bucket that begins at `bucketPs`. */
  private findNear(bucketPs: number): void {
    const { words } = this;
    const half = words[At.nearSummary] === 0 ? 1 : 0;
    const inHalf = words[At.nearSummary + half]!;
    if (inHalf === 0) {
      this.nearPs = Number.POSITIVE_INFINITY;
      return;
    }
    const word = (half << 5) | (31 - Math.clz32(inHalf & -inHalf));
    const inWord = words[At.nearBits + word]!;
    this.nearList = (word << 5) | (31 - Math.clz32(inWord & -inWord));
    this.nearPs = bucketPs + (this.nearList >> 4);
  }

  /** Finds the first occupied bucket after this one, which holds none any more. */
  private findNext(bucket: number): void {
    const { words } = this;
    let group = bucket >> 10;
    for (let i = 0; i < Wheel.groups; i++) {
      const inGroup = words[At.summary + group]!;
      if (inGroup !== 0) {
        const word = (group << 5) | (31 - Math.clz32(inGroup & -inGroup));
        const inWord = words[At.bits + word]!;
        const next = (word << 5) | (31 - Math.clz32(inWord & -inWord));
        this.gap = (next - this.clockBucket) & Wheel.mask;
        return;
      }
      group = (group + 1) & (Wheel.groups - 1);
    }
    this.gap = Wheel.buckets;
  }

  /** To be called when a first event outside the wheel, or a limit of the run, has changed. */
  private setBarrier(): void {
    const { nearPs } = this;
    const { firstPs } = this.far;
    const timePs = nearPs < firstPs ? nearPs : firstPs;
    this.barrierPs = timePs <= this.fastUntilPs ? timePs : this.fastUntilPs + 1;
  }

  private pushFar(slot: number): void {
    const timePs = this.duePs;
    this.far.push(slot, timePs, this.rank(slot));
    if (timePs < this.barrierPs) this.barrierPs = timePs;
  }

  private rank(slot: number): number {
    const priority = this.words[slot | At.kind]! >>> At.handlerBits;
    return priority * At.ranksOfPriority + this.doubles[(slot >> 1) | 1]!;
  }

  /** Makes room for twice as many events. */
  private grow(): void {
    const used = this.words.length;
    this.doubles = grownDoubles(this.doubles, used - (At.records >> 1));
    this.words = new Int32Array(this.doubles.buffer);
    this.freeFrom(used);
  }

  /** Makes all records from this one on free. */
  private freeFrom(first: number): void {
    const { words } = this;
    for (let slot = words.length - At.recordWords; slot >= first; slot -= At.recordWords) {
      words[slot | At.next] = this.firstFree;
      this.firstFree = slot;
    }
  }
}
