/** Faults on purpose: whatever is taken from whom, every descriptor ends in one named state, and time runs forward. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STATUS } from '../../src/core/status.js';
import { ACTIONS } from '../../src/models/lifecycle/events.js';
import { Lifecycle } from '../../src/models/lifecycle/lifecycle.js';
import { buildMachine } from '../../src/models/machine.js';
import { STAGES } from '../../src/models/metrics.js';
import { parameterValues } from '../../src/models/parameters.js';
import { CAUSE, DEVICE_STATE, QUEUE_STATE, REGISTER } from '../../src/models/registers/map.js';
import { summarize } from '../../src/models/summary.js';
import { DESIGNS, designById } from '../../src/models/virtualization/designs.js';
import { balanced, event, type LifecycleOptions, live, liveMachine } from '../support/lifecycle.js';
import { only, US } from '../support/machine.js';

const p = parameterValues();

/** One engine that holds four descriptors, so that most of what is submitted waits in the queue. */
const NARROW: LifecycleOptions = {
  tenant: { operations: only('memmove', 65536), load: { kind: 'closed', depth: 16 } },
  parameters: { 'engine.work_descriptors': 4 },
};

describe('an interrupt handle revoked under load', () => {
  it('makes what names it fail with status 0x19, and be submitted again with the new one', () => {
    const parts = buildMachine(
      liveMachine(designById('mdev')!, [event('revoke-handles')], { tenant: { completion: 'interrupt' } }),
      0,
    );
    const statuses: number[] = [];
    const completed = parts.context.completed.bind(parts.context);
    Object.assign(parts.context, {
      completed: (row: number, now: number) => {
        statuses.push(parts.table.rows[row]!.status);
        completed(row, now);
      },
    });
    const before = parts.instances[0]!.handle;
    parts.simulator.run(20 * US);
    const [result] = new Lifecycle(parts).run();
    const refused = statuses.filter((status) => status === STATUS.int_handle_inval).length;
    expect(refused).toBeGreaterThan(0);
    expect(result!.metrics.descriptors_resubmitted).toBe(refused);
    expect(parts.instances[0]!.handle).not.toBe(before);
    expect(parts.ledger).toMatchObject({ failed: 0, rejected: 0, aborted: 0 });
    // The device told its driver by SWERROR, and the driver told the guest.
    for (const registers of [parts.configured[0]!.registers, parts.started[0]!.virtual!]) {
      expect((registers.softwareError()[0]! >>> 8) & 0xff).toBe(STATUS.int_handle_inval);
      expect(registers.softwareError()[0]! & 1).toBe(0);
    }
  });

  it('cannot happen where no handles are granted', () => {
    for (const id of ['native-kernel', 'native-cdev', 'vmm-cdev', 'vfio-pci', 'virtio']) {
      const [result] = live(designById(id)!, [event('revoke-handles')]).lifecycle;
      expect(result, id).toMatchObject({ outcome: 'refused', steps: [], metrics: {} });
    }
  });
});

describe('a work queue disabled with work in flight', () => {
  const disable = (mode: 'shared' | 'dedicated') =>
    live(designById('native-cdev')!, [event('disable-wq', { forPs: 200 * US })], { ...NARROW, mode });

  it('ends what it holds; a shared one then asks for retries', () => {
    const { conservation, lifecycle } = disable('shared');
    expect(lifecycle[0]!.metrics.descriptors_drained).toBeGreaterThan(4);
    expect(conservation).toMatchObject({ failed: 0, aborted: 0, rejected: 0 });
    expect(lifecycle[0]!.metrics.blackout).toBeGreaterThan(200e-6);
  });

  it('a dedicated one ignores what comes, and threads find out by losing patience', () => {
    const { conservation, lifecycle } = disable('dedicated');
    expect(conservation.rejected).toBeGreaterThan(0);
    expect(lifecycle[0]!.metrics.descriptors_rejected).toBe(conservation.rejected);
    expect(conservation).toMatchObject({ failed: 0, aborted: 0 });
  });
});

