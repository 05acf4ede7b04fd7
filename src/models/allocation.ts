/** What each instance got by the work queue that it was handed: the resources by which designs are compared. */
import type { GroupConfig, MachineConfig, TenantConfig } from './config.js';
import type { Device } from './device/device.js';
import type { ResourceShare } from './run-result.js';
import type { QueuePlace } from './virtualization/places.js';

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
}

interface Place extends QueuePlace {
  readonly group: GroupConfig;
  readonly queue: number;
  readonly entries: number;
  readonly mode: 'shared' | 'dedicated';
}

/** What each instance gets, and shares with others. @param places where the queue of each instance is */
export function allocate(
  config: MachineConfig,
  devices: readonly Device[],
  places: readonly QueuePlace[],
): Allocation {
  const ownDevices = config.design.allotment === 'function';
  const perInstance = config.devices.length;
  const tenantOf = config.tenants.flatMap(({ instances }, number) =>
    new Array<number>(instances).fill(number),
  );
  const instances = places.map((each, i) => {
    const place = placeIn(devices, each);
    const credits = place.mode === 'dedicated' ? place.entries : null;
    return { tenant: tenantOf[i]!, queue: place.queue, credits, threads: [], place };
  });
  const users = new Map<number, number>();
  for (const { queue } of instances) users.set(queue, (users.get(queue) ?? 0) + 1);
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
  return { instances, resources };
}

function placeIn(devices: readonly Device[], { device: number, position }: QueuePlace): Place {
  const device = devices[number]!;
  const all = device.config.groups.flatMap((group) => group.workQueues.map((queue) => ({ group, queue })));
  const { group, queue } = all[position]!;
  return {
    device: number,
    position,
    group,
    queue: device.queues[position]!,
    entries: queue.size,
    mode: queue.mode,
  };
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
