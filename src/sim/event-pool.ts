/**
 * Storage of pending events: an event is a slot number, and scheduling one writes numbers into a few typed arrays.
 * Nothing is allocated per event; the arrays double when more are pending than ever before. Few and not one for
 * each field, because reaching an array costs more than reading from it.
 */

/** `kind` = priority · KIND_HANDLERS + handler id. */
export const KIND_HANDLERS = 1 << 20;

/**
 * `order` = priority · ORDER_PRIORITY + sequence number: one double (2^49 a priority) that compares like the pair, exact since
 * 16 priorities times 2^49 events stay within 2^53.
 */
export const ORDER_PRIORITY = 562949953421312;

/** Doubles of a slot in {@link EventPool.keys}: when the event is due [ps], and its rank among events of that time. */
export const KEY = { size: 2, timePs: 0, order: 1 } as const;

/** Words of a slot in {@link EventPool.words}: kind and both payloads; a fourth keeps slots apart by a shift. */
export const WORD = { size: 4, kind: 0, a: 1, b: 2 } as const;

const INITIAL_SLOTS = 1024;

export class EventPool {
  /** {@link KEY}.size a slot. */
  keys = new Float64Array(INITIAL_SLOTS * KEY.size);
  /** {@link WORD}.size a slot. */
  words = new Int32Array(INITIAL_SLOTS * WORD.size);
  /**
   * Link for whoever holds the slot: the free list here, a bucket's list in the timing wheel. Alone, since lists are
   * walked through it, and it stays in a near cache when the rest does not.
   */
  next = new Int32Array(INITIAL_SLOTS);
  private firstFree = -1;
  private used = 0;

  /** Takes a slot for an event; `next` is whatever it was. */
  allocate(timePs: number, order: number, kind: number, a: number, b: number): number {
    let slot = this.firstFree;
    if (slot < 0) slot = this.unused();
    else this.firstFree = this.next[slot]!;
    const { keys, words } = this;
    const word = slot << 2;
    keys[slot << 1] = timePs;
    keys[(slot << 1) + KEY.order] = order;
    words[word] = kind;
    words[word + WORD.a] = a;
    words[word + WORD.b] = b;
    return slot;
  }

  /** Gives a slot back; the most recently freed is reused first, while it is still in the cache. */
  free(slot: number): void {
    this.next[slot] = this.firstFree;
    this.firstFree = slot;
  }

  /** A slot that no event has had yet. */
  private unused(): number {
    if (this.used === this.next.length) {
      this.keys = grownDoubles(this.keys, this.keys.length * 2);
      this.words = grownWords(this.words, this.words.length * 2);
      this.next = grownWords(this.next, this.next.length * 2);
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
