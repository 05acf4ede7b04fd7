/** What a thread pays to take one page out of the device's reach: page table, invalidation, and who carries it out. */
import type { ParameterValues } from '../parameters.js';
import type { Design } from './design.js';

/** The parts of one unmap; where a page is mapped anew in its place, of both. */
export interface UnmapCosts {
  /** On the thread's own core: page table, exits, its own invalidation queue [ps]. */
  readonly ownPs: number;
  /** In the VMM, under its lock [ps]. */
  readonly heldPs: number;
  readonly exits: number;
  /** Whether anything is taken out of the device's reach at all. */
  readonly invalidates: boolean;
}

const NOTHING: UnmapCosts = { ownPs: 0, heldPs: 0, exits: 0, invalidates: false };

/**
 * The cost of an unmap under strict invalidation. A guest without an IOMMU of its own has nothing to unmap: all its
 * memory stays mapped. A shadowed IOMMU exits for the unmap and again for the map that follows (caching mode); a nested
 * one for the invalidation alone (costs T26 and T28); an invalidation queue in hardware never.
 */
export function unmapCosts(design: Design, p: ParameterValues): UnmapCosts {
  const exitPs = p.exit_round_trip + p.decode + p.user_exit;
  switch (design.translation) {
    case 'second-stage':
      return NOTHING;
    case 'dma-api':
    case 'first-stage-sva':
      return design.data === 'virtio-ring'
        ? NOTHING
        : { ownPs: p.iommu_unmap + p.invalidation, heldPs: 0, exits: 0, invalidates: true };
    case 'shadow-viommu': {
      const tablesPs = 2 * p.iommu_unmap + p.pin_page;
      return {
        ownPs: 2 * exitPs + p.iommu_unmap,
        heldPs: 2 * p.invalidation_relay + tablesPs,
        exits: 2,
        invalidates: true,
      };
    }
    case 'nested':
      return { ownPs: exitPs + p.iommu_unmap, heldPs: p.invalidation_relay, exits: 1, invalidates: true };
    case 'nested-hw-queue':
      return { ownPs: p.iommu_unmap + p.mmio_write + p.invalidation, heldPs: 0, exits: 0, invalidates: true };
  }
}
