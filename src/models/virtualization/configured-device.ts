/** A physical device that a driver has found, configured and enabled through its registers. */
import type { DeviceConfig } from '../config.js';
import { DriverError, run } from '../driver/bus.js';
import { type BusPath, CostedBus } from '../driver/costed-bus.js';
import { DeviceBus, InterruptCounter } from '../driver/device-bus.js';
import { type DevicePlan, planDevice, type QueueType } from '../driver/idxd-config.js';
import { enableDevice } from '../driver/idxd-device.js';
import { type IdxdDevice, probe } from '../driver/idxd-probe.js';
import { type EnabledQueue, enablePlannedQueue } from '../driver/idxd-queue.js';
import { enableSharedVirtualMemory, enableVectors, enumerate, functionLevelReset } from '../driver/pci.js';
import type { ParameterValues } from '../parameters.js';
import { type DeviceShape, physicalShape } from '../registers/capabilities.js';
import { type DecodedDevice, decodeDevice } from '../registers/decode.js';
import { PhysicalRegisters } from '../registers/physical-registers.js';
import { LateSink } from '../registers/work-sink.js';
import type { ControlStepResult } from '../run-result.js';

/** Who drives the device, and from where. */
export interface DeviceOwner {
  readonly path: BusPath;
  /** In which phase of an instance's life the driver comes. */
  readonly phase: ControlStepResult['phase'];
  /** What the queues are bound to. */
  readonly type: QueueType;
  /** The IOMMU gives PASIDs to processes, and answers the device's page requests. */
  readonly sharedVirtualMemory: boolean;
  /** PASID of the kernel's own address space, where the kernel uses the queues; null elsewhere. */
  readonly kernelPasid: number | null;
}

/** What the driver did, step by step. */
export interface DriverSteps {
  readonly vectors: ControlStepResult;
  readonly probe: ControlStepResult;
  readonly enableDevice: ControlStepResult;
  /** By the number of the queue in the device. */
  readonly enableQueue: readonly ControlStepResult[];
}

/** See the head of this file. */
export class ConfiguredDevice {
  readonly registers: PhysicalRegisters;
  /** Where the device's work will be connected, once the device is there. */
  readonly work = new LateSink();
  readonly interrupts = new InterruptCounter();
  readonly bus: CostedBus;
  /** The same registers without a cost: for accesses that hardware does by itself. */
  readonly quiet: DeviceBus;
  readonly driver: IdxdDevice;
  readonly plan: DevicePlan;
  readonly steps: DriverSteps;
  /** The queues as its driver has enabled them. */
  readonly enabled: readonly EnabledQueue[];
  /** What the registers say that the device will execute. */
  readonly decoded: DecodedDevice;

  /**
   * Runs the owner's driver from enumeration to the last queue.
   * @throws DriverError if driver or device refuse the configuration
   */
  constructor(
    config: DeviceConfig,
    readonly owner: DeviceOwner,
    parameters: ParameterValues,
  ) {
    const { interrupts, work } = this;
    this.registers = new PhysicalRegisters(shapeFor(config, parameters), {
      onMessage: interrupts.onMessage,
      work,
    });
    const quiet = new DeviceBus(this.registers, interrupts);
    this.quiet = quiet;
    this.bus = new CostedBus(quiet, owner.path, parameters);
    const { phase, type } = owner;
    try {
      // vfio-pci resets the function before it hands it out; enumeration belongs to the guest's PCI core.
      if (owner.path.inGuest) run(functionLevelReset(), quiet);
      const pci = run(enumerate(), quiet);
      if (owner.sharedVirtualMemory) run(enableSharedVirtualMemory(), quiet);
      const environment = { userPasid: owner.sharedVirtualMemory, kernelPasid: owner.kernelPasid };
      const vectors = this.bus.step(phase, 'set up interrupts', enableVectors(pci)).row;
      const found = this.bus.step(phase, 'probe', probe(environment));
      this.driver = found.value;
      const plan = planDevice(this.driver, configurationFor(config, owner), type);
      this.plan = plan;
      const device = this.bus.step(phase, 'enable device', enableDevice(this.driver, plan)).row;
      const queues = plan.queues.map((queue) =>
        this.bus.step(phase, 'enable work queue', enablePlannedQueue(this.driver, plan, queue)),
      );
      this.enabled = queues.map(({ value }) => value);
      const rows = queues.map(({ row }) => row);
      this.steps = { vectors, probe: found.row, enableDevice: device, enableQueue: rows };
      this.decoded = decodeDevice(this.registers, config.name, (queue) => plan.queues[queue]!.config.name);
    } catch (error) {
      if (error instanceof DriverError) throw new DriverError(`device ${config.name}: ${error.message}`);
      throw error;
    }
  }
}

/**
 * Revision 1.0 cannot restrict operations. A configuration that does is taken to mean a device which can, and is one of
 * revision 1.0 otherwise.
 */
function shapeFor(config: DeviceConfig, parameters: ParameterValues): DeviceShape {
  const shape = physicalShape(parameters);
  const restricts = config.groups.some((g) => g.workQueues.some((queue) => queue.operations !== null));
  return restricts ? { ...shape, capabilities: { ...shape.capabilities, operationConfig: true } } : shape;
}

/** Without page requests no queue can be allowed to block on faults: Enable WQ would refuse it (error 0x25). */
function configurationFor(config: DeviceConfig, owner: DeviceOwner): DeviceConfig {
  if (owner.sharedVirtualMemory) return config;
  const groups = config.groups.map((group) => ({
    ...group,
    workQueues: group.workQueues.map((queue) => ({ ...queue, blockOnFault: false })),
  }));
  return { ...config, groups };
}
