import { describe, expect, it } from 'vitest';
import { loaded } from '../../src/cli/simulate.js';
import type { ExpansionStep } from '../../src/workload/expand.js';
import { loadWorkload, workloadInSteps } from '../../src/workload/load.js';
import { TINY, workload } from './tiny.js';

const QUIET = { quiet: true };

describe('loading a workload', () => {
  it('ends at an interrupt, however much there is still to go through', async () => {
    const interrupt = new AbortController();
    function* endless(): Generator<ExpansionStep, never> {
      for (;;) yield { done: 1, total: 2 };
    }
    setTimeout(() => interrupt.abort(), 20);
    const aborted = expect.objectContaining({ name: 'AbortError' });
    await expect(loaded(endless(), QUIET, interrupt.signal)).rejects.toThrow(aborted);
  });

  it('gives step by step what it gives at once', async () => {
    const { file } = workload(TINY);
    const steps: ExpansionStep[] = [];
    function* watched() {
      const loading = workloadInSteps(file);
      for (;;) {
        const step = loading.next();
        if (step.done === true) return step.value;
        steps.push(step.value);
        yield step.value;
      }
    }
    const points = (await loaded(watched(), QUIET)).points;
    expect(points).toEqual(loadWorkload(file).points);
    expect(steps.at(-1)).toEqual({ done: points.length, total: points.length });
  });
});
