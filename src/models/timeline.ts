/** A coarse picture of a run over time, warm-up included: what finished in each bin, and what waited at its end. */
import { DOUBLE_ZERO } from '../sim/double-zero.js';
import type { RunBins } from './run-result.js';

/** Bins of a run: forty batches of five, as MSER-5 takes them. */
export const BINS = 200;

/** See the head of this file. Sampling happens between events, so it changes neither their order nor their number. */
export class Timeline {
  private readonly widthPs: number;
  private bin = 0;
  /** What finished in the bin that is open, as the lists below have it of those that are closed. */
  private completed = 0;
  private movedBytes = DOUBLE_ZERO;
  private sumPs = DOUBLE_ZERO;
  private openServed = 0;
  // As in RunBins, which says what they hold; doubles from the start, which lists of numbers would have to become.
  private readonly completions = new Float64Array(BINS);
  private readonly bytes = new Float64Array(BINS);
  private readonly latencySumPs = new Float64Array(BINS);
  private readonly served = new Float64Array(BINS);
  private readonly waiting = new Float64Array(BINS);
  private readonly busyPs = new Float64Array(BINS);
  private readonly queuedPs = new Float64Array(BINS);
  private readonly backlog = new Float64Array(BINS);

  /**
   * @param open whether each instance is driven by arrivals instead of by its own completions
   * @param lengthPs length of the whole run [ps]
   */
  constructor(
    private readonly open: readonly boolean[],
    private readonly lengthPs: number,
  ) {
    this.widthPs = lengthPs / BINS;
  }

  /** When a bin ends [ps]. */
  endPs(bin: number): number {
    return bin === BINS - 1 ? this.lengthPs : Math.floor(this.widthPs * (bin + 1));
  }

  /** A thread has seen a submission finish. */
  finished(instance: number, bytes: number, latencyPs: number): void {
    this.completed++;
    this.movedBytes += bytes;
    this.sumPs += latencyPs;
    if (this.open[instance] === true) this.openServed++;
  }

  /**
   * The bin ends.
   * @param waiting submissions that wait now, on the host or in work queues
   * @param backlog arrivals of open and traced load that have not finished
   * @param load how busy engines and how full queues were in the bin
   */
  close(waiting: number, backlog: number, load: { busyPs: number; queuedPs: number }): void {
    const { bin } = this;
    this.completions[bin] = this.completed;
    this.bytes[bin] = this.movedBytes;
    this.latencySumPs[bin] = this.sumPs;
    this.served[bin] = this.openServed;
    this.completed = 0;
    this.movedBytes = 0;
    this.sumPs = 0;
    this.openServed = 0;
    this.waiting[bin] = waiting;
    this.backlog[bin] = backlog;
    this.busyPs[bin] = load.busyPs;
    this.queuedPs[bin] = load.queuedPs;
    this.bin = bin + 1;
  }

  /** The picture so far. */
  toJSON(): RunBins {
    return {
      widthPs: this.widthPs,
      completions: Array.from(this.completions),
      bytes: Array.from(this.bytes),
      latencySumPs: Array.from(this.latencySumPs),
      served: Array.from(this.served),
      waiting: Array.from(this.waiting),
      busyPs: Array.from(this.busyPs),
      queuedPs: Array.from(this.queuedPs),
      backlog: Array.from(this.backlog),
    };
  }
}
