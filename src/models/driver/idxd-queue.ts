/** Work queues of the idxd driver: enable, disable, drain, and the character device's open and close. */
import { COMMAND, COMMAND_ERROR, encodeCommand, queueOperand } from '../registers/commands.js';
import { COMMAND_ACTIVE, PERMISSION, REGISTER, STRIDE } from '../registers/map.js';
import { withPasid } from '../registers/wqcfg.js';
import { type Driver, DriverError, read32, write32 } from './bus.js';
import { command, execute, refused } from './idxd-command.js';
import { type DevicePlan, type QueuePlan, writeConfiguration } from './idxd-config.js';
import { type IdxdDevice, queueOffset, requestsHandles } from './idxd-probe.js';

/** Byte of WQCFG that holds mode and PASID. */
const MODE = 8;

/** A queue that the driver has enabled. */
export interface EnabledQueue {
  readonly index: number;
  /** Bound to a kernel driver, which has an interrupt of its own. */
  readonly kernel: boolean;
  /** Interrupt handle that descriptors name; null for a user queue, and where the device has none left. */
  readonly handle: number | null;
}

/**
 * Enables one queue of a configurable device: PASID, the configuration once more, the command, and for a kernel queue
 * its interrupt.
 * @throws DriverError where the driver itself refuses, or the device does
 */
export function* enablePlannedQueue(
  device: IdxdDevice,
  plan: DevicePlan,
  queue: QueuePlan,
): Driver<EnabledQueue> {
  const { environment } = device;
  const { mode, name, threshold } = queue.config;
  const kernel = queue.type === 'kernel';
  const shared = mode === 'shared';
  if (name === '') throw new DriverError('a work queue needs a name before it can be enabled');
  if (shared && !environment.userPasid) {
    throw new DriverError(`shared work queue "${name}" needs PASIDs, which are off`);
  }
  if (shared && threshold === 0) throw new DriverError(`shared work queue "${name}" needs a threshold`);
  if (queue.type === 'user' && !environment.userPasid) {
    throw new DriverError(
      `work queue "${name}" cannot be handed to processes: there is no IOMMU for their memory`,
    );
  }
  if (shared || (kernel && environment.kernelPasid !== null)) {
    yield* setPasid(device, queue.index, shared ? 0 : environment.kernelPasid);
  }
  yield* writeConfiguration(device, plan);
  return yield* enableQueue(device, queue.index, kernel);
}

/** Enables a queue as it is configured; a kernel queue gets its permission and, if the device asks so, a handle. */
export function* enableQueue(device: IdxdDevice, index: number, kernel: boolean): Driver<EnabledQueue> {
  yield* command(COMMAND.enable_wq, index);
  if (!kernel) return { index, kernel, handle: null };
  const vector = index + 1;
  const { kernelPasid } = device.environment;
  if (kernelPasid !== null) {
    const permission = (kernelPasid << PERMISSION.pasid_shift) | PERMISSION.pasid_enable;
    yield* write32(permissionOffset(device, vector), permission);
  }
  const handle = requestsHandles(device) ? yield* requestHandle(vector) : vector;
  return { index, kernel, handle };
}

/** Asks for a handle. A device that has none left leaves the queue without interrupts: its users poll. */
function* requestHandle(vector: number): Driver<number | null> {
  const { error, result } = yield* execute(COMMAND.request_int_handle, vector);
  if (error === COMMAND_ERROR.handle_none) return null;
  if (error !== COMMAND_ERROR.none) throw refused(COMMAND.request_int_handle, error);
  return result;
}

/** Drains and resets a queue; a kernel queue gives its handle and permission back in between. */
export function* disableQueue(device: IdxdDevice, queue: EnabledQueue): Driver {
  yield* drainQueue(queue.index);
  if (queue.kernel) {
    if (queue.handle !== null && requestsHandles(device)) yield* releaseHandle(queue.handle);
    yield* write32(permissionOffset(device, queue.index + 1), 0);
  }
  yield* command(COMMAND.reset_wq, queueOperand(queue.index));
}

/** Waits until everything that the queue accepted has completed. */
export function* drainQueue(index: number): Driver {
  yield* command(COMMAND.drain_wq, queueOperand(index));
}

/** Releasing a handle polls, with one more read for the answer. */
function* releaseHandle(handle: number): Driver {
  yield* write32(REGISTER.cmd, encodeCommand(COMMAND.release_int_handle, handle, false));
  while ((yield* read32(REGISTER.cmdstatus)) & COMMAND_ACTIVE) {
    // The device is still at it.
  }
  const error = (yield* read32(REGISTER.cmdstatus)) & 0xff;
  if (error !== COMMAND_ERROR.none) throw new DriverError(`interrupt handle ${handle} could not be released`);
}

/** After INTCAUSE 31: asks for a new handle for the queue's vector. */
export function* renewHandle(queue: EnabledQueue): Driver<EnabledQueue> {
  return { ...queue, handle: yield* requestHandle(queue.index + 1) };
}

/**
 * A process opens the character device. A shared queue needs nothing: the PASID comes with each descriptor. A dedicated
 * one is disabled, receives the PASID, and is enabled again.
 */
export function* openCharacterDevice(
  device: IdxdDevice,
  index: number,
  mode: 'shared' | 'dedicated',
  pasid: number,
): Driver {
  if (mode === 'dedicated') yield* rebind(device, index, pasid);
}

/** The process closes it: a dedicated queue loses the PASID, a shared one is drained of the PASID's descriptors. */
export function* closeCharacterDevice(
  device: IdxdDevice,
  index: number,
  mode: 'shared' | 'dedicated',
  pasid: number,
): Driver {
  if (mode === 'dedicated') yield* rebind(device, index, null);
  else yield* command(COMMAND.drain_pasid, pasid);
}

function* rebind(device: IdxdDevice, index: number, pasid: number | null): Driver {
  yield* command(COMMAND.disable_wq, queueOperand(index));
  yield* setPasid(device, index, pasid);
  yield* command(COMMAND.enable_wq, index);
}

/** Writes PASID and PASID Enable of a queue. @param pasid null switches them off */
export function* setPasid(device: IdxdDevice, index: number, pasid: number | null): Driver {
  const at = queueOffset(device, index) + MODE;
  yield* write32(at, withPasid(yield* read32(at), pasid));
}

/** Disables a queue as the driver of mediated devices does, and does not mind one that is disabled. */
export function* disableQueueCommand(index: number): Driver<number> {
  return (yield* execute(COMMAND.disable_wq, queueOperand(index))).error;
}

function permissionOffset(device: IdxdDevice, vector: number): number {
  return device.offsets.permissions + vector * STRIDE.permission;
}
