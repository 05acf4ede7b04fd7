/** What mapping guest memory takes, whom it is charged to, and what cannot be mapped. */
import { describe, expect, it } from 'vitest';
import { parameterValues } from '../../src/models/parameters.js';
import type { Design } from '../../src/models/virtualization/design.js';
import { designById } from '../../src/models/virtualization/designs.js';
import {
  chargeLockedMemory,
  pinnedBytes,
  pinTimePs,
  reachesPeers,
} from '../../src/models/virtualization/pinning.js';

describe('memory of other devices', () => {
  const GIB = 1024 * 1024 * 1024;

  it('is mapped under type1, page by page and without pinning', () => {
    const design = designById('vfio-pci')!;
    const memory = { sizeBytes: 4 * GIB, backingBytes: 2 * 1024 * 1024 };
    const p = parameterValues();
    const extra = pinTimePs(design, { ...memory, peerBytes: GIB / 4 }, p) - pinTimePs(design, memory, p);
    expect(extra).toBe(65_536 * p.iommu_unmap);
    expect(pinnedBytes(design, { ...memory, peerBytes: GIB / 4 })).toBe(4 * GIB);
  });

  it('cannot be mapped by iommufd, behind either interface', () => {
    const reached = (['none', 'type1', 'iommufd-compat', 'iommufd'] as const).map((mapping) =>
      reachesPeers({ mapping }),
    );
    expect(reached).toEqual([true, true, false, false]);
  });
});

describe('a guest with an IOMMU of its own and two devices', () => {
  const memory = [{ sizeBytes: 1000, backingBytes: 4096 }];
  const charge = (design: Design, devices: number, limit: number) => () =>
    chargeLockedMemory(design, memory, devices, parameterValues({ memlock_limit: limit }));

  it('is charged twice for the same memory by type1, once by iommufd', () => {
    const shadow = designById('vfio-pci-shadow')!;
    expect(charge(shadow, 1, 1000)).not.toThrow();
    expect(charge(shadow, 2, 1999)).toThrow('2000 B locked by its process');
    expect(charge({ ...shadow, mapping: 'iommufd' }, 2, 1000)).not.toThrow();
    expect(charge(designById('vfio-pci')!, 2, 1000)).not.toThrow();
  });
});
