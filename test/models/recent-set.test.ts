import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecentSet } from '../../src/models/translation/recent-set.js';

/** The set by definition: a list from oldest to youngest. */
class AgeList {
  private readonly keys: number[] = [];

  constructor(private readonly capacity: number) {}

  use(key: number): boolean {
    const at = this.keys.indexOf(key);
    if (at >= 0) this.keys.splice(at, 1);
    else if (this.keys.length === this.capacity) this.keys.shift();
    this.keys.push(key);
    return at >= 0;
  }

  forget(key: number): void {
    const at = this.keys.indexOf(key);
    if (at >= 0) this.keys.splice(at, 1);
  }
}

/** Pages of a few address spaces, as an IOTLB sees them: space · 2^40 + page. */
const key = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 12 }))
  .map(([space, page]) => space * 1099511627776 + page * 512);

describe('a set that keeps the most recently used keys', () => {
  it('answers as a list ordered by age does, whatever the order of use', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(key, { maxLength: 300 }), (capacity, keys) => {
        const set = new RecentSet(capacity);
        const list = new AgeList(capacity);
        expect(keys.map((k) => set.use(k))).toEqual(keys.map((k) => list.use(k)));
      }),
      { numRuns: 500 },
    );
  });

  it('answers as that list does also when keys are forgotten in between', () => {
    const step = fc.record({ forget: fc.boolean(), key });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(step, { maxLength: 300 }), (capacity, steps) => {
        const set = new RecentSet(capacity);
        const list = new AgeList(capacity);
        for (const { forget, key } of steps) {
          if (forget) {
            set.forget(key);
            list.forget(key);
          } else expect(set.use(key)).toBe(list.use(key));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('names the entry that it used last: the same one for a key as long as it stays', () => {
    const set = new RecentSet(2);
    const entryOf = (k: number) => {
      set.use(k);
      return set.used;
    };
    const [a, b] = [entryOf(7), entryOf(8)];
    expect(new Set([a, b]).size).toBe(2);
    expect([entryOf(7), entryOf(8), entryOf(7)]).toEqual([a, b, a]);
    // 8 is the oldest; its entry goes to the newcomer.
    expect(entryOf(9)).toBe(b);
  });

  it('holds as many keys as it has places, and forgets them in the order of their last use', () => {
    const set = new RecentSet(3);
    expect([1, 2, 3].map((k) => set.use(k))).toEqual([false, false, false]);
    expect(set.use(1)).toBe(true);
    expect(set.use(4)).toBe(false);
    expect(set.use(2)).toBe(false);
    expect([1, 4, 2].map((k) => set.use(k))).toEqual([true, true, true]);
  });

  it('tells keys apart up to 2^53 - 1', () => {
    const set = new RecentSet(4);
    const keys = [0, 4294967296, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1];
    expect(keys.map((k) => set.use(k))).toEqual([false, false, false, false]);
    expect(keys.map((k) => set.use(k))).toEqual([true, true, true, true]);
  });
});
