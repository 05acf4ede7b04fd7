import { describe, expect, it } from 'vitest';
import { judgePoint } from '../../src/experiment/judgement.js';
import type { Load } from '../../src/models/config.js';
import { simulate } from '../../src/models/machine.js';
import { machine, tenant, US } from '../support/machine.js';

/** Label and verdicts of one engine under a load, from five replications. */
function judged(load: Load) {
  const config = machine({
    tenants: [tenant({ load, threads: 4 })],
    parameters: { 'memory.jitter': 23_000 },
    semantics: 'timing',
    measure: { warmupPs: 40 * US, durationPs: 200 * US },
  });
  const runs = Array.from({ length: 5 }, (_, replication) => simulate(config, replication));
  return judgePoint(runs, config.measure.warmupPs);
}

const arrivals = (ratePerSecond: number): Load => ({ kind: 'open', ratePerSecond, arrivals: 'poisson' });

describe('a point judged from its replications', () => {
  it('is stable at a tenth of what the engine can do, and all that was measured is ok', () => {
    const { load, verdicts } = judged(arrivals(0.75e6));
    expect(load).toBe('stable');
    expect(verdicts.throughput).toBe('ok');
    expect(verdicts.latency_mean).toBe('ok');
  });

  it('is overloaded at twice of it: latencies mean nothing, throughput is what the engine can do', () => {
    const { load, verdicts } = judged(arrivals(15e6));
    expect(load).toBe('overloaded');
    expect(verdicts.latency_p99).toBe('overloaded');
    expect(verdicts.throughput).toBe('ok');
  });

  it('is backlogged under a closed load that keeps the queue from running dry', () => {
    const { load, verdicts } = judged({ kind: 'closed', depth: 16 });
    expect(load).toBe('backlogged');
    expect(verdicts.latency_mean).toBe('ok');
  });

  it('has too few samples for a percentile that few descriptors lie beyond', () => {
    const { verdicts } = judged(arrivals(0.75e6));
    // About 150 descriptors: ten are not beyond the 99th percentile.
    expect(verdicts.latency_p99).toBe('too few samples');
    expect(verdicts.latency_p90).toBe('ok');
  });
});
