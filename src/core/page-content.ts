/** What an untouched page holds, and the hash by which pages are compared over a whole address space. */
import { DOUBLE_ZERO } from '../sim/double-zero.js';
import { PAGE_BYTES } from './bytes.js';

const PAGE_WORDS = PAGE_BYTES / 4;
const TWO_32 = 4294967296;

/** Finaliser of MurmurHash3 (public domain): every input bit reaches every output bit. */
function mix(value: number): number {
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}

function pageKey(seed: number, pageNumber: number): number {
  const low = (pageNumber % TWO_32) | 0;
  const high = Math.floor(pageNumber / TWO_32) | 0;
  return mix(mix(seed ^ low) + Math.imul(high, 0x9e3779b1));
}

/**
 * Writes the initial content of a page: a function of seed and page number only, so that it does not matter
 * when, or whether, a page is materialised.
 * @param words arena to write into
 * @param first index of the page's first word
 * @param seed content seed, or null for zeros
 */
export function fillInitialPage(
  words: Int32Array,
  first: number,
  seed: number | null,
  pageNumber: number,
): void {
  if (seed === null) {
    words.fill(0, first, first + PAGE_WORDS);
    return;
  }
  let counter = pageKey(seed, pageNumber);
  for (let i = 0; i < PAGE_WORDS; i++) {
    counter = (counter + 0x9e3779b9) | 0;
    words[first + i] = mix(counter);
  }
}

/** Whether a page still holds, or holds again, its initial content. */
export function isInitialPage(
  words: Int32Array,
  first: number,
  seed: number | null,
  pageNumber: number,
): boolean {
  let counter = seed === null ? 0 : pageKey(seed, pageNumber);
  for (let i = 0; i < PAGE_WORDS; i++) {
    counter = (counter + 0x9e3779b9) | 0;
    if (words[first + i] !== (seed === null ? 0 : mix(counter))) return false;
  }
  return true;
}

/**
 * Sum of page hashes. Addition makes it independent of the order in which pages are added; the page number is
 * hashed with the content, so that swapped pages differ.
 */
export class PageDigest {
  private low = DOUBLE_ZERO;
  private high = DOUBLE_ZERO;

  add(words: Int32Array, first: number, pageNumber: number): void {
    let a = pageKey(0x243f6a88, pageNumber);
    let b = pageKey(0x13198a2e, pageNumber);
    for (let i = 0; i < PAGE_WORDS; i++) {
      const word = words[first + i]!;
      a = (Math.imul(a ^ word, 0x01000193) + 0x7f4a7c15) | 0;
      b = Math.imul((b << 5) ^ (b >>> 27) ^ word, 0x5bd1e995);
    }
    this.low = (this.low + mix(a)) >>> 0;
    this.high = (this.high + mix(b ^ a)) >>> 0;
  }

  /** Sixteen hexadecimal digits. */
  toString(): string {
    return this.high.toString(16).padStart(8, '0') + this.low.toString(16).padStart(8, '0');
  }
}
