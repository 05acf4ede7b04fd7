/** Which pages of an instance the device and the processors have written since somebody last asked. */

import type { OperandList } from '../../core/operands.js';
import type { ProcessorWrites } from '../config.js';

/** Processors are tracked by their own page tables, which a hypervisor splits for it (KVM's dirty log) [B]. */
export const PROCESSOR_PAGE_BYTES = 4096;
const PS_PER_SECOND = 1e12;

/**
 * Distinct pages that processors write in a time. Of `pages` that are each as likely, n writes leave one clean with
 * probability (1 - 1/pages)^n; the expected number of the others, rounded.
 * @param ps how long they write [ps]
 */
export function writtenByProcessors({ perSecond, withinBytes }: ProcessorWrites, ps: number): number {
  const pages = Math.floor(withinBytes / PROCESSOR_PAGE_BYTES);
  const writes = (perSecond * ps) / PS_PER_SECOND;
  if (writes === 0) return 0;
  return Math.round(pages * -Math.expm1(writes * Math.log1p(-1 / pages)));
}

/** What of a finished transfer is looked at. */
export interface WrittenOperands {
  readonly operands: OperandList;
  readonly descriptor: { readonly completionAddress: number };
}

/** A log at the granularity of whoever keeps it: the page size of a mapping, or of a bitmap. */
export class DirtyPages {
  private pages = new Set<number>();

  /** @param pageBytes granularity [B] */
  constructor(readonly pageBytes: number) {}

  /** The device has written the destinations of a descriptor and its completion record. */
  writtenBy({ operands, descriptor }: WrittenOperands): void {
    for (let i = 0; i < operands.count; i++) {
      if (operands.write[i] === 1) this.add(operands.address[i]!, operands.bytes[i]!);
    }
    this.add(descriptor.completionAddress, 1);
  }

  private add(address: number, bytes: number): void {
    if (bytes === 0) return;
    const last = Math.floor((address + bytes - 1) / this.pageBytes);
    for (let page = Math.floor(address / this.pageBytes); page <= last; page++) this.pages.add(page);
  }

  /** Pages written since the last call; the log is empty afterwards. */
  take(): Set<number> {
    const { pages } = this;
    this.pages = new Set();
    return pages;
  }
}
