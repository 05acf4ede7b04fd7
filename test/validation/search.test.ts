import { describe, expect, it } from 'vitest';
import {
  type Candidate,
  type Constants,
  type Judge,
  middles,
  type Pace,
  search,
} from '../../src/experiment/validation/search.js';
import type { ParameterDeclaration } from '../../src/models/parameters.js';

const parameter = (name: string, over: Partial<ParameterDeclaration> = {}): ParameterDeclaration => ({
  name,
  dimension: 'time',
  low: 0,
  nominal: 32_000,
  high: 160_000,
  sentence: '',
  source: '',
  trust: 'assumed',
  ...over,
});

const PACE: Pace = { steps: [1 / 16, 1 / 32], rounds: 20 };

/** Judges by a function; counts, and believes that everything matters. */
function judgeOf(loss: (c: Constants) => number): Judge<Candidate> & { asked: number } {
  return {
    asked: 0,
    judge(constants) {
      this.asked++;
      return Promise.resolve({ constants, loss: loss(constants) });
    },
    mattersAnew: (_, then, now) => then !== now,
  };
}

const PARAMETERS = [
  parameter('a'),
  parameter('b'),
  parameter('n', { dimension: 'count', low: 1, nominal: 4, high: 9 }),
];
const at = (c: Constants, name: string) => c[name] ?? PARAMETERS.find((p) => p.name === name)!.nominal;
/** A bowl whose bottom lies at a = 100 ns, b = a / 2, n = 7. */
const bowl = (c: Constants) => {
  const [a, b, n] = ['a', 'b', 'n'].map((name) => at(c, name)) as [number, number, number];
  return Math.abs(a / 1e3 - 100) + Math.abs(b - a / 2) / 1e3 + Math.abs(n - 7);
};

describe('a search for constants', () => {
  it('comes to rest where no step of any constant makes the loss smaller', async () => {
    const { best, settled } = await search(PARAMETERS, {}, judgeOf(bowl), PACE);
    expect(settled).toBe(true);
    expect(best.loss).toBeLessThan(bowl({}));
    for (const { name, low, high, dimension } of PARAMETERS) {
      for (const part of PACE.steps) {
        const step = Math.max(dimension === 'count' ? 1 : 100, Math.round(part * (high - low)));
        for (const value of [at(best.constants, name) - step, at(best.constants, name) + step]) {
          if (value < low || value > high) continue;
          expect(bowl({ ...best.constants, [name]: value })).toBeGreaterThan(best.loss - 0.01);
        }
      }
    }
  });

  it('stays where it came to rest', async () => {
    const first = await search(PARAMETERS, {}, judgeOf(bowl), PACE);
    const again = await search(PARAMETERS, first.best.constants, judgeOf(bowl), PACE);
    expect(again.best.constants).toEqual(first.best.constants);
    expect(again.settled).toBe(true);
  });

  it('leaves no range, and keeps to the grain of a dimension', async () => {
    const outside = (c: Constants) => at(c, 'a') / 1e3 + Math.abs(at(c, 'n') - 20);
    const { best } = await search(PARAMETERS, {}, judgeOf(outside), PACE);
    expect(best.constants).toMatchObject({ a: 0, n: 9 });
    expect(middles([parameter('r', { dimension: 'ratio', low: 0.4, high: 1.005 })])).toEqual({ r: 0.7 });
  });

  it('says when it was stopped before', async () => {
    const { settled } = await search(PARAMETERS, {}, judgeOf(bowl), { ...PACE, rounds: 1 });
    expect(settled).toBe(false);
  });

  it('tries nothing anew that cannot lead elsewhere', async () => {
    const judge = judgeOf(() => 1);
    await search(PARAMETERS, {}, judge, PACE);
    // The start, two steps of two sizes for each constant, and the rest once more.
    expect(judge.asked).toBeLessThanOrEqual(2 + PARAMETERS.length * 4);
  });
});
