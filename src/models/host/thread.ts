/**
 * One submitting thread: a core that prepares, submits, waits and looks at completions, one thing at a time.
 *
 * It first looks at what has finished, then submits if its load lets it, then waits: spinning on the oldest record,
 * in UMWAIT, or asleep until an interrupt.
 */
import { DESCRIPTOR_BYTES } from '../../core/descriptor.js';
import { OPCODE } from '../../core/operations.js';
import { STATUS } from '../../core/status.js';
import { PRIORITY } from '../../sim/priorities.js';
import type { CompletionWait } from '../config.js';
import { STAGE } from '../descriptor-table.js';
import type { Device } from '../device/device.js';
import type { LoadMeter } from '../device/load-meter.js';
import { ANSWER, type WorkQueue } from '../device/work-queue.js';
import type { InterruptTimes } from '../interrupts/completion-interrupt.js';
import { PostedDescriptor } from '../interrupts/posted-descriptor.js';
import type { Built, Instance } from '../tenants/instance.js';
import type { Detour } from '../virtualization/detour.js';
import type { InstancePath } from '../virtualization/instance-path.js';
import type { UnmapCosts } from '../virtualization/unmapping.js';
import type { HostContext } from './host-context.js';
import type { HostCpu, Schedulable } from './host-cpu.js';
import { Interruption } from './interruption.js';
import { Portal, type SubmissionTimes } from './portal.js';
import { resumeAfterFault } from './resume.js';
import { Ring } from './ring.js';

/** What distinguishes a thread. */
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

const NO_ROW = -1;
const NO_PAGE = -1;
const PS_PER_SECOND = 1e12;
const GOLDEN_RATIO = 0.6180339887;

/** Operations whose absent page is one that they write; a tenant's sources are in memory. */
const WRITING = new Set<number>([
  OPCODE.memmove,
  OPCODE.fill,
  OPCODE.dualcast,
  OPCODE.copy_crc,
  OPCODE.batch,
]);

/** See the head of this file. */
export class HostThread implements Schedulable {
  readonly vector = new PostedDescriptor();
  /** Arrival times of work not yet taken up [ps]. */
  readonly backlog = new Ring();
  /** Processor time since the last reset [ps]. */
  cpuPs = 0;
  /** VM exits since the last reset. */
  exits = 0;
  /** Unmaps since the last reset, and what they took [ps]. */
  unmaps = 0;
  unmapPs = 0;
  /** When it unmaps next, if it does, and whether that was the last thing it did [ps]. */
  private nextUnmapPs = Number.POSITIVE_INFINITY;
  private readonly unmapGapPs: number;
  private justUnmapped = false;
  /** Page whose invalidation is under way, or NO_PAGE; and how many were unmapped so far. */
  private unmapping = NO_PAGE;
  private unmapped = 0;
  private readonly portal: Portal;
  private readonly freeSlots: number[] = [];
  private readonly finished = new Ring();
  /** Finished rows that an interrupt has announced. */
  private announced = 0;
  private submitting = NO_ROW;
  /** Whether the device has answered the present submission. */
  private answered = true;
  /** Attempts of the present submission that were answered with Retry since the detour was entered. */
  private refused = 0;
  /** Row to submit again before anything else, or NO_ROW. */
  private resubmit = NO_ROW;
  /** What suspends it, what it has lost, and what it must submit again. */
  private readonly held: Interruption;
  /** Submissions left of the present burst. */
  private burstLeft = 0;
  private waiting = false;
  private waitingSincePs = 0;
  /** Time that its present action has left when its processor is given to another thread; 0 while it runs [ps]. */
  private leftPs = 0;
  private preempted = false;
  /** When the core goes on, and the number of the event that says so; an earlier one replaces it [ps]. */
  private goesOnPs = 0;
  private turn = 0;
  /** Time that interrupt handlers took from what the core does, and by which it ends later [ps]. */
  private stolenPs = 0;
  private readonly built: Built = { opcode: 0, bytes: 0, descriptors: 0 };
  private readonly times: SubmissionTimes = { arrivesPs: 0, donePs: 0 };
  private readonly shared: boolean;

