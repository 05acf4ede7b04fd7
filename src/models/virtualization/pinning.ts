/** Guest memory that a design holds pinned for the device, and what pinning takes. */
import { DriverError } from '../driver/bus.js';
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

/**
 * Checks the memory that instances pin against the limit. type1, and iommufd behind its type1 interface, charge the
 * process of each guest; iommufd charges the user, and all guests here belong to one.
 * @throws DriverError as the user of the instance that goes beyond it sees it
 */
export function chargeLockedMemory(design: Design, memory: readonly GuestMemory[], p: ParameterValues): void {
  let ofUserBytes = 0;
  for (const [instance, each] of memory.entries()) {
    const bytes = pinnedBytes(design, each);
    ofUserBytes += bytes;
    const perUser = design.mapping === 'iommufd';
    const chargedBytes = perUser ? ofUserBytes : bytes;
    if (chargedBytes <= p.memlock_limit) continue;
    const call = perUser ? 'IOMMU_IOAS_MAP' : 'VFIO_IOMMU_MAP_DMA';
    const whose = perUser ? 'its user' : 'its process';
    throw new DriverError(
      `instance ${instance}: ${call} failed: Cannot allocate memory (ENOMEM): ${chargedBytes} B locked by ${whose} exceed memlock_limit, ${p.memlock_limit} B`,
    );
  }
}

/** Time to pin and map an instance's memory page by page (costs P04 and P05) [ps]. */
export function pinTimePs(design: Design, memory: GuestMemory, p: ParameterValues): number {
  if (design.mapping === 'none') return 0;
  const large = memory.backingBytes >= HUGE_PAGE_BYTES;
  const pages = Math.ceil(memory.sizeBytes / (large ? HUGE_PAGE_BYTES : PAGE_BYTES));
  return pages * (large ? p.pin_large_page : p.pin_page);
}
