/** Where the pages of an address space are stored: mapped regions in order of address, scattered pages by number. */
import { type Arena, ArenaAllocator } from './arena.js';
import { PAGE_BYTES, pageStart } from './bytes.js';

/** Marks of a page: its content was put into the arena; it was written to. */
export const MATERIALISED = 1;
export const WRITTEN = 2;

/** Pages that lie contiguously both in the address space and in an arena. Addresses and offsets are [B]. */
export interface Extent {
  readonly base: number;
  readonly end: number;
  readonly arena: Arena;
  readonly offset: number;
  /** MATERIALISED and WRITTEN per page. */
  readonly state: Uint8Array;
  /** Pages not yet WRITTEN; at 0 a write needs no book-keeping. */
  clean: number;
  /** Pages not yet MATERIALISED; at 0 a read needs none. */
  pending: number;
}

/** Finds extents by address; the last two found are at hand. */
export class ExtentTable {
  private readonly allocator = new ArenaAllocator();
  private readonly mapped: Extent[] = [];
  private readonly pages = new Map<number, Extent>();
  private recent: Extent | undefined;
  private older: Extent | undefined;

  /** The extent that holds an address. */
  find(address: number): Extent | undefined {
    const recent = this.recent;
    if (recent !== undefined && address >= recent.base && address < recent.end) return recent;
    const older = this.older;
    if (older !== undefined && address >= older.base && address < older.end) return older;
    return this.search(address);
  }

  private search(address: number): Extent | undefined {
    const candidate = this.mapped[this.firstMappedEndingAfter(address)];
    const isMapped = candidate !== undefined && candidate.base <= address;
    const found = isMapped ? candidate : this.pages.get(pageStart(address));
    if (found !== undefined) {
      this.older = this.recent;
      this.recent = found;
    }
    return found;
  }

  /** Index of the first mapped extent that ends after an address. */
  private firstMappedEndingAfter(address: number): number {
    let low = 0;
    let high = this.mapped.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.mapped[middle]!.end <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether any page of a range has an extent. */
  isUsed(base: number, end: number): boolean {
    const next = this.mapped[this.firstMappedEndingAfter(base)];
    if (next !== undefined && next.base < end) return true;
    for (const page of this.pages.keys()) if (page >= base && page < end) return true;
    return false;
  }

  /** Adds a region that is not in use. */
  addMapped(base: number, end: number): void {
    this.mapped.splice(this.firstMappedEndingAfter(base), 0, this.create(base, end));
  }

  /** Adds one page that is not in use. */
  addPage(page: number): Extent {
    const extent = this.create(page, page + PAGE_BYTES);
    this.pages.set(page, extent);
    return extent;
  }

  /** Every extent; in no order that matters. */
  *all(): Iterable<Extent> {
    yield* this.mapped;
    yield* this.pages.values();
  }

  private create(base: number, end: number): Extent {
    const bytes = end - base;
    const arena = this.allocator.reserve(bytes);
    const pages = bytes / PAGE_BYTES;
    const state = new Uint8Array(pages);
    return { base, end, arena, offset: arena.used - bytes, state, clean: pages, pending: pages };
  }
}
