/** The lock under which whoever emulates a guest's device handles one trapped access at a time. */

/** A VMM's global lock, or the device lock of a mediated device; waiters are served in order of asking. */
export class HandlerLock {
  /** When all that was asked for so far is done [ps]. */
  private freePs = 0;

  /** @param handoverPs what handing the lock to a waiter takes [ps] */
  constructor(private readonly handoverPs: number) {}

  /**
   * Takes the lock at `atPs`, or when it is free, and holds it.
   * @returns when it is given back [ps]
   */
  hold(atPs: number, tookPs: number): number {
    const startPs = atPs < this.freePs ? this.freePs + this.handoverPs : atPs;
    this.freePs = startPs + tookPs;
    return this.freePs;
  }

  /** The holder needs it until `untilPs` [ps]. */
  extend(untilPs: number): void {
    this.freePs = Math.max(this.freePs, untilPs);
  }
}
