/**
 * The core of one thread: until when it is busy, what interrupt handlers and other threads take from it, and what it
 * has used. It does one thing at a time; an event says when it is free for the next.
 */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import { PRIORITY } from '../../sim/priorities.js';
import type { Simulator } from '../../sim/simulator.js';
import type { HostContext } from './host-context.js';

/** See the head of this file. */
export class ThreadCore {
  /** Processor time since the last reset [ps]. */
  cpuPs = DOUBLE_ZERO;
  /** VM exits since the last reset. */
  exits = 0;
  /** It has nothing to do, until something wakes it. */
  waiting = false;
  /** Its thread is no more. */
  stopped = false;
  /** When it goes on [ps]; the event that says so carries the number of the turn, and an earlier one replaces it. */
  goesOnPs = DOUBLE_ZERO;
  private turn = 0;
  private waitingSincePs = DOUBLE_ZERO;
  /** Time that its present action has left when its processor is given to another thread; 0 while it runs [ps]. */
  private leftPs = DOUBLE_ZERO;
  private preempted = false;
  /** Time that its present action has left while it is frozen, or null when it is not [ps]. */
  private frozenPs: number | null = null;
  /** Time that interrupt handlers took from what the core does, and by which it ends later [ps]. */
  private stolenPs = DOUBLE_ZERO;
  private readonly simulator: Simulator;
  private readonly event: number = 0;

  /**
   * @param index number of its thread
   * @param spins whether waiting keeps it busy
   */
  constructor(
    private readonly index: number,
    private readonly spins: boolean,
    private readonly host: HostContext,
  ) {
    this.simulator = host.simulator;
    this.event = host.events.thread;
  }

  /** Whether it can go on by itself. */
  get isFrozen(): boolean {
    return this.frozenPs !== null || this.stopped;
  }

  /** Goes on at `atPs`, and at no other time [ps]. */
  goOnAt(atPs: number): void {
    this.goesOnPs = atPs;
    this.turn = (this.turn + 1) | 0;
    this.simulator.scheduleAt(atPs, PRIORITY.HOST, this.event, this.index, this.turn);
  }

  /** Does something from `fromPs` to `untilPs` [ps]. */
  stayBusy(fromPs: number, untilPs: number): void {
    this.cpuPs += untilPs - fromPs;
    this.goOnAt(untilPs);
  }

  /** Ends a wait at `atPs`, unless it ends before [ps]. */
  wake(atPs: number): void {
    if (this.waiting && !this.isFrozen && atPs < this.goesOnPs) this.goOnAt(atPs);
  }

  /** Whether an event's turn is still the present one. */
  isTurn(turn: number): boolean {
    return turn === this.turn;
  }

  /** An interrupt handler takes its time from what the core does [ps]. */
  steal(handlerPs: number): void {
    this.stolenPs += handlerPs;
  }

  /** What it does is over, but for what handlers took from it. @returns whether it is free */
  endAction(now: number): boolean {
    if (this.stolenPs > 0) {
      this.goOnAt(now + this.stolenPs);
      this.stolenPs = 0;
      return false;
    }
    this.goesOnPs = Number.POSITIVE_INFINITY;
    if (this.waiting) this.stopWaiting(now);
    return true;
  }

  startWaiting(now: number): void {
    this.waiting = true;
    this.waitingSincePs = now;
  }

  private stopWaiting(now: number): void {
    this.waiting = false;
    this.host.trace?.waited(this.index, now);
    if (this.spins) this.cpuPs += now - this.waitingSincePs;
  }

  /** Another thread has its processor; what it does takes the rest of its time later. */
  preempt(now: number): void {
    this.preempted = true;
    this.leftPs = this.waiting ? 0 : Math.max(0, this.goesOnPs - now);
    this.stand();
    if (this.waiting && this.spins) this.cpuPs += now - this.waitingSincePs;
  }

  /** It has a processor again, from `runsPs` on [ps]. */
  dispatch(now: number, runsPs: number): void {
    this.preempted = false;
    if (this.waiting) this.waitingSincePs = now;
    this.goOnAt(runsPs + this.leftPs);
    this.leftPs = 0;
  }

  /** The virtual CPU or process is stopped, wherever it is; what it has begun takes the rest of its time afterwards. */
  freeze(): void {
    if (this.isFrozen) return;
    this.frozenPs = Math.max(0, this.goesOnPs - this.simulator.nowPs);
    this.stand();
  }

  /** The counterpart of {@link freeze}. */
  thaw(): void {
    const left = this.frozenPs;
    if (left === null || this.stopped) return;
    this.frozenPs = null;
    const now = this.simulator.nowPs;
    this.goOnAt(this.waiting || left === Number.POSITIVE_INFINITY ? now : now + left);
  }

  /** It never goes on. */
  stop(): void {
    this.stopped = true;
    this.turn = (this.turn + 1) | 0;
  }

  /** No event that was announced means anything any more. */
  private stand(): void {
    this.turn = (this.turn + 1) | 0;
    this.goesOnPs = 0;
  }

  /** Starts the measured phase. */
  reset(now: number): void {
    this.cpuPs = 0;
    this.exits = 0;
    if (this.waiting) this.waitingSincePs = now;
  }

  /** Ends the measured phase: the time waited so far counts. */
  settle(now: number): void {
    if (!this.waiting || this.preempted || !this.spins) return;
    this.cpuPs += now - this.waitingSincePs;
    this.waitingSincePs = now;
  }
}
