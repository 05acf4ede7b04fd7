/**
 * Where the pages of an address space are stored: mapped regions in order of address, scattered pages by number. Storage
 * is given to a region when somebody first looks at its bytes: who only simulates times maps many that nobody looks at.
 */
import { DOUBLE_ZERO } from '../sim/double-zero.js';
import { Arena, ArenaAllocator } from './arena.js';
import { PAGE_BYTES, pageStart } from './bytes.js';

/** Marks of a page: its content was put into the arena; it was written to. */
export const MATERIALISED = 1;
export const WRITTEN = 2;

/** The arena of an extent that has no storage yet. */
export const NO_ARENA = new Arena(0);

/** Pages that lie contiguously both in the address space and in an arena. Addresses and offsets are [B]. */
export class Extent {
  readonly base: number = DOUBLE_ZERO;
  readonly end: number = DOUBLE_ZERO;
  arena = NO_ARENA;
  offset = DOUBLE_ZERO;
  /** MATERIALISED and WRITTEN per page. */
  readonly state: Uint8Array;
  /** Pages not yet WRITTEN; at 0 a write needs no book-keeping. */
  clean: number;
  /** Pages that a read would have to prepare; at 0 it needs no book-keeping. */
  pending: number;

  constructor(base: number, end: number) {
    const pages = (end - base) / PAGE_BYTES;
    this.base = base;
    this.end = end;
    this.state = new Uint8Array(pages);
    this.clean = pages;
    this.pending = pages;
  }
}

/** Holds no address: stands for an extent that was not found yet. */
const NO_EXTENT = new Extent(0, 0);

/** Finds extents by address; the last two found are at hand. */
export class ExtentTable {
  private readonly allocator: ArenaAllocator;
  private readonly mapped: Extent[] = [];
  private readonly pages = new Map<number, Extent>();
  private recent = NO_EXTENT;
  private older = NO_EXTENT;

  /** @param takesUsed whether the storage of an extent may begin with anything; if not, it is zero */
  constructor(takesUsed: boolean) {
    this.allocator = new ArenaAllocator(takesUsed);
  }

  /** The extent that holds an address. */
  find(address: number): Extent | undefined {
    const recent = this.recent;
    if (address >= recent.base && address < recent.end) return recent;
    const older = this.older;
    if (address >= older.base && address < older.end) return older;
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
    this.mapped.splice(this.firstMappedEndingAfter(base), 0, new Extent(base, end));
  }

  /** Adds one page that is not in use. */
  addPage(page: number): Extent {
    const extent = new Extent(page, page + PAGE_BYTES);
    this.pages.set(page, extent);
    return extent;
  }

  /** Every extent; in no order that matters. */
  *all(): Iterable<Extent> {
    yield* this.mapped;
    yield* this.pages.values();
  }

  /** Gives an extent that has none its storage. */
  store(extent: Extent): void {
    const bytes = extent.end - extent.base;
    extent.arena = this.allocator.reserve(bytes);
    extent.offset = extent.arena.used - bytes;
  }

  /** Gives all storage back; no extent may be looked at any more. */
  release(): void {
    this.allocator.release();
  }
}
