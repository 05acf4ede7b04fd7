/** What happens after the measured phase: suspend, migration, resets, removal. Faults on purpose have a file of their own. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writtenByProcessors } from '../../src/models/lifecycle/dirty-pages.js';
import type { LifecycleEvent } from '../../src/models/lifecycle/events.js';
import { ClockEndError } from '../../src/models/lifecycle/lifecycle.js';
import { buildMachine } from '../../src/models/machine.js';
import { parameterValues } from '../../src/models/parameters.js';
import { DESIGNS, designById } from '../../src/models/virtualization/designs.js';
import { balanced, event, type LifecycleOptions, live, liveMachine } from '../support/lifecycle.js';
import { arriving, MIB, only, US } from '../support/machine.js';

const p = parameterValues();

const last = (id: string, events: readonly LifecycleEvent[], over: LifecycleOptions = {}) => {
  const result = live(designById(id)!, events, over);
  expect(balanced(result), id).toBe(true);
  return { ...result.lifecycle.at(-1)!, result };
};

describe('the measured phase', () => {
  it('is the same whatever follows it', () => {
    const alone = live(designById('mdev')!, []);
    const followed = live(designById('mdev')!, [event('reset-wq'), event('suspend'), event('resume')]);
    for (const name of Object.keys(alone.metrics)) {
      expect(followed.metrics[name], name).toBe(alone.metrics[name]);
    }
    expect(followed.stages).toEqual(alone.stages);
    expect(followed.conservation.completed).toBeGreaterThan(alone.conservation.completed);
  });
});

describe('an event that takes longer than there is time', () => {
  it('ends the simulation with its number', () => {
    // 16 MiB at 1 kB/s: more than four hours.
    const slow = { parameters: { 'lifecycle.bandwidth': 1000 } };
    const thrown = (() => {
      try {
        live(designById('mdev')!, [event('drain'), event('migrate')], slow);
      } catch (error) {
        return error;
      }
      return null;
    })();
    expect(thrown).toBeInstanceOf(ClockEndError);
    expect(thrown).toMatchObject({ event: 1, message: 'simulated time ends before migrate is over' });
  });
});

describe('suspend', () => {
  it('of a container is a drain; of a guest its state is saved too', () => {
    const container = last('native-cdev', [event('suspend')]);
    const guest = last('mdev', [event('suspend')]);
    expect(container.metrics.state_bytes).toBeUndefined();
    // Configuration space, shadow of BAR0, WQCFG, entry of the message store.
    expect(guest.metrics.state_bytes).toBe(4096 + 8192 + 32 + 16);
    expect(guest.metrics.suspend_time! - guest.metrics.drain_time!).toBeGreaterThan(
      p['lifecycle.device_state'] / 1e12,
    );
    // Whoever drains, it is one command of the host: Drain PASID or Disable WQ.
    for (const { steps } of [container, guest]) {
      expect(steps.find(({ step }) => step === 'drain')).toMatchObject({ reads: 3, writes: 2, commands: 1 });
    }
  });

  it('waits for page faults of what is in flight', () => {
    const smooth = last('native-cdev', [event('suspend')]).metrics;
    const faulting = last('native-cdev', [event('suspend')], {
      tenant: { buffers: { resident: 0.2 } },
    }).metrics;
    expect(faulting.drain_faults).toBeGreaterThan(0);
    expect(smooth.drain_faults).toBe(0);
    expect(faulting.drain_time).toBeGreaterThan(smooth.drain_time!);
  });

  it('meets no faults where everything that the device reaches is pinned', () => {
    const absent = new Set([
      'native-cdev',
      'native-cdev-write',
      'mdev-sva',
      'virtio',
      'vfio-pci-nested',
      'vfio-pci-nested-hwq',
    ]);
    for (const design of DESIGNS) {
      const parts = buildMachine(liveMachine(design, [], { tenant: { buffers: { resident: 0.2 } } }), 0);
      parts.simulator.run(200 * US);
      const faults = parts.registry.engines.reduce((sum, engine) => sum + engine.pageFaults, 0);
      expect(faults > 0, design.id).toBe(absent.has(design.id));
    }
  });

  it('is answered for by the VMM where only the guest could answer, which stands still', () => {
    const faulting: LifecycleOptions = {
      mode: 'shared',
      tenant: { buffers: { resident: 0.2 }, load: { kind: 'closed', depth: 16 } },
      parameters: { 'engine.work_descriptors': 4 },
    };
    for (const batch of [1, 8]) {
      const over = { ...faulting, tenant: { ...faulting.tenant, batch } };
      const own = last('mdev-sva', [event('suspend'), event('resume')], over);
      const [stopped] = own.result.lifecycle;
      expect(stopped!.metrics.drain_faults_refused, `batch ${batch}`).toBeGreaterThan(0);
      expect(stopped!.metrics.drain_faults_refused).toBe(stopped!.metrics.drain_faults);
      // What ended part-way is gone on with behind the fault, once the guest runs again.
      const { aborted, failed, rejected } = own.result.conservation;
      expect({ aborted, failed, rejected }, `batch ${batch}`).toEqual({ aborted: 0, failed: 0, rejected: 0 });
      expect(own.outcome).toBe('done');
    }
    // The host answers for processes that stand still, and a guest that runs for itself.
    const process = last('native-cdev', [event('suspend')], faulting).metrics;
    expect(process.drain_faults).toBeGreaterThan(0);
    expect(process.drain_faults_refused).toBe(0);
    const running = last('mdev-sva', [event('drain')], faulting).metrics;
    expect(running.drain_faults).toBeGreaterThan(0);
    expect(running.drain_faults_refused).toBe(0);
  });

  it('ends with a resume, and the guest knows nothing but the time that is missing', () => {
    for (const id of [
      'native-kernel',
      'native-cdev-write',
      'mdev',
      'mdev-sva',
      'vmm-cdev',
      'vfio-user',
      'virtio',
    ]) {
      const { outcome, metrics, result } = last(id, [event('suspend'), event('resume')]);
      expect(outcome, id).toBe('done');
      expect(metrics.blackout, id).toBeGreaterThan(metrics.downtime! * 0.9);
      const { aborted, failed, rejected } = result.conservation;
      expect({ aborted, failed, rejected }, id).toEqual({ aborted: 0, failed: 0, rejected: 0 });
    }
  });

  it('is refused with a reason where nobody can save the state of the device', () => {
    const { outcome, reason, result } = last('vfio-pci', [event('suspend')]);
    expect(outcome).toBe('refused');
    expect(reason).toMatch(/variant driver/);
    expect(result.metrics.events_refused).toBe(1);
    const own = { ...designById('vfio-pci')!, id: 'unplugging', suspend: 'drain' as const };
    const helped = live(own, [event('suspend'), event('resume')]).lifecycle.map((each) => each.outcome);
    expect(helped).toEqual(['done', 'done']);
  });
});

describe('migration', () => {
  const migrate = (id: string, buffers: number, backingBytes: number) =>
    last(id, [event('migrate')], {
      tenant: { memory: { sizeBytes: 16 * MIB, backingBytes }, buffers: { count: buffers } },
      parameters: { 'lifecycle.downtime_limit': 20 * US },
    }).metrics;

  it('copies again what the device has written, as finely as somebody knows', () => {
    const [few, many, large] = [
      migrate('wq-vfio', 64, 4096),
      migrate('wq-vfio', 256, 4096),
      migrate('wq-vfio', 64, 2 * MIB),
    ];
    // Every buffer of 4 KiB and the page of the completion records, once in each round.
    expect(few.dirty_bytes).toBe(few.migration_rounds! * 65 * 4096);
    expect(many.last_bytes).toBe(257 * 4096);
    expect(large.last_bytes).toBeGreaterThanOrEqual(2 * MIB);
    expect(large.last_bytes! % (2 * MIB)).toBe(0);
    // Nobody knows under type1: all of the memory is sent again while the guest stands still.
    const blind = migrate('mdev', 64, 4096);
    expect(blind.last_bytes).toBe(16 * MIB);
    expect(blind.downtime).toBeGreaterThan(few.downtime! + (15 * MIB) / p['lifecycle.bandwidth']);
  });

  it('copies again what the processors have written, in small pages whatever backs the guest', () => {
    const moved = (
      id: string,
      writes: { perSecond: number; withinBytes: number } | null,
      backingBytes = 4096,
    ) =>
      last(id, [event('migrate')], {
        tenant: {
          memory: { sizeBytes: 16 * MIB, backingBytes, ...(writes === null ? {} : { writes }) },
          load: arriving(),
        },
        parameters: { 'lifecycle.downtime_limit': 2000 * US },
      }).metrics;
    // Nothing is left of a guest that does nothing; one that writes leaves what it wrote in the only round.
    expect(moved('wq-vfio', null).last_bytes).toBe(0);
    const writes = { perSecond: 1e6, withinBytes: 4 * MIB };
    const roundPs = (16 * MIB * 1e12) / p['lifecycle.bandwidth'] + 4096 * p['lifecycle.dirty_read'];
    const small = moved('wq-vfio', writes);
    expect(small.migration_rounds).toBe(1);
    expect(small.last_bytes).toBe(4096 * writtenByProcessors(writes, Math.round(roundPs)));
    expect(small.last_bytes).toBeGreaterThan(2 * MIB);
    // Four dirty bits to read are quicker than four thousand, and no other page counts for more than 4 KiB.
    const large = moved('wq-vfio', writes, 2 * MIB);
    expect(large.last_bytes! % 4096).toBe(0);
    expect(large.last_bytes).toBeLessThanOrEqual(small.last_bytes!);
    expect(large.last_bytes! % (2 * MIB)).not.toBe(0);
    expect(moved('mdev', writes).last_bytes).toBe(16 * MIB);
  });

  it('does not end before it must while more is written than the link carries', () => {
    const { metrics } = last('wq-vfio', [event('migrate')], {
      tenant: {
        memory: {
          sizeBytes: 16 * MIB,
          backingBytes: 4096,
          writes: { perSecond: 1e9, withinBytes: 16 * MIB },
        },
        load: arriving(),
      },
      parameters: { 'lifecycle.downtime_limit': US },
    });
    expect(metrics.migration_rounds).toBe(1);
    expect(metrics.last_bytes).toBe(16 * MIB);
  });

  it('leaves the handles of the source behind: the guest asks for new ones and submits again', () => {
    const { metrics, steps, result } = last('mdev', [event('migrate')], {
      tenant: { completion: 'interrupt' },
    });
    expect(metrics.descriptors_resubmitted).toBeGreaterThan(0);
    expect(steps.at(-1)).toMatchObject({ step: 'renew interrupt handle', commands: 1 });
    expect(result.conservation.failed).toBe(0);
  });

  it('that fails at the destination lets the source go on as if nothing had been', () => {
    const { outcome, metrics, result } = last('mdev', [event('migrate', { fails: true })], {
      tenant: { completion: 'interrupt' },
    });
    expect(outcome).toBe('failed');
    expect(metrics.descriptors_resubmitted).toBeUndefined();
    expect(metrics.downtime).toBeGreaterThan(0);
    const { aborted, failed, rejected } = result.conservation;
    expect({ aborted, failed, rejected }).toEqual({ aborted: 0, failed: 0, rejected: 0 });
    expect(result.metrics.events_failed).toBe(1);
  });

  it('needs a guest, and a device whose state somebody can move', () => {
    expect(last('native-kernel', [event('migrate')]).outcome).toBe('refused');
    expect(last('vf', [event('migrate')]).outcome).toBe('refused');
    // A container is copied while it stands still.
    const { metrics } = last('native-cdev', [event('migrate')]);
    expect(metrics.migration_rounds).toBe(0);
    expect(metrics.downtime).toBeGreaterThan((16 * MIB) / p['lifecycle.bandwidth']);
  });
});

describe('resets with work in flight', () => {
  const reset = (id: string, action: 'reset-wq' | 'reset-device' | 'function-level-reset') =>
    last(id, [event(action)], {
      tenant: { load: { kind: 'closed', depth: 16 }, operations: only('memmove', 65536) },
      parameters: { 'engine.work_descriptors': 4 },
    });

  it('abandon what waits, let end what has started, and go on', () => {
    for (const id of ['native-cdev', 'mdev', 'vfio-pci']) {
      const { metrics, result } = reset(id, 'reset-wq');
      // One engine: some of the sixteen were in it, the others in the queue.
      expect(metrics.descriptors_aborted, id).toBeGreaterThan(0);
      expect(metrics.descriptors_aborted, id).toBeLessThan(16);
      expect(result.lifecycle[0]!.metrics.blackout, id).toBeGreaterThan(0);
    }
  });

  it('of a function take its mandatory wait only where the function is real', () => {
    const seconds = (id: string) => reset(id, 'function-level-reset').metrics.reset_time!;
    expect(seconds('vfio-pci')).toBeGreaterThan(p.function_level_reset / 1e12);
    expect(seconds('mdev')).toBeLessThan(0.01 * seconds('vfio-pci'));
  });

  it('cost a guest what its accesses cost', () => {
    const seconds = (exit_round_trip: number) =>
      last('mdev', [event('reset-device')], { parameters: { exit_round_trip } });
    const [dear, cheap] = [seconds(1_200_000), seconds(600_000)];
    const trapped = dear.steps.reduce((sum, step) => sum + step.trapped, 0);
    expect(trapped).toBeGreaterThan(10);
    expect((dear.metrics.reset_time! - cheap.metrics.reset_time!) * 1e12).toBeCloseTo(trapped * 600_000, -3);
  });
});

describe('removal', () => {
  it('drains what the driver holds back, and ends the instance', () => {
    for (const id of ['native-kernel', 'mdev', 'vmm-cdev', 'vfio-pci', 'virtio']) {
      const { outcome, result } = last(id, [event('remove'), event('drain')]);
      expect(result.lifecycle[0]!.outcome, id).toBe('done');
      expect(outcome, id).toBe('refused');
      expect(result.conservation, id).toMatchObject({ inFlight: 0, failed: 0, aborted: 0 });
    }
  });

  it('takes the portal from under a process that submits', () => {
    const { result } = last('native-cdev', [event('remove')]);
    expect(result.conservation.inFlight).toBe(0);
    expect(result.conservation.aborted).toBeGreaterThan(0);
  });
});

describe('a VMM that is replaced under its running guest', () => {
  it('keeps the device at work under type1: what it holds ends while the guest stands still', () => {
    for (const id of ['mdev', 'vfio-pci']) {
      const { outcome, metrics, steps, result } = last(id, [event('replace-vmm')]);
      expect(outcome, id).toBe('done');
      expect(metrics.descriptors_inside, id).toBeGreaterThan(0);
      const stillPs = 2 * p['lifecycle.vcpu_pause'] + p['lifecycle.vmm_start'] + 2 * p.syscall;
      expect(metrics.downtime! * 1e12, id).toBeCloseTo(stillPs, -1);
      expect(
        steps.reduce((sum, step) => sum + step.commands, 0),
        id,
      ).toBe(0);
      const { aborted, failed, rejected } = result.conservation;
      expect({ aborted, failed, rejected }, id).toEqual({ aborted: 0, failed: 0, rejected: 0 });
    }
  });

  it.each([
    ['wq-vfio', 'iommufd, behind either interface'],
    ['vfio-pci-iommufd', 'iommufd, behind either interface'],
    ['virtio', "the device works with addresses of the VMM's own process"],
    ['native-cdev', 'a process has no VMM'],
  ])('is refused by %s, which says why', (id, reason) => {
    const { outcome, reason: said, metrics } = last(id, [event('replace-vmm')]);
    expect(outcome).toBe('refused');
    expect(said.startsWith(reason) || said).toBe(true);
    expect(metrics.downtime).toBeUndefined();
  });
});

describe('the pages that processors write', () => {
  const writes = fc.record({
    perSecond: fc.integer({ min: 1, max: 1e9 }),
    withinBytes: fc.integer({ min: 1, max: 1 << 18 }).map((pages) => pages * 4096),
  });

  it('are never more than there are, nor than there were writes, and grow with time', () => {
    fc.assert(
      fc.property(writes, fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 0, max: 1e12 }), (w, a, b) => {
        const [first, both] = [writtenByProcessors(w, a), writtenByProcessors(w, a + b)];
        expect(first).toBeLessThanOrEqual(w.withinBytes / 4096);
        expect(first).toBeLessThanOrEqual(Math.ceil((w.perSecond * a) / 1e12));
        expect(both).toBeGreaterThanOrEqual(first);
      }),
    );
  });

  it('are as many as an even spread leaves distinct', () => {
    expect(writtenByProcessors({ perSecond: 1000, withinBytes: 1000 * 4096 }, 1e12)).toBe(632);
    expect(writtenByProcessors({ perSecond: 1000, withinBytes: 4096 }, 1e12)).toBe(1);
    expect(writtenByProcessors({ perSecond: 1000, withinBytes: 4096 }, 0)).toBe(0);
  });
});
