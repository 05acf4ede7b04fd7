/** A physical device that a driver has found, configured and enabled through its registers. */
import type { DeviceConfig } from '../config.js';
import { type Driver, DriverError, run } from '../driver/bus.js';
import { type BusPath, CostedBus } from '../driver/costed-bus.js';
import { DeviceBus, InterruptCounter } from '../driver/device-bus.js';
import { type DevicePlan, planDevice, type QueueType } from '../driver/idxd-config.js';
import { disableDevice, enableDevice } from '../driver/idxd-device.js';
import { type IdxdDevice, probe } from '../driver/idxd-probe.js';
import { type EnabledQueue, enablePlannedQueue } from '../driver/idxd-queue.js';
import { enableSharedVirtualMemory, enableVectors, enumerate, functionLevelReset } from '../driver/pci.js';
import { close, setUp, USER_DRIVERS, type UserDriverName } from '../driver/user-driver.js';
import type { ParameterValues } from '../parameters.js';
import { type DeviceShape, physicalShape } from '../registers/capabilities.js';
import { type DecodedDevice, decodeDevice } from '../registers/decode.js';
import { PhysicalRegisters } from '../registers/physical-registers.js';
import { LateSink } from '../registers/work-sink.js';
import type { ControlStepResult } from '../run-result.js';

/** Who drives the device, and from where. */
export interface DeviceOwner {
  readonly path: BusPath;
  /** The driver in user space that has it, or null for idxd. */
  readonly driver: UserDriverName | null;
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
  /** Before it configures anything. */
  readonly find: readonly ControlStepResult[];
  readonly enableDevice: ControlStepResult;
  /** By the number of the queue in the device; a driver may have none left to enable. */
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
  readonly steps: DriverSteps;
  /** What the registers say that the device will execute. */
  readonly decoded: DecodedDevice;
  private readonly idxd: IdxdSide | null;

  /**
   * Runs the owner's driver from enumeration to the last queue.
   * @throws DriverError if driver or device refuse the configuration
   */
  constructor(
    readonly config: DeviceConfig,
    readonly owner: DeviceOwner,
    private readonly parameters: ParameterValues,
  ) {
    const { interrupts, work } = this;
    this.registers = new PhysicalRegisters(shapeFor(config, parameters), {
      onMessage: interrupts.onMessage,
      work,
    });
    const quiet = new DeviceBus(this.registers, interrupts);
    this.quiet = quiet;
    this.bus = new CostedBus(quiet, owner.path, parameters);
    try {
      // vfio-pci resets the function before it hands it out; enumeration belongs to the guest's PCI core.
      if (owner.path.inGuest || owner.driver !== null) run(functionLevelReset(), quiet);
      const begun = owner.driver === null ? this.beginIdxd() : this.beginUser(owner.driver);
      this.steps = begun.steps;
      this.idxd = begun.idxd;
      const names = config.groups.flatMap((group) => group.workQueues.map(({ name }) => name));
      this.decoded = decodeDevice(this.registers, config.name, (queue) => names[queue]!);
    } catch (error) {
      if (error instanceof DriverError) throw new DriverError(`device ${config.name}: ${error.message}`);
      throw error;
    }
  }

  /** What idxd knows of the device. */
  get driver(): IdxdDevice {
    return this.ofIdxd.driver;
  }

  get plan(): DevicePlan {
    return this.ofIdxd.plan;
  }

  /** The queues as idxd has enabled them. */
  get enabled(): readonly EnabledQueue[] {
    return this.ofIdxd.enabled;
  }

  /** The owner gives the device up, in an orderly way. */
  giveUp(): Driver {
    return this.idxd === null ? close() : disableDevice(this.driver, this.enabled);
  }

  /** A driver in user space sets the device up again, as after a reset. @param name of the driver */
  setUpAgain(name: UserDriverName): Driver {
    return setUp(USER_DRIVERS[name], queueCount(this.config));
  }

  private get ofIdxd(): IdxdSide {
    if (this.idxd === null) throw new DriverError(`device ${this.config.name} is not driven by idxd`);
    return this.idxd;
  }

  private beginIdxd(): { steps: DriverSteps; idxd: IdxdSide } {
    const { bus, config, owner, quiet } = this;
    const { phase, type } = owner;
    const pci = run(enumerate(), quiet);
    if (owner.sharedVirtualMemory) run(enableSharedVirtualMemory(), quiet);
    const environment = { userPasid: owner.sharedVirtualMemory, kernelPasid: owner.kernelPasid };
    const vectors = bus.step(phase, 'set up interrupts', enableVectors(pci)).row;
    const found = bus.step(phase, 'probe', probe(environment));
    const driver = found.value;
    const plan = planDevice(driver, configurationFor(config, owner), type);
    const device = bus.step(phase, 'enable device', enableDevice(driver, plan)).row;
    const queues = plan.queues.map((queue) =>
      bus.step(phase, 'enable work queue', enablePlannedQueue(driver, plan, queue)),
    );
    const rows = queues.map(({ row }) => row);
    return {
      steps: { find: [vectors, found.row], enableDevice: device, enableQueue: rows },
      idxd: { driver, plan, enabled: queues.map(({ value }) => value) },
    };
  }

  /** In a guest there is a vfio-pci too, which resets the function before the guest's process gets it. */
  private beginUser(name: UserDriverName): { steps: DriverSteps; idxd: null } {
    const { bus, config, owner, quiet, parameters } = this;
    const { phase, path } = owner;
    const find: ControlStepResult[] = [];
    if (path.inGuest) {
      const { row } = bus.step(phase, 'function-level reset in the guest', functionLevelReset());
      find.push({ ...row, timePs: row.timePs + parameters.function_level_reset });
    }
    run(enumerate(), quiet);
    const initialized = bus.step(
      phase,
      'initialize device',
      USER_DRIVERS[name].initialize(queueCount(config)),
    );
    const enableQueue = initialized.value.map((start) => bus.step(phase, 'start work queue', start()).row);
    return { steps: { find, enableDevice: initialized.row, enableQueue }, idxd: null };
  }
}

/** A device as idxd drives it. */
interface IdxdSide {
  readonly driver: IdxdDevice;
  readonly plan: DevicePlan;
  readonly enabled: readonly EnabledQueue[];
}

function queueCount({ groups }: DeviceConfig): number {
  return groups.reduce((sum, group) => sum + group.workQueues.length, 0);
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
