/** How many memory references a page walk makes, given what the paging-structure caches hold. */
import type { ParameterValues } from '../parameters.js';
import { RecentSet } from './recent-set.js';

/** Page-table entries in a line of memory. */
const ENTRIES_PER_LINE = 8;
/** Entries of one table. */
const ENTRIES_PER_TABLE = 512;
/** Levels above the leaf of a 4-level table. */
const UPPER_LEVELS = 3;

/**
 * The page tables of one stage. A walk reads the line that holds the leaf entry (eight entries each, so neighbouring
 * pages share it) and, for every upper level whose entry is not cached, one line more. The caches are shared by all
 * address spaces, as an IOMMU's are. A line that an earlier walk is still reading counts as cached: making walks wait
 * for it predicts the measured windows of batches worse.
 */
export class PageTables {
  private readonly lines: RecentSet;
  private readonly upper: RecentSet[];

  constructor(p: ParameterValues) {
    const entries = p['translation.paging_cache_entries'];
    this.lines = new RecentSet(entries);
    this.upper = Array.from({ length: UPPER_LEVELS }, () => new RecentSet(entries));
  }

  /**
   * Walks to the entry of a page and caches what it passes.
   * @param page its `pageKey`: address spaces, a power of two of pages each, have no tables in common
   * @param levels levels of the walk: 4 for pages of 4 KiB, 3 for 2 MiB, 2 for 1 GiB
   * @returns memory references made
   */
  walk(page: number, levels: number): number {
    let references = this.lines.use(Math.floor(page / ENTRIES_PER_LINE)) ? 0 : 1;
    let table = Math.floor(page / ENTRIES_PER_TABLE);
    for (let level = 0; level < levels - 1; level++) {
      if (this.upper[level]!.use(table)) break;
      references++;
      table = Math.floor(table / ENTRIES_PER_TABLE);
    }
    return references;
  }

  /**
   * The leaf entry of a page has changed: the line that holds it is read again.
   * @param page its `pageKey`
   */
  invalidate(page: number): void {
    this.lines.forget(Math.floor(page / ENTRIES_PER_LINE));
  }
}
