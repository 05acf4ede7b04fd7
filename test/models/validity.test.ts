import { describe, expect, it } from 'vitest';
import type { Design } from '../../src/models/virtualization/design.js';
import { DESIGNS, designById } from '../../src/models/virtualization/designs.js';
import { designVerdict } from '../../src/models/virtualization/validity.js';

const native = designById('native-cdev')!;
const mdev = designById('mdev')!;
const vfioUser = designById('vfio-user')!;
const vfioPci = designById('vfio-pci')!;

describe('the designs that dsasim ships', () => {
  it.each(DESIGNS)('$id is possible as it stands, or says what it waits for', (design) => {
    const { verdict, reasons } = designVerdict(design);
    if (design.status === 'hypothetical') expect(verdict).toBe('hypothetical');
    else if (design.id !== 'mdev-sva') expect(verdict).toBe('possible');
    expect(reasons.length > 0).toBe(verdict === 'hypothetical');
  });

  it('are all that were argued or shipped', () => {
    expect(DESIGNS.map((d) => d.id).sort()).toEqual([
      'mdev',
      'mdev-full',
      'mdev-in-kvm',
      'mdev-sva',
      'native-cdev',
      'native-cdev-write',
      'native-kernel',
      'trap-all',
      'vf',
      'vfio-pci',
      'vfio-pci-iommufd',
      'vfio-pci-nested',
      'vfio-pci-nested-hwq',
      'vfio-pci-shadow',
      'vfio-user',
      'vfio-user-ioeventfd',
      'virtio',
      'vmm-cdev',
      'wq-vfio',
    ]);
  });

  it.each(DESIGNS)('$id says what it is and where that is described', (design) => {
    expect(design.summary).toMatch(/^[A-Z].*\.$/);
    expect(design.sources.length).toBeGreaterThan(0);
    expect(designById(design.id)).toBe(design);
  });

  it('have different names', () => {
    expect(new Set(DESIGNS.map((d) => d.id)).size).toBe(DESIGNS.length);
    expect(designById('no-such-design')).toBeUndefined();
  });
});

const dpdk: Design = { ...vfioPci, driver: 'dpdk', interrupts: { misc: 'none', completion: 'none' } };

/** Every rule, by what it says, with a design that breaks it. */
const REFUSED: [string, Design][] = [
  [
    "a process PASID translates that process's virtual addresses",
    { ...mdev, translation: 'first-stage-sva' },
  ],
  ['only the owner of a whole function chooses its driver', { ...mdev, driver: 'dpdk' }],
  ['DPDK and SPDK poll and set up no interrupt', { ...vfioPci, driver: 'spdk' }],
  ['DPDK and SPDK submit with MOVDIR64B', { ...dpdk, modes: ['shared', 'dedicated'] }],
  ['DPDK and SPDK use no PASID', { ...dpdk, translation: 'shadow-viommu' }],
  ['a VFIO container maps what the device may reach', { ...dpdk, guest: 'process', mapping: 'none' }],
  ['no variant driver is modelled that brings back', { ...dpdk, suspend: 'save-state' }],
  [
    'idxd is part of a kernel, and a process cannot run it',
    { ...vfioPci, guest: 'process', interrupts: { misc: 'none', completion: 'none' } },
  ],
  [
    'a process needs a driver for what it is handed',
    {
      ...vfioPci,
      guest: 'process',
      allotment: 'virtual-function',
      interrupts: { misc: 'none', completion: 'none' },
    },
  ],
  ['second-stage translation needs the guest memory mapped', { ...vfioUser, mapping: 'none' }],
  ['a process has no registers to trap', { ...native, control: 'vmm-trap' }],
  [
    'an interrupt can be posted to a virtual CPU only',
    { ...native, interrupts: { misc: 'msix-remapped', completion: 'msix-posted' } },
  ],
  ['a guest cannot call the host kernel', { ...vfioUser, control: 'syscall' }],
  ['write() on the character device is a system call of the host', { ...vfioUser, data: 'syscall-write' }],
  ['creating a mediated device by UUID belongs to kernel emulation', { ...vfioUser, lifecycle: 'mdev-pull' }],
  ['binding the PCI function hands out the whole function', { ...vfioPci, allotment: 'work-queue' }],
  ['binding the PCI function hands out the whole function', { ...vfioUser, lifecycle: 'pci-bind' }],
  ['a function that belongs to the guest has its registers mapped', { ...vfioPci, control: 'vmm-trap' }],
  ['registers of a shared device cannot be mapped into one guest', { ...vfioUser, control: 'native' }],
  ['a virtio ring makes the design paravirtual', { ...mdev, data: 'virtio-ring' }],
  ['a virtio ring makes the design paravirtual', { ...mdev, family: 'paravirtual' }],
  ['an ioeventfd carries at most eight bytes', { ...vfioUser, control: 'ioeventfd', data: 'trapped-portal' }],
  ['an IOMMU for the guest needs its memory mapped', { ...vfioPci, translation: 'nested', mapping: 'none' }],
  ['page tables nested on those of the host', { ...vfioPci, translation: 'nested' }],
  ['a queue that registers itself is a VFIO device', { ...vfioUser, lifecycle: 'preconfigured-push' }],
  ['a kernel driver that emulates registers needs a device', { ...mdev, lifecycle: 'open' }],
  ["the DMA API maps memory of the host's kernel", { ...mdev, translation: 'dma-api' }],
  ['a process has no guest-physical addresses', { ...native, translation: 'second-stage' }],
  [
    'an interrupt of the host ends in the host',
    { ...mdev, interrupts: { misc: 'eventfd-irqfd', completion: 'msix-remapped' } },
  ],
  [
    'the character device maps the portals',
    { ...vfioUser, interrupts: { misc: 'eventfd-irqfd', completion: 'ims-posted' } },
  ],
];

