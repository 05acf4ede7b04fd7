/** The designs that dsasim knows: mechanism records, no results. Facts: docs/designs.md and the sources named. */
import type { Design } from './design.js';

const PORTAL_ERRATUM =
  'On Sapphire and Emerald Rapids mapping a portal needs CAP_SYS_RAWIO (CVE-2024-21823, Linux 6.10).';
const DENYLIST =
  'vfio-pci refuses the DSA function of Sapphire and Emerald Rapids unless its denylist is disabled (CVE-2024-21823).';

/** All designs, in the order in which lists show them. */
export const DESIGNS: readonly Design[] = [
  {
    id: 'native-cdev',
    family: 'native',
    status: 'shipped',
    summary: 'A process opens /dev/dsa, maps a portal and submits with its own PASID.',
    guest: 'process',
    allotment: 'work-queue',
    modes: ['shared', 'dedicated'],
    control: 'syscall',
    data: 'portal',
    translation: 'first-stage-sva',
    interrupts: { misc: 'msix-remapped', completion: 'none' },
    lifecycle: 'open',
    mapping: 'none',
    suspend: 'drain',
    notices: [PORTAL_ERRATUM, 'A process gets no completion interrupt: it polls or waits with UMWAIT.'],
    sources: ['Linux drivers/dma/idxd/cdev.c'],
  },
  {
    id: 'mdev',
    family: 'kernel-emulation',
    status: 'argued',
    summary:
      'The kernel emulates a DSA with one dedicated work queue for each guest; configuration is read-only.',
    guest: 'vm',
    allotment: 'work-queue',
    modes: ['dedicated'],
    control: 'mdev-trap',
    data: 'portal',
    translation: 'second-stage',
    interrupts: { misc: 'eventfd-irqfd', completion: 'ims-posted' },
    lifecycle: 'mdev-pull',
    mapping: 'type1',
    suspend: 'save-state',
    notices: [
      'Posted to the lists from 2020 to 2021 (v1 to v6), never merged; its interrupt store was removed in 2024.',
    ],
    sources: [
      '[PATCH v6 00/20] Add VFIO mediated device support and DEV-MSI support for the idxd driver, 2021-05-21',
    ],
  },
  {
    id: 'vfio-user',
    family: 'userspace',
    status: 'partly-shipped',
    summary: 'A server process emulates the registers over a socket and passes a mapped portal to the guest.',
    guest: 'vm',
    allotment: 'work-queue',
    modes: ['dedicated'],
    control: 'vfio-user',
    data: 'portal',
    translation: 'second-stage',
    interrupts: { misc: 'eventfd-irqfd', completion: 'eventfd-irqfd' },
    lifecycle: 'open',
    mapping: 'iommufd',
    suspend: 'save-state',
    notices: [
      'vfio-user ships in QEMU as a framework; no server for DSA exists.',
      'Needs the work queue attached to a table of guest-physical addresses, which the character device cannot do today.',
      PORTAL_ERRATUM,
    ],
    sources: ['QEMU vfio-user documentation', 'Williamson on the idxd mdev RFC, 2020'],
  },
  {
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
    lifecycle: 'pci-bind',
    mapping: 'type1',
    suspend: 'none',
    notices: [DENYLIST, 'A guest takes a whole device; there is no migration driver.'],
    sources: ['Linux drivers/vfio/pci'],
  },
];

/** The design with this id, or undefined. */
export function designById(id: string): Design | undefined {
  return DESIGNS.find((design) => design.id === id);
}
