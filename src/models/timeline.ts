/** A coarse picture of a run over time, warm-up included: what finished in each bin, and what waited at its end. */
import type { RunBins } from './run-result.js';

/** Bins of a run: forty batches of five, as MSER-5 takes them. */
export const BINS = 200;

/** See the head of this file. Sampling happens between events, so it changes neither their order nor their number. */
export class Timeline {
  private readonly bins: RunBins;
  private bin = 0;

  /**
   * @param open whether each instance is driven by arrivals instead of by its own completions
   * @param lengthPs length of the whole run [ps]
   */
  constructor(
    private readonly open: readonly boolean[],
    private readonly lengthPs: number,
  ) {
    const zeros = (): number[] => new Array<number>(BINS).fill(0);
    this.bins = {
      widthPs: lengthPs / BINS,
      completions: zeros(),
      bytes: zeros(),
      latencySumPs: zeros(),
      served: zeros(),
      waiting: zeros(),
      busyPs: zeros(),
      queuedPs: zeros(),
      backlog: zeros(),
    };
  }

  /** When a bin ends [ps]. */
  endPs(bin: number): number {
    return bin === BINS - 1 ? this.lengthPs : Math.floor(this.bins.widthPs * (bin + 1));
  }

  /** A thread has seen a submission finish. */
  finished(instance: number, bytes: number, latencyPs: number): void {
    const { bins, bin } = this;
    bins.completions[bin]! += 1;
    bins.bytes[bin]! += bytes;
    bins.latencySumPs[bin]! += latencyPs;
    if (this.open[instance] === true) bins.served[bin]! += 1;
  }

  /**
   * The bin ends.
   * @param waiting submissions that wait now, on the host or in work queues
   * @param backlog arrivals of open and traced load that have not finished
   * @param load how busy engines and how full queues were in the bin
   */
  close(waiting: number, backlog: number, load: { busyPs: number; queuedPs: number }): void {
    this.bins.waiting[this.bin] = waiting;
    this.bins.backlog[this.bin] = backlog;
    this.bins.busyPs[this.bin] = load.busyPs;
    this.bins.queuedPs[this.bin] = load.queuedPs;
    if (this.bin < BINS - 1) this.bin++;
  }

  /** The picture so far. */
  toJSON(): RunBins {
    return this.bins;
  }
}
