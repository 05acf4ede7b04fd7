/** The two submission instructions, as one thread meets them. */
import type { ParameterValues } from '../parameters.js';

/** When a submission reaches the device and when its core goes on. */
export interface SubmissionTimes {
  /** The device decides [ps]. */
  arrivesPs: number;
  /** The instruction has retired, with its response where it has one [ps]. */
  donePs: number;
}

/** One thread's view of a portal page. */
export class Portal {
  private readonly lineFreePs: Float64Array;
  private line = 0;

  /**
   * @param slots lines of the page that the thread rotates over
   * @param inGuest whether ENQCMD has its PASID translated by the processor
   */
  constructor(
    slots: number,
    private readonly inGuest: boolean,
    private readonly p: ParameterValues,
  ) {
    this.lineFreePs = new Float64Array(slots);
  }

  /**
   * ENQCMD: the core waits for the device's answer, which shares its way with what the device reads.
   * @param readLoad share of the device's read bandwidth in use
   */
  enqcmd(fromPs: number, readLoad: number, times: SubmissionTimes): void {
    const { p } = this;
    const delayPs = Math.round(p['host.enqcmd_read_delay'] * readLoad * readLoad);
    // The processor translates the PASID before the write leaves.
    const leavesPs = fromPs + (this.inGuest ? p['host.enqcmd_guest_extra'] : 0);
    times.arrivesPs = leavesPs + Math.min(p['host.portal_latency'], p['host.enqcmd']);
    times.donePs = leavesPs + p['host.enqcmd'] + delayPs;
  }

  /** MOVDIR64B: posted, but two writes to one line do not overlap. */
  movdir64b(fromPs: number, times: SubmissionTimes): void {
    const { p, lineFreePs, line } = this;
    const startPs = Math.max(fromPs, lineFreePs[line]!);
    lineFreePs[line] = startPs + p['host.movdir64b_line_interval'];
    this.line = line + 1 === lineFreePs.length ? 0 : line + 1;
    times.arrivesPs = startPs + p['host.movdir64b_latency'];
    times.donePs = startPs + p['host.movdir64b_issue'];
  }
}
