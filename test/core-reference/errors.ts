import { putLittleEndian } from './bytes.js';
import type { ReferenceDescriptor } from './descriptor.js';

/** What an event log entry or SWERROR says (specification 9.2.16 and table 5-9). */
export interface ErrorReport {
  descriptor: ReferenceDescriptor;
  code: number;
  pasid: number;
  privileged: boolean;
  /** Index of a batch member, or undefined. */
  member?: number;
  writeFault: boolean;
  operand: number;
  address: bigint;
  invalidFlags: number;
  record: Uint8Array;
}

/** First two words that both have in common; `valid` is the content of bits 1:0. */
function head(report: ErrorReport, valid: number, information: boolean): Uint8Array {
  const bytes = new Uint8Array(64);
  // Descriptor and work queue number are always known here.
  let first = valid | 0x0c;
  if (report.member !== undefined) first |= 0x10;
  if (report.writeFault) first |= 0x20;
  if (report.privileged) first |= 0x40;
  if (information) first |= 0x80;
  bytes[0] = first;
  bytes[1] = report.code;
  bytes[4] = report.descriptor.operation;
  putLittleEndian(bytes, 5, 3, BigInt(report.pasid));
  putLittleEndian(bytes, 8, 2, BigInt(report.member ?? 0));
  bytes[15] = report.operand * 32;
  putLittleEndian(bytes, 16, 8, report.address);
  return bytes;
}

/** The 32 bytes of SWERROR after these reports, none of them acknowledged. */
export function softwareErrorOf(reports: readonly ErrorReport[]): Uint8Array {
  const [first] = reports;
  if (first === undefined) return new Uint8Array(32);
  const information = first.code === 0x11 || first.code === 0x19 || first.operand !== 0;
  const bytes = head(first, reports.length > 1 ? 3 : 1, information).slice(0, 32);
  if (first.code === 0x11) putLittleEndian(bytes, 12, 4, BigInt(first.invalidFlags));
  if (first.code === 0x19) putLittleEndian(bytes, 12, 4, BigInt(first.descriptor.interruptHandle));
  return bytes;
}

/** The 64 bytes of an event log entry. */
export function eventLogEntryOf(report: ErrorReport): Uint8Array {
  const bytes = head(report, 0, report.operand !== 0);
  putLittleEndian(bytes, 12, 2, BigInt(report.descriptor.interruptHandle));
  bytes[14] = (report.descriptor.has(0x10) ? 1 : 0) | (report.descriptor.has(0x08) ? 4 : 0);
  bytes.set(report.record, 32);
  return bytes;
}
