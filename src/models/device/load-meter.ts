/** How busy a port has been lately. */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';

/** Memory of the meter: long against a descriptor, short against a phase of load [ps]. */
const WINDOW_PS = 2_000_000;

/** An exponentially weighted share of time in use. */
export class LoadMeter {
  /** Whether anybody will ask, to be said before the first use: if not, it counts nothing. */
  isRead = false;
  private level = DOUBLE_ZERO;
  private lastPs = DOUBLE_ZERO;

  /** Adds time in use. */
  add(busyPs: number, nowPs: number): void {
    if (!this.isRead) return;
    this.level = this.share(nowPs) + busyPs / WINDOW_PS;
    this.lastPs = nowPs;
  }

  /** Share of the recent past in use: 0 when idle, about 1 when saturated. */
  share(nowPs: number): number {
    return this.level * Math.exp((this.lastPs - nowPs) / WINDOW_PS);
  }
}
