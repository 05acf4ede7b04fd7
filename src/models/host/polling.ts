/**
 * What a polling thread sees of its completion records: the oldest submission's alone, since it polls in the order in which it
 * submitted, or those that a ring tells it of, in the order in which they ended.
 */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import type { DescriptorRow } from '../descriptor-row.js';
import type { HostContext } from './host-context.js';
import { Ring } from './ring.js';
import type { Submissions } from './submissions.js';

/** See the head of this file. */
export class Polling {
  /** Rows that the ring tells of, not yet looked at. */
  private readonly told = new Ring();
  /** Until the line of a record that was written can be seen [ps]. */
  private readonly transferPs = DOUBLE_ZERO;

  /** @param hasRing whether a ring tells of what has ended */
  constructor(
    private readonly submissions: Submissions,
    private readonly hasRing: boolean,
    private readonly host: HostContext,
  ) {
    this.transferPs = host.parameters['host.poll_transfer'];
  }

  /**
   * Lets the thread see a record that was written at `writtenPs`.
   * @param wakePs time that the thread takes to wake up [ps]
   * @returns whether it is what the thread looks at next
   */
  show(descriptor: DescriptorRow, writtenPs: number, wakePs: number): boolean {
    descriptor.visiblePs = writtenPs + this.transferPs + wakePs;
    if (this.hasRing) this.told.push(descriptor.index);
    return descriptor === this.next;
  }

  /** What it looks at next. */
  get next(): DescriptorRow | null {
    return this.hasRing ? this.nextTold : this.submissions.oldest;
  }

  private get nextTold(): DescriptorRow | null {
    return this.told.length === 0 ? null : this.host.table.rows[this.told.peek()]!;
  }

  /** What it sees now, which it then looks at; null where there is nothing. */
  take(now: number): DescriptorRow | null {
    const next = this.next;
    // Its line may still be on the way; the thread goes on submitting, and looks again before it waits.
    if (next === null || next.visiblePs === 0 || next.visiblePs > now) return null;
    if (this.hasRing) this.told.shift();
    return next;
  }

  /** Nobody looks any more; what the ring tells of is among the submissions as well. */
  forget(): void {
    while (this.told.length > 0) this.told.shift();
  }
}
