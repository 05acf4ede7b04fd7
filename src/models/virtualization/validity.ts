/** Which combinations of mechanisms can exist. DSA adds no offset to an address. */
import { type Design, userDriver } from './design.js';

/** Whether a design can exist: as it stands, only under a condition nobody has met, or not at all. */
export interface DesignVerdict {
  verdict: 'possible' | 'hypothetical' | 'refused';
  reasons: string[];
}

type Rule = readonly ['refused' | 'hypothetical', (d: Design) => boolean, string];

const isVm = (d: Design) => d.guest === 'vm';
const trapsRegisters = (d: Design) => d.control !== 'native' && d.control !== 'syscall';

const isEmulated = (d: Design) => isVm(d) && d.allotment === 'work-queue' && d.data !== 'virtio-ring';
const inKernel = (d: Design) => d.control === 'mdev-trap' || d.control === 'in-kvm';

const polls = (d: Design) => userDriver(d) !== null;

const RULES: readonly Rule[] = [
  [
    'refused',
    (d) => d.driver !== undefined && d.allotment !== 'function',
    'only the owner of a whole function chooses its driver: what the host hands out piece by piece is driven by idxd',
  ],
  [
    'refused',
    (d) => polls(d) && (d.interrupts.misc !== 'none' || d.interrupts.completion !== 'none'),
    'DPDK and SPDK poll and set up no interrupt: choose interrupts none',
  ],
  [
    'refused',
    (d) => polls(d) && d.modes.includes('shared'),
    'DPDK and SPDK submit with MOVDIR64B to dedicated work queues only',
  ],
  [
    'refused',
    (d) => polls(d) && d.translation !== 'second-stage',
    'DPDK and SPDK use no PASID, and what it takes to map their memory on an IOMMU of the guest is not modelled: choose translation second-stage',
  ],
  [
    'refused',
    (d) => polls(d) && d.mapping === 'none',
    'a VFIO container maps what the device may reach: choose mapping type1, iommufd-compat or iommufd',
  ],
  [
    'refused',
    (d) => polls(d) && d.suspend === 'save-state',
    'no variant driver is modelled that brings back what DPDK or SPDK had configured: choose suspend none or drain',
  ],
  [
    'refused',
    (d) => d.guest === 'process' && d.allotment === 'function' && !polls(d),
    'idxd is part of a kernel, and a process cannot run it on a function of its own: choose driver dpdk or spdk',
  ],
  [
    'refused',
    (d) => d.guest === 'process' && d.allotment === 'virtual-function',
    'a process needs a driver for what it is handed, and none of a virtual function is modelled',
  ],
  [
    'refused',
    (d) => isVm(d) && d.data === 'portal' && d.translation === 'first-stage-sva',
    "a process PASID translates that process's virtual addresses, so it cannot serve a guest's descriptors on a mapped portal: trap the portal, or attach a table of guest-physical addresses",
  ],
  [
    'refused',
    (d) => isVm(d) && d.translation === 'second-stage' && d.mapping === 'none',
    'second-stage translation needs the guest memory mapped for the device: choose mapping type1, iommufd-compat or iommufd',
  ],
  [
    'refused',
    (d) => d.guest === 'process' && trapsRegisters(d),
    'a process has no registers to trap: choose control native or syscall',
  ],
  [
    'refused',
    (d) => d.guest === 'process' && ['ims-posted', 'msix-posted'].includes(d.interrupts.completion),
    'an interrupt can be posted to a virtual CPU only, and a process has none',
  ],
  [
    'refused',
    (d) => isVm(d) && d.control === 'syscall',
    'a guest cannot call the host kernel: choose a control path that reaches it',
  ],
  [
    'refused',
    (d) => d.data === 'syscall-write' && isVm(d),
    'write() on the character device is a system call of the host: only a process can use it',
  ],
  [
    'refused',
    (d) => d.lifecycle === 'mdev-pull' && d.control !== 'mdev-trap' && d.control !== 'in-kvm',
    'creating a mediated device by UUID belongs to kernel emulation: choose control mdev-trap or in-kvm',
  ],
  [
    'refused',
    (d) => d.lifecycle === 'preconfigured-push' && !inKernel(d),
    'a queue that registers itself is a VFIO device of its kernel driver: choose control mdev-trap or in-kvm',
  ],
  [
    'refused',
    (d) => isEmulated(d) && d.lifecycle === 'open' && inKernel(d),
    'a kernel driver that emulates registers needs a device to emulate: choose lifecycle mdev-pull or preconfigured-push',
  ],
  [
    'refused',
    (d) => isVm(d) && d.translation === 'dma-api',
    "the DMA API maps memory of the host's kernel, and a guest's descriptors do not carry its addresses",
  ],
  [
    'refused',
    (d) =>
      d.guest === 'process' &&
      d.allotment === 'work-queue' &&
      !['dma-api', 'first-stage-sva'].includes(d.translation),
    'a process has no guest-physical addresses and no IOMMU of its own: choose translation first-stage-sva',
  ],
  [
    'refused',
    (d) => isVm(d) && ['msix-remapped', 'posted-host'].includes(d.interrupts.completion),
    'an interrupt of the host ends in the host: into a guest it goes by eventfd or is posted',
  ],
  [
    'refused',
    (d) => d.family === 'userspace' && d.interrupts.completion === 'ims-posted',
    'the character device maps the portals whose descriptors name MSI-X vectors, not message store entries',
  ],
  [
    'hypothetical',
    (d) => d.family === 'userspace' && d.interrupts.completion === 'msix-posted',
    'posting into a guest needs an interrupt bypass producer, which the character device is not',
  ],
  [
    'refused',
    (d) => (d.lifecycle === 'pci-bind') !== (d.allotment !== 'work-queue'),
    'binding the PCI function hands out the whole function, and nothing else does',
  ],
  [
    'refused',
    (d) => d.allotment !== 'work-queue' && trapsRegisters(d),
    'a function that belongs to the guest has its registers mapped: choose control native',
  ],
  [
    'refused',
    (d) => d.allotment === 'work-queue' && isVm(d) && d.control === 'native',
    'registers of a shared device cannot be mapped into one guest: choose a control path that emulates them',
  ],
  [
    'refused',
    (d) => (d.data === 'virtio-ring') !== (d.family === 'paravirtual'),
    'a virtio ring makes the design paravirtual, and only that',
  ],
  [
    'hypothetical',
    (d) => isVm(d) && d.modes.includes('shared') && d.data === 'portal' && d.allotment === 'work-queue',
    'a guest on a mapped shared portal needs PASID translation in the VMCS, which KVM never merged',
  ],
  [
    'refused',
    (d) => d.control === 'ioeventfd' && d.data === 'trapped-portal',
    'an ioeventfd carries at most eight bytes, a portal write has 64: choose a control path that traps it',
  ],
  [
    'refused',
    (d) =>
      isVm(d) &&
      ['shadow-viommu', 'nested', 'nested-hw-queue'].includes(d.translation) &&
      d.mapping === 'none',
    'an IOMMU for the guest needs its memory mapped for the device: choose mapping type1, iommufd-compat or iommufd',
  ],
  [
    'refused',
    (d) =>
      ['nested', 'nested-hw-queue'].includes(d.translation) &&
      ['type1', 'iommufd-compat'].includes(d.mapping),
    'page tables nested on those of the host exist in iommufd only: choose mapping iommufd',
  ],
  [
    'hypothetical',
    (d) => d.control === 'ioeventfd',
    "KVM's ioeventfd tells a server that a register was written, not the value",
  ],
  [
    'hypothetical',
    (d) => d.allotment === 'virtual-function',
    'no generation of DSA so far has virtual functions',
  ],
  ['hypothetical', (d) => d.data === 'virtio-ring', 'no virtio device type offers copies'],
  ['hypothetical', (d) => d.control === 'in-kvm', 'VFIO never handled a register access inside KVM'],
  [
    'hypothetical',
    (d) => d.translation === 'nested-hw-queue',
    'VT-d has no invalidation queue that a guest can own; other IOMMUs do',
  ],
  [
    'hypothetical',
    (d) => d.allotment === 'function' && d.interrupts.completion === 'ims-posted',
    "Linux removed its interrupt message store support in 6.10, so a guest's own driver cannot program it",
  ],
  [
    'hypothetical',
    (d) => d.allotment === 'function' && d.suspend === 'save-state',
    'no vfio variant driver saves the state of a DSA function',
  ],
  [
    'hypothetical',
    (d) => d.guest === 'process' && d.interrupts.completion === 'eventfd-irqfd',
    'the character device offers no eventfd for completions',
  ],
];

/** Judges a design by the rules above; the worst verdict wins and all its reasons are given. */
export function designVerdict(design: Design): DesignVerdict {
  const broken = RULES.filter(([, applies]) => applies(design));
  const refused = broken.filter(([kind]) => kind === 'refused').map(([, , reason]) => reason);
  if (refused.length > 0) return { verdict: 'refused', reasons: refused };
  const reasons = broken.map(([, , reason]) => reason);
  return { verdict: reasons.length > 0 ? 'hypothetical' : 'possible', reasons };
}
