import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Contender,
  type GroupRanking,
  isTie,
  rankPerDevice,
  rankWithinGroups,
} from '../../src/analysis/ranking.js';

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
      ['best', 1],
      ['a hair behind', 1],
      ['noisy', 1],
      ['behind', 4],
    ]);
    expect(group!.ranked[0]!.toFirst).toBeNull();
    expect(group!.ranked[3]!.toFirst).toMatchObject({
      verdict: 'worse',
      ratio: { mean: expect.closeTo(0.9, 9) },
    });
  });

  it('never puts behind what does not differ significantly, even if one with a better mean is behind', () => {
    const [group] = rankWithinGroups(
      [
        contender('uncertain', [102, 30, 75, 101, 80]),
        contender('surely behind', [90, 90.1, 89.9, 90, 90.1]),
        contender('best', [100, 100.2, 99.9, 100, 100.1]),
        contender('far behind', [50, 50.1, 49.9, 50, 50.1]),
      ],
      'higher',
    );
    expect(group!.ranked.map((r) => [r.id, r.rank])).toEqual([
      ['best', 1],
      ['uncertain', 1],
      ['surely behind', 3],
      ['far behind', 4],
    ]);
  });

  it('has at rank 1 exactly those that tie with the first, whatever the numbers', () => {
    const values = fc.array(fc.double({ min: 1, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(values, { minLength: 2, maxLength: 6 }), (all) => {
        const list = all.map((own, i) => contender(String(i), own));
        const [{ ranked }] = rankWithinGroups(list, 'lower') as [GroupRanking];
        expect(ranked.map(({ id }) => id).sort()).toEqual(list.map(({ id }) => id));
        expect(ranked.every(({ mean }) => mean >= ranked[0]!.mean)).toBe(true);
        for (const { rank, toFirst } of ranked.slice(1)) expect(rank === 1).toBe(isTie(toFirst!));
        ranked.forEach(({ rank }, i) => {
          expect([i + 1, ranked[i - 1]?.rank]).toContain(rank);
        });
      }),
    );
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
