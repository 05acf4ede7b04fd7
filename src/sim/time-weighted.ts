import { DOUBLE_ZERO } from './double-zero.js';
import { SimulationError } from './errors.js';

/**
 * Statistic of a level that holds for a while and then changes: entries in a queue, engines at work, bytes
 * under way. Each value counts for as long as it lasted.
 */
export class TimeWeighted {
  private current: number;
  private sinceResetPs = DOUBLE_ZERO;
  private lastPs = DOUBLE_ZERO;
  private integral = DOUBLE_ZERO;
  private largest: number;
  /** Time spent at each whole level [ps], where asked for. */
  private timeAt: Float64Array | undefined;

  /**
   * @param nowPs when the observation begins [ps]
   * @param level the level at that time
   * @param trackLevels also keep the time spent at each level, which must then be small non-negative integers
   */
  constructor(nowPs = 0, level = 0, trackLevels = false) {
    this.current = level;
    this.largest = level;
    this.sinceResetPs = nowPs;
    this.lastPs = nowPs;
    if (trackLevels) this.timeAt = new Float64Array(8);
  }

  /** The level now. */
  get level(): number {
    return this.current;
  }

  /** The highest level since the last reset, the one then in force included. */
  get max(): number {
    return this.largest;
  }

  /** The level becomes `level` at `nowPs` [ps]; times must not go back. */
  set(level: number, nowPs: number): void {
    this.advance(nowPs);
    this.current = level;
    if (level > this.largest) this.largest = level;
  }

  /** The level changes by `delta` at `nowPs` [ps]. */
  add(delta: number, nowPs: number): void {
    this.set(this.current + delta, nowPs);
  }

  /** Forgets what was before `nowPs` [ps], the end of the warm-up; the level itself stays. */
  reset(nowPs: number): void {
    this.advance(nowPs);
    this.sinceResetPs = nowPs;
    this.integral = 0;
    this.largest = this.current;
    this.timeAt?.fill(0);
  }

  /** The mean level from the last reset to `nowPs` [ps], weighted by time; the level itself over no time. */
  mean(nowPs: number): number {
    this.advance(nowPs);
    const elapsedPs = nowPs - this.sinceResetPs;
    return elapsedPs > 0 ? this.integral / elapsedPs : this.current;
  }

  /** The fraction of the time from the last reset to `nowPs` [ps] spent at exactly `level`; levels tracked only. */
  fractionAt(level: number, nowPs: number): number {
    return this.fraction(level, level, nowPs);
  }

  /** The fraction of the time spent at `level` or above; levels tracked only. */
  fractionAtLeast(level: number, nowPs: number): number {
    return this.fraction(level, Number.POSITIVE_INFINITY, nowPs);
  }

  private fraction(from: number, to: number, nowPs: number): number {
    this.advance(nowPs);
    if (this.timeAt === undefined) {
      throw new SimulationError('DSASIM_S008_BAD_ARGUMENT', 'this statistic does not track its levels');
    }
    const elapsedPs = nowPs - this.sinceResetPs;
    if (elapsedPs === 0) return this.current >= from && this.current <= to ? 1 : 0;
    const last = Math.min(to, this.timeAt.length - 1);
    let atPs = 0;
    for (let level = from; level <= last; level++) atPs += this.timeAt[level]!;
    return atPs / elapsedPs;
  }

  private advance(nowPs: number): void {
    const spanPs = nowPs - this.lastPs;
    if (spanPs === 0) return;
    if (!(spanPs > 0)) {
      throw new SimulationError(
        'DSASIM_S008_BAD_ARGUMENT',
        `time went back from ${this.lastPs} to ${nowPs} ps`,
      );
    }
    this.integral += this.current * spanPs;
    this.lastPs = nowPs;
    if (this.timeAt !== undefined) this.spend(spanPs);
  }

  private spend(spanPs: number): void {
    const level = this.current;
    if (level >>> 0 !== level) {
      throw new SimulationError('DSASIM_S008_BAD_ARGUMENT', `level ${level} cannot be tracked`);
    }
    if (level >= this.timeAt!.length) {
      const grown = new Float64Array(level * 2);
      grown.set(this.timeAt!);
      this.timeAt = grown;
    }
    this.timeAt![level]! += spanPs;
  }
}
