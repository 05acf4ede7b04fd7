import { At, Wheel } from './event-layout.js';

/**
 * Puts the events of one bucket in order, by time, priority and sequence, at a cost that grows with their number alone: each
 * goes to a list of its instant and priority, and the lists that hold some, which bits tell, are joined.
 * @param slot the first of the bucket's list, in which the latest event comes first
 * @param doubles the memory of the loop, and `words` the same bytes
 * @returns the first slot of the list in order
 */
export function orderBucket(slot: number, doubles: Float64Array, words: Int32Array): number {
  while (slot !== 0) {
    slot &= At.slotMask;
    const instant = doubles[slot >> 1]! & (Wheel.bucketPs - 1);
    const list = (instant << 4) | (words[slot + At.kind]! >>> At.handlerBits);
    const first = At.instants + 2 * list;
    const before = words[first]!;
    words[first] = slot;
    // Without a branch: what comes to an empty list is its last one.
    const isEmpty = Math.clz32(before) >>> 5;
    words[first | 1] = (words[first | 1]! & (isEmpty - 1)) | (slot & -isEmpty);
    words[At.instantBits + (list >> 5)]! |= At.firstBit >>> list;
    words[At.instantSummary + (list >> 10)]! |= At.firstBit >>> (list >> 5);
    const next = words[slot + At.next]!;
    words[slot + At.next] = before;
    slot = next;
  }
  let last: number = At.ordered;
  for (let half = 0; half < 2; half++) {
    let inHalf = words[At.instantSummary + half]!;
    words[At.instantSummary + half] = 0;
    while (inHalf !== 0) {
      const first = Math.clz32(inHalf);
      inHalf ^= At.firstBit >>> first;
      const word = (half << 5) | first;
      let inWord = words[At.instantBits + word]!;
      words[At.instantBits + word] = 0;
      while (inWord !== 0) {
        const firstInWord = Math.clz32(inWord);
        inWord ^= At.firstBit >>> firstInWord;
        const list = (word << 5) | firstInWord;
        const first = At.instants + 2 * list;
        words[last + At.next] = words[first]!;
        words[first] = 0;
        last = words[first | 1]! & At.slotMask;
      }
    }
  }
  return words[At.ordered + At.next]!;
}
