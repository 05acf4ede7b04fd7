/** Provisioning and boot of one instance: drivers execute against registers, and what they did becomes steps. */
import type { DeviceConfig } from '../config.js';
import { type Driver, run } from '../driver/bus.js';
import { CharacterDeviceQueue } from '../driver/character-device-queue.js';
import { CostedBus } from '../driver/costed-bus.js';
import { DeviceBus, InterruptCounter } from '../driver/device-bus.js';
import { type DevicePlan, planDevice } from '../driver/idxd-config.js';
import { enableDevice } from '../driver/idxd-device.js';
import { type IdxdDevice, probe } from '../driver/idxd-probe.js';
import { disableQueueCommand, enablePlannedQueue, enableQueue } from '../driver/idxd-queue.js';
import { MediatedQueue } from '../driver/mediated-queue.js';
import { enableSharedVirtualMemory, enableVectors, enumerate } from '../driver/pci.js';
import { startVirtio } from '../driver/virtio.js';
import { VirtioTransport } from '../driver/virtio-transport.js';
import type { ParameterValues } from '../parameters.js';
import type { QueueBackend } from '../registers/queue-backend.js';
import { VirtualDevice } from '../registers/virtual-device.js';
import { type VirtualVariant, virtualQueue } from '../registers/virtual-shape.js';
import type { ControlStepResult } from '../run-result.js';
import type { ConfiguredDevice } from './configured-device.js';
import { type Design, userDriver } from './design.js';
import { pinTimePs } from './pinning.js';
import type { TrappedSurface } from './surface.js';

/** What the control path needs to know of an instance and its place. */
export interface ControlContext {
  readonly design: Design;
  readonly parameters: ParameterValues;
  /** Devices of the instance: those of the host, or its own. */
  readonly devices: readonly ConfiguredDevice[];
  /** The one of them that holds its queue, and the queue's number there. */
  readonly device: ConfiguredDevice;
  readonly queue: number;
  /** Number of the instance in the machine; PASID and message store entry follow from it. */
  readonly instance: number;
  readonly memory: { readonly sizeBytes: number; readonly backingBytes: number };
  /** Vector for its completions, of the shared device or its own; null when none is left. */
  readonly vector: number | null;
}

/** An instance that has been started. */
export interface StartedInstance {
  /** Provisioning and boot, in order. */
  readonly steps: ControlStepResult[];
  /** The device that its guest sees, where that is an emulated one. */
  readonly virtual: VirtualDevice | null;
  /** What of the device was emulated for its guest, or null for a process. */
  readonly surface: TrappedSurface | null;
  /** The physical side of what it was handed, or null where it has the device, or is part of the kernel. */
  readonly backend: MediatedQueue | CharacterDeviceQueue | null;
  /** The guest's driver on an emulated device, or null. */
  readonly guest: GuestSide | null;
  /** Whether its driver has an interrupt for completions; without one its threads poll. */
  readonly hasVector: boolean;
}

/** A driver inside a guest, and the way from it to its emulated device. */
export interface GuestSide {
  readonly bus: CostedBus;
  readonly interrupts: InterruptCounter;
  readonly driver: IdxdDevice;
  /** Null where the configuration is the host's. */
  readonly plan: DevicePlan | null;
}

/** A step without register accesses. */
const plain = (phase: ControlStepResult['phase'], step: string, timePs: number): ControlStepResult => ({
  phase,
  step,
  reads: 0,
  writes: 0,
  trapped: 0,
  commands: 0,
  timePs,
});

/** What stands ready for an instance that comes from another host. */
export interface Provisioned {
  readonly steps: ControlStepResult[];
  /** As of a started instance; the file of a process is not yet open. */
  readonly backend: StartedInstance['backend'];
}

/**
 * Provisions one instance without booting it, as a host does that takes one over: the state that is loaded stands for
 * what its driver did at boot. @throws DriverError if a driver or device refuses
 */
export function provisionInstance(context: ControlContext): Provisioned {
  const { design, parameters: p, memory } = context;
  const pin = pinTimePs(design, memory, p);
  const pinned = pin > 0 ? [plain('provision', 'pin and map memory', pin)] : [];
  if (design.allotment === 'function') return { steps: [...bindFunction(p), ...pinned], backend: null };
  if (design.guest === 'process') {
    return { steps: pinned, backend: design.control === 'syscall' ? characterDevice(context) : null };
  }
  const { steps, backend } = handOut(context);
  return { steps: [...steps, ...pinned], backend };
}

