/**
 * A design: a record of mechanisms, one per axis, that says how a DSA reaches a guest, container or process.
 * Nothing in it is a result; costs follow from executing the mechanisms with the constants of parameters.ts.
 */
import type { UserDriverName } from '../driver/user-driver.js';

export type ControlPath =
  | 'native'
  | 'syscall'
  | 'mdev-trap'
  | 'vmm-trap'
  | 'vfio-user'
  | 'ioeventfd'
  | 'in-kvm';
export type DataPath = 'portal' | 'trapped-portal' | 'syscall-write' | 'virtio-ring';
export type TranslationPath =
  | 'dma-api'
  | 'second-stage'
  | 'first-stage-sva'
  | 'shadow-viommu'
  | 'nested'
  | 'nested-hw-queue';
export type InterruptPath =
  | 'msix-remapped'
  | 'posted-host'
  | 'ims-posted'
  | 'msix-posted'
  | 'eventfd-irqfd'
  | 'eventfd-injected'
  | 'none';
export type LifecyclePath = 'open' | 'mdev-pull' | 'preconfigured-push' | 'pci-bind';
export type MappingPath = 'none' | 'type1' | 'iommufd-compat' | 'iommufd';
export type SuspendPath = 'drain' | 'save-state' | 'none';
/** Who drives a function that was handed out whole: the kernel's driver, or one of a process over vfio-pci. */
export type FunctionDriver = 'idxd' | UserDriverName;
export type DesignFamily = 'native' | 'kernel-emulation' | 'userspace' | 'passthrough' | 'paravirtual';
/** Whether a design exists in a released kernel or VMM, only on the lists, or only here. */
export type DesignStatus = 'shipped' | 'partly-shipped' | 'argued' | 'hypothetical';

/** What one instance of a tenant is handed. */
export type Allotment =
  /** Access to a work queue of a device that the host configured. */
  | 'work-queue'
  /** A virtual function with one work queue of a device that the host configured. */
  | 'virtual-function'
  /** A PCI function with all its work queues and engines, configured by the guest's own driver. */
  | 'function';

/** Published code that a design adds, counted from its source by whoever is named. */
export interface ReferenceCode {
  readonly lines: number;
  readonly what: string;
  /** What a mistake in it reaches. */
  readonly runsIn: 'the kernel' | 'a process of the host' | 'the user of the device';
  readonly source: string;
}

/** A way of giving a DSA to a guest, container or process. */
export interface Design {
  id: string;
  family: DesignFamily;
  status: DesignStatus;
  /** One sentence for lists and reports. */
  summary: string;
  /** Whether an instance is a virtual machine or a process on the host. */
  guest: 'vm' | 'process';
  allotment: Allotment;
  /** Which queue modes an instance can be handed. */
  modes: readonly ('shared' | 'dedicated')[];
  control: ControlPath;
  data: DataPath;
  translation: TranslationPath;
  /** Vector 0 reports commands and errors, the others completions. */
  interrupts: { misc: InterruptPath; completion: InterruptPath };
  /** Who says how the queue is set up: the host, before it hands it out, or the guest's own driver. */
  configuration: 'host' | 'guest';
  /** Whose driver sets a whole function up; without an entry it is idxd. */
  driver?: FunctionDriver;
  lifecycle: LifecyclePath;
  mapping: MappingPath;
  suspend: SuspendPath;
  /** What a reader must know before choosing it (denylist, CAP_SYS_RAWIO …). */
  notices: readonly string[];
  /** Where the mechanisms are described. */
  sources: readonly string[];
  /** What was published of its code; a design without an entry was never written or never counted. */
  code?: readonly ReferenceCode[];
}

/** The driver in user space that owns what a design hands out, or null where it is idxd. */
export function userDriver({ driver }: Pick<Design, 'driver'>): UserDriverName | null {
  return driver === undefined || driver === 'idxd' ? null : driver;
}