  constructor(
    readonly options: ThreadOptions,
    private readonly host: HostContext,
  ) {
    // Where another hand submits, the processor has no PASID of a guest to translate.
    const translates = options.inGuest && options.detour === null;
    this.portal = new Portal(options.instance.config.portalSlots, translates, host.parameters);
    for (let i = options.slots - 1; i >= 0; i--) this.freeSlots.push(options.firstSlot + i);
    this.shared = options.queue.config.mode === 'shared';
    this.held = new Interruption();
    const rate = options.instance.config.unmapsPerSecond ?? 0;
    this.unmapGapPs = rate > 0 ? Math.max(1, Math.round(PS_PER_SECOND / rate)) : 0;
    // Threads do not unmap in step: each begins at a moment of its own.
    if (rate > 0) this.nextUnmapPs = Math.round(this.unmapGapPs * ((options.index * GOLDEN_RATIO) % 1));
  }

  /** Submissions prepared and not yet seen to finish. */
  get outstanding(): number {
    return this.options.slots - this.freeSlots.length;
  }

  /** Whether it still waits for something that will never complete. */
  get waitsInVain(): boolean {
    return this.held.ignored > 0 || this.held.lost.length > 0;
  }

  /** Whether the device has refused its present submission, which it will repeat. */
  get isRefused(): boolean {
    const row = this.submitting;
    return row !== NO_ROW && this.shared && this.answered && this.host.table.accepted[row] === 0;
  }

  /** Something changed for a thread that waits: it looks at `atPs`, or before if it was going to [ps]. */
  wake(atPs: number): void {
    if (this.held.frozenPs !== null || this.held.dead) return;
    if (this.waiting && atPs < this.goesOnPs) this.goOnAt(atPs);
  }

  private goOnAt(atPs: number): void {
    const { simulator, events } = this.host;
    this.goesOnPs = atPs;
    this.turn = (this.turn + 1) | 0;
    simulator.scheduleAt(atPs, PRIORITY.HOST, events.thread, this.options.index, this.turn);
  }

  /** The core is free: do the next thing, if no earlier event of another turn already did. */
  onFree(turn: number): void {
    if (turn !== this.turn || !this.runs()) return;
    const now = this.host.simulator.nowPs;
    const { held } = this;
    if (this.stolenPs > 0) {
      this.goOnAt(now + this.stolenPs);
      this.stolenPs = 0;
      return;
    }
    this.goesOnPs = Number.POSITIVE_INFINITY;
    if (this.waiting) this.stopWaiting(now);
    if (this.unmapping !== NO_PAGE) this.concludeUnmap();
    if (this.submitting !== NO_ROW && !this.concludeSubmission(now)) return;
    if (this.resubmit === NO_ROW && held.again.length > 0) this.resubmit = held.again.shift()!;
    if (this.resubmit !== NO_ROW && !held.submissions) this.submitRest(now);
    else if (this.nextUnmapPs <= now && !this.justUnmapped) this.unmap(now);
    else if (this.lookAtFinished(now)) this.justUnmapped = false;
    else if (this.maySubmit()) {
      this.justUnmapped = false;
      this.prepare(now);
    } else {
      this.justUnmapped = false;
      this.startWaiting(now);
    }
  }

  /**
   * Takes a page of its buffers, each in turn, out of the device's reach, and maps another in its place; the VMM serves
   * one of its virtual CPUs at a time.
   */
  private unmap(now: number): void {
    const { path, unmap } = this.options;
    const askedPs = now + unmap.ownPs;
    const donePs = unmap.heldPs > 0 ? path.lock.hold(askedPs, unmap.heldPs) : askedPs;
    this.exits += unmap.exits;
    this.unmaps++;
    this.unmapPs += donePs - now;
    this.nextUnmapPs = Math.max(this.nextUnmapPs + this.unmapGapPs, now);
    this.justUnmapped = true;
    if (unmap.invalidates) this.unmapping = this.options.instance.layout.bufferPage(this.unmapped++);
    this.stayBusy(now, donePs);
  }

