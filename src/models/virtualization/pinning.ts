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
  /** Memory of other devices of the guest that this one must reach. */
  readonly peerBytes?: number;
}

/**
 * Whether a design can let its device reach memory of other devices. type1 maps their registers by page frame; iommufd,
 * also behind the type1 interface, maps what it has pinned, and such memory has no pages to pin (one of the three gaps of
 * 2022, cost P10). Where nothing is mapped ahead the page tables of the process decide.
 */
export function reachesPeers({ mapping }: Pick<Design, 'mapping'>): boolean {
  return mapping === 'type1' || mapping === 'none';
}

/**
 * Whether pages that the device reaches may be absent. What a guest has mapped by its physical addresses is pinned as a whole, what
 * the kernel maps with the DMA API as long as it is mapped; page tables of processes, and those of a guest, may have gaps.
 */
export function mayBeAbsent({ translation }: Pick<Design, 'translation'>): boolean {
  return ['first-stage-sva', 'nested', 'nested-hw-queue'].includes(translation);
}

/** Memory that an instance holds pinned for the device [B]. */
export function pinnedBytes(design: Design, memory: GuestMemory): number {
  return design.mapping === 'none' ? 0 : memory.sizeBytes;
}

/** What goes beyond the limit of locked memory. */
export interface LockingRefusal {
  /** The first instance that may not lock its memory, among all. */
  readonly instance: number;
  /** The call that fails with ENOMEM. */
  readonly call: 'IOMMU_IOAS_MAP' | 'VFIO_IOMMU_MAP_DMA';
  readonly whose: 'its user' | 'its process';
  /** What would be locked with it [B]. */
  readonly chargedBytes: number;
  /** The least limit under which all instances start [B]. */
  readonly neededBytes: number;
}

/**
 * Holds the memory that instances pin against the limit: null where all may. type1, and iommufd behind its type1
 * interface, charge the process of each guest; iommufd charges the user, and all guests here belong to one. A guest with
 * an IOMMU of its own has an address space for each of its devices: type1 charges the same memory for each, iommufd pins
 * it once (cost P09).
 * @param devices of the workload; where they are allotted as functions, of each instance
 */
export function lockingRefusal(
  design: Design,
  memory: readonly GuestMemory[],
  devices: number,
  p: ParameterValues,
): LockingRefusal | null {
  const { mapping, translation, allotment } = design;
  const perDevice = mapping === 'type1' && translation === 'shadow-viommu' && allotment === 'function';
  const perUser = mapping === 'iommufd';
  let ofUserBytes = 0;
  const charges = memory.map((each) => {
    const bytes = pinnedBytes(design, each) * (perDevice ? devices : 1);
    ofUserBytes += bytes;
    return perUser ? ofUserBytes : bytes;
  });
  const instance = charges.findIndex((bytes) => bytes > p.memlock_limit);
  if (instance < 0) return null;
  return {
    instance,
    call: perUser ? 'IOMMU_IOAS_MAP' : 'VFIO_IOMMU_MAP_DMA',
    whose: perUser ? 'its user' : 'its process',
    chargedBytes: charges[instance]!,
    neededBytes: charges.reduce((most, bytes) => Math.max(most, bytes)),
  };
}

/**
 * Checks the memory that instances pin against the limit.
 * @param devices as for `lockingRefusal`
 * @throws DriverError as the user of the instance that goes beyond it sees it
 */
export function chargeLockedMemory(
  design: Design,
  memory: readonly GuestMemory[],
  devices: number,
  p: ParameterValues,
): void {
  const refusal = lockingRefusal(design, memory, devices, p);
  if (refusal === null) return;
  const { instance, call, whose, chargedBytes } = refusal;
  throw new DriverError(
    `instance ${instance}: ${call} failed: Cannot allocate memory (ENOMEM): ${chargedBytes} B locked by ${whose} exceed memlock_limit, ${p.memlock_limit} B`,
  );
}

/** Time to pin and map an instance's memory page by page (costs P04 and P05), and to map that of other devices [ps]. */
export function pinTimePs(design: Design, memory: GuestMemory, p: ParameterValues): number {
  if (design.mapping === 'none') return 0;
  const large = memory.backingBytes >= HUGE_PAGE_BYTES;
  const pages = Math.ceil(memory.sizeBytes / (large ? HUGE_PAGE_BYTES : PAGE_BYTES));
  const peerPages = Math.ceil((memory.peerBytes ?? 0) / PAGE_BYTES);
  return pages * (large ? p.pin_large_page : p.pin_page) + peerPages * p.iommu_unmap;
}
