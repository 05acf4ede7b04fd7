/**
 * Which pages of a descriptor are there when its data passes. A page counts from the moment the first chunk that
 * needs it is due; if the host takes it away later, what has passed stays passed.
 */
import type { AddressSpace } from '../../core/address-space.js';
import { PAGE_BYTES } from '../../core/bytes.js';
import type { Executor } from '../../core/executor.js';
import { Chunk, type Transfer } from './transfer.js';

/** What {@link PagePresence.meet} found. */
export const MET = {
  /** Every page is there. */
  all: 0,
  /** Pages were asked for, and the descriptor stands still until they are there. */
  requested: 1,
  /** The operation ends at the first absent page. */
  ended: 2,
} as const;

/** One per engine; reused from chunk to chunk. */
export class PagePresence {
  /** Pages asked for by the last call. */
  requests = 0;
  /** After MET.ended: bytes before the first absent page of any operand [B]. */
  bytesMoved = 0;
  private readonly lent: number[] = [];

  /**
   * Looks at the pages that the next chunk of a transfer is the first to need.
   * @param blocks whether the descriptor blocks on faults: absent pages are then brought in
   */
  meet(transfer: Transfer, space: AddressSpace, blocks: boolean): number {
    const { operands, chunk, metPage } = transfer;
    let moved = Number.POSITIVE_INFINITY;
    this.requests = 0;
    for (let i = 0; i < operands.count; i++) {
      const bytes = transfer.chunkBytes(i, chunk);
      if (bytes === 0) continue;
      const address = operands.address[i]!;
      const first = address + chunk * Chunk.bytes;
      const last = Math.floor((first + bytes - 1) / PAGE_BYTES);
      for (let page = Math.max(metPage[i]! + 1, Math.floor(first / PAGE_BYTES)); page <= last; page++) {
        if (!space.isPresent(page * PAGE_BYTES)) {
          if (!blocks) {
            moved = Math.min(moved, Math.max(0, page * PAGE_BYTES - address));
            break;
          }
          space.setPresent(page * PAGE_BYTES);
          this.requests++;
        }
        metPage[i] = page;
      }
    }
    if (moved < Number.POSITIVE_INFINITY) {
      this.bytesMoved = moved;
      return MET.ended;
    }
    return this.requests > 0 ? MET.requested : MET.all;
  }

  /** Executes a transfer with the pages that it has met, whatever happened to them since. */
  execute(transfer: Transfer, space: AddressSpace, executor: Executor): void {
    const { operands, metPage } = transfer;
    for (let i = 0; i < operands.count; i++) {
      for (let page = Math.floor(operands.address[i]! / PAGE_BYTES); page <= metPage[i]!; page++) {
        if (space.isPresent(page * PAGE_BYTES)) continue;
        space.setPresent(page * PAGE_BYTES);
        this.lent.push(page * PAGE_BYTES);
      }
    }
    executor.execute(transfer.descriptor, space);
    for (const address of this.lent) space.setAbsent(address);
    this.lent.length = 0;
  }
}
