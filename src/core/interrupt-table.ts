const REVOKED = 1;
const IGNORED = 2;
const ANY_PASID = -1;
const NO_PASID = -2;

/**
 * Which completion interrupt handles a descriptor may name (DSA specification 3.7 and 5.4): the MSI-X permission
 * table, or the interrupt message store for the other portals.
 */
export class InterruptTable {
  private readonly states: Uint8Array;
  private readonly pasids: Int32Array;

  /** @param entries number of handles; each is valid for every PASID until {@link InterruptTable.restrict} */
  constructor(readonly entries: number) {
    this.states = new Uint8Array(entries);
    this.pasids = new Int32Array(entries).fill(ANY_PASID);
  }

  /** Ties a handle to a PASID, or to work queues without one (null). */
  restrict(handle: number, pasid: number | null): void {
    this.pasids[handle] = pasid ?? NO_PASID;
  }

  /** Revokes a handle: descriptors that name it fail with status 0x19. */
  revoke(handle: number): void {
    this.states[handle]! |= REVOKED;
  }

  /** Sets the Ignore bit: interrupts of this handle are dropped. */
  ignore(handle: number): void {
    this.states[handle]! |= IGNORED;
  }

  /** Whether interrupts of a valid handle are delivered. */
  delivers(handle: number): boolean {
    return (this.states[handle]! & IGNORED) === 0;
  }

  /** Whether a descriptor may name the handle. @param pasid its PASID, or null on a work queue without one */
  accepts(handle: number, pasid: number | null): boolean {
    if ((this.states[handle]! & REVOKED) !== 0) return false;
    // Beyond the table there is nothing, which is nobody.
    const bound = this.pasids[handle];
    return bound === ANY_PASID || bound === (pasid ?? NO_PASID);
  }
}
