import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedSeconds, makePlan, type Plan, type Run, tasksOf } from '../../src/experiment/plan.js';
import { machine, tenant } from './fixtures/config.js';

const tasks = (plan: Plan, isDone?: (run: Run) => boolean) => [...tasksOf(plan, isDone)];
const measured = (durationPs: number) => machine({ measure: { warmupPs: 0, durationPs } });

describe('a plan', () => {
  it('holds every replication of every point exactly once, however it is cut', () => {
    const points = fc.array(fc.integer({ min: 1e6, max: 1e12 }), { maxLength: 20 });
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 30 }), (durations, replications) => {
        const plan = makePlan(
          durations.map((d, i) => ({ key: `p${i}`, config: measured(d) })),
          replications,
        );
        const runs = tasks(plan).flatMap((task) => task.runs.map((run) => `${run.point}/${run.replication}`));
        expect(new Set(runs).size).toBe(durations.length * replications);
        expect(runs.length).toBe(durations.length * replications);
      }),
    );
  });

  it('puts the longest simulations first', () => {
    const durations = [1e8, 1e12, 1e10];
    const plan = makePlan(
      durations.map((d) => ({ key: String(d), config: measured(d) })),
      2,
    );
    expect(tasks(plan).flatMap((task) => task.runs.map((run) => run.point))).toEqual([1, 1, 2, 2, 0, 0]);
  });

  it('bundles short simulations by the handful and leaves long ones alone', () => {
    const short = tasks(makePlan([{ key: 'short', config: measured(1e6) }], 4000));
    expect(short.length).toBeLessThan(700);
    for (const task of short.slice(0, 200)) expect(task.runs).toHaveLength(8);
    const long = tasks(makePlan([{ key: 'long', config: measured(1e11) }], 4));
    expect(long.map((task) => task.runs.length)).toEqual([1, 1, 1, 1]);
  });

  it('cuts short plans smaller, so that several workers have something to do', () => {
    expect(tasks(makePlan([{ key: 'short', config: measured(1e6) }], 100)).length).toBeGreaterThan(20);
  });

  it('cuts what is left smaller and smaller, so that no worker is long alone with the last task', () => {
    const { runs, cost } = tasks(makePlan([{ key: 'short', config: measured(1e6) }], 4000)).at(-1)!;
    expect(runs).toHaveLength(1);
    expect(cost).toBeLessThan(0.01);
  });

  it('leaves out what is done', () => {
    const plan = makePlan([{ key: 'a', config: measured(1e6) }], 6);
    const left = tasks(plan, ({ replication }) => replication % 2 === 0).flatMap((task) => task.runs);
    expect(left.map((run) => run.replication)).toEqual([1, 3, 5]);
  });

  it('expects more work of longer, busier and byte-executing simulations, within what a device can move', () => {
    const base = expectedSeconds(measured(1e10));
    expect(expectedSeconds(measured(1e11))).toBeGreaterThan(5 * base);
    expect(expectedSeconds({ ...measured(1e10), tenants: [tenant(4096, 1)] })).toBeLessThan(base);
    expect(expectedSeconds({ ...measured(1e10), semantics: 'timing' })).toBeLessThan(base);
    const full = expectedSeconds({ ...measured(1e10), tenants: [tenant(1 << 20, 64)] });
    expect(expectedSeconds({ ...measured(1e10), tenants: [tenant(1 << 20, 128)] })).toBeCloseTo(full, 6);
  });
});
