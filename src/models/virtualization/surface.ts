/** What of a device was emulated for a guest, counted from the accesses that left it. */

/** Collects what was trapped; the same register counts once. */
export class TrappedSurface {
  private readonly words = new Set<number>();
  private readonly bytes = new Set<number>();
  private readonly codes = new Set<number>();

  /** A trapped access of a register. */
  register(offset: number, bytes: number): void {
    for (let at = offset - (offset % 4); at < offset + bytes; at += 4) this.words.add(at);
  }

  /** A trapped access of configuration space. */
  configuration(offset: number, bytes: number): void {
    for (let at = offset; at < offset + bytes; at++) this.bytes.add(at);
  }

  /** A command whose register write was trapped. @param code its number */
  command(code: number): void {
    this.codes.add(code);
  }

  /** 32-bit words of registers. */
  get registers(): number {
    return this.words.size;
  }

  /** Bytes of configuration space. */
  get configurationBytes(): number {
    return this.bytes.size;
  }

  get commands(): number {
    return this.codes.size;
  }
}
