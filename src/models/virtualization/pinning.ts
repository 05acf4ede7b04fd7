/** Guest memory that a design holds pinned for the device, and what pinning takes. */
import type { ParameterValues } from '../parameters.js';
import type { Design } from './design.js';

const HUGE_PAGE_BYTES = 2 * 1024 * 1024;
const PAGE_BYTES = 4096;

/** An instance's memory [B]. */
export interface GuestMemory {
  readonly sizeBytes: number;
  /** Page size of what backs it. */
  readonly backingBytes: number;
}

/** Memory that an instance holds pinned for the device [B]. */
export function pinnedBytes(design: Design, memory: GuestMemory): number {
  return design.mapping === 'none' ? 0 : memory.sizeBytes;
}

/** Time to pin and map an instance's memory page by page (costs P04 and P05) [ps]. */
export function pinTimePs(design: Design, memory: GuestMemory, p: ParameterValues): number {
  if (design.mapping === 'none') return 0;
  const large = memory.backingBytes >= HUGE_PAGE_BYTES;
  const pages = Math.ceil(memory.sizeBytes / (large ? HUGE_PAGE_BYTES : PAGE_BYTES));
  return pages * (large ? p.pin_large_page : p.pin_page);
}
