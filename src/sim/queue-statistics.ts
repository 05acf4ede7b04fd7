import { DOUBLE_ZERO } from './double-zero.js';
import { SimulationError } from './errors.js';
import { ExactSum } from './exact-sum.js';

/**
 * What flows through a queue, kept twice: by level (the integral of occupancy over time) and by item (how long
 * each stayed). Over any window the two are the same number,
 *
 *     integral of occupancy = sum of stays of those that left + stays so far of those still there,
 *
 * the exact form of Little's law (J. D. C. Little, Operations Research 9 (1961), 383-387), here in whole
 * picoseconds without rounding. A queue that loses, duplicates or misdates an item breaks the identity.
 */
export class QueueStatistics {
  private arrived = 0;
  private level = 0;
  /** Level at the last reset. */
  private levelBefore = 0;
  private largest = 0;
  private lastPs = DOUBLE_ZERO;
  private windowPs = DOUBLE_ZERO;
  private readonly occupancyPs = new ExactSum();
  private readonly stayedPs = new ExactSum();
  private readonly arrivalsPs = new ExactSum();
  private readonly departuresArrivedPs = new ExactSum();

  /** @param nowPs when the observation begins, with the queue empty [ps] */
  constructor(nowPs = 0) {
    this.lastPs = nowPs;
    this.windowPs = nowPs;
  }

  /** Arrivals since the last reset. */
  get arrivals(): number {
    return this.arrived;
  }

  /** Departures since the last reset. */
  get departures(): number {
    return this.levelBefore + this.arrived - this.level;
  }

  /** Items in the queue now. */
  get length(): number {
    return this.level;
  }

  /** The greatest length since the last reset. */
  get maxLength(): number {
    return this.largest;
  }

  /** An item enters at `nowPs` [ps]. */
  arrive(nowPs: number): void {
    this.advance(nowPs);
    this.arrived++;
    this.level++;
    if (this.level > this.largest) this.largest = this.level;
    this.arrivalsPs.add(nowPs - this.windowPs);
  }

  /**
   * An item that entered at `arrivedPs` leaves at `nowPs` [ps].
   * @throws SimulationError if the queue is empty or the item had not entered by now
   */
  depart(arrivedPs: number, nowPs: number): void {
    this.advance(nowPs);
    if (this.level === 0 || arrivedPs > nowPs) this.refuseDeparture(arrivedPs, nowPs);
    this.level--;
    // A stay that began before the window counts from the window's start, as the integral does.
    const fromPs = arrivedPs > this.windowPs ? arrivedPs : this.windowPs;
    this.stayedPs.add(nowPs - fromPs);
    this.departuresArrivedPs.add(fromPs - this.windowPs);
  }

  /** Opens a new window at `nowPs` [ps], the end of the warm-up; those in the queue stay in it. */
  reset(nowPs: number): void {
    this.advance(nowPs);
    this.windowPs = nowPs;
    this.arrived = 0;
    this.levelBefore = this.level;
    this.largest = this.level;
    this.occupancyPs.clear();
    this.stayedPs.clear();
    this.arrivalsPs.clear();
    this.departuresArrivedPs.clear();
  }

  /** Mean length over the window up to `nowPs` [ps]. */
  meanLength(nowPs: number): number {
    this.advance(nowPs);
    const elapsedPs = nowPs - this.windowPs;
    return elapsedPs > 0 ? this.occupancyPs.value / elapsedPs : this.level;
  }

  /** Integral of the length over the window up to `nowPs` [items × ps]. */
  integralPs(nowPs: number): number {
    this.advance(nowPs);
    return this.occupancyPs.value;
  }

  /** Mean stay of those that left in the window [ps], counted from the window's start; NaN without departures. */
  get meanStayPs(): number {
    const { departures } = this;
    return departures > 0 ? this.stayedPs.value / departures : Number.NaN;
  }

  /**
   * How far Little's law is from holding over the window [ps]: 0 for a queue that is in order.
   * @param nowPs the end of the window [ps]
   * @param residentArrivalsPs the arrival times of the items that the queue really holds, from its own storage;
   * without them the check relies on the times given at arrival and departure, and is complete when the queue is
   * empty
   */
  littleDefectPs(nowPs: number, residentArrivalsPs?: readonly number[]): number {
    this.advance(nowPs);
    const accounted = new ExactSum();
    accounted.addSum(this.stayedPs);
    if (residentArrivalsPs === undefined) {
      // Stays so far = (residents) · now - (arrival times of all that came - those of all that left).
      const entered = new ExactSum();
      entered.addSum(this.occupancyPs);
      entered.addSum(this.arrivalsPs);
      accounted.addProduct(this.level, nowPs - this.windowPs);
      accounted.addSum(this.departuresArrivedPs);
      const defectPs = entered.minus(accounted);
      return this.level === 0 && defectPs === 0 ? this.arrivalsPs.minus(this.departuresArrivedPs) : defectPs;
    }
    if (residentArrivalsPs.length !== this.level) return Number.NaN;
    for (const arrivedPs of residentArrivalsPs) accounted.add(nowPs - Math.max(arrivedPs, this.windowPs));
    return this.occupancyPs.minus(accounted);
  }

  private advance(nowPs: number): void {
    const spanPs = nowPs - this.lastPs;
    if (spanPs > 0) {
      this.occupancyPs.addProduct(this.level, spanPs);
      this.lastPs = nowPs;
    } else if (spanPs !== 0) this.refuseTime(nowPs);
  }

  private refuseDeparture(arrivedPs: number, nowPs: number): never {
    if (this.level === 0) refuse('departure from an empty queue');
    refuse(`departure at ${nowPs} before ${arrivedPs} ps`);
  }

  private refuseTime(nowPs: number): never {
    refuse(`time went back from ${this.lastPs} to ${nowPs} ps`);
  }
}

function refuse(what: string): never {
  throw new SimulationError('DSASIM_S008_BAD_ARGUMENT', what);
}
