import { describe, expect, it } from 'vitest';
import { buildMachine, simulate } from '../../src/models/machine.js';
import { designById } from '../../src/models/virtualization/designs.js';
import { device, group, type MachineOptions, machine, queue, tenant, US } from '../support/machine.js';

const BRIEF = { warmupPs: 0, durationPs: 20 * US };
const dedicated = (name: string, size = 16) => queue({ name, mode: 'dedicated', size });
const four = ['a', 'b', 'c', 'd'];

const guests = (over: Parameters<typeof tenant>[0] = {}) =>
  tenant({ instances: 4, workQueues: four, load: { kind: 'closed', depth: 4 }, ...over });

const resources = (over: MachineOptions) => simulate(machine({ measure: BRIEF, ...over }), 0).resources;

describe('what an instance gets', () => {
  it('is a dedicated queue of its own, in turn, and its part of the rest', () => {
    const shares = resources({
      design: designById('mdev')!,
      devices: [
        device([
          group(
            4,
            four.map((name) => dedicated(name)),
          ),
        ]),
      ],
      tenants: [guests()],
    });
    expect(shares).toEqual([
      {
        tenant: 'guest',
        instances: 4,
        devicesPerInstance: 1 / 4,
        enginesPerInstance: 1,
        workQueuesPerInstance: 1,
        entriesPerInstance: 16,
        mode: 'dedicated',
      },
    ]);
  });

  it('is a part of a shared queue', () => {
    const [share] = resources({
      devices: [device([group(2, [queue({ size: 64 })])])],
      tenants: [tenant({ instances: 8, load: { kind: 'closed', depth: 1 } })],
    });
    expect(share).toMatchObject({
      devicesPerInstance: 1 / 8,
      enginesPerInstance: 1 / 4,
      workQueuesPerInstance: 1 / 8,
      entriesPerInstance: 8,
      mode: 'shared',
    });
  });

  it('is counted in parts with instances of other tenants, by group where engines are concerned', () => {
    const [first, second] = resources({
      devices: [
        device([group(3, [queue({ name: 'x', size: 30, threshold: 30 })]), group(1, [dedicated('y', 10)])]),
      ],
      tenants: [
        tenant({ name: 'one', instances: 2, workQueues: ['x'], load: { kind: 'closed', depth: 1 } }),
        tenant({ name: 'two', workQueues: ['y'], load: { kind: 'closed', depth: 1 } }),
      ],
    });
    expect(first).toMatchObject({
      devicesPerInstance: 1 / 3,
      enginesPerInstance: 1.5,
      entriesPerInstance: 15,
    });
    expect(second).toMatchObject({
      devicesPerInstance: 1 / 3,
      enginesPerInstance: 1,
      entriesPerInstance: 10,
    });
  });

  it('mixed where its instances are handed both kinds', () => {
    const [share] = resources({
      devices: [device([group(1, [dedicated('a'), queue({ name: 'b', size: 32, threshold: 32 })])])],
      tenants: [tenant({ instances: 2, workQueues: ['a', 'b'], load: { kind: 'closed', depth: 1 } })],
    });
    expect(share).toMatchObject({ mode: 'mixed', workQueuesPerInstance: 1, entriesPerInstance: 24 });
  });
});

describe('a design that hands out functions', () => {
  const config = machine({
    design: designById('vfio-pci')!,
    devices: [
      device([
        group(
          4,
          four.map((name) => dedicated(name)),
        ),
      ]),
    ],
    tenants: [guests(), guests({ name: 'other', instances: 2, workQueues: ['c'] })],
    measure: BRIEF,
  });

  it('gives every instance a device, its engines and the queue that it names', () => {
    const result = simulate(config, 0);
    expect(result.devices).toBe(6);
    expect(result.resources).toHaveLength(2);
    for (const share of result.resources) {
      expect(share).toMatchObject({ devicesPerInstance: 1, enginesPerInstance: 4, workQueuesPerInstance: 1 });
    }
  });

  it('keeps their work apart: every engine that works serves one instance', () => {
    const parts = buildMachine(config, 0);
    parts.simulator.run(20 * US);
    const atWork = parts.devices.map((d) =>
      d.queues.filter((q) => parts.registry.queues[q]!.statistics.arrivals > 0),
    );
    expect(atWork.map((queues) => queues.length)).toEqual([1, 1, 1, 1, 1, 1]);
    const used = atWork.flat().map((q) => parts.registry.queues[q]!.config.name);
    expect(used).toEqual(['a', 'b', 'c', 'd', 'c', 'c']);
  });

  it('gives all devices of the configuration to every instance where there are several', () => {
    const two = simulate(
      {
        ...config,
        devices: [
          device([group(1, [dedicated('a')])]),
          device([group(1, [dedicated('c')])], { name: 'dsa1' }),
        ],
        tenants: [guests({ workQueues: ['a', 'c'] })],
      },
      0,
    );
    expect([two.devices, two.resources[0]!.devicesPerInstance]).toEqual([8, 2]);
  });
});

describe('what cannot be handed out is refused by name', () => {
  it('a dedicated queue for two instances', () => {
    const config = machine({
      devices: [device([group(1, [dedicated('a')])])],
      tenants: [tenant({ name: 'pair', instances: 2, workQueues: ['a'] })],
    });
    expect(() => buildMachine(config, 0)).toThrow(/dedicated work queue has one owner.*"pair"/);
  });

  it('a dedicated queue for two tenants', () => {
    const one = (name: string) => tenant({ name, workQueues: ['a'] });
    const config = machine({
      devices: [device([group(1, [dedicated('a')])])],
      tenants: [one('x'), one('y')],
    });
    expect(() => buildMachine(config, 0)).toThrow(RangeError);
  });

  it('a queue that no device has', () => {
    expect(() => buildMachine(machine({ tenants: [tenant({ workQueues: ['nowhere'] })] }), 0)).toThrow(
      /"nowhere"/,
    );
  });
});
