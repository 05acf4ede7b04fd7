/** How busy engines and how full queues were since the last look, whatever resets lie between. */
import { DOUBLE_ZERO } from '../sim/double-zero.js';

/** Something that counts for itself from its last reset on. */
interface Meters {
  /** Time at work of all engines since the last reset [ps]. */
  busyPs(nowPs: number): number;
  /** Integral of the entries of all queues since the last reset [entries × ps]. */
  queuedPs(nowPs: number): number;
}

/** See the head of this file. */
export class LoadOverTime {
  private busyMark = DOUBLE_ZERO;
  private queuedMark = DOUBLE_ZERO;
  private busyPs = DOUBLE_ZERO;
  private queuedPs = DOUBLE_ZERO;

  constructor(private readonly meters: Meters) {}

  /** The meters are about to be reset. */
  beforeReset(nowPs: number): void {
    this.gather(nowPs);
    this.busyMark = 0;
    this.queuedMark = 0;
  }

  /** What was gathered since the last call. */
  take(nowPs: number): { busyPs: number; queuedPs: number } {
    this.gather(nowPs);
    const taken = { busyPs: this.busyPs, queuedPs: this.queuedPs };
    this.busyPs = 0;
    this.queuedPs = 0;
    return taken;
  }

  private gather(nowPs: number): void {
    const busy = this.meters.busyPs(nowPs);
    const queued = this.meters.queuedPs(nowPs);
    this.busyPs += busy - this.busyMark;
    this.queuedPs += queued - this.queuedMark;
    this.busyMark = busy;
    this.queuedMark = queued;
  }
}
