import { describe, expect, it } from 'vitest';
import type { Load } from '../../src/models/config.js';
import { Arrivals } from '../../src/models/host/arrivals.js';
import { buildMachine, simulate } from '../../src/models/machine.js';
import { parameterValues } from '../../src/models/parameters.js';
import { DESIGNS } from '../../src/models/virtualization/designs.js';
import { LogHistogram, type LogHistogramJson } from '../../src/sim/log-histogram.js';
import { KeyedRandom } from '../../src/sim/random.js';
import {
  arriving,
  device,
  drained,
  group,
  KIB,
  type MachineOptions,
  machine,
  NS,
  only,
  queue,
  tenant,
  US,
} from '../support/machine.js';

const S = 1e12;

/** The first `count` arrivals of an instance [ps]. */
function times(load: Load, count: number, instance = 0, replication = 0, batch = 1): number[] {
  const arrivals = new Arrivals(load, instance, batch, new KeyedRandom(1, replication));
  return Array.from({ length: count }, () => arrivals.next());
}

const poisson = (ratePerSecond: number): Load => ({ kind: 'open', ratePerSecond, arrivals: 'poisson' });

/** When each submission of a run was meant to arrive, in the order in which threads took them up [ps]. */
function intended(over: MachineOptions, load: Load): number[] {
  const parts = buildMachine(
    machine({
      devices: [device([group(1, [queue({ mode: 'dedicated' })])])],
      tenants: [tenant({ load, operations: only('memmove', 64) })],
      ...over,
    }),
    0,
  );
  const seen: number[] = [];
  const finished = parts.recorder.finished.bind(parts.recorder);
  parts.recorder.finished = (descriptor) => {
    seen.push(descriptor.startPs);
    finished(descriptor);
  };
  parts.simulator.run(300 * US);
  return seen.sort((a, b) => a - b);
}

describe('open load', () => {
  it('with Poisson arrivals has exponential gaps of the mean that the rate asks for', () => {
    const at = times(poisson(2e6), 20_001);
    const gaps = at.slice(1).map((time, i) => time - at[i]!);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    // Mean and deviation are both 500 ns; four standard errors of 20000 gaps.
    expect(Math.abs(mean - 500 * NS)).toBeLessThan((4 * 500 * NS) / Math.sqrt(20_000));
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(deviation / mean).toBeGreaterThan(0.95);
    expect(deviation / mean).toBeLessThan(1.05);
    const beyond = gaps.filter((gap) => gap > 2 * mean).length / gaps.length;
    expect(Math.abs(beyond - Math.exp(-2))).toBeLessThan(0.01);
  });

  it('with uniform arrivals keeps time, also where the gap is no whole picosecond', () => {
    const at = times({ kind: 'open', ratePerSecond: 3e6, arrivals: 'uniform' }, 30_000);
    expect(at.at(-1)).toBe(Math.round(30_000 * (S / 3e6)));
  });

  it('counts descriptors: batches of n arrive a n-th as often', () => {
    const uniform: Load = { kind: 'open', ratePerSecond: 1e6, arrivals: 'uniform' };
    expect(times(uniform, 3, 0, 0, 8)).toEqual([8 * US, 16 * US, 24 * US]);
  });

  it('differs between instances and between replications, and not from run to run', () => {
    expect(times(poisson(1e6), 50)).toEqual(times(poisson(1e6), 50));
    expect(times(poisson(1e6), 50, 1)).not.toEqual(times(poisson(1e6), 50));
    expect(times(poisson(1e6), 50, 0, 1)).not.toEqual(times(poisson(1e6), 50));
  });

  it('brings the same arrivals in every design: common random numbers', () => {
    const expected = times(poisson(1e6), 250).filter((time) => time < 290 * US);
    // Where the handler cannot keep up with a million a second, arrivals are all there but not all taken up.
    for (const design of DESIGNS.filter((d) => d.data !== 'trapped-portal')) {
      expect(intended({ design }, poisson(1e6)).slice(0, expected.length), design.id).toEqual(expected);
    }
  });
});

describe('traced load', () => {
  it('meets its arrival times exactly, several at one moment included, and ends', () => {
    const at = [0, 3, 3, 1000, 250 * US, 250 * US + 1];
    expect(intended({}, arriving(...at))).toEqual(at);
  });

  it('is dealt to the threads of an instance in turn', () => {
    const parts = drained(
      machine({
        tenants: [tenant({ threads: 3, load: arriving(...Array.from({ length: 7 }, (_, i) => i * US)) })],
      }),
    );
    const { statistics } = parts.registry.queues[0]!;
    expect(statistics.arrivals).toBe(7);
    expect(parts.threads.map((thread) => thread.backlog.length)).toEqual([0, 0, 0]);
  });
});

