/** The device's own translation cache: one entry per engine and descriptor field. */

const FIELDS = 6;
/** Equal to no page. */
const EMPTY = Number.NaN;

/**
 * The most recent page of each descriptor field, shared by all work queues and PASIDs that feed the engine (cost
 * T19). Fields are core's operand numbers. A batch's descriptor fetch has no entry.
 */
export class DevTlb {
  hits = 0;
  misses = 0;
  /** Requests of the batch unit, which neither look up nor leave an entry. */
  bypassed = 0;
  private readonly pages = new Float64Array(FIELDS).fill(EMPTY);

  /**
   * Looks a page up and leaves it in the field's entry.
   * @param page its `pageKey`
   */
  lookUp(field: number, page: number): boolean {
    const { pages } = this;
    if (pages[field] === page) {
      this.hits++;
      return true;
    }
    this.misses++;
    pages[field] = page;
    return false;
  }

  /**
   * The IOMMU takes a page back (ATS invalidation): whatever entry holds it is emptied.
   * @param page its `pageKey`
   */
  invalidate(page: number): void {
    const { pages } = this;
    for (let field = 0; field < FIELDS; field++) if (pages[field] === page) pages[field] = EMPTY;
  }
}
