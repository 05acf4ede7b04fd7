import { SimulationError } from './errors.js';
import { type EventHandler, EventLoop, MAX_HANDLERS } from './event-loop.js';
import { Fingerprint } from './fingerprint.js';
import { PRIORITY_MAX } from './priorities.js';

/** The latest time that the clock can show, 2^53 - 1 ps: about two and a half simulated hours [ps]. */
export const TIME_MAX_PS = Number.MAX_SAFE_INTEGER;

/**
 * Clock, pending events and dispatch.
 *
 * Events are dispatched in the order (time, priority, sequence of scheduling); docs/ordering.md says what may be
 * relied on. An event is five numbers: time, priority, handler id and two 32-bit payload words; models keep
 * their state in tables and put indices into the payload.
 */
export class Simulator extends EventLoop {
  private running = false;
  private stopped = false;

  /** Fingerprint of all events dispatched so far. */
  get fingerprint(): Fingerprint {
    return new Fingerprint(this.lane0, this.lane1);
  }

  /** The current time [ps]; during dispatch, the time of the event. */
  get nowPs(): number {
    return this.clockPs;
  }

  /** Number of events dispatched since construction. */
  get eventsDispatched(): number {
    return this.dispatched;
  }

  /** Number of events scheduled and not yet dispatched. */
  get pending(): number {
    return this.scheduled - this.dispatched;
  }

  /**
   * Makes a handler known and returns its id. Ids count up from 0; they are part of the fingerprint, so models
   * register in a fixed order.
   */
  register(handler: EventHandler): number {
    if (this.handlers.length === MAX_HANDLERS) {
      throw new SimulationError('DSASIM_S009_TOO_MANY_HANDLERS', `more than ${MAX_HANDLERS} handlers`);
    }
    return this.handlers.push(handler) - 1;
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
    this.duePs = this.clockPs + delayPs;
    this.insert(priority, handler, a, b);
  }

  /** Schedules an event at the absolute time `timePs` [ps], not before now; otherwise as {@link schedule}. */
  scheduleAt(timePs: number, priority: number, handler: number, a = 0, b = 0): void {
    this.duePs = timePs;
    this.insert(priority, handler, a, b);
  }

  /**
   * Dispatches every event due at or before `untilPs`, those it causes included, and leaves the clock at
   * `untilPs`. If a handler called {@link stop}, the clock stays at that handler's time and the rest stay pending.
   * @throws SimulationError if `untilPs` is in the past or no integer, or when called from a handler
   */
  run(untilPs: number): void {
    this.checkTime(untilPs);
    this.start(untilPs, Number.POSITIVE_INFINITY);
    if (!this.stopped) this.advance(untilPs);
  }

  /**
   * Dispatches until nothing is pending; the clock stays at the last event.
   * @param limitEvents how many events at most, a guard against models that never rest
   * @returns true when idle, false when stopped or at the limit
   */
  runUntilIdle(limitEvents: number = Number.POSITIVE_INFINITY): boolean {
    this.start(TIME_MAX_PS, limitEvents);
    return this.pending === 0;
  }

  /** Makes the current run return after the handler that calls this; without effect outside a run. */
  stop(): void {
    this.stopped = true;
    this.halt();
  }

  private start(untilPs: number, limitEvents: number): void {
    if (this.running) throw new SimulationError('DSASIM_S007_NESTED_RUN', 'run was called from a handler');
    this.running = true;
    this.stopped = false;
    try {
      if (limitEvents > 0) this.dispatch(untilPs, limitEvents);
    } finally {
      this.running = false;
    }
  }

  protected override refuse(priority: number, handler: number, a: number, b: number): never {
    this.checkTime(this.duePs);
    if (priority >>> 0 !== priority || priority > PRIORITY_MAX) {
      throw new SimulationError(
        'DSASIM_S005_BAD_PRIORITY',
        `priority ${priority} is not in 0..${PRIORITY_MAX}`,
      );
    }
    if (handler >>> 0 !== handler || handler >= this.handlers.length) {
      throw new SimulationError('DSASIM_S004_UNKNOWN_HANDLER', `handler ${handler} was never registered`);
    }
    throw new SimulationError('DSASIM_S006_PAYLOAD_NOT_INT32', `payload (${a}, ${b}) is not two int32`);
  }

  private checkTime(timePs: number): void {
    if (timePs < this.clockPs) {
      throw new SimulationError(
        'DSASIM_S001_NEGATIVE_DELAY',
        `${timePs} ps is before now, ${this.clockPs} ps`,
      );
    }
    if (timePs > TIME_MAX_PS) {
      throw new SimulationError('DSASIM_S003_TIME_BEYOND_RANGE', `${timePs} ps is beyond 2^53 - 1 ps`);
    }
    if (Math.floor(timePs) !== timePs) {
      throw new SimulationError('DSASIM_S002_TIME_NOT_INTEGER', `${timePs} ps is not a whole picosecond`);
    }
  }
}
