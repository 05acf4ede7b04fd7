/** idxd_device_enable and its way back (Linux drivers/dma/idxd/device.c). */
import { COMMAND } from '../registers/commands.js';
import { DEVICE_STATE, GENCFG, GENCTRL, REGISTER } from '../registers/map.js';
import { type Driver, read32, write32, write64 } from './bus.js';
import { command, pollChecked } from './idxd-command.js';
import { type DevicePlan, writeConfiguration } from './idxd-config.js';
import { allowUserInterrupts, type IdxdDevice } from './idxd-probe.js';
import { disableQueue, type EnabledQueue, enablePlannedQueue } from './idxd-queue.js';

/** Where the driver put the ring of the event log. */
export interface EventLogRing {
  /** Address [B], page-aligned, below 2^52. */
  readonly base: number;
  readonly entries: number;
}

const TWO_32 = 4294967296;

/**
 * Configures the device where it takes a configuration, and enables it. A device that is enabled already stays so.
 * @param plan null on a device with read-only configuration
 * @param ring where the device has an event log and the driver uses it
 */
export function* enableDevice(
  device: IdxdDevice,
  plan: DevicePlan | null,
  ring: EventLogRing | null = null,
): Driver {
  if (device.configurable && plan !== null) yield* writeConfiguration(device, plan);
  if (device.environment.userPasid) yield* allowUserInterrupts();
  if (device.eventLog && ring !== null) yield* enableEventLog(ring);
  if (((yield* read32(REGISTER.gensts)) & 3) === DEVICE_STATE.enabled) return;
  yield* command(COMMAND.enable_device);
}

function* enableEventLog({ base, entries }: EventLogRing): Driver {
  yield* write64(REGISTER.evlcfg, base % TWO_32, Math.floor(base / TWO_32));
  yield* write64(REGISTER.evlcfg + 8, entries, 0);
  const genctrl = yield* read32(REGISTER.genctrl);
  yield* write32(REGISTER.genctrl, genctrl | GENCTRL.event_log);
  const gencfg = yield* read32(REGISTER.gencfg);
  yield* write32(REGISTER.gencfg, gencfg | GENCFG.event_log);
}

/**
 * Disables queues, then the device, and resets it where it was the driver who configured it.
 * @param queues those that are enabled
 */
export function* disableDevice(device: IdxdDevice, queues: readonly EnabledQueue[]): Driver {
  for (const queue of queues) yield* disableQueue(device, queue);
  if (((yield* read32(REGISTER.gensts)) & 3) === DEVICE_STATE.enabled) {
    yield* command(COMMAND.disable_device);
  }
  if (device.configurable) {
    yield* command(COMMAND.reset_device);
    yield* reportErrors();
  }
  yield* disableEventLog();
}

/**
 * The worker that brings a halted device back when a reset command is enough: reset, configuration, device, queues.
 * @param queues as they were enabled before
 */
export function* recover(
  device: IdxdDevice,
  plan: DevicePlan,
  queues: readonly EnabledQueue[],
): Driver<EnabledQueue[]> {
  yield* pollChecked(COMMAND.reset_device);
  yield* reportErrors();
  yield* enableDevice(device, plan);
  const enabled: EnabledQueue[] = [];
  for (const { index } of queues) enabled.push(yield* enablePlannedQueue(device, plan, plan.queues[index]!));
  return enabled;
}

/** Lets the device raise vector 0 for errors and a halt; a reset has taken that away. */
export function* reportErrors(): Driver {
  const genctrl = yield* read32(REGISTER.genctrl);
  yield* write32(REGISTER.genctrl, genctrl | GENCTRL.software_error | GENCTRL.halt);
}

function* disableEventLog(): Driver {
  const gencfg = yield* read32(REGISTER.gencfg);
  if ((gencfg & GENCFG.event_log) === 0) return;
  yield* write32(REGISTER.gencfg, gencfg & ~GENCFG.event_log);
  const genctrl = yield* read32(REGISTER.genctrl);
  yield* write32(REGISTER.genctrl, genctrl & ~GENCTRL.event_log);
  yield* write64(REGISTER.evlcfg, 0, 0);
  yield* write64(REGISTER.evlcfg + 8, 0, 0);
}
