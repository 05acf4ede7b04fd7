import { describe, expect, it } from 'vitest';
import { InterruptedError, SimulationError, WorkerError } from '../../src/experiment/errors.js';
import { makePlan } from '../../src/experiment/plan.js';
import { type Progress, runPlan } from '../../src/experiment/pool.js';
import { machine } from './fixtures/config.js';
import { workerFile } from './fixtures/workers.js';

/** Long enough in expectation that every replication is a task of its own. */
const long = machine({ measure: { warmupPs: 0, durationPs: 1e11 } });
const plan = makePlan(
  [
    { key: 'first', config: { ...long, seed: 10 } },
    { key: 'second', config: { ...long, seed: 20 } },
  ],
  5,
);

/** Answers with the seed and replication it was asked for, the later the smaller: order cannot be luck. */
const echo = workerFile(`
  import { setTimeout } from 'node:timers/promises';
  export default async ({ configs, runs }) => {
    await setTimeout(20 - 4 * runs[0].replication);
    return runs.map((run) => ({ ok: true, text: JSON.stringify({ of: configs[run.config].seed + run.replication }) }));
  };
`);

describe('the worker pool', () => {
  it('puts each result at its point and replication, whichever worker is first', async () => {
    for (const workers of [1, 2, 3]) {
      const results = (await runPlan(plan, { workers, workerFile: echo })) as unknown as { of: number }[][];
      expect(results.map((row) => row.map((r) => r.of))).toEqual([
        [10, 11, 12, 13, 14],
        [20, 21, 22, 23, 24],
      ]);
    }
  });

  it('reports progress up to all of it', async () => {
    const seen: Progress[] = [];
    await runPlan(plan, { workers: 2, workerFile: echo, onProgress: (p) => seen.push(p) });
    expect(seen.map((p) => p.done)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(seen.at(-1)).toEqual({ done: 10, total: 10, share: expect.closeTo(1) });
  });

  it('names the point and replication of a simulation that fails', async () => {
    const failing = workerFile(`
      export default ({ configs, runs }) => runs.map((run) =>
        configs[run.config].seed === 20 && run.replication === 3
          ? { ok: false, reason: 'RangeError: the clock ran out', stack: 'RangeError: at model' }
          : { ok: true, text: '{}' });
    `);
    const error = await runPlan(plan, { workers: 2, workerFile: failing }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(SimulationError);
    expect(error).toMatchObject({ pointKey: 'second', replication: 3, workerStack: 'RangeError: at model' });
    expect((error as Error).message).toBe(
      'the simulation of second, replication 3, failed: RangeError: the clock ran out',
    );
  });

  it('says so when a worker is ended from outside, and does not wait for ever', async () => {
    const killed = workerFile(`export default () => process.exit(9);`);
    const error = await runPlan(plan, { workers: 2, workerFile: killed }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(WorkerError);
    expect((error as Error).message).toBe(
      'a worker thread ended: worker exited with code: 9 (0 of 10 replications were finished)',
    );
  });

  it('says so when a worker cannot be loaded', async () => {
    const broken = workerFile(`import './does-not-exist.mjs';`);
    await expect(runPlan(plan, { workers: 1, workerFile: broken })).rejects.toThrow(WorkerError);
    await expect(runPlan(plan, { workers: 3, workerFile: broken })).rejects.toThrow(/does-not-exist/);
  });

  it('stops at once when interrupted, in the middle of a simulation that would not end', async () => {
    const endless = workerFile(`export default () => { for (;;); };`);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 200);
    const started = performance.now();
    const error = await runPlan(plan, {
      workers: 2,
      workerFile: endless,
      signal: controller.signal,
    }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InterruptedError);
    expect(error).toMatchObject({ done: 0, total: 10 });
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('does nothing when it was interrupted before it began, and nothing for an empty plan', async () => {
    await expect(runPlan(plan, { signal: AbortSignal.abort(), workerFile: echo })).rejects.toThrow(
      InterruptedError,
    );
    expect(await runPlan(makePlan([], 3), { workerFile: echo })).toEqual([]);
  });
});
