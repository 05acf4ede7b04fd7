/** What a machine's parts are called in a trace. */
import type { MachineConfig } from './config.js';
import type { Device } from './device/device.js';
import type { HostThread } from './host/thread.js';
import type { DeviceNames, TraceNames } from './machine-trace.js';

/** Names by number; devices of one name are told apart by their own. */
export function traceNames(
  config: MachineConfig,
  devices: readonly Device[],
  threads: readonly HostThread[],
): TraceNames {
  const instances = config.tenants.flatMap(({ name, instances: count }) =>
    Array.from({ length: count }, (_, i) => (count === 1 ? name : `${name} ${i}`)),
  );
  return {
    devices: devices.map((device, i) => {
      const { name } = device.config;
      const isUnique = devices.filter((other) => other.config.name === name).length === 1;
      return namesOf(device, isUnique ? name : `${name} (device ${i})`);
    }),
    instances,
    threadInstance: threads.map((thread) => thread.options.instance.index),
  };
}

/** The names of one device's parts. @param name of the device in the trace */
export function namesOf({ config, engines }: Device, name: string): DeviceNames {
  const queues = config.groups.flatMap((group) => group.workQueues.map((queue) => queue.name));
  return { name, queues, engines: engines.length };
}
