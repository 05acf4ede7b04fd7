/** Threads that share processors of the host: who runs when, what it costs, and interrupts to whoever does not run. */
import { describe, expect, it } from 'vitest';
import { buildMachine, type MachineParts, simulate } from '../../src/models/machine.js';
import { parameterValues } from '../../src/models/parameters.js';
import {
  arriving,
  device,
  GUEST_DESIGN,
  group,
  KIB,
  machine,
  only,
  queue,
  type TenantOptions,
  tenant,
  US,
} from '../support/machine.js';

const p = parameterValues();
const SLICE = { 'host.time_slice': 20 * US };

/** Guests with a dedicated queue each, under short slices. */
function config(instances: number, over: TenantOptions, durationPs = 1000 * US) {
  const names = Array.from({ length: instances }, (_, i) => `q${i}`);
  return machine({
    design: GUEST_DESIGN,
    devices: [
      device([
        group(
          4,
          names.map((name) => queue({ name, mode: 'dedicated', size: 16 })),
        ),
      ]),
    ],
    tenants: [
      tenant({
        instances,
        workQueues: names,
        load: { kind: 'closed', depth: 4 },
        operations: only('memmove', 4 * KIB),
        ...over,
      }),
    ],
    measure: { warmupPs: 0, durationPs },
    parameters: SLICE,
  });
}

function run(instances: number, over: TenantOptions, durationPs = 1000 * US): MachineParts {
  const parts = buildMachine(config(instances, over, durationPs), 0);
  parts.recorder.measure(true);
  parts.simulator.run(durationPs);
  for (const thread of parts.threads) thread.settleCpu(durationPs);
  return parts;
}

const cpuOf = (parts: MachineParts) => parts.threads.reduce((sum, thread) => sum + thread.core.cpuPs, 0);

describe('threads that share a processor', () => {
  it('that nobody else wants run as if it were their own', () => {
    const alone = simulate(config(1, {}), 0);
    const shared = simulate(config(1, { hostCpus: 1 }), 0);
    expect(shared.metrics).toEqual(alone.metrics);
    expect(simulate(config(2, { hostCpus: 2 }), 0).metrics).toEqual(simulate(config(2, {}), 0).metrics);
  });

  it('take turns, and never use more of it than there is', () => {
    const parts = run(4, { hostCpus: 1 });
    const each = parts.recorder.instanceBytes;
    expect(Math.min(...each)).toBeGreaterThan(0.8 * Math.max(...each));
    // What is under way at the end is booked already.
    expect(cpuOf(parts)).toBeLessThanOrEqual(1001 * US);
    expect(cpuOf(parts)).toBeGreaterThan(950 * US);
  });

  it('lose a switch at every turn', () => {
    const parts = run(2, { hostCpus: 1 });
    const turns = parts.threads.reduce((sum, thread) => sum + thread.core.exits, 0);
    expect(turns).toBeGreaterThan(40);
    expect(turns).toBeLessThanOrEqual(
      Math.ceil((1000 * US) / (SLICE['host.time_slice'] + p['host.context_switch'])),
    );
  });

  it('find what was completed meanwhile when they run again: only latency grows', () => {
    const { metrics, conservation } = simulate(config(2, { hostCpus: 1 }), 0);
    expect(metrics.latency_p50!).toBeLessThan(5e-6);
    expect(metrics.latency_p99!).toBeGreaterThan((0.9 * SLICE['host.time_slice']) / 1e12);
    const { submitted, completed, failed, rejected, inFlight } = conservation;
    expect(completed + failed + rejected + inFlight).toBe(submitted);
  });

  it('share it with those that sleep at no cost: who waits for an interrupt gives it back', () => {
    const load = arriving(...Array.from({ length: 8 }, (_, i) => 10 * US + i * 100 * US));
    const parts = run(8, { hostCpus: 1, completion: 'interrupt', load });
    expect(parts.ledger.completed).toBe(64);
    expect(cpuOf(parts)).toBeLessThan(64 * 3 * US);
  });
});

describe('an interrupt to a virtual CPU that was preempted', () => {
  it('waits in its descriptor and is seen when it runs again: none is lost, whatever the moment', () => {
    for (let seed = 0; seed < 12; seed++) {
      const load = arriving(...Array.from({ length: 20 }, (_, i) => (5 + 40 * i + 3 * seed) * US));
      const parts = run(4, { hostCpus: 1, completion: 'interrupt', load, threads: 2 }, 2000 * US);
      expect(parts.ledger.completed).toBe(80);
    }
  });
});
