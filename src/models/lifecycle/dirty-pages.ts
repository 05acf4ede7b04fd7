/** Which pages of an instance the device has written since somebody last asked. */
import type { OperandList } from '../../core/operands.js';

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
