/** A device, its registers and a counting bus: what the driver tests probe. */
import type { DeviceConfig, GroupConfig, WorkQueueConfig } from '../../src/models/config.js';
import { type Driver, run } from '../../src/models/driver/bus.js';
import { CostedBus } from '../../src/models/driver/costed-bus.js';
import { DeviceBus, InterruptCounter } from '../../src/models/driver/device-bus.js';
import { type DevicePlan, planDevice } from '../../src/models/driver/idxd-config.js';
import { enableDevice } from '../../src/models/driver/idxd-device.js';
import { type IdxdDevice, probe } from '../../src/models/driver/idxd-probe.js';
import { type EnabledQueue, enablePlannedQueue } from '../../src/models/driver/idxd-queue.js';
import { enableSharedVirtualMemory, enableVectors, enumerate } from '../../src/models/driver/pci.js';
import { parameterValues } from '../../src/models/parameters.js';
import { type DeviceShape, physicalShape } from '../../src/models/registers/capabilities.js';
import {
  PhysicalRegisters,
  type RegisterConnections,
} from '../../src/models/registers/physical-registers.js';

export const PARAMETERS = parameterValues();

export function queueConfig(name: string, changes: Partial<WorkQueueConfig> = {}): WorkQueueConfig {
  return {
    name,
    mode: 'dedicated',
    size: 16,
    threshold: 12,
    priority: 10,
    blockOnFault: true,
    maxTransferBytes: 2 * 1024 * 1024,
    maxBatch: 32,
    operations: null,
    ...changes,
  };
}

export function groupConfig(
  workQueues: readonly WorkQueueConfig[],
  changes: Partial<GroupConfig> = {},
): GroupConfig {
  return {
    engines: [0],
    workQueues,
    readBuffersReserved: 0,
    readBuffersAllowed: 96,
    useReadBufferLimit: false,
    ...changes,
  };
}

export const deviceConfig = (groups: readonly GroupConfig[]): DeviceConfig => ({
  name: 'dsa0',
  groups,
  readBufferLimit: 0,
});

/** One group with `count` queues of one mode. */
export const queues = (count: number, mode: 'shared' | 'dedicated'): DeviceConfig =>
  deviceConfig([groupConfig(Array.from({ length: count }, (_, i) => queueConfig(`wq${i}`, { mode })))]);

/** A physical device on a host, its interrupts set up, and a bus that counts. */
export class HostBench {
  readonly interrupts = new InterruptCounter();
  readonly registers: PhysicalRegisters;
  readonly quiet: DeviceBus;
  readonly bus: CostedBus;

  constructor(shape: Partial<DeviceShape> = {}, connections: RegisterConnections = {}) {
    this.registers = new PhysicalRegisters(
      { ...physicalShape(PARAMETERS), ...shape },
      { onMessage: this.interrupts.onMessage, ...connections },
    );
    this.quiet = new DeviceBus(this.registers, this.interrupts);
    const path = { control: 'native', misc: 'msix-remapped', inGuest: false, hardware: true } as const;
    this.bus = new CostedBus(this.quiet, path, PARAMETERS);
  }

  /** Enumerates the function and sets up interrupts and shared virtual memory, uncounted. */
  prepare(): this {
    const pci = run(enumerate(), this.quiet);
    run(enableSharedVirtualMemory(), this.quiet);
    run(enableVectors(pci), this.quiet);
    return this;
  }

  /** Reads, writes and interrupts that a routine needs. */
  count<T>(driver: Driver<T>): { value: T; reads: number; writes: number; interrupts: number } {
    this.bus.take('boot', '');
    const value = run(driver, this.bus);
    const { interrupts } = this.bus;
    const { reads, writes } = this.bus.take('boot', '');
    return { value, reads, writes, interrupts };
  }
}

export const WITH_PASIDS = { userPasid: true, kernelPasid: null } as const;
export const WITHOUT_PASIDS = { userPasid: false, kernelPasid: null } as const;

/** A prepared device whose driver has probed it. */
export function probed(config: DeviceConfig, type: 'user' | 'kernel' | 'mdev' = 'user') {
  const bench = new HostBench().prepare();
  const device = run(probe(WITH_PASIDS), bench.quiet);
  return { bench, device, plan: planDevice(device, config, type) };
}

/** The same with the device and all its queues enabled. */
export function enabled(config: DeviceConfig, type: 'user' | 'kernel' | 'mdev' = 'user') {
  const parts = probed(config, type);
  run(enableDevice(parts.device, parts.plan), parts.bench.quiet);
  return { ...parts, queues: enableQueues(parts.bench, parts.device, parts.plan) };
}

function enableQueues(bench: HostBench, device: IdxdDevice, plan: DevicePlan): EnabledQueue[] {
  return plan.queues.map((queue) => run(enablePlannedQueue(device, plan, queue), bench.quiet));
}
