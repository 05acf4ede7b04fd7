/**
 * Drivers of a whole function that run in a process, over vfio-pci: DPDK's and SPDK's. How the device is set up is their
 * decision; all that they are told is the number of queues. They poll, and set up no interrupt.
 */
import { COMMAND } from '../registers/commands.js';
import type { Driver } from './bus.js';
import { initialize, start } from './dpdk.js';
import { pollChecked } from './idxd-command.js';
import { attach } from './spdk.js';

/** Which of them. */
export type UserDriverName = 'dpdk' | 'spdk';

/** See the head of this file. */
export interface UserDriver {
  /** Resets, configures and enables the device, for so many queues. @returns the queues that are still to be started */
  initialize(queues: number): Driver<readonly StartQueue[]>;
}

/** Enables one queue of a device that has been initialized. */
export type StartQueue = () => Driver;

/** The drivers by name. */
export const USER_DRIVERS: Readonly<Record<UserDriverName, UserDriver>> = {
  dpdk: {
    *initialize(queues) {
      const device = yield* initialize(queues);
      return Array.from({ length: device.queues }, (_, queue) => () => start(device, queue));
    },
  },
  spdk: {
    *initialize() {
      // It enables its only queue while it attaches.
      yield* attach();
      return [];
    },
  },
};

/** Sets the device up with all its queues, as after a reset. */
export function* setUp(driver: UserDriver, queues: number): Driver {
  for (const start of yield* driver.initialize(queues)) yield* start();
}

/** Gives the device back: both drivers disable it, which drains its queues, and wait for that in a loop. */
export function* close(): Driver {
  yield* pollChecked(COMMAND.disable_device);
}
