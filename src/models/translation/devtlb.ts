/** The device's own translation cache: one entry per engine and descriptor field. */

const FIELDS = 6;

/**
 * The most recent page of each descriptor field, shared by all work queues and PASIDs that feed the engine (cost
 * T19). Fields are core's operand numbers. A batch's descriptor fetch has no entry.
 */
export class DevTlb {
  hits = 0;
  misses = 0;
  /** Requests of the batch unit, which neither look up nor leave an entry. */
  bypassed = 0;
  private readonly spaces = new Int32Array(FIELDS).fill(-1);
  private readonly pages = new Float64Array(FIELDS).fill(-1);

  /** Looks a page up and leaves it in the field's entry. */
  lookUp(field: number, space: number, page: number): boolean {
    if (this.spaces[field] === space && this.pages[field] === page) {
      this.hits++;
      return true;
    }
    this.misses++;
    this.spaces[field] = space;
    this.pages[field] = page;
    return false;
  }

  /** The IOMMU takes a page back (ATS invalidation): whatever entry holds it is emptied. */
  invalidate(space: number, page: number): void {
    for (let field = 0; field < FIELDS; field++) {
      if (this.spaces[field] === space && this.pages[field] === page) this.spaces[field] = -1;
    }
  }
}
