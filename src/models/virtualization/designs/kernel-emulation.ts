/** Designs in which the host kernel emulates the registers. */
import type { Design, ReferenceCode } from '../design.js';
import { NEVER_MERGED } from './notices.js';

/** Cost S01. */
const MDEV_CODE: ReferenceCode = {
  lines: 2086,
  what: 'vdev.c, mdev.c and mdev.h of the mediated device driver',
  runsIn: 'the kernel',
  source: '[PATCH v6 00/20], 2021-05-21: 1016 + 958 + 112 lines',
};

const MDEV: Design = {
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
  configuration: 'host',
  lifecycle: 'mdev-pull',
  mapping: 'type1',
  suspend: 'save-state',
  notices: [NEVER_MERGED],
  sources: [
    '[PATCH v6 00/20] Add VFIO mediated device support and DEV-MSI support for the idxd driver, 2021-05-21',
  ],
  code: [MDEV_CODE],
};

/** See the head of this file. */
export const KERNEL_EMULATION_DESIGNS: readonly Design[] = [
  MDEV,
  {
    ...MDEV,
    id: 'mdev-full',
    summary: 'As mdev, but the guest may write limits and priority of its work queue, and its group.',
    configuration: 'guest',
    sources: [
      '[PATCH RFC 00/15] Add VFIO mediated device support and IMS support for the idxd driver, 2020-04-21',
    ],
    // Cost S02.
    code: [
      {
        lines: 2000,
        what: 'the mediated device driver of the first version, some 500 of them emulation',
        runsIn: 'the kernel',
        source: 'Tian on the idxd mdev RFC, 2020-04-29',
      },
    ],
  },
  {
    ...MDEV,
    id: 'mdev-sva',
    summary:
      'The kernel emulates a DSA with a shared work queue for each guest, whose processes submit with PASIDs of the guest.',
    modes: ['shared'],
    translation: 'nested',
    mapping: 'iommufd',
    notices: [
      NEVER_MERGED,
      'The limited portal is mapped; writes to the unlimited one are trapped and submitted again by the host.',
      'The first ENQCMD with a PASID of the guest exits, so that KVM can enter its translation.',
    ],
    sources: [
      'Intel DSA specification 7.5',
      'Linux downstream idxd mediated device driver, types dsa-1swq-v1',
    ],
    code: [],
  },
  {
    ...MDEV,
    id: 'wq-vfio',
    summary:
      'A work queue registers itself as a VFIO device when its driver binds; the kernel emulates the registers.',
    lifecycle: 'preconfigured-push',
    mapping: 'iommufd',
    notices: ['Proposed in review of the mediated device in 2021; a later vdev series was never merged.'],
    sources: ['Gunthorpe on [PATCH v6 00/20], 2021-05 and 2021-06'],
    code: [],
  },
  {
    ...MDEV,
    id: 'trap-all',
    summary:
      'As mdev, but no portal is mapped: every submission is emulated too. The upper bound of emulation.',
    modes: ['shared', 'dedicated'],
    data: 'trapped-portal',
    notices: ['Nobody proposed it: it is what the word emulation suggests.'],
    sources: ['Intel DSA specification 7.5: a portal that is not mapped is trapped'],
  },
  {
    ...MDEV,
    id: 'mdev-in-kvm',
    status: 'hypothetical',
    summary:
      'As mdev, but KVM calls the emulation without leaving the kernel, as the argument often assumed.',
    control: 'in-kvm',
    notices: ['VFIO regions have no handler inside KVM: every access reaches the VMM first.'],
    sources: ['Linux virt/kvm and drivers/vfio: the exit of an unmapped region'],
    code: [],
  },
];
