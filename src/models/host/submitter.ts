/**
 * How a prepared submission gets to the device: by the thread's own instruction, by a handler inside an exit or a
 * system call, or over a ring whose other end the host serves; and again, when the device answers Retry.
 */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import { PRIORITY } from '../../sim/priorities.js';
import type { Simulator } from '../../sim/simulator.js';
import { type DescriptorRow, STAGE } from '../descriptor-row.js';
import { ANSWER } from '../device/work-queue.js';
import type { Detour } from '../virtualization/detour.js';
import type { HostContext } from './host-context.js';
import { Portal, type SubmissionTimes } from './portal.js';
import type { ThreadCore } from './thread-core.js';
import type { ThreadOptions } from './thread-options.js';

/** See the head of this file. */
export class Submitter {
  private readonly portal: Portal;
  private readonly shared: boolean;
  /** Whether the hand that submits for the thread costs it a VM exit. */
  private readonly traps: boolean;
  /** The present submission. */
  private present: DescriptorRow | null = null;
  /** Whether the device has answered the present submission. */
  private answered = true;
  /** Attempts of the present submission that were answered with Retry since the detour was entered. */
  private refused = 0;
  /** Event of a portal write that arrives, and the thread that it carries. */
  private readonly event: number;
  private readonly thread: number;
  private readonly simulator: Simulator;
  private readonly times: SubmissionTimes = { arrivesPs: DOUBLE_ZERO, donePs: DOUBLE_ZERO };

  constructor(
    private readonly options: ThreadOptions,
    private readonly host: HostContext,
    private readonly core: ThreadCore,
  ) {
    // Where another hand submits, the processor has no PASID of a guest to translate.
    const translates = options.inGuest && options.detour === null;
    this.portal = new Portal(options.instance.config.portalSlots, translates, host.parameters);
    this.shared = options.place.queue.config.mode === 'shared';
    this.event = host.events.portal;
    this.thread = options.index;
    this.simulator = host.simulator;
    this.traps = options.detour !== null && options.detour.costs.exits > 0;
  }

  /** Whether an instruction is under way that the core waits for. */
  get isBusy(): boolean {
    return this.present !== null;
  }

  /** The present submission if the device has refused it, so that it will be repeated, or null. */
  get refusedRow(): DescriptorRow | null {
    const { present } = this;
    return present !== null && this.shared && this.answered && !present.accepted ? present : null;
  }

  /** Submits at `fromPs`, by its own hand or another; the core has been busy since `busySincePs`. */
  submit(descriptor: DescriptorRow, busySincePs: number, fromPs: number): void {
    const { path, detour } = this.options;
    this.refused = 0;
    if (path.ring !== null) this.addToRing(descriptor, busySincePs, fromPs);
    else if (detour !== null) this.takeDetour(detour, descriptor, busySincePs, fromPs);
    else {
      const firstUsePs = path.takeFirstUse();
      if (firstUsePs > 0) this.core.exits++;
      this.writePortal(descriptor, busySincePs, fromPs, fromPs + firstUsePs, firstUsePs > 0);
    }
  }

  private takeDetour(detour: Detour, descriptor: DescriptorRow, busySincePs: number, fromPs: number): void {
    this.core.exits += detour.costs.exits;
    this.writePortal(descriptor, busySincePs, fromPs, detour.enter(fromPs), this.traps);
  }

  /**
   * The instruction is issued at `fromPs`, by the thread, or by a handler inside an exit or a system call which the
   * thread entered at `askedPs`.
   */
  private writePortal(
    descriptor: DescriptorRow,
    busySincePs: number,
    askedPs: number,
    fromPs: number,
    trapped: boolean,
  ): void {
    const { host, times } = this;
    const { detour } = this.options;
    if (this.shared) this.portal.enqcmd(fromPs, this.options.place.readLoad.share(fromPs), times);
    else this.portal.movdir64b(fromPs, times);
    this.present = descriptor;
    this.answered = false;
    descriptor.accepted = false;
    descriptor.endStage(trapped ? STAGE.trap : STAGE.submit, times.donePs);
    detour?.busyUntil(times.donePs);
    host.trace?.submits(descriptor.index, busySincePs, askedPs, times.donePs);
    this.sendTo(descriptor, times.arrivesPs);
    this.core.stayBusy(busySincePs, times.donePs);
  }

  /** Adds a request to the guest's ring, and kicks the host if it sleeps; the host goes on by itself. */
  private addToRing(descriptor: DescriptorRow, busySincePs: number, fromPs: number): void {
    const { host, times, options } = this;
    const { parameters: p } = host;
    const ring = options.path.ring!;
    const addedPs = fromPs + p.ring_add;
    const kickPs = ring.asleep ? p.exit_round_trip + p.ioeventfd_signal : 0;
    if (kickPs > 0) this.core.exits++;
    ring.take(this.shared, options.place.readLoad.share(fromPs), addedPs + kickPs, times);
    descriptor.accepted = false;
    descriptor.endStage(STAGE.submit, addedPs);
    descriptor.endStage(STAGE.trap, times.donePs);
    host.trace?.submits(descriptor.index, busySincePs, fromPs, addedPs + kickPs);
    this.sendTo(descriptor, times.arrivesPs);
    this.core.stayBusy(busySincePs, addedPs + kickPs);
  }

  /** The host submits a request again that the device could not take. */
  private againFromRing(descriptor: DescriptorRow): void {
    const { host, times, options } = this;
    const now = host.simulator.nowPs;
    options.path.ring!.again(options.place.readLoad.share(now), now, times);
    descriptor.endStage(STAGE.trap, times.donePs);
    this.sendTo(descriptor, times.arrivesPs);
  }

  private sendTo({ index }: DescriptorRow, arrivesPs: number): void {
    this.simulator.scheduleAt(arrivesPs, PRIORITY.DEVICE, this.event, this.thread, index);
  }

  /** The device answers a portal write. */
  onAnswer(descriptor: DescriptorRow, answer: number): void {
    descriptor.accepted = answer === ANSWER.accepted;
    if (descriptor === this.present) this.answered = true;
    const isRing = this.options.path.ring !== null;
    if (answer === ANSWER.retry && isRing && !this.core.stopped) this.againFromRing(descriptor);
  }

  /**
   * If an instruction was under way, it has retired.
   * @param held whether the driver holds submissions back: it does not repeat them either, and goes on when they are
   *   released
   * @returns whether the core is free for something else
   */
  conclude(now: number, held: boolean): boolean {
    return this.present === null || this.retire(this.present, now, held);
  }

  private retire(descriptor: DescriptorRow, now: number, held: boolean): boolean {
    if (this.shared && !descriptor.accepted) {
      if (!held) this.repeat(descriptor, now);
      return false;
    }
    this.present = null;
    const returnPs = this.options.detour?.costs.returnPs ?? 0;
    if (returnPs > 0) this.core.stayBusy(now, now + returnPs);
    return returnPs === 0;
  }

  /** Submits again what the device has refused. */
  private repeat(descriptor: DescriptorRow, now: number): void {
    const { detour } = this.options;
    const againPs = now + this.host.parameters['host.retry_pause'];
    if (detour === null) this.submit(descriptor, now, againPs);
    else if (this.refused++ < detour.costs.retries)
      this.writePortal(descriptor, now, againPs, againPs, this.traps);
    else this.submit(descriptor, now, againPs + detour.costs.returnPs);
  }

  /** Its thread is no more. */
  forget(): void {
    this.present = null;
  }
}