/** Provisions and boots one instance. @throws DriverError if a driver or device refuses */
export function startInstance(context: ControlContext): StartedInstance {
  const { design, parameters: p, memory } = context;
  const pin = pinTimePs(design, memory, p);
  const pinned = pin > 0 ? [plain('provision', 'pin and map memory', pin)] : [];
  if (design.allotment === 'function') {
    const { surface } = context.device.bus;
    const hasVector = userDriver(design) === null;
    // A guest binds and opens the function once more, so that a process of its own can have it.
    const again = hasVector || design.guest === 'process' ? [] : bindInGuest(p);
    const steps = [...bindFunction(p), ...pinned, ...again, ...bootFunction(context)];
    return {
      steps,
      virtual: null,
      surface: design.guest === 'vm' ? surface : null,
      backend: null,
      guest: null,
      hasVector,
    };
  }
  if (design.guest === 'process') {
    const own = design.control === 'syscall' ? openInProcess(context) : null;
    const steps = [...hostQueue(context), ...pinned, ...(own?.steps ?? [])];
    return { steps, virtual: null, surface: null, backend: own?.file ?? null, guest: null, hasVector: true };
  }
  if (design.data === 'virtio-ring') {
    const handed = handOut(context);
    const { steps, surface } = bootVirtio(context);
    const all = [...handed.steps, ...pinned, ...steps];
    return { steps: all, virtual: null, surface, backend: handed.backend, guest: null, hasVector: true };
  }
  const handed = handOut(context);
  const booted = bootVirtual(context, handed.backend);
  const steps = [...handed.steps, ...pinned, ...booted.steps];
  return { ...booted, steps, backend: handed.backend };
}

function mode({ device, queue }: ControlContext): 'shared' | 'dedicated' {
  return device.plan.queues[queue]!.config.mode;
}

const pasidOf = (context: ControlContext): number => context.instance + 1;

/** What the host's driver did so that the queue exists. */
function hostQueue({ device, queue }: ControlContext): ControlStepResult[] {
  return [device.steps.enableDevice, device.steps.enableQueue[queue]!];
}

function bindFunction(p: ParameterValues): ControlStepResult[] {
  return [
    plain('provision', 'bind vfio-pci', p.driver_bind),
    plain('provision', 'function-level reset', p.function_level_reset),
    plain('provision', 'open vfio device', p.device_open),
  ];
}

function bindInGuest(p: ParameterValues): ControlStepResult[] {
  return [
    plain('boot', 'bind vfio-pci in the guest', p.driver_bind),
    plain('boot', 'open vfio device in the guest', p.device_open),
  ];
}

/** The guest's own driver has found, configured and enabled every device of the instance, and its queue. */
function bootFunction({ devices, device, queue }: ControlContext): ControlStepResult[] {
  return devices.flatMap((each) => {
    const { find, enableDevice: on, enableQueue: queues } = each.steps;
    const own = each === device ? queues[queue] : undefined;
    return [...find, on, ...(own === undefined ? [] : [own])];
  });
}

/** open() causes the register accesses in the host kernel; mmap() maps the portal. */
function openInProcess(context: ControlContext): {
  steps: ControlStepResult[];
  file: CharacterDeviceQueue;
} {
  const { parameters: p, device } = context;
  const file = characterDevice(context);
  const steps = [
    plain('boot', 'open and map', p.device_open + 2 * p.syscall),
    device.bus.step('boot', 'open work queue', file.open()).row,
  ];
  return { steps, file };
}

function characterDevice(context: ControlContext): CharacterDeviceQueue {
  const { device, queue } = context;
  return new CharacterDeviceQueue({
    device: device.driver,
    index: queue,
    mode: mode(context),
    bus: device.bus,
    pasid: pasidOf(context),
    vector: context.vector,
  });
}