  /** The invalidation has been waited for: no cache holds the page any more. */
  private concludeUnmap(): void {
    const { device, instance } = this.options;
    device.invalidate(instance.index, this.unmapping);
    this.unmapping = NO_PAGE;
  }

  private maySubmit(): boolean {
    const { closed, burst } = this.options;
    if (this.held.submissions) return false;
    if (this.outstanding === 0) this.burstLeft = this.options.slots;
    if (burst && this.burstLeft === 0) return false;
    return this.freeSlots.length > 0 && (closed || this.backlog.length > 0);
  }

  private prepare(now: number): void {
    const { host, options } = this;
    const { table } = host;
    const row = table.allocate();
    const slot = this.freeSlots.pop()!;
    this.burstLeft--;
    const serial = options.instance.takeSerial();
    options.instance.build(serial, slot, table.images, row * DESCRIPTOR_BYTES, this.built);
    table.thread[row] = options.index;
    table.instance[row] = options.instance.index;
    table.queue[row] = options.queue.index;
    table.opcode[row] = this.built.opcode;
    table.serial[row] = serial;
    table.payloadBytes[row] = this.built.bytes;
    table.weight[row] = this.built.descriptors;
    table.startPs[row] = options.closed ? now : this.backlog.shift();
    table.slot[row] = slot;
    host.ledger.submitted += this.built.descriptors;
    const preparedPs = now + this.preparePs(this.built.descriptors) + this.touchPs(serial);
    table.endStage(row, STAGE.prepare, preparedPs);
    this.submit(row, now, preparedPs);
  }

  /** Time to touch the pages of a submission before it is made, where the tenant does so [ps]. */
  private touchPs(serial: number): number {
    const { instance } = this.options;
    if (instance.config.touch !== 'on-demand') return 0;
    let tookPs = 0;
    for (let i = 0; i < instance.config.batch; i++)
      tookPs += instance.touchPs(serial + i, this.host.parameters);
    return tookPs;
  }

  /**
   * Time to build a submission: its own descriptor, and a batch's members one after the other [ps]. A burst is built as a
   * whole before the first of it is submitted.
   */
  private preparePs(descriptors: number): number {
    const p = this.host.parameters;
    const { burst, slots } = this.options;
    const ownPs = p['host.prepare'] + (descriptors > 1 ? descriptors * p['host.prepare_member'] : 0);
    if (!burst) return ownPs;
    return this.burstLeft === slots - 1 ? slots * ownPs : 0;
  }

  /** Submits what a partial completion left over. */
  private submitRest(now: number): void {
    const row = this.resubmit;
    this.resubmit = NO_ROW;
    const preparedPs = now + this.host.parameters['host.prepare'];
    this.host.table.endStage(row, STAGE.prepare, preparedPs);
    this.submit(row, now, preparedPs);
  }

  /** Submits at `fromPs`, by its own hand or another; the core has been busy since `busySincePs`. */
  private submit(row: number, busySincePs: number, fromPs: number): void {
    const { path, detour } = this.options;
    this.refused = 0;
    if (path.ring !== null) this.addToRing(row, busySincePs, fromPs);
    else if (detour !== null) {
      this.exits += detour.costs.exits;
      this.writePortal(row, busySincePs, fromPs, detour.enter(fromPs));
    } else {
      const firstUsePs = path.takeFirstUse();
      if (firstUsePs > 0) this.exits++;
      this.writePortal(row, busySincePs, fromPs, fromPs + firstUsePs, firstUsePs > 0);
    }
  }

