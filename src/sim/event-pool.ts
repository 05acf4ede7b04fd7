/**
 * Storage of pending events, a struct of arrays: an event is a slot number, and scheduling one writes numbers
 * into typed arrays. Nothing is allocated per event; the arrays double when more are pending than ever before.
 */

/** `kind` = priority · KIND_HANDLERS + handler id. */
export const KIND_HANDLERS = 1 << 20;

/**
 * `order` = priority · ORDER_PRIORITY + sequence number: one double (2^49 a priority) that compares like the pair, exact since
 * 16 priorities times 2^49 events stay within 2^53.
 */
export const ORDER_PRIORITY = 562949953421312;

const INITIAL_SLOTS = 1024;

export class EventPool {
  /** When the event is due [ps]. */
  timePs = new Float64Array(INITIAL_SLOTS);
  /** Rank among events of the same time. */
  order = new Float64Array(INITIAL_SLOTS);
  /** Priority and handler in one word. */
  kind = new Int32Array(INITIAL_SLOTS);
  /** First payload word. */
  a = new Int32Array(INITIAL_SLOTS);
  /** Second payload word. */
  b = new Int32Array(INITIAL_SLOTS);
  /** Link for whoever holds the slot: the free list here, a bucket's list in the timing wheel; -1 ends it. */
  next = new Int32Array(INITIAL_SLOTS);
  private firstFree = -1;
  private used = 0;

  /** Takes a slot; its contents are whatever the last event left there. */
  allocate(): number {
    const slot = this.firstFree;
    if (slot >= 0) {
      this.firstFree = this.next[slot]!;
      return slot;
    }
    if (this.used === this.next.length) this.grow();
    return this.used++;
  }

  /** Gives a slot back; the most recently freed is reused first, while it is still in the cache. */
  free(slot: number): void {
    this.next[slot] = this.firstFree;
    this.firstFree = slot;
  }

  private grow(): void {
    const slots = this.next.length * 2;
    this.timePs = grownDoubles(this.timePs, slots);
    this.order = grownDoubles(this.order, slots);
    this.kind = grownWords(this.kind, slots);
    this.a = grownWords(this.a, slots);
    this.b = grownWords(this.b, slots);
    this.next = grownWords(this.next, slots);
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
