/**
 * The posted-interrupt descriptor of one thread, as VT-d 9.11 has it, with the one vector that its completions use:
 *
 *     message ──► request bit (PIR) ──► notification, unless one is outstanding (ON) or they are suppressed (SN)
 *
 * Hardware posts into it, KVM's software does under irqfd, and a host without posting has the same in the request bit
 * of its interrupt controller, where nothing is ever suppressed.
 */
export class PostedDescriptor {
  /** PIR: a message that no handler has seen yet. */
  requested = false;
  /** ON: a notification is on its way, and will find whatever is requested. */
  outstanding = false;
  /** SN: the virtual CPU is preempted; it looks by itself when it runs again. */
  suppressed = false;
  /** Handlers run, and messages that shared one, since the last reset. */
  delivered = 0;
  coalesced = 0;

  /** A message arrives. @returns whether a notification is sent for it */
  post(): boolean {
    if (this.requested) this.coalesced++;
    this.requested = true;
    if (this.outstanding || this.suppressed) return false;
    this.outstanding = true;
    return true;
  }

  /** The notification arrives, or the virtual CPU enters its guest: requests become a handler. @returns whether one runs */
  take(): boolean {
    this.outstanding = false;
    if (!this.requested) return false;
    this.requested = false;
    this.delivered++;
    return true;
  }

  /** Starts the measured phase. */
  reset(): void {
    this.delivered = 0;
    this.coalesced = 0;
  }
}