  /**
   * The instruction is issued at `fromPs`, by the thread, or by a handler inside an exit or a system call which the
   * thread entered at `askedPs`.
   */
  private writePortal(row: number, busySincePs: number, askedPs: number, fromPs: number, left = false): void {
    const { host, times } = this;
    const { detour } = this.options;
    if (this.shared) this.portal.enqcmd(fromPs, this.options.readLoad.share(fromPs), times);
    else this.portal.movdir64b(fromPs, times);
    this.submitting = row;
    this.answered = false;
    host.table.accepted[row] = 0;
    const trapped = left || (detour !== null && detour.costs.exits > 0);
    host.table.endStage(row, trapped ? STAGE.trap : STAGE.submit, times.donePs);
    detour?.busyUntil(times.donePs);
    if (host.trace !== null) host.trace.submits(row, busySincePs, askedPs, times.donePs);
    host.simulator.scheduleAt(times.arrivesPs, PRIORITY.DEVICE, host.events.portal, this.options.index, row);
    this.stayBusy(busySincePs, times.donePs);
  }

  /** Adds a request to the guest's ring, and kicks the host if it sleeps; the host goes on by itself. */
  private addToRing(row: number, busySincePs: number, fromPs: number): void {
    const { host, times, options } = this;
    const { parameters: p, table } = host;
    const ring = options.path.ring!;
    const addedPs = fromPs + p.ring_add;
    const kickPs = ring.asleep ? p.exit_round_trip + p.ioeventfd_signal : 0;
    if (kickPs > 0) this.exits++;
    ring.take(this.shared, options.readLoad.share(fromPs), addedPs + kickPs, times);
    table.accepted[row] = 0;
    table.endStage(row, STAGE.submit, addedPs);
    table.endStage(row, STAGE.trap, times.donePs);
    if (host.trace !== null) host.trace.submits(row, busySincePs, fromPs, addedPs + kickPs);
    host.simulator.scheduleAt(times.arrivesPs, PRIORITY.DEVICE, host.events.portal, options.index, row);
    this.stayBusy(busySincePs, addedPs + kickPs);
  }

  /** The host submits a request again that the device could not take. */
  private againFromRing(row: number): void {
    const { host, times, options } = this;
    const now = host.simulator.nowPs;
    options.path.ring!.again(options.readLoad.share(now), now, times);
    host.table.endStage(row, STAGE.trap, times.donePs);
    host.simulator.scheduleAt(times.arrivesPs, PRIORITY.DEVICE, host.events.portal, options.index, row);
  }

  private stayBusy(fromPs: number, untilPs: number): void {
    this.cpuPs += untilPs - fromPs;
    this.goOnAt(untilPs);
  }

  /** The device answers a portal write. */
  onAnswer(row: number, answer: number): void {
    const { host } = this;
    host.table.accepted[row] = answer === ANSWER.accepted ? 1 : 0;
    if (row === this.submitting) this.answered = true;
    const { ring } = this.options.path;
    if (this.held.dead && answer === ANSWER.retry) {
      // Whoever would submit it again is gone.
      ring?.leave(host.simulator.nowPs);
      this.giveUp(row, 0);
      return;
    }
    if (ring !== null && answer === ANSWER.retry) this.againFromRing(row);
    if (answer !== ANSWER.dropped) return;
    this.held.ignored++;
    ring?.leave(host.simulator.nowPs);
    // Nothing will ever complete: the thread finds out by losing patience.
    const timeoutPs = host.parameters['host.completion_timeout'];
    host.simulator.schedule(timeoutPs, PRIORITY.HOST, host.events.timeout, this.options.index, row);
  }

  /** The instruction has retired. @returns whether the core is free for something else */
  private concludeSubmission(now: number): boolean {
    const { host } = this;
    const { detour } = this.options;
    const row = this.submitting;
    if (this.shared && host.table.accepted[row] === 0) {
      // A driver that holds submissions back does not repeat them either; it goes on when they are released.
      if (this.held.submissions) return false;
      const againPs = now + host.parameters['host.retry_pause'];
      if (detour === null) this.submit(row, now, againPs);
      else if (this.refused++ < detour.costs.retries) this.writePortal(row, now, againPs, againPs);
      else this.submit(row, now, againPs + detour.costs.returnPs);
      return false;
    }
    this.submitting = NO_ROW;
    if (detour === null || detour.costs.returnPs === 0) return true;
    this.stayBusy(now, now + detour.costs.returnPs);
    return false;
  }

