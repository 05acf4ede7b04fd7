/** One instance as its lifecycle sees it: its threads, its place in a device, and who drives which registers. */
import type { Device } from '../device/device.js';
import type { DeviceWork } from '../device/device-work.js';
import { CostedBus } from '../driver/costed-bus.js';
import type { EnabledQueue } from '../driver/idxd-queue.js';
import { MediatedQueue } from '../driver/mediated-queue.js';
import type { HostThread } from '../host/thread.js';
import type { ParameterValues } from '../parameters.js';
import type { Instance } from '../tenants/instance.js';
import type { ConfiguredDevice } from '../virtualization/configured-device.js';
import type { Design } from '../virtualization/design.js';
import type { StartedInstance } from '../virtualization/lifecycle.js';
import type { DrivenPort } from './script.js';

/** Who holds the device, and how. */
export type SeatKind =
  /** A user inside the kernel, whose driver has the device. */
  | 'kernel'
  /** A process with the character device open. */
  | 'process'
  /** A guest with an emulated device. */
  | 'emulated'
  /** A guest that drives a whole function by itself. */
  | 'function'
  /** A guest with a virtio ring, whose host has the character device open. */
  | 'ring';

/** What a seat is made from. */
export interface SeatParts {
  readonly design: Design;
  readonly parameters: ParameterValues;
  readonly instance: Instance;
  readonly threads: readonly HostThread[];
  readonly configured: ConfiguredDevice;
  readonly device: Device;
  readonly work: DeviceWork;
  /** Number of its queue in the registers. */
  readonly queue: number;
  readonly started: StartedInstance;
}

/** Who reaches which registers. */
interface Ports {
  readonly driven: DrivenPort;
  readonly host: DrivenPort;
  readonly guest: DrivenPort | null;
}

/** See the head of this file. */
export class Seat {
  readonly kind: SeatKind;
  private ports: Ports;
  /** Since when it is stopped, or null [ps]. */
  stoppedPs: number | null = null;
  /** The host is handing errors of its queue on to it. */
  forwarding = false;
  /** It has been removed, or is dead. */
  gone = false;

  constructor(private current: SeatParts) {
    this.kind = kindOf(current.design);
    this.ports = portsOf(this.kind, current);
  }

  get parts(): SeatParts {
    return this.current;
  }

  /** The instance has moved to another host. */
  moveTo(parts: SeatParts): void {
    this.current = parts;
    this.ports = portsOf(this.kind, parts);
  }

  /** The physical registers as their driver reaches them: the host's, or the guest's own on a whole function. */
  get driven(): DrivenPort {
    return this.ports.driven;
  }

  /** The physical registers as the host reaches them, whoever drives the device. */
  get host(): DrivenPort {
    return this.ports.host;
  }

  /** The emulated registers as the guest reaches them, or null. */
  get guest(): DrivenPort | null {
    return this.ports.guest;
  }

  /** The mediated device driver's side of its queue, or null. */
  get mediated(): MediatedQueue | null {
    const { backend } = this.parts.started;
    return backend instanceof MediatedQueue ? backend : null;
  }

  /** Its driver is one of user space, which takes no interrupt. */
  get polls(): boolean {
    return this.parts.configured.owner.driver !== null;
  }

  /** Queues of the device that its driver has enabled. */
  get enabledQueues(): readonly EnabledQueue[] {
    return this.parts.configured.enabled;
  }

  /** The queue of an emulated device, as the guest's driver has enabled it. */
  get guestQueue(): EnabledQueue {
    return { index: 0, kernel: true, handle: this.parts.started.backend!.interruptHandle() };
  }

  /** Submissions of its own that the device holds. */
  inside(): Set<number> {
    return this.parts.work.ofInstance(this.parts.instance.index);
  }

  freeze(): void {
    this.parts.instance.answersNothing = true;
    for (const thread of this.parts.threads) thread.core.freeze();
  }

  thaw(): void {
    this.parts.instance.answersNothing = false;
    for (const thread of this.parts.threads) thread.core.thaw();
  }

  hold(holds: boolean): void {
    for (const thread of this.parts.threads) thread.hold(holds);
  }
}

function portsOf(kind: SeatKind, { configured, started, parameters }: SeatParts): Ports {
  const { bus, interrupts, quiet } = configured;
  const never = () => false;
  const native = { control: 'native', misc: 'msix-remapped', inGuest: false, hardware: true } as const;
  const hostBus = kind === 'function' ? new CostedBus(quiet, native, parameters) : bus;
  const { guest, virtual } = started;
  return {
    driven: { bus, interrupts, pending: never },
    host: { bus: hostBus, interrupts, pending: never },
    guest:
      guest === null || virtual === null
        ? null
        : { bus: guest.bus, interrupts: guest.interrupts, pending: () => virtual.commandPending },
  };
}

function kindOf(design: Design): SeatKind {
  if (design.allotment === 'function') return 'function';
  if (design.guest === 'process') return design.control === 'syscall' ? 'process' : 'kernel';
  return design.data === 'virtio-ring' ? 'ring' : 'emulated';
}
