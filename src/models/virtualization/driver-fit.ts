/**
 * Whether a driver in user space makes of a device what a workload says that it is. Such a driver decides alone about
 * groups, engines and entries; it is executed against the device's registers, and what it leaves there is compared.
 */
import type { DeviceConfig } from '../config.js';
import { DriverError } from '../driver/bus.js';
import type { ParameterValues } from '../parameters.js';
import { ConfiguredDevice } from './configured-device.js';
import { ownerOf } from './control-plane.js';
import { type Design, userDriver } from './design.js';

/** In what a device differs from what the design's driver makes of it, in words; null where it fits, and for idxd. */
export function driverMisfit(config: DeviceConfig, design: Design, p: ParameterValues): string | null {
  const name = userDriver(design);
  if (name === null) return null;
  const idle = untouched(config);
  if (idle !== null) return `${name} cannot be told ${idle}`;
  try {
    const { decoded } = new ConfiguredDevice(config, ownerOf(design), p);
    const wanted = shape(config);
    const made = shape(decoded.config);
    if (wanted === made) return null;
    return `${name} makes ${made} of it, and the workload says ${wanted}`;
  } catch (error) {
    if (error instanceof DriverError) return error.message;
    throw error;
  }
}

/** What the drivers never write, and a workload asks for. */
function untouched({ groups, readBufferLimit }: DeviceConfig): string | null {
  if (readBufferLimit > 0 || groups.some((group) => group.readBuffersReserved > 0))
    return 'about read buffers';
  const queues = groups.flatMap((group) => group.workQueues);
  if (queues.some((queue) => queue.operations !== null)) return 'which operations a queue allows';
  const unequal = groups.some(({ workQueues }) =>
    workQueues.some((q) => q.priority !== workQueues[0]!.priority),
  );
  return unequal ? 'the priorities of queues' : null;
}

/** Queues in their groups with the engines that serve them. */
function shape({ groups }: DeviceConfig): string {
  return groups
    .filter(({ workQueues }) => workQueues.length > 0)
    .map(({ engines, workQueues }) => {
      const queues = workQueues.map(({ name, mode, size }) => `${mode} ${name} of ${size} entries`);
      return `${queues.join(', ')} on engine ${engines.join(' ')}`;
    })
    .join('; ');
}