  /** A completion record of this thread was written. */
  onCompletion(row: number, now: number): void {
    const { options, host } = this;
    const p = host.parameters;
    const { ring } = options.path;
    // The host sees the record, and says so in the guest's ring.
    const writtenPs = ring === null ? now : ring.complete(now);
    if (this.held.dead) {
      this.bookUnseen(row);
      return;
    }
    if (host.table.status[row] === STATUS.int_handle_inval) {
      // The handle that would have announced it is the one that was revoked: its driver must look.
      this.held.refused.push(row);
      return;
    }
    if (options.wait === 'interrupt') {
      this.finished.push(row);
      const { runningPs, blockedPs, elsewherePs } = options.interrupt!;
      this.cpuPs += elsewherePs;
      if (!this.vector.post()) return;
      const delayPs = this.waiting ? blockedPs : runningPs;
      host.simulator.scheduleAt(writtenPs + delayPs, PRIORITY.HOST, host.events.interrupt, options.index);
      return;
    }
    const wakePs = options.wait === 'umwait' && this.isIdle ? p['host.umwait_wake'] : 0;
    const visiblePs = writtenPs + p['host.poll_transfer'] + wakePs;
    host.table.visiblePs[row] = visiblePs;
    this.finished.push(row);
    this.wake(visiblePs);
  }

  /** Whether the thread waits and nothing has ended that yet. */
  private get isIdle(): boolean {
    return this.waiting && this.goesOnPs >= this.nextUnmapPs;
  }

  /** Whether it has a processor; if not, it asks for one. */
  private runs(): boolean {
    const { cpu } = this.options;
    if (cpu === null || cpu.isRunning(this)) return true;
    cpu.want(this);
    return false;
  }

  /** Its processor is given to another thread: no message may notify it, and what it does takes the rest of its time later. */
  preempt(): void {
    const { nowPs } = this.host.simulator;
    this.preempted = true;
    this.leftPs = this.waiting ? 0 : Math.max(0, this.goesOnPs - nowPs);
    this.turn = (this.turn + 1) | 0;
    this.goesOnPs = 0;
    if (this.waiting && this.options.wait === 'poll') this.cpuPs += nowPs - this.waitingSincePs;
    this.vector.suppressed = true;
    if (this.options.inGuest) this.exits++;
  }

  /** It has a processor again, and looks for messages before anything else. */
  dispatch(switchPs: number): void {
    const { simulator, events } = this.host;
    const runsPs = simulator.nowPs + switchPs;
    this.preempted = false;
    this.vector.suppressed = false;
    if (this.waiting) this.waitingSincePs = simulator.nowPs;
    if (this.vector.requested && !this.vector.outstanding) {
      this.vector.outstanding = true;
      simulator.scheduleAt(runsPs, PRIORITY.HOST, events.interrupt, this.options.index);
    }
    this.goOnAt(runsPs + this.leftPs);
    this.leftPs = 0;
  }

  /** The interrupt handler runs on this thread's core, before anything else that it does. */
  onInterrupt(): void {
    const now = this.host.simulator.nowPs;
    const { handlerPs, runningExits, blockedExits } = this.options.interrupt!;
    this.vector.outstanding = false;
    // A notification that finds nobody leaves the request to be seen when the thread has its processor again.
    if (!this.runs() || !this.vector.take()) return;
    this.exits += this.isIdle ? blockedExits : runningExits;
    this.announced = this.finished.length;
    this.cpuPs += handlerPs;
    const { trace } = this.host;
    if (trace !== null) trace.interrupt(this.options.index, now, handlerPs);
    if (this.isIdle) this.wake(now + handlerPs);
    else this.stolenPs += handlerPs;
  }

