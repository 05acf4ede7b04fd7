/**
 * One submitting thread: a core that prepares, submits, waits and looks at completions, one thing at a time.
 *
 * It first looks at what has finished, then submits if its load lets it, then waits: spinning on the oldest record,
 * in UMWAIT, or asleep until an interrupt. It polls its submissions in the order in which it made them, as DPDK's and SPDK's
 * drivers do and the measured programs; interrupts and a ring tell it of whatever has ended.
 */
import { STATUS } from '../../core/status.js';
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import { PRIORITY } from '../../sim/priorities.js';
import { type DescriptorRow, STAGE } from '../descriptor-row.js';
import { ANSWER } from '../device/work-queue.js';
import type { Built } from '../tenants/instance.js';
import type { RingBackend } from '../virtualization/ring-backend.js';
import type { HostContext } from './host-context.js';
import type { HostCpu, Schedulable } from './host-cpu.js';
import { Messages } from './messages.js';
import { Polling } from './polling.js';
import { faultedTouchPs, resumeAfterFault } from './resume.js';
import { Ring } from './ring.js';
import { Submissions } from './submissions.js';
import { Submitter } from './submitter.js';
import { ThreadCore } from './thread-core.js';
import type { ThreadOptions } from './thread-options.js';
import { Unmapper } from './unmapper.js';

const HANDLE_REVOKED = STATUS.int_handle_inval;

/** See the head of this file. */
export class HostThread implements Schedulable {
  /** Arrival times of work not yet taken up [ps]. */
  readonly backlog = new Ring();
  readonly core: ThreadCore;
  readonly unmapper: Unmapper;
  readonly submissions: Submissions;
  /** What tells it of records: one of the two. */
  readonly messages: Messages | null;
  private readonly polling: Polling | null;
  private readonly submitter: Submitter;
  /** What is to be submitted again before anything else. */
  private resubmit: DescriptorRow | null = null;
  /** The driver beneath lets no submission through. */
  private held = false;
  /** Submissions left of the present burst. */
  private burstLeft = 0;
  private readonly built: Built = { opcode: 0, bytes: 0, descriptors: 0 };
  private readonly cpu: HostCpu | null;
  private readonly ring: RingBackend | null;
  /** Time to build a submission, and each member of a batch; to look at a completion [ps]. */
  private readonly preparePs = DOUBLE_ZERO;
  private readonly memberPs = DOUBLE_ZERO;
  private readonly reapPs = DOUBLE_ZERO;

  constructor(
    readonly options: ThreadOptions,
    private readonly host: HostContext,
  ) {
    const { index, instance, unmap, path, place } = options;
    this.core = new ThreadCore(index, options.wait === 'poll', host);
    this.unmapper = new Unmapper(index, instance, unmap, path.lock, place, this.core);
    this.submissions = new Submissions(options.firstSlot, options.slots, host);
    this.submitter = new Submitter(options, host, this.core);
    this.cpu = options.cpu;
    this.ring = path.ring;
    const told = options.wait === 'interrupt';
    this.messages = told ? new Messages(index, options.interrupt!, this.core, host) : null;
    this.polling = told ? null : new Polling(this.submissions, this.ring !== null, host);
    const { parameters: p } = host;
    this.preparePs = p['host.prepare'];
    this.memberPs = p['host.prepare_member'];
    this.reapPs = p['host.reap'];
  }

  /** Whether the device has refused its present submission, which it will repeat. */
  get isRefused(): boolean {
    return this.submitter.refusedRow !== null;
  }

