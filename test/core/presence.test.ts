import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AddressSpace } from '../../src/core/address-space.js';
import { runs } from './runs.js';

const PAGE = 4096;
const PAGES = 24;

/** Regions of a few pages each, some side by side, some apart; pages that the host has taken away. */
const layout = fc.record({
  regions: fc.uniqueArray(fc.integer({ min: 0, max: PAGES - 1 }), { maxLength: 10 }),
  absent: fc.array(fc.integer({ min: 0, max: PAGES - 1 }), { maxLength: 3 }),
  from: fc.integer({ min: 0, max: PAGES * PAGE - 1 }),
  bytes: fc.integer({ min: 1, max: PAGES * PAGE }),
});

test('the present bytes of a range end, and begin, at the page that a walk page by page finds absent', () => {
  fc.assert(
    fc.property(layout, ({ regions, absent, from, bytes }) => {
      const space = new AddressSpace({ presence: 'mapped' });
      for (const page of regions) space.map(page * PAGE, PAGE);
      for (const page of absent) space.setAbsent(page * PAGE);
      let first = from;
      while (first < from + bytes && space.isPresent(first)) first++;
      let last = from + bytes;
      while (last > from && space.isPresent(last - 1)) last--;
      expect(space.presentBytes(from, bytes)).toBe(first - from);
      expect(space.presentBytesAtEnd(from, bytes)).toBe(from + bytes - last);
    }),
    runs(20313, 300),
  );
});
