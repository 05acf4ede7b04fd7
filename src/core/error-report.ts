/** What the event log and SWERROR say about a descriptor that could not report for itself. */
import type { Descriptor } from './descriptor.js';
import { FLAG } from './flags.js';

/** The common part of an event log entry and of SWERROR (DSA specification 9.2.16 and table 5-9). */
export interface ErrorReport {
  /** Status code, bits 15:8 of the first word. */
  code: number;
  workQueue: number;
  operation: number;
  pasid: number;
  priv: number;
  /** Index in its batch, or null for a descriptor that was submitted itself. */
  batchIndex: number | null;
  /** Whether the faulting access was a write. */
  writeFault: boolean;
  /** Operand of the fault info numbering, 0 if the error is no fault. */
  operand: number;
  /** Fault address or completion record address [B]. */
  address: number;
  /** Offending flags with code 0x11. */
  invalidFlags: number;
  interruptHandle: number;
  requestsInterrupt: boolean;
  requestsRecord: boolean;
  /** Whether it came through a portal of the interrupt message store, whose handles are others. */
  messageStore: boolean;
  /** 32 bytes of the completion record; zeros where there is none. */
  record: Uint8Array;
}

/** A report about a descriptor, with everything that the descriptor itself says. */
export function reportOf(
  descriptor: Descriptor,
  code: number,
  workQueue: number,
  batchIndex: number | null,
  messageStore = false,
): ErrorReport {
  return {
    code,
    workQueue,
    operation: descriptor.opcode,
    pasid: descriptor.pasid,
    priv: descriptor.priv,
    batchIndex,
    writeFault: false,
    operand: 0,
    address: 0,
    invalidFlags: 0,
    interruptHandle: descriptor.interruptHandle,
    requestsInterrupt: descriptor.has(FLAG.request_completion_interrupt),
    requestsRecord: descriptor.has(FLAG.request_completion_record),
    messageStore,
    record: new Uint8Array(32),
  };
}