  /** The core is free: do the next thing, if no earlier event of another turn already did. */
  onFree(turn: number): void {
    const { core, submitter, submissions, unmapper } = this;
    if (!core.isTurn(turn) || (this.cpu !== null && !this.runs())) return;
    const now = this.host.simulator.nowPs;
    if (!core.endAction(now)) return;
    unmapper.conclude();
    if (!submitter.conclude(now, this.held)) return;
    if (this.resubmit === null && submissions.hasAgain) this.resubmit = submissions.takeAgain();
    if (this.resubmit !== null && !this.held) this.submitRest(this.resubmit, now);
    else if (unmapper.isDue(now)) unmapper.begin(now);
    else {
      const finished = this.messages === null ? this.polling!.take(now) : this.messages.takeAnnounced();
      if (finished !== null) this.lookAt(finished, now);
      else if (this.maySubmit()) this.prepare(now);
      else this.startWaiting(now);
    }
  }

  private maySubmit(): boolean {
    const { closed, burst } = this.options;
    if (this.held || !this.submissions.hasFreeSlot || (burst && !this.goesOn())) return false;
    return closed === true || this.backlog.length > 0;
  }

  /** Whether more is to be submitted of the present burst, or of the next. */
  private goesOn(): boolean {
    if (this.submissions.outstanding === 0) this.burstLeft = this.options.slots;
    return this.burstLeft > 0;
  }

