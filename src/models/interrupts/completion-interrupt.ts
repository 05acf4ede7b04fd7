/** How a completion interrupt reaches a thread: what it takes, what it costs the core, and when it coalesces. */
import type { ParameterValues } from '../parameters.js';
import type { InterruptPath } from '../virtualization/design.js';

/** Times of one interrupt path, for a thread that runs and for one that sleeps [ps]. */
export interface InterruptTimes {
  /** From the device's message to the handler. */
  runningPs: number;
  blockedPs: number;
  /** Processor time of the handler. */
  handlerPs: number;
}

/**
 * The times of a path, composed from the constants. On the host a sleeping thread is woken through the interrupt
 * thread (cost I06); in a guest the wake-up of the virtual CPU contains that.
 * @throws RangeError for `none`: such a design has no completion interrupt
 */
export function interruptTimes(path: InterruptPath, p: ParameterValues): InterruptTimes {
  switch (path) {
    case 'msix-remapped': {
      const hostPs = p['host.interrupt_remapped'];
      return { runningPs: hostPs, blockedPs: hostPs + p['host.interrupt_thread_wake'], handlerPs: hostPs };
    }
    case 'posted-host': {
      const hostPs = p['host.interrupt_posted'];
      return { runningPs: hostPs, blockedPs: hostPs + p['host.interrupt_thread_wake'], handlerPs: hostPs };
    }
    case 'ims-posted':
    case 'msix-posted':
      return {
        runningPs: p.interrupt_posted_running,
        blockedPs: p.interrupt_posted_blocked,
        handlerPs: p['host.interrupt_posted'],
      };
    case 'eventfd-irqfd': {
      const hostPs = p['host.interrupt_remapped'];
      return {
        runningPs: hostPs + p.interrupt_eventfd_running,
        blockedPs: hostPs + p.interrupt_eventfd_blocked,
        handlerPs: hostPs,
      };
    }
    case 'none':
      throw new RangeError('this design has no completion interrupt');
  }
}

/** The vector of one thread: a message sent while one is outstanding is coalesced with it. */
export class CompletionVector {
  outstanding = false;
  /** Since the last reset. */
  delivered = 0;
  coalesced = 0;

  /** @returns whether a new interrupt is on its way */
  raise(): boolean {
    if (this.outstanding) {
      this.coalesced++;
      return false;
    }
    this.outstanding = true;
    return true;
  }

  /** The handler runs. */
  deliver(): void {
    this.outstanding = false;
    this.delivered++;
  }
}
