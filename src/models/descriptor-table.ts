/**
 * All descriptors in flight: a row is taken when a thread prepares a descriptor and given back when the thread has seen its
 * completion. Rows hold the end of every stage, whose differences add up to the latency exactly; beside them stand the 64 bytes
 * that travel in the portal write.
 */
import { writeUint16 } from '../core/bytes.js';
import { DESCRIPTOR_BYTES } from '../core/descriptor.js';
import { DescriptorRow } from './descriptor-row.js';

/** Words of a row of {@link DescriptorTable.imageWords}. */
// biome-ignore lint/suspicious/noConstEnum: its number is to stand in the code, where the optimiser folds it
export const enum Image {
  words = 16,
}

const INITIAL_ROWS = 256;
const INTERRUPT_HANDLE = 36;
const NONE = -1;

/** A row's index is what events and queues carry. */
export class DescriptorTable {
  readonly rows: DescriptorRow[] = [];
  /** The 64 bytes of each row. */
  images = new Uint8Array(INITIAL_ROWS * DESCRIPTOR_BYTES);
  /** The same as little-endian words, {@link Image.words} a row. */
  imageWords = new Uint32Array(this.images.buffer);

  /** The free rows: the first, and behind each the next. */
  private free = NONE;
  private readonly next: number[] = [];
  private used = 0;

  /** Rows in use. */
  get size(): number {
    return this.used;
  }

  /** Takes a row, which has met no stage. */
  allocate(): DescriptorRow {
    const row = this.free >= 0 ? this.rows[this.free]! : this.add();
    this.free = this.next[row.index]!;
    this.used++;
    row.begin();
    return row;
  }

  /** Gives a row back. */
  release(row: number): void {
    this.next[row] = this.free;
    this.free = row;
    this.used--;
  }

  /** Writes the interrupt handle of a row's 64 bytes (specification 8.1: bytes 36 and 37). */
  nameInterrupt(row: number, handle: number): void {
    writeUint16(this.images, row * DESCRIPTOR_BYTES + INTERRUPT_HANDLE, handle);
  }

  private add(): DescriptorRow {
    const row = new DescriptorRow(this.rows.length);
    this.rows.push(row);
    this.next.push(NONE);
    if (this.rows.length * DESCRIPTOR_BYTES > this.images.length) {
      const wider = new Uint8Array(2 * this.images.length);
      wider.set(this.images);
      this.images = wider;
      this.imageWords = new Uint32Array(wider.buffer);
    }
    return row;
  }
}
