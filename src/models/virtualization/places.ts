/** Which work queue each instance is handed. */
import type { DeviceConfig, WorkQueueConfig } from '../config.js';
import type { ControlConfig } from './control-config.js';

/** Where an instance's queue is. */
export interface QueuePlace {
  /** Device of the machine. */
  readonly device: number;
  /** Position among the queues that the device was decoded with. */
  readonly position: number;
}

/** A place, what is there, and for whom. */
interface Found extends QueuePlace {
  readonly queue: WorkQueueConfig;
  readonly tenant: string;
}

/**
 * Hands out work queues, in the order of instances. An instance of a design that hands out functions has devices of its
 * own; otherwise instances rotate over the queues that their tenant names.
 * @param devices of the machine, as they were decoded
 * @throws RangeError when a tenant names an unknown queue, or a dedicated one is handed out twice
 */
export function placesOf(config: ControlConfig, devices: readonly DeviceConfig[]): QueuePlace[] {
  const ownDevices = config.design.allotment === 'function';
  const perInstance = config.devices.length;
  const found: Found[] = [];
  for (const { name, instances, workQueues } of config.tenants) {
    for (let i = 0; i < instances; i++) {
      const first = ownDevices ? found.length * perInstance : 0;
      const mine = ownDevices ? devices.slice(first, first + perInstance) : devices;
      found.push({ ...findQueue(workQueues[i % workQueues.length]!, mine, first), tenant: name });
    }
  }
  const users = new Map<WorkQueueConfig, number>();
  for (const { queue } of found) users.set(queue, (users.get(queue) ?? 0) + 1);
  for (const { queue, tenant } of found) {
    if (queue.mode === 'dedicated' && users.get(queue)! > 1) {
      throw new RangeError(
        `a dedicated work queue has one owner, but several instances of "${tenant}" would share one`,
      );
    }
  }
  return found.map(({ device, position }) => ({ device, position }));
}

function findQueue(
  name: string,
  devices: readonly DeviceConfig[],
  firstDevice: number,
): Omit<Found, 'tenant'> {
  for (const [offset, { groups }] of devices.entries()) {
    const queues = groups.flatMap(({ workQueues }) => workQueues);
    const position = queues.findIndex((queue) => queue.name === name);
    if (position >= 0) return { device: firstDevice + offset, position, queue: queues[position]! };
  }
  throw new RangeError(`no device has a work queue named "${name}"`);
}
