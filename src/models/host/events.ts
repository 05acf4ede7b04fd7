/** The events of the host, by name: ids of handlers in the simulator's table. Payload: thread, and row where one is meant. */
import type { MachineContext } from '../context.js';
import type { DeviceRegistry } from '../device/device-registry.js';
import { PortalWrites } from './portal-writes.js';

/** Handler ids. */
export interface HostEvents {
  readonly thread: number;
  readonly portal: number;
  readonly interrupt: number;
  readonly timeout: number;
}

/** Registers the threads' handlers in a fixed order. Threads may be made afterwards. */
export function registerHostEvents(context: MachineContext, registry: DeviceRegistry): HostEvents {
  const { simulator, threads } = context;
  const writes = new PortalWrites(context, registry);
  return {
    thread: simulator.register((thread, turn) => threads[thread]!.onFree(turn)),
    portal: simulator.register((thread, row) => writes.arrive(thread, row)),
    interrupt: simulator.register((thread) => threads[thread]!.onInterrupt()),
    timeout: simulator.register((thread, row) => threads[thread]!.onTimeout(row)),
  };
}
