/** Designs in which host software uses the device itself. */
import type { Design } from '../design.js';
import { CHARACTER_DEVICE_CODE } from './code.js';
import { PORTAL_ERRATUM } from './notices.js';

const CDEV: Design = {
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
  configuration: 'host',
  lifecycle: 'open',
  mapping: 'none',
  suspend: 'drain',
  notices: [PORTAL_ERRATUM, 'A process gets no completion interrupt: it polls or waits with UMWAIT.'],
  sources: ['Linux drivers/dma/idxd/cdev.c'],
  code: [CHARACTER_DEVICE_CODE],
};

/** See the head of this file. */
export const NATIVE_DESIGNS: readonly Design[] = [
  {
    id: 'native-kernel',
    family: 'native',
    status: 'shipped',
    summary: 'The kernel itself copies through a work queue that the idxd driver offers to dmaengine.',
    guest: 'process',
    allotment: 'work-queue',
    modes: ['shared', 'dedicated'],
    control: 'native',
    data: 'portal',
    translation: 'dma-api',
    interrupts: { misc: 'msix-remapped', completion: 'msix-remapped' },
    configuration: 'host',
    lifecycle: 'open',
    mapping: 'none',
    suspend: 'drain',
    notices: ['An instance is a user inside the kernel; all share one address space and one PASID.'],
    sources: ['Linux drivers/dma/idxd/dma.c', 'Linux drivers/dma/idxd/device.c'],
  },
  CDEV,
  {
    ...CDEV,
    id: 'native-cdev-write',
    summary: 'A process hands each descriptor to write() on /dev/dsa, and the kernel submits it.',
    data: 'syscall-write',
    notices: [
      'What a process without CAP_SYS_RAWIO must use on Sapphire and Emerald Rapids (CVE-2024-21823, Linux 6.10).',
      'A process gets no completion interrupt: it polls or waits with UMWAIT.',
    ],
    sources: ['Linux drivers/dma/idxd/cdev.c, commit 6827738dc684'],
  },
];
