/** What a machine's parts are called in a trace. */
import type { MachineConfig } from './config.js';
import type { Device, DeviceRegistry } from './device/device.js';
import type { HostThread } from './host/thread.js';
import type { TraceNames } from './machine-trace.js';

/** Names by number; devices of one name are told apart by their own. */
export function traceNames(
  config: MachineConfig,
  devices: readonly Device[],
  registry: DeviceRegistry,
  threads: readonly HostThread[],
): TraceNames {
  const instances = config.tenants.flatMap(({ name, instances: count }) =>
    Array.from({ length: count }, (_, i) => (count === 1 ? name : `${name} ${i}`)),
  );
  return {
    devices: devices.map(({ config: { name } }, i) =>
      devices.filter((other) => other.config.name === name).length > 1 ? `${name} (device ${i})` : name,
    ),
    engineDevice: devices.flatMap(({ config: { groups } }, i) =>
      groups.flatMap((group) => group.engines.map(() => i)),
    ),
    queueDevice: devices.flatMap(({ queues }, i) => queues.map(() => i)),
    queues: registry.queues.map((queue) => queue.config.name),
    instances,
    threadInstance: threads.map((thread) => thread.options.instance.index),
  };
}
