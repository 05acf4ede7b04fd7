/** The two submission instructions, as one thread meets them. */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import type { ParameterValues } from '../parameters.js';

/** When a submission reaches the device and when its core goes on. */
export interface SubmissionTimes {
  /** The device decides [ps]. */
  arrivesPs: number;
  /** The instruction has retired, with its response where it has one [ps]. */
  donePs: number;
}

/** A line of a portal page, and the one that the thread writes after it. */
class Line {
  /** When it can be written again [ps]. */
  freePs = DOUBLE_ZERO;
  next: Line = this;
}

/** One thread's view of a portal page. */
export class Portal {
  private line = new Line();
  private readonly enqcmdPs = DOUBLE_ZERO;
  private readonly enqcmdArrivalPs = DOUBLE_ZERO;
  private readonly readDelayPs = DOUBLE_ZERO;
  /** The processor translates the PASID before the write leaves. */
  private readonly translationPs = DOUBLE_ZERO;
  private readonly arrivalPs = DOUBLE_ZERO;
  private readonly issuePs = DOUBLE_ZERO;
  private readonly lineIntervalPs = DOUBLE_ZERO;

  /**
   * @param slots lines of the page that the thread rotates over
   * @param inGuest whether ENQCMD has its PASID translated by the processor
   */
  constructor(slots: number, inGuest: boolean, p: ParameterValues) {
    for (let i = 1; i < slots; i++) {
      const line = new Line();
      line.next = this.line.next;
      this.line.next = line;
    }
    this.enqcmdPs = p['host.enqcmd'];
    this.enqcmdArrivalPs = Math.min(p['host.portal_latency'], p['host.enqcmd']);
    this.readDelayPs = p['host.enqcmd_read_delay'];
    this.translationPs = inGuest ? p['host.enqcmd_guest_extra'] : 0;
    this.arrivalPs = p['host.movdir64b_latency'];
    this.issuePs = p['host.movdir64b_issue'];
    this.lineIntervalPs = p['host.movdir64b_line_interval'];
  }

  /**
   * ENQCMD: the core waits for the device's answer, which shares its way with what the device reads.
   * @param readLoad share of the device's read bandwidth in use
   */
  enqcmd(fromPs: number, readLoad: number, times: SubmissionTimes): void {
    const delayPs = Math.round(this.readDelayPs * readLoad * readLoad);
    const leavesPs = fromPs + this.translationPs;
    times.arrivesPs = leavesPs + this.enqcmdArrivalPs;
    times.donePs = leavesPs + this.enqcmdPs + delayPs;
  }

  /** MOVDIR64B: posted, but two writes to one line do not overlap. */
  movdir64b(fromPs: number, times: SubmissionTimes): void {
    const { line } = this;
    const startPs = fromPs > line.freePs ? fromPs : line.freePs;
    line.freePs = startPs + this.lineIntervalPs;
    this.line = line.next;
    times.arrivesPs = startPs + this.arrivalPs;
    times.donePs = startPs + this.issuePs;
  }
}
