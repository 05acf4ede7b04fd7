/**
 * Where each result stands: an open-addressed hash table in typed arrays. It takes 40 bytes a result, a Map of strings
 * four times that, which a sweep of a million results would feel.
 *
 * Two keys of equal 64-bit hash are taken for one; whoever reads finds the key in the file and compares.
 */

/** A stretch of a file. */
export interface Place {
  /** Number of the file. */
  file: number;
  /** [B] */
  offset: number;
  length: number;
}

const FIRST_SLOTS = 1024;
/** Slots in use at most, of all. */
const LOAD = 0.6;

/** See the head of this file. */
export class RunIndex {
  #low = new Uint32Array(FIRST_SLOTS);
  #high = new Uint32Array(FIRST_SLOTS);
  #offset = new Float64Array(FIRST_SLOTS);
  /** 0 in a slot that is free. */
  #length = new Uint32Array(FIRST_SLOTS);
  #file = new Uint32Array(FIRST_SLOTS);
  #size = 0;

  /** Results. */
  get size(): number {
    return this.#size;
  }

  has(key: string): boolean {
    return this.#length[this.#slotOf(hashLow(key), hashHigh(key))]! > 0;
  }

  get(key: string): Place | undefined {
    const slot = this.#slotOf(hashLow(key), hashHigh(key));
    const length = this.#length[slot]!;
    return length === 0 ? undefined : { file: this.#file[slot]!, offset: this.#offset[slot]!, length };
  }

  /** Keeps where a result stands; of two with one key the last counts. */
  set(key: string, { file, offset, length }: Place): void {
    if (this.#size >= this.#length.length * LOAD) this.#grow();
    this.#put(hashLow(key), hashHigh(key), file, offset, length);
  }

  #put(low: number, high: number, file: number, offset: number, length: number): void {
    const slot = this.#slotOf(low, high);
    if (this.#length[slot] === 0) this.#size++;
    this.#low[slot] = low;
    this.#high[slot] = high;
    this.#offset[slot] = offset;
    this.#length[slot] = length;
    this.#file[slot] = file;
  }

  /** The slot of a key, or the free one where it belongs. */
  #slotOf(low: number, high: number): number {
    const mask = this.#length.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      if (this.#length[slot] === 0 || (this.#low[slot] === low && this.#high[slot] === high)) return slot;
    }
  }

  #grow(): void {
    const [low, high, offset, length, file] = [this.#low, this.#high, this.#offset, this.#length, this.#file];
    const slots = length.length * 2;
    this.#low = new Uint32Array(slots);
    this.#high = new Uint32Array(slots);
    this.#offset = new Float64Array(slots);
    this.#length = new Uint32Array(slots);
    this.#file = new Uint32Array(slots);
    this.#size = 0;
    for (let i = 0; i < length.length; i++) {
      if (length[i] !== 0) this.#put(low[i]!, high[i]!, file[i]!, offset[i]!, length[i]!);
    }
  }
}

/** FNV-1a. */
function hashLow(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** The same walk with another multiplier, finished by a shift, so that the two do not move together. */
function hashHigh(text: string): number {
  let hash = 0x9747b28c;
  for (let i = text.length - 1; i >= 0; i--) hash = Math.imul(hash ^ text.charCodeAt(i), 0x5bd1e995);
  return (hash ^ (hash >>> 15)) >>> 0;
}
