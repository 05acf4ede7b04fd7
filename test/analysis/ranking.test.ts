import { describe, expect, it } from 'vitest';
import { type Contender, rankPerDevice, rankWithinGroups } from '../../src/analysis/ranking.js';

const contender = (id: string, values: (number | null)[], group = 'one queue', devices = 1): Contender => ({
  id,
  group,
  devices,
  values,
});

describe('a ranking', () => {
  it('puts the best first, in the good direction of the metric', () => {
    const list = [
      contender('a', [1, 1.1, 0.9]),
      contender('b', [3, 3.1, 2.9]),
      contender('c', [2, 2.1, 1.9]),
    ];
    const order = (better: 'higher' | 'lower') => rankWithinGroups(list, better)[0]!.ranked.map((r) => r.id);
    expect(order('higher')).toEqual(['b', 'c', 'a']);
    expect(order('lower')).toEqual(['a', 'c', 'b']);
  });

  it('lets those share a rank that differ by noise or by less than a percent', () => {
    const [group] = rankWithinGroups(
      [
        contender('noisy', [99, 103, 98, 101, 96]),
        contender('best', [100, 100, 100, 100, 100]),
        contender('a hair behind', [99.5, 99.5, 99.5, 99.5, 99.5]),
        contender('behind', [90, 90, 90, 90, 90]),
      ],
      'higher',
    );
    expect(group!.ranked.map((r) => [r.id, r.rank])).toEqual([
      ['noisy', 1],
      ['best', 1],
      ['a hair behind', 1],
      ['behind', 4],
    ]);
    expect(group!.ranked[0]!.toFirst).toBeNull();
    expect(group!.ranked[3]!.toFirst).toMatchObject({
      verdict: 'worse',
      ratio: { mean: expect.closeTo(0.906, 3) },
    });
  });

  it('never ranks unequal resources together', () => {
    const groups = rankWithinGroups(
      [contender('a', [1, 1]), contender('b', [9, 9], 'a device each', 4), contender('c', [2, 2])],
      'higher',
    );
    expect(groups.map((g) => [g.group, g.ranked.map((r) => r.id)])).toEqual([
      ['one queue', ['c', 'a']],
      ['a device each', ['b']],
    ]);
  });

  it('compares unequal resources by the amount per device', () => {
    const ranked = rankPerDevice(
      [contender('shared', [30, 31]), contender('own', [100, 104], 'a device each', 4)],
      'higher',
    );
    expect(ranked.map((r) => [r.id, r.mean])).toEqual([
      ['shared', 30.5],
      ['own', 25.5],
    ]);
    expect(ranked[1]!.toFirst!.ratio!.mean).toBeCloseTo(25.5 / 30.5, 3);
  });

  it('leaves out what has no value', () => {
    expect(rankWithinGroups([contender('a', [null]), contender('b', [1])], 'lower')[0]!.ranked).toHaveLength(
      1,
    );
    expect(rankPerDevice([], 'higher')).toEqual([]);
  });
});
