/** The SWERROR register: the first error that had nowhere else to go (DSA specification 9.2.16). */
import { writeAddress, writeUint16, writeUint32 } from './bytes.js';
import type { ErrorReport } from './error-report.js';
import { STATUS } from './status.js';

/** Size of the register [B]. */
export const SOFTWARE_ERROR_BYTES = 32;

const VALID = 0x01;
const OVERFLOW = 0x02;
const DESCRIPTOR_VALID = 0x04;
const WORK_QUEUE_VALID = 0x08;
const BATCH_MEMBER = 0x10;
const WRITE_FAULT = 0x20;
const INFORMATION_VALID = 0x80;

/** Holds one report until software clears it; later errors only set Overflow. */
export class SoftwareError {
  report: ErrorReport | null = null;
  overflow = false;

  /** Records an error. */
  record(report: ErrorReport): void {
    if (this.report === null) this.report = report;
    else this.overflow = true;
  }

  /** Software writes 1 to Valid and Overflow. */
  clear(): void {
    this.report = null;
    this.overflow = false;
  }

  /** Writes the four quadwords as MMIO reads them. */
  encode(into: Uint8Array, offset: number): void {
    into.fill(0, offset, offset + SOFTWARE_ERROR_BYTES);
    const report = this.report;
    if (report === null) return;
    const hasInformation = report.code === STATUS.invalid_flags || report.code === STATUS.int_handle_inval;
    into[offset] =
      VALID |
      (this.overflow ? OVERFLOW : 0) |
      DESCRIPTOR_VALID |
      WORK_QUEUE_VALID |
      (report.batchIndex === null ? 0 : BATCH_MEMBER) |
      (report.writeFault ? WRITE_FAULT : 0) |
      (report.priv << 6) |
      (hasInformation || report.operand !== 0 ? INFORMATION_VALID : 0);
    into[offset + 1] = report.code;
    into[offset + 2] = report.workQueue;
    into[offset + 4] = report.operation;
    writeUint32(into, offset + 5, report.pasid & 0xf_ffff);
    writeUint16(into, offset + 8, report.batchIndex ?? 0);
    if (report.code === STATUS.invalid_flags) writeUint32(into, offset + 12, report.invalidFlags);
    else if (report.code === STATUS.int_handle_inval) writeUint16(into, offset + 12, report.interruptHandle);
    else into[offset + 15] = report.operand << 5;
    writeAddress(into, offset + 16, report.address);
  }
}
