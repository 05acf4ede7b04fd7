/** Two worker threads against one, on the design comparison: wall-clock time, since it is about waiting less. */
import { makePlan } from '../dist/experiment/plan.js';
import { runPlan } from '../dist/experiment/pool.js';
import { loadWorkload } from '../dist/workload/load.js';
import { COMPARISON } from './machines.mjs';
import { inTurns, processorSeconds, ratio, summary, wallSeconds } from './measure.mjs';

/** Share of a processor that one busy thread must get for the machine to count as idle. */
const IDLE_SHARE = 0.95;

/** One row, and how much of a processor one worker got, by which the row can be judged. */
export async function benchWorkers({ rounds }) {
  const { points, measure } = loadWorkload(COMPARISON);
  const plan = makePlan(points, measure.replications);
  const shares = [];
  const subject = (workers) => async () => {
    const from = wallSeconds();
    const worked = processorSeconds();
    await runPlan(plan, { workers });
    const took = wallSeconds() - from;
    if (workers === 1) shares.push((processorSeconds() - worked) / took);
    return 1 / took;
  };
  const rates = await inTurns({ two: subject(2), one: subject(1) }, rounds, 1);
  const share = summary(shares).median;
  return [
    {
      what: 'design comparison, two workers',
      against: 'wall-clock speed of one worker',
      ratio: ratio(rates, 'two', 'one'),
      atLeast: 1.8,
      ...(share < IDLE_SHARE
        ? { remark: `the machine was busy: one worker got ${Math.round(share * 100)} % of a processor` }
        : {}),
    },
  ];
}