const HYPOTHETICAL: [string, Design][] = [
  ["KVM's ioeventfd tells a server that a register was written", { ...vfioUser, control: 'ioeventfd' }],
  ['no generation of DSA so far has virtual functions', designById('vf')!],
  ['no virtio device type offers copies', designById('virtio')!],
  ['VT-d has no invalidation queue', designById('vfio-pci-nested-hwq')!],
  [
    'a guest on a mapped shared portal needs PASID translation',
    { ...vfioUser, modes: ['shared', 'dedicated'] },
  ],
  ['VFIO never handled a register access inside KVM', { ...mdev, control: 'in-kvm' }],
  [
    'Linux removed its interrupt message store support',
    { ...vfioPci, interrupts: { misc: 'msix-posted', completion: 'ims-posted' } },
  ],
  ['no vfio variant driver saves the state', { ...vfioPci, suspend: 'save-state' }],
  [
    'posting into a guest needs an interrupt bypass producer',
    { ...vfioUser, interrupts: { misc: 'eventfd-irqfd', completion: 'msix-posted' } },
  ],
  [
    'the character device offers no eventfd for completions',
    { ...native, interrupts: { misc: 'msix-remapped', completion: 'eventfd-irqfd' } },
  ],
];

describe('a combination that cannot exist', () => {
  it.each(REFUSED)('%s', (reason, design) => {
    const { verdict, reasons } = designVerdict(design);
    expect(verdict).toBe('refused');
    expect(reasons.filter((text) => text.startsWith(reason))).toHaveLength(1);
  });

  it('gives all its reasons at once', () => {
    const { verdict, reasons } = designVerdict({
      ...native,
      control: 'vmm-trap',
      lifecycle: 'mdev-pull',
      interrupts: { misc: 'ims-posted', completion: 'ims-posted' },
    });
    expect(verdict).toBe('refused');
    expect(reasons).toHaveLength(3);
  });
});

describe('a combination that nobody has built', () => {
  it.each(HYPOTHETICAL)('%s', (reason, design) => {
    const { verdict, reasons } = designVerdict(design);
    expect(verdict).toBe('hypothetical');
    expect(reasons.filter((text) => text.startsWith(reason))).toHaveLength(1);
  });

  it('is refused when it also breaks a rule that nothing can fix', () => {
    const { verdict } = designVerdict({ ...mdev, control: 'in-kvm', mapping: 'none' });
    expect(verdict).toBe('refused');
  });
});
