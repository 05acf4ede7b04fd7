/** One work queue: storage, the acceptance rules of its portals (specification 3.3 and 9.3), counters. */
import { QueueStatistics } from '../../sim/queue-statistics.js';
import type { WorkQueueConfig } from '../config.js';

/** What a portal answers. */
// biome-ignore lint/suspicious/noConstEnum: its numbers are to stand in the code, where the optimiser folds them
export const enum ANSWER {
  accepted = 0,
  retry = 1,
  dropped = 2,
}

/** A first-in first-out store of descriptor rows. An entry is free again when the arbiter dispatches it. */
export class WorkQueue {
  readonly statistics = new QueueStatistics();
  /** Submissions answered with Retry since the last reset. */
  retries = 0;
  /** Submissions that a full dedicated queue discarded (SWERROR 53h) since the last reset. */
  dropped = 0;
  /** Whether the queue and its device are enabled; a portal of any other queue takes nothing (specification 3.3). */
  enabled = true;
  private readonly rows: Int32Array;
  private readonly arrivedPs: Float64Array;
  private readonly limit: number;
  private head = 0;
  private count = 0;

  /** @param index number of the queue in the machine */
  constructor(
    readonly index: number,
    readonly config: WorkQueueConfig,
  ) {
    this.rows = new Int32Array(config.size);
    this.arrivedPs = new Float64Array(config.size);
    this.limit = Math.min(config.threshold, config.size);
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
  submit(row: number, unlimited: boolean, nowPs: number): number {
    const shared = this.config.mode === 'shared';
    if (!this.enabled) {
      if (shared) this.retries++;
      return shared ? ANSWER.retry : ANSWER.dropped;
    }
    const room = shared && !unlimited ? this.limit : this.config.size;
    if (this.count >= room) {
      if (shared) {
        this.retries++;
        return ANSWER.retry;
      }
      this.dropped++;
      return ANSWER.dropped;
    }
    const at = this.wrapped(this.head + this.count);
    this.rows[at] = row;
    this.arrivedPs[at] = nowPs;
    this.count++;
    this.statistics.arrive(nowPs);
    return ANSWER.accepted;
  }

  /** Row of the oldest descriptor, or -1. */
  peek(): number {
    return this.count === 0 ? -1 : this.rows[this.head]!;
  }

  /** Removes and returns the oldest descriptor's row; the queue must not be empty. */
  take(nowPs: number): number {
    const row = this.rows[this.head]!;
    this.statistics.depart(this.arrivedPs[this.head]!, nowPs);
    this.head = this.wrapped(this.head + 1);
    this.count--;
    return row;
  }

  /** The rows that wait, the oldest first. */
  waiting(): number[] {
    return Array.from({ length: this.count }, (_, i) => this.rows[this.wrapped(this.head + i)]!);
  }

  /** Removes the rows that an abort covers, and keeps the order of the others. @returns what was removed */
  abandon(covers: (row: number) => boolean, nowPs: number): number[] {
    const gone: number[] = [];
    const waiting = this.count;
    let kept = 0;
    for (let i = 0; i < waiting; i++) {
      const from = this.wrapped(this.head + i);
      const row = this.rows[from]!;
      if (covers(row)) {
        this.statistics.depart(this.arrivedPs[from]!, nowPs);
        gone.push(row);
        continue;
      }
      const to = this.wrapped(this.head + kept++);
      this.rows[to] = row;
      this.arrivedPs[to] = this.arrivedPs[from]!;
    }
    this.count = kept;
    return gone;
  }

  private wrapped(at: number): number {
    return at < this.rows.length ? at : at - this.rows.length;
  }

  /** Starts the measured phase. */
  reset(nowPs: number): void {
    this.statistics.reset(nowPs);
    this.retries = 0;
    this.dropped = 0;
  }
}
