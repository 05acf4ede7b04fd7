/** An instance that has moved works on another machine: its device, its registers, its caches, its handles. */
import { describe, expect, it } from 'vitest';
import { Lifecycle } from '../../src/models/lifecycle/lifecycle.js';
import { buildMachine, type MachineParts } from '../../src/models/machine.js';
import { QUEUE_STATE } from '../../src/models/registers/map.js';
import type { Design } from '../../src/models/virtualization/design.js';
import { designById } from '../../src/models/virtualization/designs.js';
import { event, type LifecycleOptions, liveMachine, QUICK_PROVISIONING } from '../support/lifecycle.js';
import { US } from '../support/machine.js';

const byId = (id: string): Design => designById(id)!;
const VARIANT: Design = { ...byId('vfio-pci-iommufd'), id: 'variant', suspend: 'save-state' };
const FLR_PS = 100 * US;
const QUICK = { function_level_reset: FLR_PS, 'lifecycle.device_state': 50 * US };
const GIVEN_UP: Design = { ...byId('vfio-pci'), id: 'given-up', suspend: 'drain' };

/** Moves the first instance; what the seats were given, to look at. */
function move(design: Design, over: LifecycleOptions = {}, fails = false) {
  const parts = buildMachine(
    liveMachine(design, [event('migrate', { fails })], { ...over, parameters: QUICK }),
    0,
  );
  parts.simulator.run(25 * US);
  const lifecycle = new Lifecycle(parts);
  const before = parts.threads[0]!.options.place.queue.index;
  const submittedBefore = parts.ledger.submitted;
  const [result] = lifecycle.run();
  return { parts, result: result!, before, submittedBefore, place: parts.threads[0]!.options.place };
}

const queueOnSource = ({ configured, control }: MachineParts) =>
  configured[control.places[0]!.device]!.registers.queueState(0);

const MOVING: readonly Design[] = [
  ...['native-cdev', 'mdev', 'mdev-full', 'mdev-sva', 'wq-vfio', 'vmm-cdev', 'vfio-user', 'virtio'].map(byId),
  VARIANT,
  GIVEN_UP,
];

describe.each(MOVING.map((design) => [design.id, design] as const))(
  '%s: a migrated instance',
  (id, design) => {
    it('works on a device of the destination from then on, whose caches knew nothing of it', () => {
      const { parts, result, before, place } = move(design);
      expect(result.outcome).toBe('done');
      expect(parts.devices).not.toContain(place.device);
      expect(place.queue.index).not.toBe(before);
      // Everything that the source still had was ended before; the rest went to the destination.
      expect(parts.devices[0]!.queues.map((queue) => parts.registry.queues[queue]!.occupancy)).toEqual(
        parts.devices[0]!.queues.map(() => 0),
      );
      expect(place.device.iommu.misses).toBeGreaterThan(0);
      const engines = place.device.engines.map((engine) => parts.registry.engines[engine]!);
      expect(engines.reduce((sum, { tlb }) => sum + tlb.misses, 0)).toBeGreaterThan(0);
      const { aborted, failed, rejected } = parts.ledger;
      expect({ aborted, failed, rejected }).toEqual({ aborted: 0, failed: 0, rejected: 0 });
    });

    it('stays where it was when the destination refuses', () => {
      const { result, before, place, parts } = move(design, {}, true);
      expect(result.outcome).toBe('failed');
      expect(place.queue.index).toBe(before);
      expect(parts.devices).toContain(place.device);
    });

    it('costs the destination its provisioning before anything is sent', () => {
      const { result } = move(design);
      const [first] = result.steps;
      if (id === 'native-cdev') {
        expect(first!.step).not.toBe('provision the destination');
        return;
      }
      expect(first!.step).toBe('provision the destination');
      const q = QUICK_PROVISIONING;
      const least: Record<string, number> = {
        mdev: q.mdev_create + q.wq_reset,
        'vfio-user': q.server_start,
        variant: FLR_PS,
        'given-up': FLR_PS,
      };
      expect(first!.timePs).toBeGreaterThanOrEqual(least[id] ?? q.device_open);
      expect(first!.timePs).toBeLessThan((least[id] ?? q.device_open) + 1000 * US);
    });
  },
);

describe('the destination', () => {
  it('has the queue disabled until the state is loaded, and enabled by its own driver afterwards', () => {
    const { parts, result } = move(byId('mdev'));
    expect(queueOnSource(parts)).toBe(QUEUE_STATE.disabled);
    const starting = result.steps.find(({ step }) => step === 'start device')!;
    // Enable WQ with the PASID of the guest: two writes of WQCFG, and the command.
    expect(starting.commands).toBe(1);
  });

  it('grants a handle of its own, and refuses that of the source', () => {
    const { parts, result, place } = move(byId('mdev'), { tenant: { completion: 'interrupt' } });
    const [instance] = parts.instances;
    const source = parts.started[0]!.backend!.interruptHandle()!;
    expect(instance!.handle).not.toBe(source);
    expect(place.device.handles.accepts(instance!.handle, instance!.pasid)).toBe(true);
    expect(place.device.handles.accepts(source, instance!.pasid)).toBe(false);
    expect(result.metrics.descriptors_resubmitted).toBeGreaterThan(0);
  });

  it('must learn the PASID of the guest again', () => {
    const exits = (events: Parameters<typeof liveMachine>[1]) => {
      const parts = buildMachine(liveMachine(byId('mdev-sva'), events, { parameters: QUICK }), 0);
      parts.simulator.run(25 * US);
      if (events.length > 0) new Lifecycle(parts).run();
      return parts.threads.reduce((sum, { core }) => sum + core.exits, 0);
    };
    expect(exits([])).toBe(1);
    expect(exits([event('migrate')])).toBe(2);
  });

  it('can be left again', () => {
    const events = [event('migrate'), event('migrate'), event('drain')];
    for (const design of MOVING) {
      const parts = buildMachine(liveMachine(design, events, { parameters: QUICK }), 0);
      parts.simulator.run(25 * US);
      const outcomes = new Lifecycle(parts).run().map(({ outcome }) => outcome);
      expect(outcomes, design.id).toEqual(['done', 'done', 'done']);
    }
  });

  it('leaves the neighbours where they were', () => {
    const { parts } = move(byId('mdev'), { instances: 2 });
    const [moved, stayed] = parts.threads.map(({ options }) => options.place.device);
    expect(parts.devices).toContain(stayed);
    expect(parts.devices).not.toContain(moved);
  });
});
