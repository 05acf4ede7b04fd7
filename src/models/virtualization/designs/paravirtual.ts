/** Designs in which the guest knows that there is a host. */
import type { Design } from '../design.js';

/** See the head of this file. */
export const PARAVIRTUAL_DESIGNS: readonly Design[] = [
  {
    id: 'virtio',
    family: 'paravirtual',
    status: 'hypothetical',
    summary:
      'The guest puts requests into a virtio ring, and a host thread submits them through a portal of its own.',
    guest: 'vm',
    allotment: 'work-queue',
    modes: ['shared', 'dedicated'],
    control: 'vmm-trap',
    data: 'virtio-ring',
    translation: 'first-stage-sva',
    interrupts: { misc: 'eventfd-irqfd', completion: 'eventfd-irqfd' },
    configuration: 'host',
    lifecycle: 'open',
    mapping: 'none',
    suspend: 'save-state',
    notices: ['No virtio device type offers copies; the guest memory must be shared with the host thread.'],
    sources: ['Virtual I/O Device (VIRTIO) 1.2, split virtqueues and notification suppression'],
  },
];
