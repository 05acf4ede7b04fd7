/** Which work queue each instance is handed, and so what it got: the resources by which designs are compared. */
import type { GroupConfig, MachineConfig, TenantConfig } from './config.js';
import type { Device } from './device/device.js';
import type { ResourceShare } from './run-result.js';
import type { QueuePlace } from './virtualization/control-plane.js';

/** One instance's place. */
export interface InstanceShare {
  readonly tenant: number;
  /** Number of its queue in the machine. */
  readonly queue: number;
  /** Entries that it may fill on a dedicated queue, or null on a shared one. */
  readonly credits: number | null;
  /** Numbers of its threads; filled when they are made. */
  readonly threads: number[];
}

/** See the head of this file. */
export interface Allocation {
  readonly instances: readonly InstanceShare[];
  readonly resources: readonly ResourceShare[];
  /** Where the queue of each instance is. */
  readonly places: readonly QueuePlace[];
}

interface Place extends QueuePlace {
  readonly group: GroupConfig;
  readonly queue: number;
  readonly entries: number;
  readonly mode: 'shared' | 'dedicated';
}

/**
 * Hands out work queues. An instance of a design that hands out functions has devices of its own; otherwise
 * instances rotate over the queues that their tenant names.
 * @throws RangeError when a tenant names an unknown queue, or a dedicated one is handed out twice
 */
export function allocate(config: MachineConfig, devices: readonly Device[]): Allocation {
  const ownDevices = config.design.allotment === 'function';
  const perInstance = config.devices.length;
  const instances: (InstanceShare & { place: Place })[] = [];
  config.tenants.forEach((tenant, number) => {
    for (let i = 0; i < tenant.instances; i++) {
      const first = ownDevices ? instances.length * perInstance : 0;
      const mine = ownDevices ? devices.slice(first, first + perInstance) : devices;
      const name = tenant.workQueues[i % tenant.workQueues.length]!;
      const place = findQueue(name, mine, first);
      const credits = place.mode === 'dedicated' ? place.entries : null;
      instances.push({ tenant: number, queue: place.queue, credits, threads: [], place });
    }
  });
  const users = new Map<number, number>();
  for (const { queue } of instances) users.set(queue, (users.get(queue) ?? 0) + 1);
  for (const { place, queue, tenant } of instances) {
    if (place.mode === 'dedicated' && users.get(queue)! > 1) {
      const name = config.tenants[tenant]!.name;
      throw new RangeError(
        `a dedicated work queue has one owner, but several instances of "${name}" would share one`,
      );
    }
  }
  const resources = config.tenants.map((tenant, number) =>
    share(
      tenant,
      instances.filter((i) => i.tenant === number).map((i) => i.place),
      users,
      instances,
      perInstance,
      ownDevices,
    ),
  );
  return { instances, resources, places: instances.map(({ place }) => place) };
}

function findQueue(name: string, devices: readonly Device[], firstDevice: number): Place {
  for (const [offset, device] of devices.entries()) {
    let at = 0;
    for (const group of device.config.groups) {
      for (const queue of group.workQueues) {
        const position = at++;
        if (queue.name !== name) continue;
        const number = device.queues[position]!;
        return {
          device: firstDevice + offset,
          position,
          group,
          queue: number,
          entries: queue.size,
          mode: queue.mode,
        };
      }
    }
  }
  throw new RangeError(`no device has a work queue named "${name}"`);
}

/** What one instance of a tenant got: what it shares with others counts in parts. */
function share(
  tenant: TenantConfig,
  places: readonly Place[],
  users: ReadonlyMap<number, number>,
  all: readonly { place: Place }[],
  perInstance: number,
  ownDevices: boolean,
): ResourceShare {
  const count = (matches: (place: Place) => boolean) => all.filter((i) => matches(i.place)).length;
  const mean = (of: (place: Place) => number) =>
    places.reduce((sum, place) => sum + of(place), 0) / places.length;
  const modes = new Set(places.map((place) => place.mode));
  return {
    tenant: tenant.name,
    instances: tenant.instances,
    devicesPerInstance: ownDevices
      ? perInstance
      : mean((p) => 1 / count((other) => other.device === p.device)),
    enginesPerInstance: mean(
      (p) => p.group.engines.length / count((other) => other.group === p.group && other.device === p.device),
    ),
    workQueuesPerInstance: mean((p) => 1 / users.get(p.queue)!),
    entriesPerInstance: mean((p) => p.entries / users.get(p.queue)!),
    mode: modes.size > 1 ? 'mixed' : [...modes][0]!,
  };
}
