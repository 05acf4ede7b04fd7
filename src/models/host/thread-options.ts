/** What distinguishes a thread. */
import type { CompletionWait } from '../config.js';
import type { InterruptTimes } from '../interrupts/completion-interrupt.js';
import type { Instance } from '../tenants/instance.js';
import type { Detour } from '../virtualization/detour.js';
import type { InstancePath } from '../virtualization/instance-path.js';
import type { UnmapCosts } from '../virtualization/unmapping.js';
import type { HostCpu } from './host-cpu.js';
import type { Place } from './place.js';

/** See the head of this file. */
export interface ThreadOptions {
  readonly index: number;
  readonly instance: Instance;
  readonly place: Place;
  /** Whether it writes the unlimited portal. */
  readonly unlimited: boolean;
  readonly inGuest: boolean;
  /** What it shares with the other threads of its instance, and the hand that submits for it, if one does. */
  readonly path: InstancePath;
  readonly detour: Detour | null;
  readonly unmap: UnmapCosts;
  /** The processor that it shares with other threads; null when it has one of its own. */
  readonly cpu: HostCpu | null;
  /** First of its submission slots, and how many it may have outstanding. */
  readonly firstSlot: number;
  readonly slots: number;
  /** Submits as soon as a slot is free; otherwise on arrivals. */
  readonly closed: boolean;
  /** Waits for all of its submissions before it starts over. */
  readonly burst: boolean;
  readonly wait: CompletionWait;
  readonly interrupt: InterruptTimes | null;
}
