/** Many guests started at once, and what of a device was emulated for each. */
import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/models/machine.js';
import { parameterValues } from '../../src/models/parameters.js';
import { designById } from '../../src/models/virtualization/designs.js';
import { lastProvisionedPs } from '../../src/models/virtualization/storm.js';
import { arriving, device, group, machine, queue, tenant, US } from '../support/machine.js';

const p = parameterValues();

const run = (id: string, instances: number, parameters: Record<string, number> = {}) => {
  const names = Array.from({ length: instances }, (_, i) => `q${i}`);
  return simulate(
    machine({
      design: designById(id)!,
      devices: [
        device([
          group(
            1,
            names.map((name) => queue({ name, mode: 'dedicated', size: 16 })),
          ),
        ]),
      ],
      tenants: [tenant({ instances, workQueues: names, load: arriving(US) })],
      measure: { warmupPs: 0, durationPs: 20 * US },
      parameters,
    }),
    0,
  );
};

describe('what management software must do', () => {
  const steps = (id: string) => {
    const { metrics } = run(id, 1);
    return [metrics.vendor_steps, metrics.generic_steps];
  };

  it('is counted from what was executed: the interface of mediated devices spares no step of the vendor', () => {
    // Configure the device, enable the queue; create the device or take the registered one, open it.
    expect(steps('mdev')).toEqual([2, 2]);
    expect(steps('wq-vfio')).toEqual([2, 2]);
    expect(steps('vfio-pci')).toEqual([0, 3]);
    expect(steps('native-cdev')).toEqual([2, 0]);
    expect(steps('vfio-user')[0]).toBeGreaterThan(steps('vmm-cdev')[0]!);
  });

  it('leaves queues behind that nobody was given', () => {
    const names = ['q0', 'q1', 'q2'];
    const queues = names.map((name, i) => queue({ name, mode: 'dedicated', size: 8 * (i + 1) }));
    const { metrics } = simulate(
      machine({
        design: designById('wq-vfio')!,
        devices: [device([group(1, queues)])],
        tenants: [tenant({ workQueues: ['q1'], load: arriving(US) })],
        measure: { warmupPs: 0, durationPs: 20 * US },
      }),
      0,
    );
    expect(metrics).toMatchObject({ stranded_queues: 2, stranded_entries: 8 + 24 });
  });
});

describe('guests that start at once', () => {
  const last = (id: string, instances: number) => run(id, instances).metrics.start_last_time! * 1e12;

  it('wait for one another under pull, where each creates its device, and not under push', () => {
    expect(last('mdev', 8) - last('mdev', 1)).toBeGreaterThan(7 * (p.mdev_create + p.wq_reset) - 1000);
    expect(last('wq-vfio', 8)).toBeCloseTo(last('wq-vfio', 1), 0);
    expect(last('wq-vfio', 1)).toBeLessThan(last('mdev', 1));
  });

  it('reset their functions side by side', () => {
    expect(last('vfio-pci', 4)).toBeCloseTo(last('vfio-pci', 1), 0);
    expect(last('vfio-pci', 1)).toBeGreaterThan(p.function_level_reset);
  });

  it('are done when the lock has been through all of them, whatever the order of other steps', () => {
    const step = (name: string, timePs: number) => ({
      phase: 'provision' as const,
      step: name,
      reads: 0,
      writes: 0,
      trapped: 0,
      commands: 0,
      timePs,
    });
    const starting = (pinPs: number, number = 0) => ({
      device: number,
      steps: [step('pin and map memory', pinPs), step('create mdev', 10), step('open vfio device', 3)],
    });
    const mdev = designById('mdev')!;
    expect(lastProvisionedPs(mdev, [starting(100), starting(5)])).toBe(113);
    expect(lastProvisionedPs(mdev, [starting(100), starting(100), starting(100)])).toBe(133);
    expect(lastProvisionedPs(mdev, [starting(100), starting(100, 1)])).toBe(113);
    expect(lastProvisionedPs(mdev, [])).toBe(0);
  });
});

describe('locked memory', () => {
  // Two guests of 1 GiB each.
  const limit = (bytes: number) => ({ memlock_limit: bytes });

  it('within its limit is charged silently, and where nothing is pinned there is no limit', () => {
    expect(run('mdev', 2, limit(1 << 30)).metrics.pinned_bytes).toBe(1 << 30);
    expect(run('native-cdev', 2, limit(4096)).metrics.pinned_bytes).toBe(0);
  });

  it('beyond it is refused as the caller of the ioctl sees it', () => {
    expect(() => run('mdev', 2, limit((1 << 30) - 1))).toThrow(
      'instance 0: VFIO_IOMMU_MAP_DMA failed: Cannot allocate memory (ENOMEM): 1073741824 B locked by its process',
    );
  });

  it('is charged to each process under type1, and under iommufd to the user of all of them', () => {
    expect(() => run('wq-vfio', 2, limit(1 << 30))).toThrow('instance 1: IOMMU_IOAS_MAP failed');
    expect(run('wq-vfio', 2, limit(2 ** 31)).metrics.pinned_bytes).toBe(1 << 30);
  });
});

describe('the emulated surface', () => {
  const surface = (id: string) => {
    const { metrics } = run(id, 1);
    return [metrics.emulated_registers!, metrics.emulated_commands!, metrics.emulated_configuration!];
  };

  it('is nothing for a process, configuration and vectors for a function, all registers for an emulated device', () => {
    expect(surface('native-cdev')).toEqual([0, 0, 0]);
    const [passed, emulated, ring] = [surface('vfio-pci'), surface('mdev'), surface('virtio')];
    // Four words of each of nine vectors; commands reach the hardware.
    expect(passed.slice(0, 2)).toEqual([36, 0]);
    expect(emulated[0]!).toBeGreaterThan(20);
    // Reset, enable device, enable queue, request of an interrupt handle.
    expect(emulated[1]!).toBe(4);
    expect(ring[0]!).toBeGreaterThan(5);
    expect(ring[1]!).toBe(0);
  });

  it('does not depend on who emulates, and grows when the guest may write the configuration', () => {
    for (const id of ['vmm-cdev', 'vfio-user', 'wq-vfio', 'mdev-in-kvm'])
      expect(surface(id), id).toEqual(surface('mdev'));
    expect(surface('mdev-full')[0]!).toBeGreaterThan(surface('mdev')[0]!);
  });
});
