/** The event log of revision 2.0: a ring in memory that the device appends to (DSA specification 5.9, table 5-9). */
import { writeAddress, writeUint16, writeUint32 } from './bytes.js';
import type { ErrorReport } from './error-report.js';

/** Size of the entries of revision 2.0 [B]. */
const EVENT_LOG_ENTRY_BYTES = 64;

/** A log with a head that software moves and a tail that the device moves. */
export class EventLog {
  private readonly ring: ErrorReport[] = [];

  /** @param entries size of the ring; one place always stays free */
  constructor(private readonly entries: number) {}

  /** Reports between head and tail, oldest first. */
  get pending(): readonly ErrorReport[] {
    return this.ring;
  }

  /** Appends at the tail. @returns false if the ring is full */
  append(report: ErrorReport): boolean {
    if (this.ring.length >= this.entries - 1) return false;
    this.ring.push(report);
    return true;
  }

  /** Software reads the oldest report and moves the head past it. */
  take(): ErrorReport | undefined {
    return this.ring.shift();
  }
}

/** Writes the 64 bytes of an entry. @param firstErrorInBatch bit 51 */
export function encodeEventLogEntry(
  report: ErrorReport,
  firstErrorInBatch: boolean,
  into: Uint8Array,
  offset: number,
): void {
  into.fill(0, offset, offset + EVENT_LOG_ENTRY_BYTES);
  const isMember = report.batchIndex !== null;
  into[offset] =
    0x0c |
    (isMember ? 0x10 : 0) |
    (report.writeFault ? 0x20 : 0) |
    (report.priv << 6) |
    (report.operand ? 0x80 : 0);
  into[offset + 1] = report.code;
  into[offset + 2] = report.workQueue;
  into[offset + 4] = report.operation;
  writeUint32(into, offset + 5, report.pasid & 0xf_ffff);
  writeUint16(into, offset + 8, report.batchIndex ?? 0);
  writeUint16(into, offset + 12, report.interruptHandle);
  into[offset + 14] =
    (report.requestsInterrupt ? 1 : 0) |
    (report.messageStore ? 2 : 0) |
    (report.requestsRecord ? 4 : 0) |
    (firstErrorInBatch ? 8 : 0);
  into[offset + 15] = report.operand << 5;
  writeAddress(into, offset + 16, report.address);
  into.set(report.record, offset + 32);
}
