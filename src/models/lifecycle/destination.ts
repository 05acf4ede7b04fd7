/**
 * The host to which an instance moves: a device of its own, equal to the source's in all but its history. Its driver has configured
 * it, nobody's translations are in its caches, its interrupt message store belongs to others but for one entry, and its
 * processors know no PASID of the guest.
 */
import type { MachineConfig } from '../config.js';
import type { MachineContext } from '../context.js';
import { Device } from '../device/device.js';
import type { DeviceRegistry } from '../device/device-registry.js';
import { DeviceWork } from '../device/device-work.js';
import { run } from '../driver/bus.js';
import { probe } from '../driver/idxd-probe.js';
import { enableSharedVirtualMemory, enableVectors, enumerate, functionLevelReset } from '../driver/pci.js';
import { VectorPool, vectorStore } from '../interrupts/vector-pool.js';
import { MemorySystem } from '../memory/memory-system.js';
import type { ControlStepResult } from '../run-result.js';
import { NO_HANDLE } from '../tenants/instance.js';
import { namesOf } from '../trace-names.js';
import { ConfiguredDevice } from '../virtualization/configured-device.js';
import { ownerOf } from '../virtualization/control-plane.js';
import {
  type ControlContext,
  emulate,
  type Provisioned,
  provisionInstance,
} from '../virtualization/lifecycle.js';
import { isAhead } from '../virtualization/storm.js';
import type { Stage } from './script.js';
import type { Seat, SeatParts } from './seat.js';

/** What the hosts of a run share: one clock and one table of descriptors. */
export interface Hosts {
  readonly config: MachineConfig;
  readonly context: MachineContext;
  readonly registry: DeviceRegistry;
  readonly stage: Stage;
}

/** Connects a device to its registers. */
export function connect(
  { decoded, work }: ConfiguredDevice,
  device: Device,
  { registry, context }: Pick<Hosts, 'registry' | 'context'>,
): DeviceWork {
  const places = {
    queues: new Map(decoded.queues.map((queue, i) => [queue, registry.queues[device.queues[i]!]!])),
    engines: device.engines.map((engine) => registry.engines[engine]!),
    groups: device.groups.map((group) => registry.groups[group]!),
    groupNumbers: device.groups,
  };
  const own = new DeviceWork(places, context, registry);
  work.connect(own);
  return own;
}

/** See the head of this file. */
export class Destination {
  /** What was done for the instance that comes, in order; what the host had done before it was asked is not among it. */
  readonly steps: readonly ControlStepResult[];
  private readonly configured: ConfiguredDevice;
  private readonly device: Device;
  private readonly work: DeviceWork;
  private readonly control: ControlContext;
  private readonly provisioned: Provisioned;

  /** @param others instances on the device that it leaves: as many are at the destination already */
  constructor(
    private readonly hosts: Hosts,
    private readonly seat: Seat,
    others: number,
  ) {
    const { config, context, registry } = hosts;
    const { design, parameters } = config;
    const { parts } = seat;
    this.configured = new ConfiguredDevice(parts.configured.config, ownerOf(design), parameters);
    const { decoded } = this.configured;
    this.device = new Device(
      decoded.config,
      context,
      registry,
      design.translation,
      new MemorySystem(parameters),
    );
    this.device.memory.addCachedDestinations(parts.instance.cachedDestinationBytes);
    context.trace?.addDevice(namesOf(this.device, `${decoded.config.name} (destination)`));
    this.work = connect(this.configured, this.device, hosts);
    if (seat.kind === 'function') this.handOverReset();
    this.control = {
      design,
      parameters,
      devices: [this.configured],
      device: this.configured,
      queue: parts.queue,
      instance: parts.instance.index,
      memory: parts.instance.config.memory,
      vector: this.vector(others),
    };
    this.provisioned = provisionInstance(this.control);
    this.steps = this.provisioned.steps.filter(({ step }) => !isAhead(design, step));
    const { backend } = this.provisioned;
    if (backend !== null) {
      const { bus, interrupts } = this.configured;
      backend.perform = hosts.stage.performer({ bus, interrupts, pending: () => false });
    }
  }

  /** The state of the instance's device is loaded, and its threads belong here from now on. */
  take(): void {
    const { seat, configured, device, work } = this;
    const { parts } = seat;
    const started = { ...parts.started, ...this.loadState(), backend: this.provisioned.backend };
    seat.moveTo({ ...parts, configured, device, work, started });
    const [queue] = device.queues.filter((_, i) => configured.decoded.queues[i] === parts.queue);
    const { queues, readLoads } = this.hosts.registry;
    for (const { options } of parts.threads) {
      options.place.queue = queues[queue!]!;
      options.place.device = device;
      options.place.readLoad = readLoads[queue!]!;
      options.path.moveHost();
    }
    if (seat.mediated !== null && parts.instance.handle !== NO_HANDLE)
      this.reserveHandles(seat.mediated.interruptHandle());
  }

  /** An emulated device like the source's, with its state; of other designs nothing is emulated. */
  private loadState(): Partial<SeatParts['started']> {
    const { virtual, guest } = this.seat.parts.started;
    const { backend } = this.provisioned;
    if (virtual === null || guest === null || backend === null) return {};
    const here = emulate(this.control, backend, guest.interrupts);
    here.virtual.load(virtual.save());
    return { virtual: here.virtual, guest: { ...guest, bus: here.bus } };
  }

  /** The function as vfio-pci hands it over: reset, found by PCI, its interrupts as the guest had them, nothing enabled. */
  private handOverReset(): void {
    const { quiet, owner } = this.configured;
    run(functionLevelReset(), quiet);
    const pci = run(enumerate(), quiet);
    if (owner.driver !== null) return;
    if (owner.sharedVirtualMemory) run(enableSharedVirtualMemory(), quiet);
    run(enableVectors(pci), quiet);
    run(probe(this.configured.driver.environment), quiet);
  }

  /** A vector that no other guest of the destination has; one that had none gets none. */
  private vector(others: number): number | null {
    const { config } = this.hosts;
    const store = vectorStore(config.design);
    if (store === null) return 0;
    if (!this.seat.parts.started.hasVector) return null;
    const pool = new VectorPool(store, config.parameters);
    let vector = pool.take();
    for (let i = 0; i < others; i++) vector = pool.take() ?? vector;
    return vector;
  }

  /** Entries of the message store carry the PASIDs of other guests: only one may be named by this one. */
  private reserveHandles(own: number | null): void {
    const { handles } = this.device;
    for (let entry = 0; entry < handles.entries; entry++) if (entry !== own) handles.revoke(entry);
  }
}
