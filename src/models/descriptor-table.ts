/**
 * All descriptors in flight: a row is taken when a thread prepares a descriptor and given back when the thread has seen its
 * completion.
 */
import { DescriptorRow } from './descriptor-row.js';

const NONE = -1;

/** A row's index is what events and queues carry. */
export class DescriptorTable {
  readonly rows: DescriptorRow[] = [];
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
    const row = this.free === NONE ? this.add() : this.rows[this.free]!;
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

  private add(): DescriptorRow {
    const row = new DescriptorRow(this.rows.length);
    this.rows.push(row);
    this.next.push(NONE);
    return row;
  }
}
