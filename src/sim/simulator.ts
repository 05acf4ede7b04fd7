import { SimulationError } from './errors.js';
import { type EventHandler, EventLoop, MAX_HANDLERS } from './event-loop.js';
import type { Fingerprint } from './fingerprint.js';
import { checkTime, TIME_MAX_PS } from './refusals.js';

/**
 * Clock, pending events and dispatch.
 *
 * Events are dispatched in the order (time, priority, sequence of scheduling); docs/ordering.md says what may be
 * relied on. An event is five numbers: time, priority, handler id and two 32-bit payload words; models keep
 * their state in tables and put indices into the payload.
 */
export class Simulator {
  private readonly loop = new EventLoop();
  private running = false;
  private stopped = false;

  /** Fingerprint of all events dispatched so far. */
  get fingerprint(): Fingerprint {
    return this.loop.fingerprint;
  }

  /** The current time [ps]; during dispatch, the time of the event. */
  get nowPs(): number {
    return this.loop.clockPs;
  }

  /** Number of events dispatched since construction. */
  get eventsDispatched(): number {
    return this.loop.dispatched;
  }

  /** Number of events scheduled and not yet dispatched. */
  get pending(): number {
    return this.loop.scheduled - this.loop.dispatched;
  }

  /**
   * Whether nothing else is pending at this instant: a handler that has nothing left to do may then do at once what it would
   * schedule without delay.
   */
  get isInstantOver(): boolean {
    return this.loop.isInstantOver();
  }

  /**
   * Makes a handler known and returns its id. Ids count up from 0; they are part of the fingerprint, so models
   * register in a fixed order.
   */
  register(handler: EventHandler): number {
    const { handlers } = this.loop;
    if (handlers.length === MAX_HANDLERS) {
      throw new SimulationError('DSASIM_S009_TOO_MANY_HANDLERS', `more than ${MAX_HANDLERS} handlers`);
    }
    return handlers.push(handler) - 1;
  }

  /**
   * Schedules an event `delayPs` from now.
   * @param delayPs integer, 0 or more [ps]; 0 means later at this same instant
   * @param priority one of PRIORITY, 0 to 15
   * @param handler id from {@link register}
   * @param a first payload, a 32-bit integer
   * @param b second payload, a 32-bit integer
   * @throws SimulationError on a negative or fractional delay, a time beyond TIME_MAX_PS, an unknown handler or
   * priority, or a payload that is not an int32
   */
  schedule(delayPs: number, priority: number, handler: number, a = 0, b = 0): void {
    const { loop } = this;
    loop.duePs = loop.clockPs + delayPs;
    loop.insert(priority, handler, a, b);
  }

  /** Schedules an event at the absolute time `timePs` [ps], not before now; otherwise as {@link schedule}. */
  scheduleAt(timePs: number, priority: number, handler: number, a = 0, b = 0): void {
    const { loop } = this;
    loop.duePs = timePs;
    loop.insert(priority, handler, a, b);
  }

  /**
   * Dispatches every event due at or before `untilPs`, those it causes included, and leaves the clock at
   * `untilPs`. If a handler called {@link stop}, the clock stays at that handler's time and the rest stay pending.
   * @throws SimulationError if `untilPs` is in the past or no integer, or when called from a handler
   */
  run(untilPs: number): void {
    checkTime(untilPs, this.nowPs);
    this.dispatch(untilPs, Number.POSITIVE_INFINITY);
    if (!this.stopped) this.loop.advance(untilPs);
  }

  /**
   * Dispatches until nothing is pending; the clock stays at the last event.
   * @param limitEvents how many events at most, a guard against models that never rest
   * @returns true when idle, false when stopped or at the limit
   */
  runUntilIdle(limitEvents: number = Number.POSITIVE_INFINITY): boolean {
    this.dispatch(TIME_MAX_PS, limitEvents);
    return this.pending === 0;
  }

  /** Makes the current run return after the handler that calls this; without effect outside a run. */
  stop(): void {
    this.stopped = true;
    this.loop.stop();
  }

  private dispatch(untilPs: number, limitEvents: number): void {
    if (this.running) throw new SimulationError('DSASIM_S007_NESTED_RUN', 'run was called from a handler');
    this.running = true;
    this.stopped = false;
    try {
      this.loop.dispatch(untilPs, limitEvents);
    } finally {
      this.running = false;
    }
  }
}
