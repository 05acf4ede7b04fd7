/** A whole function in the hands of DPDK or SPDK: the driver's own sequence is the boot, and polling is all there is. */
import { describe, expect, it } from 'vitest';
import type { LifecycleAction, LifecycleEvent } from '../../src/models/lifecycle/events.js';
import { simulate } from '../../src/models/machine.js';
import { parameterValues } from '../../src/models/parameters.js';
import type { Design } from '../../src/models/virtualization/design.js';
import { designById } from '../../src/models/virtualization/designs.js';
import { driverMisfit } from '../../src/models/virtualization/driver-fit.js';
import { balanced, event } from '../support/lifecycle.js';
import { device, group, machine, only, queue, tenant, US } from '../support/machine.js';

const p = parameterValues();
const vfioPci = designById('vfio-pci')!;
const polled = (driver: 'dpdk' | 'spdk', over: Partial<Design> = {}): Design => ({
  ...vfioPci,
  id: driver,
  driver,
  interrupts: { misc: 'none', completion: 'none' },
  ...over,
});
const whole = (engines: number, queues = 1, size = 128) =>
  device([
    group(
      engines,
      Array.from({ length: queues }, (_, i) =>
        queue({ name: `q${i}`, mode: 'dedicated', size, priority: 1 }),
      ),
    ),
  ]);
const run = (design: Design, engines: number) =>
  simulate(machine({ design, devices: [whole(engines)], tenants: [tenant({ workQueues: ['q0'] })] }), 0);
const boot = (design: Design, engines: number) =>
  run(design, engines).control.filter(({ phase }) => phase === 'boot');

describe("A function with DPDK's driver", () => {
  it('boots in a guest with its accesses, none of which leaves it but the reset', () => {
    // Reads: version, tables and capabilities 7, state and command status 2, the ends of two commands 2, and 6 of groups
    // that are read to be changed. Writes: these 6, two commands, 8 that empty the groups, 8 the queues, 3 of WQCFG.
    expect(boot(polled('dpdk'), 1)).toMatchObject([
      { step: 'bind vfio-pci in the guest', reads: 0, writes: 0 },
      { step: 'open vfio device in the guest', reads: 0, writes: 0 },
      { step: 'function-level reset in the guest', reads: 0, writes: 1, trapped: 1 },
      { step: 'initialize device', reads: 17, writes: 27, trapped: 0, commands: 2 },
      { step: 'start work queue', reads: 3, writes: 1, trapped: 0, commands: 1 },
    ]);
  });

  it('boots on the host with the same accesses, and nothing is done twice', () => {
    const host = boot(polled('dpdk', { guest: 'process' }), 1);
    expect(host).toEqual(boot(polled('dpdk'), 1).slice(3));
    const { metrics } = run(polled('dpdk', { guest: 'process' }), 1);
    expect(metrics).toMatchObject({ trapped_accesses: 0, vm_exits_per_descriptor: 0 });
  });

  it('pays for what it accesses: slower registers make it slower', () => {
    const slow = machine({
      design: polled('dpdk', { guest: 'process' }),
      devices: [whole(1)],
      tenants: [tenant({ workQueues: ['q0'] })],
      parameters: { mmio_read: 2 * p.mmio_read },
    });
    const bootTime = (metrics: Partial<Record<string, number | null>>) => metrics.boot_time!;
    const base = run(slow.design, 1).metrics;
    expect(bootTime(simulate(slow, 0).metrics) - bootTime(base)).toBeCloseTo((20 * p.mmio_read) / 1e12, 12);
  });

  it('copies as fast as with idxd on the same device, under every mapping', () => {
    const { metrics } = run(vfioPci, 1);
    for (const mapping of ['type1', 'iommufd-compat', 'iommufd'] as const) {
      expect(run(polled('dpdk', { mapping }), 1).metrics.throughput).toBe(metrics.throughput);
    }
  });
});

describe("A function with SPDK's driver", () => {
  it('boots in one step that leaves no queue to be started', () => {
    const steps = boot(polled('spdk'), 4);
    expect(steps.map(({ step }) => step)).not.toContain('start work queue');
    expect(steps.at(-1)).toMatchObject({ reads: 17, writes: 79, trapped: 0, commands: 3 });
  });
});

