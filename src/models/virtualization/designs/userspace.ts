/** Designs in which a process emulates the registers in front of a character device. */
import type { Design } from '../design.js';
import { CHARACTER_DEVICE_CODE } from './code.js';
import { ATTACH, PORTAL_ERRATUM } from './notices.js';

const VFIO_USER: Design = {
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
  configuration: 'host',
  lifecycle: 'open',
  mapping: 'iommufd',
  suspend: 'save-state',
  notices: ['vfio-user ships in QEMU as a framework; no server for DSA exists.', ATTACH, PORTAL_ERRATUM],
  sources: ['QEMU vfio-user documentation', 'Williamson on the idxd mdev RFC, 2020'],
  // Cost M10.
  code: [
    CHARACTER_DEVICE_CODE,
    {
      lines: 10_171,
      what: 'lib/ of libvfio-user, the server side of the protocol',
      runsIn: 'a process of the host',
      source: 'github nutanix/libvfio-user, 2026-06',
    },
  ],
};

/** See the head of this file. */
export const USERSPACE_DESIGNS: readonly Design[] = [
  {
    ...VFIO_USER,
    id: 'vmm-cdev',
    status: 'argued',
    summary: 'The VMM opens /dev/dsa, emulates the registers itself and maps the portal into the guest.',
    control: 'vmm-trap',
    notices: [ATTACH, 'Needs an eventfd of the character device for completions.', PORTAL_ERRATUM],
    sources: ['Gunthorpe on the idxd mdev RFC, 2020-04'],
    code: [CHARACTER_DEVICE_CODE],
  },
  VFIO_USER,
  {
    ...VFIO_USER,
    id: 'vfio-user-ioeventfd',
    status: 'hypothetical',
    summary:
      'As vfio-user, but register writes are posted to the server through eventfds that carry their value.',
    control: 'ioeventfd',
    notices: ['Shadow ioeventfds are a KVM patch under discussion; ioregionfd was never merged.', ATTACH],
    sources: ['KVM Forum 2025, shadow ioeventfd for vfio-user doorbells'],
  },
];