  /** Looks at one finished descriptor. @returns whether the core is busy with it, or must wait for its line */
  private lookAtFinished(now: number): boolean {
    const { host, options } = this;
    if (this.finished.length === 0) return false;
    if (options.wait === 'interrupt') {
      if (this.announced === 0) return false;
      this.announced--;
    } else if (host.table.visiblePs[this.finished.peek()]! > now) {
      // Its line is still on the way; go on submitting, and look again before waiting.
      return false;
    }
    const row = this.finished.shift();
    host.table.endStage(row, STAGE.notify, now);
    if (host.trace !== null) host.trace.looksAt(row, now);
    const untilPs = now + host.parameters['host.reap'] + this.settle(row, now);
    if (host.trace !== null) host.trace.looked(options.index, untilPs);
    this.stayBusy(now, untilPs);
    return true;
  }

  /** Books the outcome of a row. @returns processor time that it takes beside looking [ps] */
  private settle(row: number, now: number): number {
    const { host } = this;
    const { table } = host;
    if (resumeAfterFault(table, row, this.options.instance)) {
      const touchPs = this.faultedTouchPs(table.opcode[row]!);
      // The same work goes on as a new descriptor; what it took so far counts as fault.
      this.startOver(row, now + touchPs);
      this.resubmit = row;
      return touchPs;
    }
    host.recorder.finished(row);
    this.release(row);
    return 0;
  }

  /** Processor time to touch a page that the device has found absent [ps]. */
  private faultedTouchPs(opcode: number): number {
    const p = this.host.parameters;
    const major = this.options.instance.config.buffers.faults === 'major';
    const storagePs = major ? p['translation.storage_read'] : 0;
    if (!WRITING.has(opcode)) return p['translation.cpu_touch_read'] + storagePs;
    return p['translation.cpu_touch'] + p['translation.touch_invalidation'] + storagePs;
  }

  /** The virtual CPU or process is stopped, wherever it is; what it has begun takes the rest of its time afterwards. */
  freeze(): void {
    if (this.held.frozenPs !== null || this.held.dead) return;
    const { nowPs } = this.host.simulator;
    this.held.frozenPs = Math.max(0, this.goesOnPs - nowPs);
    this.turn = (this.turn + 1) | 0;
    this.goesOnPs = 0;
  }

  /** The counterpart of {@link freeze}. */
  thaw(): void {
    const left = this.held.frozenPs;
    if (left === null || this.held.dead) return;
    this.held.frozenPs = null;
    const { nowPs } = this.host.simulator;
    this.goOnAt(this.waiting || left === Number.POSITIVE_INFINITY ? nowPs : nowPs + left);
  }

  /** The driver beneath lets no submission through, and later does again. */
  hold(holds: boolean): void {
    if (this.held.submissions === holds) return;
    this.held.submissions = holds;
    if (holds || this.held.frozenPs !== null || this.held.dead) return;
    const { nowPs } = this.host.simulator;
    // One that stands in the middle of a refused submission waits for nothing else.
    if (this.goesOnPs === Number.POSITIVE_INFINITY) this.goOnAt(nowPs);
    else this.wake(nowPs);
  }

  /** An abort has made a submission end without a record; the thread does not know yet. */
  onAbandoned(row: number, finished: number): void {
    this.options.path.ring?.leave(this.host.simulator.nowPs);
    if (this.held.dead) this.giveUp(row, finished);
    else this.held.lost.push({ row, finished });
  }

  /** The driver tells of what was lost, or the thread gives up waiting for it. @returns descriptors lost */
  takeLost(): number {
    const before = this.host.ledger.aborted;
    for (const { row, finished } of this.held.lost.splice(0)) this.giveUp(row, finished);
    this.wake(this.host.simulator.nowPs);
    return this.host.ledger.aborted - before;
  }

  /** The driver has a new interrupt handle: what failed with the old one is submitted again. @returns how many */
  renew(handle: number): number {
    const { host } = this;
    const rows = this.held.refused.splice(0);
    for (const row of rows) {
      host.table.failedMembers[row] = 0;
      host.table.faultedMembers[row] = 0;
      host.table.nameInterrupt(row, handle);
      this.startOver(row, host.simulator.nowPs);
      this.held.again.push(row);
    }
    this.wake(host.simulator.nowPs);
    return rows.length;
  }

