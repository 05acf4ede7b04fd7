/** Machines whose devices exist only as far as a driver has configured and enabled them. */
import { describe, expect, it } from 'vitest';
import type { MachineConfig } from '../../src/models/config.js';
import { simulate } from '../../src/models/machine.js';
import { DEVICE_STATE, QUEUE_STATE } from '../../src/models/registers/map.js';
import { configureDevices, startInstances } from '../../src/models/virtualization/control-plane.js';
import type { Design } from '../../src/models/virtualization/design.js';
import { DESIGNS, designById } from '../../src/models/virtualization/designs.js';
import { device, group, machine, queue, tenant } from '../support/machine.js';

const dedicated = [
  queue({ name: 'a', mode: 'dedicated', size: 16 }),
  queue({ name: 'b', mode: 'dedicated', size: 16 }),
];

/** Two instances, each with a dedicated queue, under a design. */
const two = (design: Design, queues = dedicated): MachineConfig =>
  machine({
    design,
    devices: [device([group(2, queues)])],
    tenants: [tenant({ instances: 2, workQueues: queues.map(({ name }) => name) })],
  });

/** Where the instances of `two` have their queues. */
const places = (design: Design) =>
  [0, 1].map((i) => ({ device: design.allotment === 'function' ? i : 0, position: i }));

function started(config: MachineConfig) {
  const devices = configureDevices(config);
  return { devices, instances: startInstances(config, devices, places(config.design)) };
}

describe('Devices come from their registers', () => {
  it('and mean what was configured', () => {
    const config = two(designById('native-cdev')!);
    const [configured] = configureDevices(config);
    const groups = config.devices[0]!.groups;
    expect(configured!.decoded.config).toEqual({ name: 'dsa0', groups, readBufferLimit: 0 });
    expect(configured!.registers.state).toBe(DEVICE_STATE.enabled);
  });

  it('so that what a device refuses is refused with its reason', () => {
    const sizes = (size: number) => dedicated.map((each) => ({ ...each, size }));
    const native = designById('native-cdev')!;
    expect(() => simulate(two(native, sizes(65)), 0)).toThrow(
      'dsa0: the device refused enable_device with error 0x14',
    );
    expect(() => simulate(two(native, sizes(0)), 0)).toThrow('error 0x16');
    const priority = dedicated.map((each) => ({ ...each, priority: 0 }));
    expect(() => simulate(two(native, priority), 0)).toThrow('enable_wq with error 0x23 (queue_priority)');
  });

  it('and a queue can block on faults only where page requests reach the owner of the device', () => {
    const blocks = (design: Design) =>
      configureDevices(two(design))[0]!.decoded.config.groups[0]!.workQueues.map((each) => each.blockOnFault);
    expect(blocks(designById('native-cdev')!)).toEqual([true, true]);
    expect(blocks(designById('vfio-pci')!)).toEqual([false, false]);
    expect(blocks({ ...designById('vfio-pci')!, translation: 'nested' })).toEqual([true, true]);
  });

  it('and a guest can have a shared queue of its own function only with PASIDs', () => {
    const shared = [
      queue({ name: 'a', size: 16, threshold: 16 }),
      queue({ name: 'b', size: 16, threshold: 16 }),
    ];
    const vfio = designById('vfio-pci')!;
    expect(() => configureDevices(two(vfio, shared))).toThrow('needs PASIDs');
    const [configured] = configureDevices(two({ ...vfio, translation: 'nested' }, shared));
    expect(configured!.registers.decoded().queues[0]).toMatchObject({ dedicated: false, pasidEnable: true });
  });
});

describe('An instance that has been started', () => {
  it.each(DESIGNS.filter((d) => d.modes.includes('dedicated') && d.data !== 'virtio-ring').map((d) => d.id))(
    '%s: has an enabled queue',
    (id) => {
      const design = designById(id)!;
      const { devices, instances } = started(two(design));
      expect(devices).toHaveLength(design.allotment === 'function' ? 2 : 1);
      expect(instances).toHaveLength(2);
      for (const { registers } of devices) {
        expect([0, 1].map((number) => registers.queueState(number))).toEqual([
          QUEUE_STATE.enabled,
          QUEUE_STATE.enabled,
        ]);
      }
      if (design.allotment === 'function' || design.id === 'native-kernel') return;
      // Each dedicated queue carries the PASID of its own instance.
      expect(
        devices[0]!.registers
          .decoded()
          .queues.slice(0, 2)
          .map(({ pasid }) => pasid),
      ).toEqual([1, 2]);
    },
  );

  it('of a mediated device with a shared queue found it in use, and left it so', () => {
    const shared = [
      queue({ name: 'a', size: 16, threshold: 16 }),
      queue({ name: 'b', size: 16, threshold: 16 }),
    ];
    const { instances } = started(two(designById('mdev')!, shared));
    const [first] = instances;
    expect(first!.steps.map(({ step }) => step)).not.toContain('disable work queue');
    expect(first!.steps.map(({ step }) => step)).not.toContain('enable physical work queue');
    expect(first!.virtual!.shape).toMatchObject({
      sharedMode: true,
      dedicatedMode: false,
      modeSupport: true,
    });
    expect(first!.virtual!.queueState(0)).toBe(QUEUE_STATE.enabled);
  });

  it('behind an emulated device sees the queue it was handed, and nothing of the others', () => {
    const queues = [dedicated[0]!, { ...dedicated[1]!, size: 40, priority: 3 }];
    for (const id of ['mdev', 'vfio-user']) {
      const { instances } = started(two(designById(id)!, queues));
      const [, second] = instances;
      expect(second!.virtual!.shape, id).toMatchObject({ workQueues: 1, workQueueEntries: 40, engines: 2 });
      expect(second!.virtual!.configuration.busMaster).toBe(true);
    }
  });

  it('needs as many accesses as its configuration has queues, and no constant of the design', () => {
    const boot = (design: Design, count: number) => {
      const queues = Array.from({ length: count }, (_, i) =>
        queue({ name: `q${i}`, mode: 'dedicated', size: 16 }),
      );
      const config = machine({
        design,
        devices: [device([group(1, queues)])],
        tenants: [tenant({ workQueues: ['q0'] })],
      });
      const { control } = simulate(config, 0);
      const row = control.find(({ step }) => step === 'enable device')!;
      return [row.reads, row.writes];
    };
    const [vfio, native] = [designById('vfio-pci')!, designById('native-cdev')!];
    expect([boot(native, 1), boot(native, 8)]).toEqual([
      [13, 35],
      [69, 91],
    ]);
    // Without PASIDs the guest's driver leaves GENCFG alone.
    expect([boot(vfio, 1), boot(vfio, 8)]).toEqual([
      [12, 34],
      [68, 90],
    ]);
  });
});
