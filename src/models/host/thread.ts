/**
 * One submitting thread: a core that prepares, submits, waits and looks at completions, one thing at a time.
 *
 * It first looks at what has finished, then submits if its load lets it, then waits: spinning on the oldest record,
 * in UMWAIT, or asleep until an interrupt. It polls its submissions in the order in which it made them, as DPDK's and SPDK's
 * drivers do and the measured programs; interrupts and a ring tell it of whatever has ended.
 */
import { STATUS } from '../../core/status.js';
import { PRIORITY } from '../../sim/priorities.js';
import { STAGE } from '../descriptor-row.js';
import { ANSWER } from '../device/work-queue.js';
import { PostedDescriptor } from '../interrupts/posted-descriptor.js';
import type { Built } from '../tenants/instance.js';
import type { HostContext } from './host-context.js';
import type { Schedulable } from './host-cpu.js';
import { faultedTouchPs, resumeAfterFault } from './resume.js';
import { Ring } from './ring.js';
import { Submissions } from './submissions.js';
import { Submitter } from './submitter.js';
import { ThreadCore } from './thread-core.js';
import type { ThreadOptions } from './thread-options.js';
import { Unmapper } from './unmapper.js';

const NO_ROW = -1;

/** See the head of this file. */
export class HostThread implements Schedulable {
  readonly vector = new PostedDescriptor();
  /** Arrival times of work not yet taken up [ps]. */
  readonly backlog = new Ring();
  readonly core: ThreadCore;
  readonly unmapper: Unmapper;
  readonly submissions: Submissions;
  private readonly submitter: Submitter;
  /** Finished rows in the order in which they ended, where the thread is told of them. */
  private readonly finished = new Ring();
  /** Of these, how many an interrupt has announced. */
  private announced = 0;
  /** Times that the handler that runs has looked for another message. */
  private loop = 0;
  /** Row to submit again before anything else, or NO_ROW. */
  private resubmit = NO_ROW;
  /** The driver beneath lets no submission through. */
  private held = false;
  /** Submissions left of the present burst. */
  private burstLeft = 0;
  private readonly built: Built = { opcode: 0, bytes: 0, descriptors: 0 };

  constructor(
    readonly options: ThreadOptions,
    private readonly host: HostContext,
  ) {
    const { index, instance, unmap, path, place } = options;
    this.core = new ThreadCore(index, options.wait === 'poll', host);
    this.unmapper = new Unmapper(index, instance, unmap, path.lock, place, this.core);
    this.submissions = new Submissions(options.firstSlot, options.slots, host);
    this.submitter = new Submitter(options, host, this.core);
  }

  /** Whether the device has refused its present submission, which it will repeat. */
  get isRefused(): boolean {
    return this.submitter.refusedRow !== NO_ROW;
  }

  /** The core is free: do the next thing, if no earlier event of another turn already did. */
  onFree(turn: number): void {
    const { core, submitter, submissions, unmapper } = this;
    if (!core.isTurn(turn) || (this.options.cpu !== null && !this.runs())) return;
    const now = this.host.simulator.nowPs;
    if (!core.endAction(now)) return;
    unmapper.conclude();
    if (!submitter.conclude(now, this.held)) return;
    if (this.resubmit === NO_ROW) this.resubmit = submissions.takeAgain() ?? NO_ROW;
    if (this.resubmit !== NO_ROW && !this.held) this.submitRest(now);
    else if (unmapper.isDue(now)) unmapper.begin(now);
    else if (this.lookAtFinished(now)) return;
    else if (this.maySubmit()) this.prepare(now);
    else this.startWaiting(now);
  }

  private maySubmit(): boolean {
    const { closed, burst } = this.options;
    const { submissions } = this;
    if (this.held) return false;
    if (submissions.outstanding === 0) this.burstLeft = this.options.slots;
    if (burst && this.burstLeft === 0) return false;
    return submissions.hasFreeSlot && (closed || this.backlog.length > 0);
  }

