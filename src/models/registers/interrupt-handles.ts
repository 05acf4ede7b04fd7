/** Interrupt handles that a device grants for table entries, so that it can revoke them (specification 3.7). */
import { COMMAND_ERROR } from './commands.js';

/** Handle numbers for each entry: a revoked one stays unused for a while. */
const NUMBERS_PER_ENTRY = 16;

/** What Request Interrupt Handle answers. */
export type HandleAnswer = { error: number } | { error: 0; handle: number };

/** Handles of one table: MSI-X, or the interrupt message store. */
export class InterruptHandles {
  private readonly indices = new Map<number, number>();
  private next = 0;

  /** @param entries of the table; as many handles can be out at once */
  constructor(readonly entries: number) {}

  /** Handle numbers that exist. */
  get numbers(): number {
    return this.entries * NUMBERS_PER_ENTRY;
  }

  /** Grants a handle for a table entry. A revoked or released number is not granted again soon. */
  request(index: number): HandleAnswer {
    if (index >= this.entries) return { error: COMMAND_ERROR.handle_index };
    if (this.indices.size >= this.entries) return { error: COMMAND_ERROR.handle_none };
    while (this.indices.has(this.next)) this.next = (this.next + 1) % this.numbers;
    const handle = this.next;
    this.next = (this.next + 1) % this.numbers;
    this.indices.set(handle, index);
    return { error: COMMAND_ERROR.none, handle };
  }

  /** Takes a handle back. @returns whether it had been granted */
  release(handle: number): boolean {
    return this.indices.delete(handle);
  }

  /** Takes all handles back; descriptors that name one fail with status 0x19. */
  revoke(): void {
    this.indices.clear();
  }

  /** Table entry of a handle, or undefined. */
  entryOf(handle: number): number | undefined {
    return this.indices.get(handle);
  }
}
