/** What distinguishes a thread. */
import type { CompletionWait } from '../config.js';
import type { Device } from '../device/device.js';
import type { LoadMeter } from '../device/load-meter.js';
import type { WorkQueue } from '../device/work-queue.js';
import type { InterruptTimes } from '../interrupts/completion-interrupt.js';
import type { Instance } from '../tenants/instance.js';
import type { Detour } from '../virtualization/detour.js';
import type { InstancePath } from '../virtualization/instance-path.js';
import type { UnmapCosts } from '../virtualization/unmapping.js';
import type { HostCpu } from './host-cpu.js';

/** See the head of this file. */
export interface ThreadOptions {
  readonly index: number;
  readonly instance: Instance;
  readonly queue: WorkQueue;
  /** Whether it writes the unlimited portal. */
  readonly unlimited: boolean;
  readonly inGuest: boolean;
  /** What it shares with the other threads of its instance, and the hand that submits for it, if one does. */
  readonly path: InstancePath;
  readonly detour: Detour | null;
  readonly unmap: UnmapCosts;
  /** The processor that it shares with other threads; null when it has one of its own. */
  readonly cpu: HostCpu | null;
  /** The device whose caches lose what it unmaps. */
  readonly device: Device;
  /** First of its submission slots, and how many it may have outstanding. */
  readonly firstSlot: number;
  readonly slots: number;
  /** Submits as soon as a slot is free; otherwise on arrivals. */
  readonly closed: boolean;
  /** Waits for all of its submissions before it starts over. */
  readonly burst: boolean;
  /** How busy reading keeps the fabric of its device. */
  readonly readLoad: LoadMeter;
  readonly wait: CompletionWait;
  readonly interrupt: InterruptTimes | null;
}
