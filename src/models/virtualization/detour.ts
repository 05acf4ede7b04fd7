/** Ways to a portal that somebody else writes: a system call, or an exit to whoever emulates the portal. */
import type { ParameterValues } from '../parameters.js';
import { portalAccess } from './access.js';
import type { Design } from './design.js';
import type { HandlerLock } from './handler-lock.js';

/** What one submission by another hand costs. */
export interface DetourCosts {
  /** From the thread's instruction until the handler runs, and from the handler back to the thread [ps]. */
  readonly entryPs: number;
  readonly returnPs: number;
  /** The handler, up to its own portal write; of a guest's design it is under the handler's lock [ps]. */
  readonly handlerPs: number;
  /** Times that it leaves the guest: 0 or 1. */
  readonly exits: number;
  /** ENQCMDS that the handler repeats after a Retry before it gives up. */
  readonly retries: number;
}

/**
 * The detour of a design, or null where a thread writes the portal itself.
 * @param unlimitedShared the thread writes the unlimited portal of a shared queue, of which a guest has only the
 *   limited page mapped (specification 7.5): the host submits for it, on the unlimited portal
 */
export function detourCosts(
  design: Design,
  unlimitedShared: boolean,
  p: ParameterValues,
): DetourCosts | null {
  const retries = p.enqcmds_retries;
  if (design.data === 'syscall-write') {
    return { entryPs: p.syscall_write, returnPs: 0, handlerPs: 0, exits: 0, retries };
  }
  const emulated = design.guest === 'vm' && design.allotment === 'work-queue' && design.control !== 'syscall';
  const trapped =
    design.data === 'trapped-portal' || (unlimitedShared && emulated && design.data === 'portal');
  if (!trapped) return null;
  const rewritePs = design.translation === 'first-stage-sva' ? p.descriptor_rewrite : 0;
  const { outPs, backPs, handlerPs } = portalAccess(design.control, p);
  return { entryPs: outPs, returnPs: backPs, handlerPs: handlerPs + rewritePs, exits: 1, retries };
}

/** One thread's way to the portal through another hand. */
export class Detour {
  constructor(
    readonly costs: DetourCosts,
    private readonly lock: HandlerLock | null,
  ) {}

  /** The thread asks at `fromPs`. @returns when the handler writes the portal [ps] */
  enter(fromPs: number): number {
    const { entryPs, handlerPs } = this.costs;
    const arrivesPs = fromPs + entryPs;
    return this.lock === null || handlerPs === 0
      ? arrivesPs + handlerPs
      : this.lock.hold(arrivesPs, handlerPs);
  }

  /** The handler is busy with the portal until `untilPs` [ps]. */
  busyUntil(untilPs: number): void {
    if (this.costs.exits > 0) this.lock?.extend(untilPs);
  }
}
