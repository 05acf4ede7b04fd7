/** What of an instance's memory a migration must still send, as far as somebody knows what was written. */
import { DirtyPages, PROCESSOR_PAGE_BYTES, writtenByProcessors } from './dirty-pages.js';
import { helps } from './quiesce.js';
import type { Seat } from './seat.js';

const PAGE_BYTES = 4096;

/** Who knows which pages a device has written, and by which size; null where nobody does. */
export type DirtyTracking = {
  readonly by: 'iommu' | 'host thread' | 'nothing to track';
  readonly pageBytes: number;
} | null;

/**
 * The dirty tracking of a seat. The type1 interface has none, and neither has iommufd behind it; a process's
 * checkpoint looks at bits that a device does not set.
 */
export function dirtyTracking(seat: Seat): DirtyTracking {
  const { kind, parts } = seat;
  // The guest has given its device up, which writes nothing any more.
  if (helps(seat)) return { by: 'nothing to track', pageBytes: PAGE_BYTES };
  if (kind === 'ring') return { by: 'host thread', pageBytes: PAGE_BYTES };
  if (kind === 'kernel' || kind === 'process' || parts.design.mapping !== 'iommufd') return null;
  return { by: 'iommu', pageBytes: parts.instance.config.memory.backingBytes };
}

/** What device and processors have written since memory was last sent; all of it where nobody knows what the device did. */
export class Remainder {
  private readonly log: DirtyPages | null;
  private devicePages = new Set<number>();
  private processorPages = 0;

  constructor(private readonly seat: Seat) {
    const tracking = dirtyTracking(seat);
    this.log = tracking === null ? null : new DirtyPages(tracking.pageBytes);
  }

  /** [B] */
  get bytes(): number {
    const { sizeBytes } = this.seat.parts.instance.config.memory;
    if (this.log === null) return sizeBytes;
    const written = this.devicePages.size * this.log.pageBytes + this.processorPages * PROCESSOR_PAGE_BYTES;
    return Math.min(sizeBytes, written);
  }

  /** Begins to keep the log of the device. */
  open(): void {
    this.seat.parts.instance.dirty = this.log;
  }

  /** All that was left is sent; what was written in the `ps` that it took is left now. @returns pages of the device */
  next(ps: number): ReadonlySet<number> {
    const { writes } = this.seat.parts.instance.config.memory;
    this.devicePages = this.log?.take() ?? new Set();
    this.processorPages = writes === undefined ? 0 : writtenByProcessors(writes, ps);
    return this.devicePages;
  }

  /** Nothing is written any more. */
  close(): void {
    this.seat.parts.instance.dirty = null;
    if (this.log !== null) for (const page of this.log.take()) this.devicePages.add(page);
  }
}
