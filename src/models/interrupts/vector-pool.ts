/** Interrupt vectors of one device that completions of its guests can have: a table of the device, which ends. */
import type { ParameterValues } from '../parameters.js';
import type { Design } from '../virtualization/design.js';

/** Where a guest's completion vector comes from. */
export type VectorStore =
  /** The physical device's MSI-X table: vector 0 is the device's own, and one is there for each work queue. */
  | 'msix'
  /** Its interrupt message store. */
  | 'ims';

/**
 * The table from which a design takes the completion vectors of its guests; null where they are not the shared
 * device's: a guest with a function has that function's, and a paravirtual one gets its interrupts from host software.
 * The kernel's emulation maps the portals that name message store entries (v6 series, 06/20); user space has only the
 * MSI-X portals of the character device.
 */
export function vectorStore(design: Design): VectorStore | null {
  const { guest, allotment, data, family, interrupts } = design;
  if (guest !== 'vm' || allotment !== 'work-queue' || data === 'virtio-ring') return null;
  switch (interrupts.completion) {
    case 'none':
      return null;
    case 'ims-posted':
      return 'ims';
    case 'eventfd-irqfd':
    case 'eventfd-injected':
      return family === 'kernel-emulation' ? 'ims' : 'msix';
    default:
      return 'msix';
  }
}

/**
 * Hands out vectors until there are none. An entry carries the PASID of its user, against which the device checks every
 * descriptor that names it (specification 9.2.25), so that two guests cannot share one.
 */
export class VectorPool {
  private next: number;
  private readonly end: number;

  constructor(store: VectorStore, p: ParameterValues) {
    this.next = store === 'msix' ? 1 : 0;
    this.end = store === 'msix' ? p['device.work_queues'] + 1 : p['device.ims_entries'];
  }

  /** @returns the number of a vector that nobody has, or null when all are taken */
  take(): number | null {
    return this.next < this.end ? this.next++ : null;
  }
}