  private prepare(now: number): void {
    const { host, options, built } = this;
    const { instance } = options;
    const descriptor = host.table.allocate();
    const slot = this.submissions.begin(descriptor);
    if (options.burst) this.burstLeft--;
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
    const membersPs = built.descriptors > 1 ? built.descriptors * this.memberPs : 0;
    const preparedPs = now + (this.preparePs + membersPs) + this.touchPs(serial);
    descriptor.endStage(STAGE.prepare, preparedPs);
    this.submitter.submit(descriptor, now, preparedPs);
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

  /** Submits what a partial completion left over. */
  private submitRest(descriptor: DescriptorRow, now: number): void {
    this.resubmit = null;
    const preparedPs = now + this.preparePs;
    descriptor.endStage(STAGE.prepare, preparedPs);
    this.submitter.submit(descriptor, now, preparedPs);
  }

  /** The device answers a portal write. */
  onAnswer(descriptor: DescriptorRow, answer: number): void {
    this.submitter.onAnswer(descriptor, answer);
    if (answer === ANSWER.retry && this.core.stopped) {
      // Whoever would submit it again is gone.
      this.ring?.leave(this.host.simulator.nowPs);
      this.submissions.giveUp(descriptor, 0);
    } else if (answer === ANSWER.dropped) this.onDropped(descriptor);
  }

  private onDropped(descriptor: DescriptorRow): void {
    const { host, ring } = this;
    this.submissions.ignore();
    ring?.leave(host.simulator.nowPs);
    // The thread finds out by losing patience.
    const timeoutPs = host.parameters['host.completion_timeout'];
    host.simulator.schedule(
      timeoutPs,
      PRIORITY.HOST,
      host.events.timeout,
      this.options.index,
      descriptor.index,
    );
  }

  /** A completion record of this thread was written. */
  onCompletion(descriptor: DescriptorRow, now: number): void {
    const { ring, messages, polling } = this;
    // The host sees the record, and says so in the guest's ring.
    const writtenPs = ring === null ? now : ring.complete(now);
    if (this.core.stopped) this.submissions.bookUnseen(descriptor);
    else if (descriptor.status === HANDLE_REVOKED) this.submissions.refuse(descriptor);
    else if (messages !== null) messages.send(descriptor, writtenPs);
    else if (polling!.show(descriptor, writtenPs, this.wakePs)) this.core.wake(descriptor.visiblePs);
  }

  /** Time to wake up from UMWAIT, if that is how it waits now [ps]. */
  private get wakePs(): number {
    return this.options.wait === 'umwait' && this.isIdle ? this.host.parameters['host.umwait_wake'] : 0;
  }

  /** Whether the thread waits and nothing has ended that yet. */
  private get isIdle(): boolean {
    return this.core.waiting && this.core.goesOnPs >= this.unmapper.nextPs;
  }

  /** Whether it has a processor; if not, it asks for one. */
  private runs(): boolean {
    return this.cpu === null || this.wants(this.cpu);
  }

  private wants(cpu: HostCpu): boolean {
    if (cpu.isRunning(this)) return true;
    cpu.want(this);
    return false;
  }

  /** Its processor is given to another thread: no message may notify it. */
  preempt(): void {
    this.core.preempt(this.host.simulator.nowPs);
    this.messages?.suppress();
    if (this.options.inGuest) this.core.exits++;
  }

  /** It has a processor again, and looks for messages before anything else. */
  dispatch(switchPs: number): void {
    const { nowPs } = this.host.simulator;
    const runsPs = nowPs + switchPs;
    this.messages?.resume(runsPs);
    this.core.dispatch(nowPs, runsPs);
  }

  /** A notification arrives, or the handler of messages looks for another one. */
  onInterrupt(): void {
    const messages = this.messages!;
    messages.arrive();
    if (this.runs()) messages.handle(this.isIdle);
    else messages.miss();
  }

  /** Looks at a finished descriptor. */
  private lookAt(descriptor: DescriptorRow, now: number): void {
    const { host, options } = this;
    descriptor.endStage(STAGE.notify, now);
    host.trace?.looksAt(descriptor.index, now);
    const untilPs = now + this.reapPs + this.settle(descriptor, now);
    host.trace?.looked(options.index, untilPs);
    this.core.stayBusy(now, untilPs);
  }

  /** Books the outcome of a descriptor. @returns processor time that it takes beside looking [ps] */
  private settle(descriptor: DescriptorRow, now: number): number {
    const { host, submissions } = this;
    const { instance } = this.options;
    if (resumeAfterFault(descriptor, instance)) {
      const touchPs = faultedTouchPs(descriptor.opcode, instance, host.parameters);
      // The same work goes on as a new descriptor; what it took so far counts as fault.
      submissions.startOver(descriptor, now + touchPs);
      this.resubmit = descriptor;
      return touchPs;
    }
    host.recorder.finished(descriptor);
    submissions.release(descriptor);
    return 0;
  }

  private startWaiting(now: number): void {
    const { options, host, core } = this;
    core.startWaiting(now);
    host.trace?.waits(options.index, options.wait, now);
    if (this.polling !== null) {
      const visiblePs = this.polling.next?.visiblePs ?? 0;
      if (visiblePs > 0) core.wake(Math.max(now, visiblePs));
    } else if (options.inGuest) core.exits++;
    core.wake(Math.max(now, this.unmapper.nextPs));
    if (this.messages !== null) this.cpu?.release(this);
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
  onAbandoned(descriptor: DescriptorRow, finished: number): void {
    this.ring?.leave(this.host.simulator.nowPs);
    if (this.core.stopped) this.submissions.giveUp(descriptor, finished);
    else this.submissions.lose(descriptor, finished);
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
    this.submissions.timeout(this.host.table.rows[row]!);
    this.core.wake(this.host.simulator.nowPs);
  }

  /** The thread is no more. What the device holds of it ends in its own time; everything else is booked now. */
  kill(): void {
    const { core, submissions, submitter } = this;
    core.stop();
    for (const descriptor of this.messages?.takeAll() ?? []) submissions.bookUnseen(descriptor);
    this.polling?.forget();
    submissions.abandon();
    if (this.resubmit !== null) submissions.giveUp(this.resubmit, 0);
    this.resubmit = null;
    const refused = submitter.refusedRow;
    if (refused !== null) submissions.giveUp(refused, 0);
    submitter.forget();
  }

  /** Starts the measured phase. */
  reset(now: number): void {
    this.core.reset(now);
    this.unmapper.reset();
    this.messages?.vector.reset();
    this.ring?.takeCpuPs(now);
  }

  /** Ends the measured phase: the time waited so far counts. */
  settleCpu(now: number): void {
    this.core.cpuPs += this.ring?.takeCpuPs(now) ?? 0;
    this.core.settle(now);
  }
}
