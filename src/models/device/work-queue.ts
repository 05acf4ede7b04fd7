/** One work queue: storage, the acceptance rules of its portals (specification 3.3 and 9.3), counters. */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import { QueueStatistics } from '../../sim/queue-statistics.js';
import type { WorkQueueConfig } from '../config.js';
import type { DescriptorRow } from '../descriptor-row.js';

/** What a portal answers. */
// biome-ignore lint/suspicious/noConstEnum: its numbers are to stand in the code, where the optimiser folds them
export const enum ANSWER {
  accepted = 0,
  retry = 1,
  dropped = 2,
}

/** One entry of a queue's storage. */
class Entry {
  row: DescriptorRow | null = null;
  /** When the descriptor came [ps]. */
  arrivedPs = DOUBLE_ZERO;
  next: Entry = this;
}

/** A first-in first-out store of descriptors. An entry is free again when the arbiter dispatches it. */
export class WorkQueue {
  readonly statistics = new QueueStatistics();
  /** Submissions answered with Retry since the last reset. */
  retries = 0;
  /** Submissions that a full dedicated queue discarded (SWERROR 53h) since the last reset. */
  dropped = 0;
  /** Whether the queue and its device are enabled; a portal of any other queue takes nothing (specification 3.3). */
  enabled = true;
  /** Of the arbiter: what the queue may still send before the counters are loaded again, and the queue after it. */
  counter = 0;
  next: WorkQueue = this;
  /** Of the ring of entries, that of the oldest descriptor and that of the one to come: the same when none or all are in use. */
  private oldest = new Entry();
  private free = this.oldest;
  private count = 0;
  private readonly shared: boolean;
  /** How many the limited portal takes, and any portal of a dedicated queue. */
  private readonly limit: number = 0;

  /** @param index number of the queue in the machine */
  constructor(
    readonly index: number,
    readonly config: WorkQueueConfig,
  ) {
    this.counter = config.priority;
    this.shared = config.mode === 'shared';
    this.limit = this.shared ? Math.min(config.threshold, config.size) : config.size;
    for (let i = 1; i < config.size; i++) {
      const entry = new Entry();
      entry.next = this.oldest.next;
      this.oldest.next = entry;
    }
  }

  /** Entries in use. */
  get occupancy(): number {
    return this.count;
  }

  /**
   * A portal write arrives. A shared queue accepts below the threshold on its limited portal and below its size on
   * the unlimited one, and asks for a retry otherwise; a dedicated queue accepts below its size and discards
   * otherwise, since MOVDIR64B has no response. A queue that is not enabled asks for a retry, or ignores the write.
   */
  submit(row: DescriptorRow, unlimited: boolean, nowPs: number): number {
    const { count } = this;
    if (this.enabled !== true) return this.shared ? this.retry() : ANSWER.dropped;
    if (count >= this.limit && !(unlimited && count < this.config.size)) {
      if (this.shared) return this.retry();
      this.dropped++;
      return ANSWER.dropped;
    }
    const entry = this.free;
    entry.row = row;
    entry.arrivedPs = nowPs;
    this.free = entry.next;
    this.count = count + 1;
    this.statistics.arrive(nowPs);
    return ANSWER.accepted;
  }

  private retry(): ANSWER {
    this.retries++;
    return ANSWER.retry;
  }

  /** The oldest descriptor, or null. */
  peek(): DescriptorRow | null {
    return this.count === 0 ? null : this.oldest.row;
  }

  /** Removes and returns the oldest descriptor; the queue must not be empty. */
  take(nowPs: number): DescriptorRow {
    const entry = this.oldest;
    this.oldest = entry.next;
    this.count--;
    this.statistics.depart(entry.arrivedPs, nowPs);
    return entry.row!;
  }

  /** The rows that wait, the oldest first. */
  waiting(): number[] {
    const rows: number[] = [];
    for (let entry = this.oldest; rows.length < this.count; entry = entry.next) rows.push(entry.row!.index);
    return rows;
  }

  /** Removes the rows that an abort covers, and keeps the order of the others. @returns what was removed */
  abandon(covers: (row: number) => boolean, nowPs: number): number[] {
    const gone: number[] = [];
    let kept = this.oldest;
    let entry = kept;
    for (let left = this.count; left > 0; left--) {
      const { row, arrivedPs } = entry;
      entry = entry.next;
      if (covers(row!.index)) {
        this.statistics.depart(arrivedPs, nowPs);
        gone.push(row!.index);
        continue;
      }
      kept.row = row;
      kept.arrivedPs = arrivedPs;
      kept = kept.next;
    }
    this.free = kept;
    this.count -= gone.length;
    return gone;
  }

  /** Starts the measured phase. */
  reset(nowPs: number): void {
    this.statistics.reset(nowPs);
    this.retries = 0;
    this.dropped = 0;
  }
}
