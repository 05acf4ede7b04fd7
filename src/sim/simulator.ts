import { SimulationError } from './errors.js';
import { EventPool, KIND_HANDLERS, ORDER_PRIORITY, WORD } from './event-pool.js';
import { Fingerprint } from './fingerprint.js';
import { PRIORITY_MAX } from './priorities.js';
import { TimingWheel } from './timing-wheel.js';

/** What an event does: called with its two payload words at its time. */
export type EventHandler = (a: number, b: number) => void;

/** The latest time that the clock can show, 2^53 - 1 ps: about two and a half simulated hours [ps]. */
export const TIME_MAX_PS = Number.MAX_SAFE_INTEGER;

/**
 * Clock, pending events and dispatch.
 *
 * Events are dispatched in the order (time, priority, sequence of scheduling); docs/ordering.md says what may be
 * relied on. An event is five numbers: time, priority, handler id and two 32-bit payload words; models keep
 * their state in tables and put indices into the payload.
 */
export class Simulator {
  /** Fingerprint of all events dispatched so far. */
  readonly fingerprint = new Fingerprint();
  private readonly handlers: EventHandler[] = [];
  private readonly pool = new EventPool();
  private readonly events = new TimingWheel(this.pool);
  private clockPs = 0;
  private dispatched = 0;
  private sequence = 0;
  private running = false;
  private stopping = false;

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
    return this.events.size;
  }

  /**
   * Makes a handler known and returns its id. Ids count up from 0; they are part of the fingerprint, so models
   * register in a fixed order.
   */
  register(handler: EventHandler): number {
    if (this.handlers.length === KIND_HANDLERS) {
      throw new SimulationError('DSASIM_S009_TOO_MANY_HANDLERS', `more than ${KIND_HANDLERS} handlers`);
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
    this.insert(this.clockPs + delayPs, priority, handler, a, b);
  }

  /** Schedules an event at the absolute time `timePs` [ps], not before now; otherwise as {@link schedule}. */
  scheduleAt(timePs: number, priority: number, handler: number, a = 0, b = 0): void {
    this.insert(timePs, priority, handler, a, b);
  }

  /**
   * Dispatches every event due at or before `untilPs`, those it causes included, and leaves the clock at
   * `untilPs`. If a handler called {@link stop}, the clock stays at that handler's time and the rest stay pending.
   * @throws SimulationError if `untilPs` is in the past or no integer, or when called from a handler
   */
  run(untilPs: number): void {
    this.checkTime(untilPs);
    this.dispatchUntil(untilPs, Number.POSITIVE_INFINITY);
    if (!this.stopping) this.clockPs = untilPs;
  }

  /**
   * Dispatches until nothing is pending; the clock stays at the last event.
   * @param limitEvents how many events at most, a guard against models that never rest
   * @returns true when idle, false when stopped or at the limit
   */
  runUntilIdle(limitEvents: number = Number.POSITIVE_INFINITY): boolean {
    this.dispatchUntil(TIME_MAX_PS, limitEvents);
    return this.events.size === 0;
  }

  /** Makes the current run return after the handler that calls this; without effect outside a run. */
  stop(): void {
    this.stopping = true;
  }

  private dispatchUntil(untilPs: number, limitEvents: number): void {
    if (this.running) throw new SimulationError('DSASIM_S007_NESTED_RUN', 'run was called from a handler');
    this.running = true;
    this.stopping = false;
    const { events, pool, handlers, fingerprint } = this;
    const end = this.dispatched + limitEvents;
    try {
      while (this.dispatched < end) {
        const slot = events.popUntil(untilPs);
        if (slot < 0) break;
        const timePs = pool.keys[slot << 1]!;
        const { words } = pool;
        const kind = words[slot << 2]!;
        const a = words[(slot << 2) + WORD.a]!;
        const b = words[(slot << 2) + WORD.b]!;
        pool.free(slot);
        this.clockPs = timePs;
        this.dispatched++;
        fingerprint.addEvent(timePs, kind, a, b);
        handlers[kind & (KIND_HANDLERS - 1)]!(a, b);
        if (this.stopping) break;
      }
    } finally {
      this.running = false;
    }
  }

  private insert(timePs: number, priority: number, handler: number, a: number, b: number): void {
    if (!(timePs >= this.clockPs && timePs <= TIME_MAX_PS) || Math.floor(timePs) !== timePs) {
      this.checkTime(timePs);
    }
    if (priority >>> 0 !== priority || priority > PRIORITY_MAX) {
      throw new SimulationError(
        'DSASIM_S005_BAD_PRIORITY',
        `priority ${priority} is not in 0..${PRIORITY_MAX}`,
      );
    }
    if (handler >>> 0 !== handler || handler >= this.handlers.length) {
      throw new SimulationError('DSASIM_S004_UNKNOWN_HANDLER', `handler ${handler} was never registered`);
    }
    if ((a | 0) !== a || (b | 0) !== b) {
      throw new SimulationError('DSASIM_S006_PAYLOAD_NOT_INT32', `payload (${a}, ${b}) is not two int32`);
    }
    const order = priority * ORDER_PRIORITY + this.sequence++;
    this.events.push(this.pool.allocate(timePs, order, priority * KIND_HANDLERS + handler, a, b));
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
