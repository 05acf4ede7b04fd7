/** How a completion interrupt reaches a thread: what it takes, what it costs the core, and what it costs other cores. */
import type { ParameterValues } from '../parameters.js';
import type { InterruptPath } from '../virtualization/design.js';

/** One interrupt path, for a thread that runs and for one that sleeps. */
export interface InterruptTimes {
  /** From the device's message to the handler, in a thread that runs and in one that sleeps [ps]. */
  readonly runningPs: number;
  readonly blockedPs: number;
  /** The handler, on the thread's own core [ps]. */
  readonly handlerPs: number;
  /** How often it looks for another message before it ends, and what it takes to handle that [ps]. */
  readonly loops: number;
  readonly loopPs: number;
  /** What every message, coalesced or not, takes of another core of the host: hardware that posts takes none [ps]. */
  readonly elsewherePs: number;
  /** Exits of a running virtual CPU, and of one that sleeps beside the one with which it went to sleep. */
  readonly runningExits: number;
  readonly blockedExits: number;
}

const NO_EXITS = { runningExits: 0, blockedExits: 0 };
const NO_LOOPS = { loops: 0, loopPs: 0 };

/**
 * The times of a path, composed from the constants. Cost I01 is the processor time of one remapped interrupt on a core
 * that does nothing else (5.157 M/s), so it is the handler, and nothing is said of the message's way, which is that of
 * the completion record before it. Cost I06 contains the hard interrupt. A guest takes an interrupt at the price of a
 * core without posting, whoever put it there. The host's own handler of posted messages goes through its descriptor again and
 * again, so that what arrives meanwhile needs no notification; one that comes alone costs no less for that (cost I02).
 * In a sleeping guest the wake-up of the virtual CPU contains that of its thread.
 * @throws RangeError for `none`: such a design has no completion interrupt
 */
export function interruptTimes(path: InterruptPath, p: ParameterValues): InterruptTimes {
  const remappedPs = p['host.interrupt_remapped'];
  const threadPs = p['host.interrupt_thread_wake'] - remappedPs;
  const host = { runningPs: 0, blockedPs: threadPs, handlerPs: remappedPs, elsewherePs: 0, ...NO_EXITS };
  switch (path) {
    case 'msix-remapped':
      return { ...host, ...NO_LOOPS };
    case 'posted-host': {
      const loopPs = remappedPs - p['host.interrupt_notification'];
      return { ...host, loops: p['host.interrupt_loops'], loopPs };
    }
    case 'ims-posted':
    case 'msix-posted':
      return {
        runningPs: p.interrupt_posted_running,
        blockedPs: p.interrupt_posted_blocked,
        handlerPs: remappedPs,
        elsewherePs: 0,
        ...NO_EXITS,
        ...NO_LOOPS,
      };
    case 'eventfd-irqfd':
      return {
        runningPs: remappedPs + p.interrupt_eventfd_running,
        blockedPs: remappedPs + p.interrupt_eventfd_blocked,
        handlerPs: remappedPs,
        elsewherePs: remappedPs,
        ...NO_EXITS,
        ...NO_LOOPS,
      };
    case 'eventfd-injected': {
      // Cost I11 without APICv: an exit to inject at the entry that follows, and one for the end of interrupt.
      const exitPs = p.exit_round_trip;
      return {
        runningPs: remappedPs + p.interrupt_eventfd_running + exitPs,
        blockedPs: remappedPs + p.interrupt_eventfd_blocked,
        handlerPs: remappedPs + exitPs,
        elsewherePs: remappedPs,
        runningExits: 2,
        blockedExits: 1,
        ...NO_LOOPS,
      };
    }
    case 'none':
      throw new RangeError('this design has no completion interrupt');
  }
}

/**
 * From the device raising a vector until a sleeping driver has handled it [ps]. A design without completion interrupts
 * has the host's for commands and errors.
 */
export function wakeByInterruptPs(path: InterruptPath, p: ParameterValues): number {
  const { blockedPs, handlerPs } = interruptTimes(path === 'none' ? 'msix-remapped' : path, p);
  return blockedPs + handlerPs;
}