/** The host makes the virtual device's other side: a mediated device, or a process with the queue's file open. */
function handOut(context: ControlContext): {
  steps: ControlStepResult[];
  backend: MediatedQueue | CharacterDeviceQueue;
} {
  const { design, parameters: p, device, queue } = context;
  const steps = hostQueue(context);
  const host = (step: string, driver: Driver<unknown>) => {
    steps.push(device.bus.step('provision', step, driver).row);
  };
  if (design.lifecycle === 'open') {
    const file = characterDevice(context);
    if (design.control === 'vfio-user' || design.control === 'ioeventfd') {
      steps.push(plain('provision', 'start server', p.server_start));
    }
    steps.push(plain('provision', 'open character device', p.device_open + 2 * p.syscall));
    host('open work queue', file.open());
    return { steps, backend: file };
  }
  if (design.allotment === 'virtual-function') steps.push(...bindFunction(p));
  else if (design.lifecycle === 'mdev-pull') steps.push(plain('provision', 'create mdev', p.mdev_create));
  else steps.push(plain('provision', 'register vfio device', p.driver_bind));
  const variant = variantOf(context);
  const fields = device.registers.decoded().queues[queue]!;
  if (variant !== 'shared') {
    // The created device keeps its queue disabled until the guest enables it.
    host('disable work queue', disableQueueCommand(queue));
    steps.push(plain('provision', 'reset work queue', p.wq_reset));
  }
  if (design.allotment === 'work-queue') steps.push(plain('provision', 'open vfio device', p.device_open));
  const backend = new MediatedQueue({
    device: device.driver,
    index: queue,
    // What a virtual function does to its queue, the hardware does.
    bus: design.allotment === 'virtual-function' ? device.quiet : device.bus,
    variant,
    fields,
    pasid: pasidOf(context),
    slot: context.vector,
  });
  return { steps, backend };
}

/** What the guest sees of its queue. */
function variantOf(context: ControlContext): VirtualVariant {
  if (mode(context) === 'shared') return 'shared';
  return context.design.configuration === 'guest' ? 'writable' : 'read-only';
}

/** The guest's virtio driver sets up its ring; nothing of a DSA is shown to it. */
function bootVirtio({ design, parameters: p, device, queue }: ControlContext) {
  const path = { control: design.control, misc: design.interrupts.misc, inGuest: true, hardware: false };
  const bus = new CostedBus(new VirtioTransport(device.plan.queues[queue]!.config.size), path, p);
  return { steps: [bus.step('boot', 'set up ring', startVirtio()).row], surface: bus.surface };
}

/** A virtual device in front of a queue, and the guest's way to it. @param interrupts those of the guest's vector 0 */
export function emulate(context: ControlContext, backend: QueueBackend, interrupts: InterruptCounter) {
  const { design, parameters, device, queue } = context;
  const handedOut = virtualQueue(device.registers, queue, variantOf(context));
  const virtual = new VirtualDevice(handedOut, backend, interrupts.onMessage);
  const quiet = new DeviceBus(virtual, interrupts);
  const path = {
    control: design.control,
    misc: design.interrupts.misc,
    inGuest: true,
    hardware: design.allotment === 'virtual-function',
  };
  return { virtual, quiet, bus: new CostedBus(quiet, path, parameters) };
}

/** The guest's driver finds the virtual device; what its accesses cause physically happens inside its exits. */
function bootVirtual(context: ControlContext, backend: QueueBackend) {
  const { device } = context;
  const variant = variantOf(context);
  const interrupts = new InterruptCounter();
  const { virtual, quiet, bus } = emulate(context, backend, interrupts);
  const steps: ControlStepResult[] = [];
  const guest = <T>(step: string, driver: Driver<T>, physically: string): T => {
    device.bus.take('boot', physically);
    const { value, row } = bus.step('boot', step, driver);
    steps.push(row);
    const physical = device.bus.take('boot', physically);
    if (physical.reads + physical.writes > 0) steps.push(physical);
    return value;
  };
  const pci = run(enumerate(), quiet);
  if (pci.sharedVirtualMemory) run(enableSharedVirtualMemory(), quiet);
  guest('set up interrupts', enableVectors(pci), 'unmask physical interrupt');
  const environment = { userPasid: pci.sharedVirtualMemory, kernelPasid: null };
  const driver = guest('probe', probe(environment), 'reset physical work queue');
  const plan = variant === 'writable' ? planDevice(driver, ownConfiguration(context), 'kernel') : null;
  guest('enable device', enableDevice(driver, plan), 'enable physical device');
  const queueOn =
    plan === null ? enableQueue(driver, 0, true) : enablePlannedQueue(driver, plan, plan.queues[0]!);
  const { handle } = guest('enable work queue', queueOn, 'enable physical work queue');
  const side: GuestSide = { bus, interrupts, driver, plan };
  return { steps, virtual, surface: bus.surface, guest: side, hasVector: handle !== null };
}

/** What a guest writes that may configure its queue: the same as the host would, as its only group. */
function ownConfiguration({ device, queue }: ControlContext): DeviceConfig {
  const { config } = device.plan.queues[queue]!;
  const group = device.plan.config.groups.find((each) => each.workQueues.includes(config))!;
  const engines = group.engines.map((_, i) => i);
  const own = { ...group, engines, workQueues: [{ ...config, blockOnFault: false }] };
  return { name: 'guest', groups: [own], readBufferLimit: 0 };
}
