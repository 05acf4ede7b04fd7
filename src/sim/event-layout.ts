/**
 * The numbers of the event loop. Const enums, since the build then writes the numbers into the code; only the type check is
 * with isolatedModules, under which the compiler would not.
 */

/** Where things lie in the memory of the loop, in 32-bit words, and how they are packed. */
// biome-ignore lint/suspicious/noConstEnum: its numbers are to stand in the code, where the optimiser folds them
export const enum At {
  /** Where a record would begin whose `next` is the first slot of the bucket that has been put in order. */
  ordered = 16,
  /** One bit for each word of `bits` that is not 0, the highest for the first: an instruction counts the zeros before it. */
  summary = 32,
  /** One bit for each bucket that holds events. */
  bits = 64,
  /** The same two for the lists that put a bucket in order, one for each instant and priority, whose first and last slots follow. */
  instantSummary = bits + 1024,
  instantBits = instantSummary + 2,
  instants = 2048,
  /** For each bucket the slot of the event that was put there last, 0 for none. */
  lists = 6144,
  /**
   * The records of the events, to the end. A slot is the place of one; it begins with a double, the time [ps], and goes on with
   * these words: priority and handler, both payloads, and the next slot of its list. Three quarters lie in one cache line.
   */
  records = lists + 32_768,
  recordWords = 6,
  kind = 2,
  a = 3,
  b = 4,
  next = 5,
  /** Slots go through this mask, which changes nothing, but shows the optimiser that none is negative or odd. */
  slotMask = 0x3fff_fffe,
  /** What is shifted to be the bit of a bucket, or of a word. */
  firstBit = 0x80000000 | 0,
  /** Kind = priority · 2^20 + handler id. */
  handlerBits = 20,
  handlerMask = 0xf_ffff,
  /** Rank = priority · 2^49 + a number that counts up: one double that compares like the pair. */
  ranksOfPriority = 562949953421312,
  /** As priorities.ts and simulator.ts have them. */
  priorityMax = 15,
  timeMaxPs = 9007199254740991,
}

/** Measures of the wheel. */
// biome-ignore lint/suspicious/noConstEnum: its numbers are to stand in the code, where the optimiser folds them
export const enum Wheel {
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

/** The arithmetic of fingerprint.ts, which says what it is for. */
// biome-ignore lint/suspicious/noConstEnum: its numbers are to stand in the code, where the optimiser folds them
export const enum Lane {
  start0 = 0x243f6a88,
  start1 = 0x85a308d3 | 0,
  multiplier0 = 0x9e3779b1 | 0,
  multiplier1 = 0x85ebca77 | 0,
  kindMultiplier = 0x2c1b3c6d,
  twoToMinus32 = 1 / 4294967296,
}