  /** The thread is no more. What the device holds of it ends in its own time; everything else is booked now. */
  kill(): void {
    const { held } = this;
    held.dead = true;
    this.turn = (this.turn + 1) | 0;
    while (this.finished.length > 0) this.bookUnseen(this.finished.shift());
    for (const row of held.refused.splice(0)) this.bookUnseen(row);
    for (const row of held.again.splice(0)) this.giveUp(row, 0);
    for (const { row, finished } of held.lost.splice(0)) this.giveUp(row, finished);
    if (this.resubmit !== NO_ROW) this.giveUp(this.resubmit, 0);
    this.resubmit = NO_ROW;
    if (this.isRefused) this.giveUp(this.submitting, 0);
    this.submitting = NO_ROW;
  }

  /** Forgets the attempts so far, whose time counts as fault. */
  private startOver(row: number, nowPs: number): void {
    const { table } = this.host;
    table.carriedPs[row]! += nowPs - table.startPs[row]!;
    table.startPs[row] = nowPs;
    table.status[row] = 0;
    table.clearStages(row);
  }

  /** A submission will not end any more: what of it had ended counts as such, the rest as aborted. */
  private giveUp(row: number, finished: number): void {
    const { table, ledger } = this.host;
    const weight = table.weight[row]!;
    const failed = table.failedMembers[row]!;
    // A batch that went on member by member after faults has ended but for those.
    const ended = weight > 1 && table.opcode[row] !== OPCODE.batch ? weight - failed : finished;
    const bad = table.opcode[row] === OPCODE.batch ? failed : 0;
    ledger.completed += ended - bad;
    ledger.failed += bad;
    ledger.aborted += weight - ended;
    this.release(row);
  }

  /** A completion that nobody will look at: it is booked as the device wrote it. */
  private bookUnseen(row: number): void {
    this.host.recorder.count(row);
    this.release(row);
  }

  /** Gives a row and its slot back. */
  private release(row: number): void {
    this.freeSlots.push(this.host.table.slot[row]!);
    this.host.table.release(row);
  }

  /** The thread has waited too long for a descriptor that was discarded. */
  onTimeout(row: number): void {
    const { host } = this;
    this.held.ignored--;
    host.ledger.rejected += host.table.weight[row]!;
    this.release(row);
    this.wake(host.simulator.nowPs);
  }

  private startWaiting(now: number): void {
    const { options, host } = this;
    this.waiting = true;
    this.waitingSincePs = now;
    if (host.trace !== null) host.trace.waits(options.index, options.wait, now);
    if (options.wait !== 'interrupt' && this.finished.length > 0) {
      this.wake(Math.max(now, host.table.visiblePs[this.finished.peek()]!));
    } else if (options.wait === 'interrupt' && options.inGuest) this.exits++;
    this.wake(Math.max(now, this.nextUnmapPs));
    if (options.wait === 'interrupt') options.cpu?.release(this);
  }

  private stopWaiting(now: number): void {
    this.waiting = false;
    const { trace } = this.host;
    if (trace !== null) trace.waited(this.options.index, now);
    if (this.options.wait === 'poll') this.cpuPs += now - this.waitingSincePs;
  }

  /** Starts the measured phase. */
  reset(now: number): void {
    this.cpuPs = 0;
    this.exits = 0;
    this.unmaps = 0;
    this.unmapPs = 0;
    this.options.path.ring?.takeCpuPs(now);
    this.vector.reset();
    if (this.waiting) this.waitingSincePs = now;
  }

  /** Ends the measured phase: the time waited so far counts. */
  settleCpu(now: number): void {
    this.cpuPs += this.options.path.ring?.takeCpuPs(now) ?? 0;
    if (this.waiting && !this.preempted && this.options.wait === 'poll') {
      this.cpuPs += now - this.waitingSincePs;
      this.waitingSincePs = now;
    }
  }
}
