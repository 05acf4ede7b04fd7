/**
 * How a prepared submission gets to the device: by the thread's own instruction, by a handler inside an exit or a
 * system call, or over a ring whose other end the host serves; and again, when the device answers Retry.
 */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import { PRIORITY } from '../../sim/priorities.js';
import { STAGE } from '../descriptor-row.js';
import { ANSWER } from '../device/work-queue.js';
import type { Detour } from '../virtualization/detour.js';
import type { HostContext } from './host-context.js';
import { Portal, type SubmissionTimes } from './portal.js';
import type { ThreadCore } from './thread-core.js';
import type { ThreadOptions } from './thread-options.js';

const NO_ROW = -1;

/** See the head of this file. */
export class Submitter {
  private readonly portal: Portal;
  private readonly shared: boolean;
  /** Whether the hand that submits for the thread costs it a VM exit. */
  private readonly traps: boolean;
  private row = NO_ROW;
  /** Whether the device has answered the present submission. */
  private answered = true;
  /** Attempts of the present submission that were answered with Retry since the detour was entered. */
  private refused = 0;
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
    this.traps = options.detour !== null && options.detour.costs.exits > 0;
  }

  /** Whether an instruction is under way that the core waits for. */
  get isBusy(): boolean {
    return this.row !== NO_ROW;
  }

  /** Row of the present submission if the device has refused it, so that it will be repeated, or -1. */
  get refusedRow(): number {
    const { row } = this;
    const isRefused = row !== NO_ROW && this.shared && this.answered && !this.host.table.rows[row]!.accepted;
    return isRefused ? row : NO_ROW;
  }

  /** Submits at `fromPs`, by its own hand or another; the core has been busy since `busySincePs`. */
  submit(row: number, busySincePs: number, fromPs: number): void {
    const { path, detour } = this.options;
    this.refused = 0;
    if (path.ring !== null) this.addToRing(row, busySincePs, fromPs);
    else if (detour !== null) this.takeDetour(detour, row, busySincePs, fromPs);
    else {
      const firstUsePs = path.takeFirstUse();
      if (firstUsePs > 0) this.core.exits++;
      this.writePortal(row, busySincePs, fromPs, fromPs + firstUsePs, firstUsePs > 0);
    }
  }

  private takeDetour(detour: Detour, row: number, busySincePs: number, fromPs: number): void {
    this.core.exits += detour.costs.exits;
    this.writePortal(row, busySincePs, fromPs, detour.enter(fromPs), this.traps);
  }

  /**
   * The instruction is issued at `fromPs`, by the thread, or by a handler inside an exit or a system call which the
   * thread entered at `askedPs`.
   */
  private writePortal(
    row: number,
    busySincePs: number,
    askedPs: number,
    fromPs: number,
    trapped: boolean,
  ): void {
    const { host, times } = this;
    const { detour } = this.options;
    if (this.shared) this.portal.enqcmd(fromPs, this.options.place.readLoad.share(fromPs), times);
    else this.portal.movdir64b(fromPs, times);
    this.row = row;
    this.answered = false;
    const descriptor = host.table.rows[row]!;
    descriptor.accepted = false;
    descriptor.endStage(trapped ? STAGE.trap : STAGE.submit, times.donePs);
    detour?.busyUntil(times.donePs);
    host.trace?.submits(row, busySincePs, askedPs, times.donePs);
    this.sendTo(row, times.arrivesPs);
    this.core.stayBusy(busySincePs, times.donePs);
  }

  /** Adds a request to the guest's ring, and kicks the host if it sleeps; the host goes on by itself. */
  private addToRing(row: number, busySincePs: number, fromPs: number): void {
    const { host, times, options } = this;
    const { parameters: p, table } = host;
    const ring = options.path.ring!;
    const addedPs = fromPs + p.ring_add;
    const kickPs = ring.asleep ? p.exit_round_trip + p.ioeventfd_signal : 0;
    if (kickPs > 0) this.core.exits++;
    ring.take(this.shared, options.place.readLoad.share(fromPs), addedPs + kickPs, times);
    const descriptor = table.rows[row]!;
    descriptor.accepted = false;
    descriptor.endStage(STAGE.submit, addedPs);
    descriptor.endStage(STAGE.trap, times.donePs);
    host.trace?.submits(row, busySincePs, fromPs, addedPs + kickPs);
    this.sendTo(row, times.arrivesPs);
    this.core.stayBusy(busySincePs, addedPs + kickPs);
  }

  /** The host submits a request again that the device could not take. */
  private againFromRing(row: number): void {
    const { host, times, options } = this;
    const now = host.simulator.nowPs;
    options.path.ring!.again(options.place.readLoad.share(now), now, times);
    host.table.rows[row]!.endStage(STAGE.trap, times.donePs);
    this.sendTo(row, times.arrivesPs);
  }

  private sendTo(row: number, arrivesPs: number): void {
    const { simulator, events } = this.host;
    simulator.scheduleAt(arrivesPs, PRIORITY.DEVICE, events.portal, this.options.index, row);
  }

  /** The device answers a portal write. */
  onAnswer(row: number, answer: number): void {
    this.host.table.rows[row]!.accepted = answer === ANSWER.accepted;
    if (row === this.row) this.answered = true;
    const isRing = this.options.path.ring !== null;
    if (isRing && answer === ANSWER.retry && !this.core.stopped) this.againFromRing(row);
  }

  /**
   * If an instruction was under way, it has retired.
   * @param held whether the driver holds submissions back: it does not repeat them either, and goes on when they are
   *   released
   * @returns whether the core is free for something else
   */
  conclude(now: number, held: boolean): boolean {
    const { row, host, core } = this;
    if (row === NO_ROW) return true;
    const { detour } = this.options;
    if (this.shared && !host.table.rows[row]!.accepted) {
      if (held) return false;
      const againPs = now + host.parameters['host.retry_pause'];
      if (detour === null) this.submit(row, now, againPs);
      else if (this.refused++ < detour.costs.retries)
        this.writePortal(row, now, againPs, againPs, this.traps);
      else this.submit(row, now, againPs + detour.costs.returnPs);
      return false;
    }
    this.row = NO_ROW;
    if (detour === null || detour.costs.returnPs === 0) return true;
    core.stayBusy(now, now + detour.costs.returnPs);
    return false;
  }

  /** Its thread is no more. */
  forget(): void {
    this.row = NO_ROW;
  }
}
