/** Designs in which hardware registers belong to the guest. */
import type { Design } from '../design.js';
import { DENYLIST } from './notices.js';

const VFIO_PCI: Design = {
  id: 'vfio-pci',
  family: 'passthrough',
  status: 'shipped',
  summary: 'The whole function belongs to one guest; its own driver configures engines and work queues.',
  guest: 'vm',
  allotment: 'function',
  modes: ['dedicated'],
  control: 'native',
  data: 'portal',
  translation: 'second-stage',
  interrupts: { misc: 'msix-posted', completion: 'msix-posted' },
  configuration: 'guest',
  lifecycle: 'pci-bind',
  mapping: 'type1',
  suspend: 'none',
  notices: [DENYLIST, 'A guest takes a whole device; there is no migration driver.'],
  sources: ['Linux drivers/vfio/pci'],
  // Cost S07.
  code: [
    {
      lines: 416,
      what: 'a user-space driver of the function, without interrupt handles',
      runsIn: 'the user of the device',
      source: 'Matlack, [PATCH v2 22/30] vfio: selftests: dsa driver, 2025-08-22',
    },
  ],
};

/** See the head of this file. */
export const PASSTHROUGH_DESIGNS: readonly Design[] = [
  VFIO_PCI,
  {
    ...VFIO_PCI,
    id: 'vfio-pci-iommufd',
    summary: 'As vfio-pci, but the memory is mapped through iommufd, pinned once and charged to the user.',
    mapping: 'iommufd',
    sources: ['Linux drivers/vfio/pci', 'Linux drivers/iommu/iommufd'],
  },
  {
    ...VFIO_PCI,
    id: 'vfio-pci-shadow',
    summary:
      'As vfio-pci, with an IOMMU for the guest that the VMM emulates: each map and unmap of the guest exits.',
    translation: 'shadow-viommu',
    sources: ['QEMU intel-iommu, caching-mode', 'Linux drivers/vfio/pci'],
  },
  {
    ...VFIO_PCI,
    id: 'vfio-pci-nested',
    summary:
      'As vfio-pci, with page tables of the guest nested on those of the host; its invalidations exit.',
    modes: ['shared', 'dedicated'],
    translation: 'nested',
    mapping: 'iommufd',
    sources: ['Linux drivers/iommu/iommufd, nested hardware page tables', 'QEMU intel-iommu'],
  },
  {
    ...VFIO_PCI,
    id: 'vfio-pci-nested-hwq',
    status: 'hypothetical',
    summary: 'As vfio-pci-nested, but the guest owns a hardware queue for its invalidations.',
    modes: ['shared', 'dedicated'],
    translation: 'nested-hw-queue',
    mapping: 'iommufd',
    notices: [DENYLIST, 'Ships on NVIDIA Grace (Tegra241 CMDQV); VT-d has no such queue.'],
    sources: ['Nicolin Chen, [PATCH v9] iommufd vIOMMU part 4, 2025-07-09'],
  },
  {
    ...VFIO_PCI,
    id: 'vf',
    status: 'hypothetical',
    summary: 'A virtual function with one work queue, whose registers are hardware.',
    allotment: 'virtual-function',
    configuration: 'host',
    mapping: 'iommufd',
    notices: ['The first generations of DSA have no virtual functions.'],
    sources: ['PCI Express single-root I/O virtualization, applied to a device that lacks it'],
    code: [],
  },
];
