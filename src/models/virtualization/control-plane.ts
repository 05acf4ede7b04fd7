/** The control path of a whole machine: who drives which device, and how every instance gets its queue. */
import { DriverError } from '../driver/bus.js';
import { VectorPool, vectorStore } from '../interrupts/vector-pool.js';
import { QUEUE_STATE } from '../registers/map.js';
import { ConfiguredDevice, type DeviceOwner } from './configured-device.js';
import type { ControlConfig } from './control-config.js';
import { type Design, userDriver } from './design.js';
import { type StartedInstance, startInstance } from './lifecycle.js';
import { chargeLockedMemory } from './pinning.js';
import { placesOf, type QueuePlace } from './places.js';

/** The one that the IOMMU gives to the kernel's address space, above those of the instances. */
const KERNEL_PASID = 0xfffff;

/** Stands for a vector that is not one of the shared device. */
const OWN_VECTOR = 0;

/** Drivers, devices and instances once everything has been started. */
export interface ControlPlane {
  readonly configured: readonly ConfiguredDevice[];
  /** Where the queue of each instance is. */
  readonly places: readonly QueuePlace[];
  /** Provisioning and boot of each instance. */
  readonly started: readonly StartedInstance[];
}

/**
 * Configures the devices, hands out their queues, and starts every instance.
 * @throws DriverError if a driver or device refuses; RangeError when a tenant names a queue that it cannot be given
 */
export function runControlPlane(config: ControlConfig): ControlPlane {
  const configured = configureDevices(config);
  const places = placesOf(
    config,
    configured.map(({ decoded }) => decoded.config),
  );
  return { configured, places, started: startInstances(config, configured, places) };
}

/**
 * Lets drivers configure the machine's devices: the host's driver, or, where a design hands out functions, the driver of
 * every guest on devices of its own.
 * @throws DriverError if a driver or device refuses a configuration
 */
export function configureDevices(config: ControlConfig): ConfiguredDevice[] {
  const owner = ownerOf(config.design);
  const instances = config.tenants.reduce((sum, tenant) => sum + tenant.instances, 0);
  const copies = config.design.allotment === 'function' ? instances : 1;
  const all = Array.from({ length: copies }, () => config.devices).flat();
  return all.map((device) => new ConfiguredDevice(device, owner, config.parameters));
}

/** Who drives the devices under a design. */
export function ownerOf(design: Design): DeviceOwner {
  if (design.allotment === 'function') {
    // Only a nested IOMMU shows PASIDs and page requests to the guest.
    const { control, interrupts, translation } = design;
    const nested = ['nested', 'nested-hw-queue', 'first-stage-sva'].includes(translation);
    return {
      path: { control, misc: interrupts.misc, inGuest: design.guest === 'vm', hardware: true },
      driver: userDriver(design),
      phase: 'boot',
      type: nested ? 'user' : 'kernel',
      sharedVirtualMemory: nested,
      kernelPasid: null,
    };
  }
  const kernel = design.guest === 'process' && design.control === 'native';
  return {
    path: { control: 'native', misc: 'msix-remapped', inGuest: false, hardware: true },
    driver: null,
    phase: 'provision',
    type: kernel ? 'kernel' : design.guest === 'vm' && design.lifecycle !== 'open' ? 'mdev' : 'user',
    sharedVirtualMemory: true,
    kernelPasid: kernel ? KERNEL_PASID : null,
  };
}

/**
 * Starts every instance, in order.
 * @param places where the queue of each instance is
 * @throws DriverError if an instance may not lock its memory, or ends up with a queue that nobody has enabled
 */
export function startInstances(
  config: ControlConfig,
  devices: readonly ConfiguredDevice[],
  places: readonly QueuePlace[],
): StartedInstance[] {
  const { design, parameters } = config;
  const perInstance = config.devices.length;
  const memory = config.tenants.flatMap((tenant) =>
    Array.from({ length: tenant.instances }, () => tenant.memory),
  );
  chargeLockedMemory(design, memory, perInstance, parameters);
  const store = vectorStore(design);
  const pools = store === null ? null : devices.map(() => new VectorPool(store, parameters));
  return places.map((place, instance) => {
    const first = instance * perInstance;
    const own = design.allotment === 'function' ? devices.slice(first, first + perInstance) : devices;
    const device = devices[place.device]!;
    const queue = device.decoded.queues[place.position]!;
    const vector = pools === null ? OWN_VECTOR : pools[place.device]!.take();
    const context = {
      design,
      parameters,
      devices: own,
      device,
      queue,
      instance,
      memory: memory[instance]!,
      vector,
    };
    const started = startInstance(context);
    if (device.registers.queueState(queue) !== QUEUE_STATE.enabled) {
      throw new DriverError(`instance ${instance} was handed a work queue that nobody has enabled`);
    }
    return started;
  });
}