describe('a device that halts', () => {
  it('is noticed by vector 0 and comes back by a function-level reset; what waited is lost', () => {
    for (const id of ['native-kernel', 'native-cdev', 'mdev', 'vfio-pci']) {
      const { lifecycle, conservation } = live(designById(id)!, [event('halt')], NARROW);
      const [{ metrics, steps }] = lifecycle as [(typeof lifecycle)[0]];
      expect(steps[0], id).toMatchObject({ step: 'notice', reads: 2, writes: 1 });
      expect(metrics.recovery_time, id).toBeGreaterThan(p.function_level_reset / 1e12);
      // Up to four of the sixteen had started, and ended.
      expect(metrics.descriptors_inside, id).toBe(16);
      expect(conservation.aborted, id).toBeGreaterThanOrEqual(10);
      expect(conservation.aborted, id).toBeLessThanOrEqual(13);
      expect(conservation.failed, id).toBe(0);
    }
  });

  it('halts the emulated devices on top of it: their guests hear of it by vector 0 and set them up anew', () => {
    const config = liveMachine(designById('mdev')!, [event('halt')], { ...NARROW, instances: 2 });
    const parts = buildMachine(config, 0);
    parts.simulator.run(25 * US);
    const lifecycle = new Lifecycle(parts);
    const states: number[][] = [[], []];
    const causes: number[][] = [[], []];
    for (const [i, { virtual, guest }] of parts.started.entries()) {
      const { bus } = guest!;
      const read = bus.read.bind(bus);
      bus.read = (offset, bytes) => {
        const value = read(offset, bytes);
        if (offset === REGISTER.intcause) causes[i]!.push(value[0]);
        states[i]!.push(virtual!.state);
        return value;
      };
    }
    const [result] = lifecycle.run();
    expect(result!.outcome).toBe('done');
    expect(result!.steps.at(-1)!.step).toBe('guests set their devices up');
    for (const [i, { virtual }] of parts.started.entries()) {
      expect(causes[i]![0]! & CAUSE.halt, `guest ${i}`).toBe(CAUSE.halt);
      expect(new Set(states[i]), `guest ${i}`).toEqual(
        new Set([DEVICE_STATE.halt, DEVICE_STATE.disabled, DEVICE_STATE.enabled]),
      );
      expect(virtual!.state).toBe(DEVICE_STATE.enabled);
      expect(virtual!.queueState(0)).toBe(QUEUE_STATE.enabled);
    }
    // Both guests find and enable theirs again: probe 28 + 2, device 4 + 2, queue 6 + 4, interrupts, the halt's own.
    expect(result!.metrics.blackout).toBeLessThan(result!.metrics.recovery_time! + 100e-6);
  });

  it('is heard of by a guest that has reset its own device before, too', () => {
    const { lifecycle, conservation } = live(designById('wq-vfio')!, [event('reset-device'), event('halt')], {
      ...NARROW,
      mode: 'dedicated',
    });
    expect(lifecycle.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    expect(conservation.rejected).toBeLessThanOrEqual(16);
  });

  it("is heard of in time by guests of the kernel's emulation, and not by those of a process", () => {
    const rejected = (id: string) => {
      const { conservation } = live(designById(id)!, [event('halt')], { ...NARROW, mode: 'dedicated' });
      return conservation.rejected;
    };
    for (const id of ['mdev', 'wq-vfio', 'vf']) expect(rejected(id), id).toBeLessThanOrEqual(16);
    for (const id of ['vmm-cdev', 'vfio-user']) expect(rejected(id), id).toBeGreaterThan(16);
  });

  it('takes all instances with it, whichever was named', () => {
    const { conservation, metrics } = live(designById('mdev')!, [event('halt')], { ...NARROW, instances: 3 });
    expect(metrics.descriptors_inside).toBe(16);
    expect(conservation.aborted).toBeGreaterThan(2 * 12);
  });
});

describe('a guest that dies in the middle of a batch', () => {
  const kill = (id: string) =>
    live(designById(id)!, [event('kill')], {
      tenant: { batch: 16, load: { kind: 'closed', depth: 2 }, operations: only('memmove', 65536) },
      parameters: { 'engine.work_descriptors': 4 },
    });

  it('leaves nothing in flight: members that have not started are abandoned where its host can abort', () => {
    for (const id of ['mdev', 'mdev-sva', 'vfio-pci']) {
      const { conservation, lifecycle } = kill(id);
      expect(conservation.inFlight, id).toBe(0);
      expect(conservation.aborted, id).toBeGreaterThan(0);
      expect(conservation.aborted % 16, id).not.toBe(0);
      expect(lifecycle[0]!.metrics.descriptors_inside, id).toBeGreaterThanOrEqual(16);
    }
  });

  it('and ends by itself where closing its file only drains', () => {
    for (const id of ['native-cdev', 'vmm-cdev', 'virtio']) {
      const { conservation, lifecycle } = kill(id);
      expect(conservation, id).toMatchObject({ inFlight: 0, aborted: 0 });
      expect(lifecycle[0]!.metrics.removal_time, id).toBeGreaterThan(0);
    }
  });
});

describe('whatever happens to whom', () => {
  const actions = ACTIONS.filter((action) => action !== 'resume');

  it('submitted = completed + failed + rejected + aborted + in flight, and no stage takes negative time', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...DESIGNS),
        fc.array(fc.constantFrom(...actions), { minLength: 1, maxLength: 3 }),
        fc.record({
          mode: fc.constantFrom('shared' as const, 'dedicated' as const),
          batch: fc.constantFrom(1, 8),
          resident: fc.constantFrom(1, 0.9),
          fails: fc.boolean(),
          waits: fc.constantFrom('poll' as const, 'umwait' as const, 'interrupt' as const),
          instances: fc.constantFrom(1, 2),
          seed: fc.integer({ min: 1, max: 1000 }),
        }),
        (design, played, { mode, batch, resident, fails, waits, instances, seed }) => {
          const completion =
            waits === 'interrupt' && design.interrupts.completion === 'none' ? 'poll' : waits;
          const events = played.flatMap((action, i) => [
            event(action, { fails, instance: i % instances }),
            ...(action === 'suspend' ? [event('resume', { instance: i % instances })] : []),
          ]);
          const config = liveMachine(design, events, {
            mode,
            instances,
            seed,
            tenant: { batch, completion, buffers: { resident }, load: { kind: 'closed', depth: 6 } },
            parameters: {
              'engine.work_descriptors': 4,
              function_level_reset: 100 * US,
              'lifecycle.device_state': 50 * US,
            },
          });
          const parts = buildMachine(config, 0);
          parts.recorder.measure(true);
          parts.simulator.run(25 * US);
          const lifecycle = new Lifecycle(parts).run();
          const result = summarize(parts);
          expect(lifecycle).toHaveLength(events.length);
          expect(balanced(result)).toBe(true);
          for (const stage of STAGES) expect(result.stages[stage].sumPs, stage).toBeGreaterThanOrEqual(0);
          const total = STAGES.reduce((sum, stage) => sum + result.stages[stage].sumPs, 0);
          if (result.measured > 0) {
            expect(total / result.measured / 1e12).toBeCloseTo(result.metrics.latency_mean!, 9);
          }
          for (const { tookPs, steps } of lifecycle) {
            expect(tookPs).toBe(steps.reduce((sum, step) => sum + step.timePs, 0));
            for (const step of steps) expect(step.timePs).toBeGreaterThanOrEqual(0);
          }
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);

  it('the same machine does the same again', () => {
    const run = () => live(designById('mdev')!, [event('migrate'), event('halt'), event('kill')], NARROW);
    expect(run()).toEqual(run());
  });
});
