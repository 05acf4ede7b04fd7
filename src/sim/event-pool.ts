/**
 * Storage of pending events: an event is a slot number, and its record of 32 bytes, half a cache line, is all that
 * scheduling one writes. Nothing is allocated per event; the records double when more are pending than ever before.
 */

/** How many handlers an event can name: a kind = priority · MAX_HANDLERS + handler id is one word. */
export const MAX_HANDLERS = 1 << 20;

/**
 * Places in a record. A const enum, here and in the timing wheel, since the compiler then writes the numbers into the
 * code: the optimiser folds those, and small code is what it inlines into the models' handlers.
 */
// biome-ignore lint/suspicious/noConstEnum: see above
const enum At {
  /** A record is 2^2 doubles. The first: when the event is due [ps]; then its rank among events of that time. */
  doublesShift = 2,
  rank = 1,
  /** It is 2^3 words. In the second half: kind, both payloads, and a link for whoever holds the slot. */
  wordsShift = 3,
  kind = 4,
  a = 5,
  b = 6,
  next = 7,
  /**
   * Rank = priority · 2^49 + sequence number: one double that compares like the pair, exact since 16 priorities
   * times 2^49 events stay within 2^53.
   */
  ranksOfPriority = 562949953421312,
  /** Kind = priority · 2^20 + handler id. */
  handlerBits = 20,
  handlerMask = 0xf_ffff,
}

const INITIAL_SLOTS = 256;

export class EventPool {
  /** The records as doubles and, the same bytes, as words. */
  doubles = new Float64Array(INITIAL_SLOTS << At.doublesShift);
  words = new Int32Array(this.doubles.buffer);
  private firstFree = 0;
  /** Slot 0 is never given out: as a link it means none, so a list that nobody touched yet is empty. */
  private used = 1;
  private sequence = 0;

  /** Takes a slot for an event, which ranks behind all earlier ones of its priority; its link is whatever it was. */
  allocate(timePs: number, priority: number, handler: number, a: number, b: number): number {
    let slot = this.firstFree;
    if (slot === 0) slot = this.unused();
    else this.firstFree = this.words[(slot << At.wordsShift) | At.next]!;
    const { doubles, words } = this;
    const at = slot << At.doublesShift;
    doubles[at] = timePs;
    doubles[at | At.rank] = priority * At.ranksOfPriority + this.sequence++;
    const word = slot << At.wordsShift;
    words[word | At.kind] = (priority << At.handlerBits) | handler;
    words[word | At.a] = a;
    words[word | At.b] = b;
    return slot;
  }

  /** Gives a slot back; the most recently freed is reused first, while it is still in the cache. */
  free(slot: number): void {
    this.words[(slot << At.wordsShift) | At.next] = this.firstFree;
    this.firstFree = slot;
  }

  /** When it is due [ps]. */
  timePs(slot: number): number {
    return this.doubles[slot << At.doublesShift]!;
  }

  /** Its rank among events of one time: by priority, then by sequence of scheduling. */
  rank(slot: number): number {
    return this.doubles[(slot << At.doublesShift) | At.rank]!;
  }

  /** Its priority and handler in one word. */
  kind(slot: number): number {
    return this.words[(slot << At.wordsShift) | At.kind]!;
  }

  handler(slot: number): number {
    return this.words[(slot << At.wordsShift) | At.kind]! & At.handlerMask;
  }

  /** Its first payload. */
  a(slot: number): number {
    return this.words[(slot << At.wordsShift) | At.a]!;
  }

  /** Its second payload. */
  b(slot: number): number {
    return this.words[(slot << At.wordsShift) | At.b]!;
  }

  /** The slot that this one links to. */
  next(slot: number): number {
    return this.words[(slot << At.wordsShift) | At.next]!;
  }

  /** Makes a slot link to another. */
  link(slot: number, next: number): void {
    this.words[(slot << At.wordsShift) | At.next] = next;
  }

  /** A slot that no event has had yet. */
  private unused(): number {
    if (this.used << At.doublesShift === this.doubles.length) {
      this.doubles = grownDoubles(this.doubles, this.doubles.length * 2);
      this.words = new Int32Array(this.doubles.buffer);
    }
    return this.used++;
  }
}

/** A copy of `old` with room for `length` elements. */
export function grownDoubles(old: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(length);
  grown.set(old);
  return grown;
}

/** A copy of `old` with room for `length` elements. */
export function grownWords(old: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(length);
  grown.set(old);
  return grown;
}
