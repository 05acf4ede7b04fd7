/** What a thread takes out of the device's reach: a page of its buffers now and then, another mapped in its place. */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import type { Instance } from '../tenants/instance.js';
import type { HandlerLock } from '../virtualization/handler-lock.js';
import type { UnmapCosts } from '../virtualization/unmapping.js';
import type { Place } from './place.js';
import type { ThreadCore } from './thread-core.js';

const NO_PAGE = -1;
const PS_PER_SECOND = 1e12;
const GOLDEN_RATIO = 0.6180339887;

/** See the head of this file. */
export class Unmapper {
  /** Unmaps since the last reset, and what they took [ps]. */
  unmaps = 0;
  unmapPs = DOUBLE_ZERO;
  /** When the thread unmaps next, if it does [ps]. */
  nextPs = Number.POSITIVE_INFINITY;
  private readonly gapPs: number;
  /** Whether an unmap was the last thing that the thread did. */
  private justUnmapped = false;
  /** Page whose invalidation is under way, or NO_PAGE; and how many were unmapped so far. */
  private page = NO_PAGE;
  private unmapped = 0;

  /**
   * @param thread number of the thread: threads do not unmap in step, each begins at a moment of its own
   * @param lock of the VMM, which serves one virtual CPU at a time
   * @param place whose device has the caches that lose the pages
   */
  constructor(
    thread: number,
    private readonly instance: Instance,
    private readonly costs: UnmapCosts,
    private readonly lock: HandlerLock,
    private readonly place: Place,
    private readonly core: ThreadCore,
  ) {
    const rate = instance.config.unmapsPerSecond ?? 0;
    this.gapPs = rate > 0 ? Math.max(1, Math.round(PS_PER_SECOND / rate)) : 0;
    if (rate > 0) this.nextPs = Math.round(this.gapPs * ((thread * GOLDEN_RATIO) % 1));
  }

  /** Whether a page is due; between two of them the thread does something else. */
  isDue(now: number): boolean {
    const due = this.nextPs <= now && !this.justUnmapped;
    this.justUnmapped = due;
    return due;
  }

  /** Unmaps the next page. */
  begin(now: number): void {
    const { costs, core } = this;
    const askedPs = now + costs.ownPs;
    const donePs = costs.heldPs > 0 ? this.lock.hold(askedPs, costs.heldPs) : askedPs;
    core.exits += costs.exits;
    this.unmaps++;
    this.unmapPs += donePs - now;
    this.nextPs = Math.max(this.nextPs + this.gapPs, now);
    if (costs.invalidates) this.page = this.instance.layout.bufferPage(this.unmapped++);
    core.stayBusy(now, donePs);
  }

  /** If an invalidation was under way, it has been waited for: no cache holds the page any more. */
  conclude(): void {
    if (this.page === NO_PAGE) return;
    this.place.device.invalidate(this.instance.index, this.page);
    this.page = NO_PAGE;
  }

  /** Starts the measured phase. */
  reset(): void {
    this.unmaps = 0;
    this.unmapPs = 0;
  }
}
