import { describe, expect, it } from 'vitest';
import { measure, page, profile, slicing } from './modules.js';

describe('measuring in turns', () => {
  it('lets every subject run once a turn, in a fixed order, after two turns that do not count', async () => {
    const order: string[] = [];
    const subject = (name: string, value: number) => () => {
      order.push(name);
      return value * order.length;
    };
    const rates = await measure.inTurns({ a: subject('a', 1), b: subject('b', 10) }, 3);
    expect(order.join('')).toBe('ababababab');
    expect(rates).toEqual({ a: [5, 7, 9], b: [60, 80, 100] });
  });

  it('takes ratios within a turn, so that a slow turn slows both sides', () => {
    const rates = { ours: [20, 2, 40], theirs: [10, 1, 10] };
    expect(measure.ratio(rates, 'ours', 'theirs')).toEqual({ median: 2, low: 2, high: 3 });
  });

  it('finds quantiles between neighbours, and leaves the values as they were', () => {
    const values = [4, 1, 3, 2];
    expect(measure.quantile(values, 0)).toBe(1);
    expect(measure.quantile(values, 0.5)).toBe(2.5);
    expect(measure.quantile(values, 1)).toBe(4);
    expect(values).toEqual([4, 1, 3, 2]);
  });
});

describe('the page', () => {
  const ratio = { median: 1.52, low: 1.4, high: 1.6 };

  it('says of each row whether its target is met, and of a missing peer that it was skipped', () => {
    expect(page.meets({ what: 'a', ratio, atLeast: 1.5 })).toBe(true);
    expect(page.meets({ what: 'a', ratio, atLeast: 1.6 })).toBe(false);
    expect(page.meets({ what: 'a', ratio, atMost: 1.5 })).toBe(false);
    expect(page.meets({ what: 'a', ratio })).toBe(true);
    const lines = page
      .table([
        { what: 'copy', against: 'bare', ratio, atMost: 1.5, remark: 'busy' },
        { what: 'hold', against: 'SystemC', skipped: 'not installed' },
      ])
      .split('\n');
    expect(lines[2]).toBe('| copy | bare | 1.52 | 1.40 to 1.60 | ≤ 1.50 | **missed**; busy |');
    expect(lines[3]).toBe('| hold | SystemC | skipped | | | not installed |');
  });
});

describe('a page of a part', () => {
  const whole = { sections: [], versions: { Node: '20' }, shares: [], rounds: 11, longRounds: 5 };

  it('says which part was measured, and a quick one that it was quick', () => {
    expect(page.page(whole)).not.toMatch(/Only the part|haste/);
    expect(page.page({ ...whole, only: 'kernel' })).toContain('Only the part `kernel` was measured');
    expect(page.page({ ...whole, quick: true })).toContain('Measured in haste');
  });
});

describe('the bare loop', () => {
  it('computes CRC32C: 32 zero bytes and 32 bytes of ones have the check values of RFC 3720', () => {
    const words = new Int32Array(24);
    words.fill(-1, 8, 16);
    expect(slicing.crc32cOf(words, 0, 32)).toBe(0x8a9136aa);
    expect(slicing.crc32cOf(words, 8, 32)).toBe(0x62a8ab43);
  });
});

describe('a profile', () => {
  const node = (id: number, functionName: string, url: string, children: number[] = []) => ({
    id,
    children,
    callFrame: { functionName, url, lineNumber: 9 },
  });
  const sampled = {
    nodes: [
      node(1, '(root)', '', [2, 3, 6]),
      node(2, '(garbage collector)', ''),
      node(3, 'work', 'file:///x/bench/profile.mjs', [4]),
      node(4, 'push', 'file:///x/dist/sim/event-heap.js', [5]),
      node(5, '', 'file:///x/dist/models/device/engine.js'),
      node(6, 'start', 'node:inspector'),
    ],
    samples: [2, 4, 4, 5, 6],
    timeDeltas: [10, 30, 20, 40, 900],
  };

  it('shares self time out over functions and folders, within a function or over all', () => {
    const { functions, rooms } = profile.sharesOf(sampled, 'work');
    expect(functions).toEqual([
      { what: 'push sim/event-heap.js:10', share: 0.5 },
      { what: '(anonymous) models/device/engine.js:10', share: 0.4 },
      { what: '(garbage collector)', share: 0.1 },
    ]);
    expect(rooms).toEqual([
      { what: 'sim', share: 0.5 },
      { what: 'models/device', share: 0.4 },
      { what: 'V8 and Node', share: 0.1 },
    ]);
    expect(profile.sharesOf(sampled).functions[0]).toEqual({ what: 'start', share: 0.9 });
  });
});