describe('A workload and the driver', () => {
  it.each([
    ['dpdk', whole(1), null],
    ['spdk', whole(4), null],
    ['dpdk', whole(4), 'dpdk makes dedicated q0 of 128 entries on engine 0 of it'],
    ['spdk', whole(1), 'spdk makes dedicated q0 of 128 entries on engine 0 1 2 3 of it'],
    ['dpdk', whole(1, 1, 16), 'and the workload says dedicated q0 of 16 entries'],
    ['spdk', whole(4, 2, 64), 'spdk makes dedicated q0 of 128 entries'],
    ['dpdk', { ...whole(1), readBufferLimit: 8 }, 'dpdk cannot be told about read buffers'],
  ] as const)('%s: agree on the device, or the difference is named', (driver, config, says) => {
    const found = driverMisfit(config, polled(driver), p);
    if (says === null) expect(found).toBeNull();
    else expect(found).toContain(says);
  });

  it('agree on several queues where each has its engine', () => {
    const queues = (i: number) => [queue({ name: `q${i}`, mode: 'dedicated', size: 64 })];
    const two = device([group(1, queues(0)), { ...group(1, queues(1)), engines: [1] }]);
    expect(driverMisfit(two, polled('dpdk'), p)).toBeNull();
    expect(driverMisfit(two, vfioPci, p)).toBeNull();
  });
});

describe('What happens to such a function later', () => {
  const play = (lifecycle: LifecycleEvent[], design: Design) => {
    const engines = design.driver === 'spdk' ? 4 : 1;
    const config = machine({
      design,
      devices: [whole(engines)],
      tenants: [
        tenant({
          workQueues: ['q0'],
          load: { kind: 'closed', depth: 16 },
          operations: only('memmove', 65536),
        }),
      ],
      measure: { warmupPs: 5 * US, durationPs: 20 * US },
      parameters: { 'host.completion_timeout': 60 * US, 'engine.work_descriptors': 2 },
      lifecycle,
    });
    const result = simulate(config, 0);
    expect(balanced(result)).toBe(true);
    return result;
  };
  const last = (action: LifecycleAction, design: Design) => {
    const result = play([event(action)], design);
    return { ...result.lifecycle[0]!, result };
  };

  it.each(['dpdk', 'spdk'] as const)('%s: it drains by polling, without a command', (driver) => {
    const { outcome, steps } = last('drain', polled(driver));
    expect(outcome).toBe('done');
    expect(steps).toMatchObject([{ step: 'drain', reads: 0, writes: 0, commands: 0 }]);
  });

  it.each(['dpdk', 'spdk'] as const)(
    '%s: a reset of the device is an initialization that aborts what waits',
    (driver) => {
      const { outcome, steps, result } = last('reset-device', polled(driver));
      expect(outcome).toBe('done');
      expect(steps[0]).toMatchObject({ step: 'initialize device', commands: 3 });
      expect(result.conservation.aborted).toBeGreaterThan(0);
      expect(result.lifecycle[0]!.metrics.blackout).toBeGreaterThan(0);
    },
  );

  it.each(['function-level-reset', 'halt'] as const)('%s: the driver sets the device up anew', (action) => {
    for (const driver of ['dpdk', 'spdk'] as const) {
      const { outcome, steps } = last(action, polled(driver));
      expect(outcome).toBe('done');
      const { reads } = steps.find(({ step }) => step === 'set the device up')!;
      expect(reads).toBe(driver === 'dpdk' ? 20 : 17);
    }
  });

  it('a halt is noticed by nobody until patience is lost', () => {
    const { steps } = last('halt', polled('dpdk'));
    expect(steps[0]).toMatchObject({ step: 'notice', reads: 0, timePs: 60 * US });
  });

  it.each(['reset-wq', 'disable-wq'] as const)('%s is refused with the reason', (action) => {
    for (const driver of ['dpdk', 'spdk'] as const) {
      expect(last(action, polled(driver))).toMatchObject({
        outcome: 'refused',
        reason: expect.stringContaining('never one queue'),
      });
    }
  });

  it('it is given up with a polled command, and taken back with a reset', () => {
    const { outcome, steps } = last('remove', polled('dpdk'));
    expect(outcome).toBe('done');
    expect(steps[0]).toMatchObject({ step: 'guest disables the device', reads: 1, writes: 1, commands: 1 });
    expect(last('kill', polled('dpdk', { guest: 'process' })).outcome).toBe('done');
  });

  it('where it can be suspended, its owner gives it up and sets it up again', () => {
    const design = { ...polled('dpdk'), suspend: 'drain' as const };
    const [suspended, resumed] = play([event('suspend'), event('resume')], design).lifecycle;
    expect([suspended!.outcome, resumed!.outcome]).toEqual(['done', 'done']);
    expect(suspended!.steps[0]).toMatchObject({ step: 'guest gives the device up', commands: 1 });
    expect(resumed!.steps.at(-1)).toMatchObject({ step: 'guest sets the device up', commands: 3 });
  });
});
