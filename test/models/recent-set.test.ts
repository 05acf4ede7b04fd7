import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecentSet } from '../../src/models/translation/recent-set.js';

/** The set by definition: a list from oldest to youngest, of keys and what is kept beside them. */
class AgeList {
  private readonly entries: { key: number; value: number }[] = [];

  constructor(private readonly capacity: number) {}

  /** @returns what is kept beside the key, or undefined if it was not there and is now, with a value of its own */
  use(key: number, value = 0): number | undefined {
    const at = this.entries.findIndex((entry) => entry.key === key);
    const used = at >= 0 ? this.entries.splice(at, 1)[0] : undefined;
    if (used === undefined && this.entries.length === this.capacity) this.entries.shift();
    this.entries.push(used ?? { key, value });
    return used?.value;
  }

  forget(key: number): void {
    const at = this.entries.findIndex((entry) => entry.key === key);
    if (at >= 0) this.entries.splice(at, 1);
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
        expect(keys.map((k) => set.use(k))).toEqual(keys.map((k) => list.use(k) !== undefined));
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
          } else expect(set.use(key)).toBe(list.use(key) !== undefined);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps beside a key what its owner noted there, for as long as the key stays', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(key, { maxLength: 300 }), (capacity, keys) => {
        const set = new RecentSet(capacity);
        const list = new AgeList(capacity);
        keys.forEach((k, i) => {
          const entry = set.find(k);
          expect(entry?.value).toBe(list.use(k, i));
          if (entry === null) set.add(k).value = i;
        });
      }),
      { numRuns: 500 },
    );
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