  private prepare(now: number): void {
    const { host, options, built } = this;
    const { instance } = options;
    const descriptor = host.table.allocate();
    const row = descriptor.index;
    const slot = this.submissions.begin(descriptor);
    this.burstLeft--;
    const serial = instance.takeSerial();
    instance.build(serial, slot, descriptor.words, built);
    descriptor.thread = options.index;
    descriptor.instance = instance.index;
    descriptor.queue = options.place.queue.index;
    descriptor.opcode = built.opcode;
    descriptor.serial = serial;
    descriptor.payloadBytes = built.bytes;
    descriptor.weight = built.descriptors;
    descriptor.startPs = options.closed ? now : this.backlog.shift();
    host.ledger.submitted += built.descriptors;
    const preparedPs = now + this.preparePs(built.descriptors) + this.touchPs(serial);
    descriptor.endStage(STAGE.prepare, preparedPs);
    this.submitter.submit(row, now, preparedPs);
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

  /** Time to build a submission: its own descriptor, and a batch's members one after the other [ps]. */
  private preparePs(descriptors: number): number {
    const p = this.host.parameters;
    return p['host.prepare'] + (descriptors > 1 ? descriptors * p['host.prepare_member'] : 0);
  }

  /** Submits what a partial completion left over. */
  private submitRest(now: number): void {
    const row = this.resubmit;
    this.resubmit = NO_ROW;
    const preparedPs = now + this.host.parameters['host.prepare'];
    this.host.table.rows[row]!.endStage(STAGE.prepare, preparedPs);
    this.submitter.submit(row, now, preparedPs);
  }

  /** The device answers a portal write. */
  onAnswer(row: number, answer: number): void {
    const { host, submissions } = this;
    const { ring } = this.options.path;
    this.submitter.onAnswer(row, answer);
    if (this.core.stopped && answer === ANSWER.retry) {
      // Whoever would submit it again is gone.
      ring?.leave(host.simulator.nowPs);
      submissions.giveUp(row, 0);
      return;
    }
    if (answer !== ANSWER.dropped) return;
    submissions.ignore();
    ring?.leave(host.simulator.nowPs);
    // The thread finds out by losing patience.
    const timeoutPs = host.parameters['host.completion_timeout'];
    host.simulator.schedule(timeoutPs, PRIORITY.HOST, host.events.timeout, this.options.index, row);
  }

  /** A completion record of this thread was written. */
  onCompletion(row: number, now: number): void {
    const { options, host, submissions } = this;
    const p = host.parameters;
    const { ring } = options.path;
    // The host sees the record, and says so in the guest's ring.
    const writtenPs = ring === null ? now : ring.complete(now);
    if (this.core.stopped) {
      submissions.bookUnseen(row);
      return;
    }
    if (host.table.rows[row]!.status === STATUS.int_handle_inval) {
      submissions.refuse(row);
      return;
    }
    if (options.wait === 'interrupt') {
      this.finished.push(row);
      const { runningPs, blockedPs, elsewherePs } = options.interrupt!;
      this.core.cpuPs += elsewherePs;
      if (!this.vector.post()) return;
      const delayPs = this.core.waiting ? blockedPs : runningPs;
      host.simulator.scheduleAt(writtenPs + delayPs, PRIORITY.HOST, host.events.interrupt, options.index);
      return;
    }
    const wakePs = options.wait === 'umwait' && this.isIdle ? p['host.umwait_wake'] : 0;
    const visiblePs = writtenPs + p['host.poll_transfer'] + wakePs;
    host.table.rows[row]!.visiblePs = visiblePs;
    if (ring !== null) this.finished.push(row);
    if (row === this.nextToSee) this.core.wake(visiblePs);
  }

  /** The row whose record a polling thread looks at next, or -1. */
  private get nextToSee(): number {
    if (this.options.path.ring === null) return this.submissions.oldest;
    return this.finished.length === 0 ? NO_ROW : this.finished.peek();
  }

  /** When it can see that record, or 0 while it is not written [ps]. */
  private get nextVisiblePs(): number {
    const row = this.nextToSee;
    return row === NO_ROW ? 0 : this.host.table.rows[row]!.visiblePs;
  }

  /** Whether the thread waits and nothing has ended that yet. */
  private get isIdle(): boolean {
    return this.core.waiting && this.core.goesOnPs >= this.unmapper.nextPs;
  }

  /** Whether it has a processor; if not, it asks for one. */
  private runs(): boolean {
    const { cpu } = this.options;
    if (cpu === null || cpu.isRunning(this)) return true;
    cpu.want(this);
    return false;
  }

  /** Its processor is given to another thread: no message may notify it. */
  preempt(): void {
    this.core.preempt(this.host.simulator.nowPs);
    this.vector.suppressed = true;
    if (this.options.inGuest) this.core.exits++;
  }

  /** It has a processor again, and looks for messages before anything else. */
  dispatch(switchPs: number): void {
    const { simulator, events } = this.host;
    const runsPs = simulator.nowPs + switchPs;
    this.vector.suppressed = false;
    if (this.vector.requested && !this.vector.outstanding) {
      this.vector.outstanding = true;
      simulator.scheduleAt(runsPs, PRIORITY.HOST, events.interrupt, this.options.index);
    }
    this.core.dispatch(simulator.nowPs, runsPs);
  }

  /** The interrupt handler runs on this thread's core, before anything else that it does; or looks for another message. */
  onInterrupt(): void {
    const { simulator, events } = this.host;
    const now = simulator.nowPs;
    const { core, options } = this;
    const { loops, loopPs, runningExits, blockedExits } = options.interrupt!;
    const handlerPs = this.loop === 0 ? options.interrupt!.handlerPs : loopPs;
    this.vector.outstanding = false;
    // A notification that finds nobody leaves the request to be seen when the thread has its processor again.
    if (!this.runs() || !this.vector.take()) {
      this.loop = 0;
      return;
    }
    if (this.loop < loops) {
      this.loop++;
      this.vector.outstanding = true;
      simulator.schedule(handlerPs, PRIORITY.HOST, events.interrupt, options.index);
    } else this.loop = 0;
    core.exits += this.isIdle ? blockedExits : runningExits;
    this.announced = this.finished.length;
    core.cpuPs += handlerPs;
    this.host.trace?.interrupt(this.options.index, now, handlerPs);
    if (this.isIdle) core.wake(now + handlerPs);
    else core.steal(handlerPs);
  }

  /** Looks at one finished descriptor. @returns whether the core is busy with it, or must wait for its line */
  private lookAtFinished(now: number): boolean {
    const { host, options } = this;
    const row = this.takeFinished(now);
    if (row === NO_ROW) return false;
    host.table.rows[row]!.endStage(STAGE.notify, now);
    host.trace?.looksAt(row, now);
    const untilPs = now + host.parameters['host.reap'] + this.settle(row, now);
    host.trace?.looked(options.index, untilPs);
    this.core.stayBusy(now, untilPs);
    return true;
  }

  /** The row to look at now, or -1. */
  private takeFinished(now: number): number {
    if (this.options.wait === 'interrupt') {
      if (this.announced === 0) return NO_ROW;
      this.announced--;
      return this.finished.shift();
    }
    const visiblePs = this.nextVisiblePs;
    // Its line may still be on the way; the thread goes on submitting, and looks again before it waits.
    if (visiblePs === 0 || visiblePs > now) return NO_ROW;
    return this.options.path.ring === null ? this.submissions.oldest : this.finished.shift();
  }

  /** Books the outcome of a row. @returns processor time that it takes beside looking [ps] */
  private settle(row: number, now: number): number {
    const { host, submissions } = this;
    const { table } = host;
    const { instance } = this.options;
    if (resumeAfterFault(table.rows[row]!, instance)) {
      const touchPs = faultedTouchPs(table.rows[row]!.opcode, instance, host.parameters);
      // The same work goes on as a new descriptor; what it took so far counts as fault.
      submissions.startOver(row, now + touchPs);
      this.resubmit = row;
      return touchPs;
    }
    host.recorder.finished(row);
    submissions.release(row);
    return 0;
  }

  private startWaiting(now: number): void {
    const { options, host, core } = this;
    core.startWaiting(now);
    host.trace?.waits(options.index, options.wait, now);
    const visiblePs = options.wait === 'interrupt' ? 0 : this.nextVisiblePs;
    if (visiblePs > 0) core.wake(Math.max(now, visiblePs));
    else if (options.wait === 'interrupt' && options.inGuest) core.exits++;
    core.wake(Math.max(now, this.unmapper.nextPs));
    if (options.wait === 'interrupt') options.cpu?.release(this);
  }

  /** The driver beneath lets no submission through, and later does again. */
  hold(holds: boolean): void {
    const { core } = this;
    if (this.held === holds) return;
    this.held = holds;
    if (holds || core.isFrozen) return;
    const { nowPs } = this.host.simulator;
    // One that stands in the middle of a refused submission waits for nothing else.
    if (core.goesOnPs === Number.POSITIVE_INFINITY) core.goOnAt(nowPs);
    else core.wake(nowPs);
  }

  /** An abort has made a submission end without a record; the thread does not know yet. */
  onAbandoned(row: number, finished: number): void {
    this.options.path.ring?.leave(this.host.simulator.nowPs);
    if (this.core.stopped) this.submissions.giveUp(row, finished);
    else this.submissions.lose(row, finished);
  }

  /** The driver tells of what was lost, or the thread gives up waiting for it. @returns descriptors lost */
  takeLost(): number {
    const lost = this.submissions.takeLost();
    this.core.wake(this.host.simulator.nowPs);
    return lost;
  }

  /** The driver has a new interrupt handle: what failed with the old one is submitted again. @returns how many */
  renew(handle: number): number {
    const renewed = this.submissions.renew(handle);
    this.core.wake(this.host.simulator.nowPs);
    return renewed;
  }

  /** The thread has waited too long for a descriptor that was discarded. */
  onTimeout(row: number): void {
    this.submissions.timeout(row);
    this.core.wake(this.host.simulator.nowPs);
  }

  /** The thread is no more. What the device holds of it ends in its own time; everything else is booked now. */
  kill(): void {
    const { core, submissions, submitter } = this;
    core.stop();
    // Those that it polls are booked as the rest of its submissions.
    const polls = this.options.wait !== 'interrupt';
    while (this.finished.length > 0) {
      const row = this.finished.shift();
      if (!polls) submissions.bookUnseen(row);
    }
    submissions.abandon();
    if (this.resubmit !== NO_ROW) submissions.giveUp(this.resubmit, 0);
    this.resubmit = NO_ROW;
    if (this.isRefused) submissions.giveUp(submitter.refusedRow, 0);
    submitter.forget();
  }

  /** Starts the measured phase. */
  reset(now: number): void {
    this.core.reset(now);
    this.unmapper.reset();
    this.vector.reset();
    this.options.path.ring?.takeCpuPs(now);
  }

  /** Ends the measured phase: the time waited so far counts. */
  settleCpu(now: number): void {
    this.core.cpuPs += this.options.path.ring?.takeCpuPs(now) ?? 0;
    this.core.settle(now);
  }
}
