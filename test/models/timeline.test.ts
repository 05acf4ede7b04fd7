import { describe, expect, it } from 'vitest';
import { buildMachine, simulate } from '../../src/models/machine.js';
import { BINS } from '../../src/models/timeline.js';
import { PRIORITY } from '../../src/sim/priorities.js';
import { machine, only, tenant, US } from '../support/machine.js';

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

describe('the timeline of a run', () => {
  const closed = machine({ parameters: { 'memory.jitter': 23_000 } });
  const run = simulate(closed, 0);

  it('holds every completion of the whole run once, and its bytes', () => {
    // Single copies of 4 KiB that all succeed: one descriptor a submission.
    expect(sum(run.bins.completions)).toBe(run.conservation.completed);
    expect(sum(run.bins.bytes)).toBe(4096 * run.conservation.completed);
    expect(run.bins.completions).toHaveLength(BINS);
    expect(run.bins.widthPs * BINS).toBeCloseTo(120 * US, 0);
  });

  it('counts in the measured bins what the metrics count', () => {
    const measured = sum(run.bins.completions.slice(BINS / 6 + 1));
    expect(Math.abs(measured / run.measured - 1)).toBeLessThan(0.02);
    const latency = sum(run.bins.latencySumPs.slice(BINS / 6 + 1)) / measured / 1e12;
    expect(latency / run.metrics.latency_mean!).toBeCloseTo(1, 2);
  });

  it('changes nothing: the events are those of one run in a single stretch', () => {
    const parts = buildMachine(closed, 0);
    // The start of the measured phase is an event that `simulate` adds.
    const start = parts.simulator.register(() => undefined);
    parts.simulator.scheduleAt(closed.measure.warmupPs, PRIORITY.MEASURE, start);
    parts.simulator.run(120 * US);
    expect(parts.simulator.eventsDispatched).toBe(run.events);
    expect(parts.simulator.fingerprint.hex()).toBe(run.fingerprint);
    expect(sum(run.bins.served)).toBe(0);
    expect(sum(run.bins.backlog)).toBe(0);
  });

  it('shows the line of an open load that asks for more than the device moves', () => {
    // One engine moves about 7.5 M copies of 4 KiB a second; twice that arrives.
    const load = { kind: 'open', ratePerSecond: 15e6, arrivals: 'poisson' } as const;
    const { bins, conservation } = simulate(machine({ tenants: [tenant({ load, threads: 4 })] }), 0);
    expect(sum(bins.served)).toBe(sum(bins.completions));
    expect(bins.backlog.at(-1)!).toBeGreaterThan(bins.backlog[BINS / 2]! * 1.5);
    expect(bins.backlog.at(-1)! + conservation.completed).toBeGreaterThan(0.9 * 15e6 * 120e-6);
  });

  it('shows no line where work arrives more slowly than it is done', () => {
    const load = { kind: 'open', ratePerSecond: 1e5, arrivals: 'uniform' } as const;
    const { bins } = simulate(machine({ tenants: [tenant({ load, operations: only('memmove', 64) })] }), 0);
    expect(Math.max(...bins.backlog)).toBeLessThanOrEqual(1);
    expect(Math.max(...bins.waiting)).toBe(0);
  });
});