describe('latency under open load counts from the intended arrival', () => {
  const run = (ratePerSecond: number, durationPs: number) =>
    simulate(
      machine({
        tenants: [tenant({ load: poisson(ratePerSecond), operations: only('memmove', 4 * KIB) })],
        measure: { warmupPs: 0, durationPs },
      }),
      0,
    );
  const mean = (ratePerSecond: number, durationPs: number) =>
    run(ratePerSecond, durationPs).metrics.latency_mean!;

  it('so it stays where it is at half load, however long the run', () => {
    expect(mean(2e6, 1000 * US) / mean(2e6, 250 * US)).toBeGreaterThan(0.9);
    expect(mean(2e6, 1000 * US) / mean(2e6, 250 * US)).toBeLessThan(1.1);
  });

  it('and grows with the length of the run when more arrives than can be submitted', () => {
    // One thread submits a descriptor in about 189 ns: at 8 M/s a third of the work is left behind.
    expect(mean(8e6, 500 * US) / mean(8e6, 250 * US)).toBeGreaterThan(1.8);
    const { conservation, latency } = run(8e6, 500 * US);
    const backlogPs = LogHistogram.fromJSON(latency as LogHistogramJson).max;
    // The last one seen waited for all that had arrived before it and was not yet served.
    expect(backlogPs).toBeGreaterThan(100 * US);
    expect(conservation.submitted).toBeLessThan(0.75 * 8e6 * 500e-6);
  });

  it('includes the time that work waits for a slot of a dedicated queue', () => {
    const burst = new Array<number>(64).fill(US);
    const worst = (size: number) =>
      drained(
        machine({
          devices: [device([group(1, [queue({ mode: 'dedicated', size })])])],
          tenants: [tenant({ load: arriving(...burst) })],
        }),
      ).recorder.all.latency.max;
    // With four credits, the last of 64 waits for sixty others; with 64 it only queues for the engine.
    expect(worst(4)).toBeGreaterThan(1.5 * worst(64));
  });

  it('and credits keep a dedicated queue from ever dropping work', () => {
    const parts = drained(
      machine({
        devices: [device([group(1, [queue({ mode: 'dedicated', size: 6 })])])],
        tenants: [tenant({ threads: 3, load: arriving(...new Array<number>(200).fill(US)) })],
      }),
    );
    expect(parts.ledger).toEqual({ submitted: 200, completed: 200, failed: 0, rejected: 0, aborted: 0 });
  });
});

describe('closed load', () => {
  it('keeps its depth outstanding from every thread', () => {
    const parts = buildMachine(
      machine({
        tenants: [
          tenant({ threads: 2, load: { kind: 'closed', depth: 5 }, operations: only('memmove', 64 * KIB) }),
        ],
      }),
      0,
    );
    parts.simulator.run(100 * US);
    expect(parts.threads.map((thread) => thread.submissions.outstanding)).toEqual([5, 5]);
  });

  it('in bursts submits each as soon as it is built', () => {
    const p = parameterValues();
    const load = { kind: 'burst', depth: 4 } as const;
    const parts = buildMachine(machine({ tenants: [tenant({ load, batch: 8 })] }), 0);
    const arrivedPs: number[] = [];
    while (arrivedPs.length < 4) {
      parts.simulator.runUntilIdle(1);
      const { arrivals } = parts.registry.queues[0]!.statistics;
      while (arrivedPs.length < arrivals) arrivedPs.push(parts.simulator.nowPs);
    }
    const builtPs = p['host.prepare'] + 8 * p['host.prepare_member'];
    expect(arrivedPs[0]).toBe(builtPs + p['host.portal_latency']);
    expect(arrivedPs[3]).toBe(arrivedPs[0]! + 3 * (builtPs + p['host.enqcmd']));
  });

  it('in bursts waits for all before it starts over', () => {
    const parts = buildMachine(machine({ tenants: [tenant({ load: { kind: 'burst', depth: 5 } })] }), 0);
    const [thread] = parts.threads;
    let [before, refilledAt] = [0, -1];
    for (let event = 0; event < 3000; event++) {
      parts.simulator.runUntilIdle(1);
      if (thread!.submissions.outstanding > before && before > 0 && parts.ledger.submitted % 5 === 1)
        refilledAt = before;
      before = thread!.submissions.outstanding;
    }
    expect(parts.ledger.completed).toBeGreaterThan(20);
    // A new burst never began while something was outstanding.
    expect(refilledAt).toBe(-1);
  });
});
