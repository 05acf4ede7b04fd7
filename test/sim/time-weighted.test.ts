import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QueueStatistics } from '../../src/sim/queue-statistics.js';
import { TimeWeighted } from '../../src/sim/time-weighted.js';

describe('a time-weighted level', () => {
  it('weighs each value by how long it lasted', () => {
    const level = new TimeWeighted(0, 0, true);
    level.set(2, 10);
    level.add(3, 20);
    level.set(0, 25);
    // 0 for 10, 2 for 10, 5 for 5, 0 for 15: (20 + 25) / 40.
    expect(level.mean(40)).toBe(45 / 40);
    expect(level.max).toBe(5);
    expect(level.fractionAt(0, 40)).toBe(25 / 40);
    expect(level.fractionAt(2, 40)).toBe(10 / 40);
    expect(level.fractionAtLeast(2, 40)).toBe(15 / 40);
    expect(level.fractionAt(3, 40)).toBe(0);
    expect(level.fractionAt(99, 40)).toBe(0);
  });

  it('forgets the warm-up on reset but keeps the level', () => {
    const level = new TimeWeighted();
    level.set(100, 5);
    level.set(4, 6);
    level.reset(10);
    expect([level.mean(10), level.max]).toEqual([4, 4]);
    level.set(8, 20);
    expect([level.mean(30), level.max, level.level]).toEqual([6, 8, 8]);
  });

  it('spends exactly the elapsed time over all levels, with the mean as their weighted sum', () => {
    const change = fc.tuple(fc.nat(20), fc.nat(1000));
    fc.assert(
      fc.property(fc.array(change), fc.nat(20), (changes, first) => {
        const level = new TimeWeighted(7, first, true);
        let nowPs = 7;
        for (const [value, span] of changes) {
          nowPs += span;
          level.set(value, nowPs);
        }
        nowPs++;
        let whole = 0;
        let mean = 0;
        for (let n = 0; n <= 20; n++) {
          whole += level.fractionAt(n, nowPs);
          mean += n * level.fractionAt(n, nowPs);
        }
        expect(whole).toBeCloseTo(1, 12);
        expect(mean).toBeCloseTo(level.mean(nowPs), 10);
        expect(level.fractionAtLeast(0, nowPs)).toBe(1);
      }),
    );
  });

  it('refuses a clock that goes back, levels that cannot be tracked, and fractions not tracked', () => {
    const level = new TimeWeighted(10, 0, true);
    expect(() => level.set(1, 9)).toThrow(/S008/);
    level.set(0.5, 11);
    expect(() => level.set(1, 12)).toThrow(/S008/);
    expect(() => new TimeWeighted().fractionAt(0, 5)).toThrow(/S008/);
  });
});

describe('queue statistics', () => {
  it('hold Little’s law as an integer identity for any coming and going, also across a reset', () => {
    const step = fc.record({
      spanPs: fc.oneof(fc.constant(0), fc.nat(1000), fc.integer({ min: 0, max: 2 ** 46 })),
      act: fc.oneof(
        { weight: 5, arbitrary: fc.constant('arrive' as const) },
        { weight: 4, arbitrary: fc.constant('depart' as const) },
        { weight: 1, arbitrary: fc.constant('reset' as const) },
      ),
      pick: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const queue = new QueueStatistics(3);
        const held: number[] = [];
        let nowPs = 3;
        for (const { spanPs, act, pick } of steps) {
          nowPs += spanPs;
          if (act === 'reset') queue.reset(nowPs);
          else if (act === 'arrive') {
            queue.arrive(nowPs);
            held.push(nowPs);
          } else if (held.length > 0) {
            queue.depart(held.splice(pick % held.length, 1)[0]!, nowPs);
          }
          expect(queue.littleDefectPs(nowPs)).toBe(0);
          expect(queue.littleDefectPs(nowPs, held)).toBe(0);
        }
        expect(queue.length).toBe(held.length);
      }),
      { numRuns: 300 },
    );
  });

  it('means are those of the definition', () => {
    const queue = new QueueStatistics();
    queue.arrive(0);
    queue.arrive(10);
    queue.depart(0, 30);
    queue.depart(10, 50);
    expect(queue.meanLength(100)).toBe(70 / 100);
    expect(queue.meanStayPs).toBe(35);
    expect([queue.arrivals, queue.departures, queue.maxLength]).toEqual([2, 2, 2]);
  });

  it('show a defect when an item is misdated, lost or doubled', () => {
    const misdated = new QueueStatistics();
    misdated.arrive(10);
    misdated.depart(12, 30);
    expect(misdated.littleDefectPs(40)).toBe(-2);

    const lost = new QueueStatistics();
    lost.arrive(10);
    expect(lost.littleDefectPs(40, [])).toBeNaN();
    expect(lost.littleDefectPs(40, [11])).toBe(1);

    const doubled = new QueueStatistics();
    doubled.arrive(10);
    doubled.depart(10, 20);
    expect(() => doubled.depart(10, 21)).toThrow(/empty queue/);
    expect(() => doubled.arrive(5)).toThrow(/went back/);
    doubled.arrive(30);
    expect(() => doubled.depart(31, 30)).toThrow(/S008/);
  });

  it('stay exact where a double would not', () => {
    const queue = new QueueStatistics();
    for (let i = 0; i < 1001; i++) queue.arrive(0);
    const nowPs = 2 ** 52 + 1;
    for (let i = 0; i < 1001; i++) queue.depart(0, nowPs);
    expect(queue.littleDefectPs(nowPs)).toBe(0);
    // One picosecond in 4.5e18 is still seen.
    const off = new QueueStatistics();
    for (let i = 0; i < 1001; i++) off.arrive(0);
    for (let i = 0; i < 1001; i++) off.depart(i === 500 ? 1 : 0, nowPs);
    expect(off.littleDefectPs(nowPs)).toBe(-1);
  });
});
