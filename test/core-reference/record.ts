import { putLittleEndian } from './bytes.js';
import type { CheckFailure } from './checks.js';
import { pageOf } from './memory.js';
import type { OperandFault } from './operands.js';
import { OPERAND_ID } from './operands.js';
import type { Outcome } from './operations.js';

/** The 32 bytes of a completion record (specification 8.2). */

function faultBytes(record: Uint8Array, fault: OperandFault, faultInfo: boolean): void {
  if (fault.write) record[0]! |= 0x80;
  if (faultInfo) record[2] = OPERAND_ID[fault.operand] * 2;
  putLittleEndian(record, 8, 8, pageOf(fault.address));
}

export function recordOf(outcome: Outcome, faultInfo: boolean): Uint8Array {
  const record = new Uint8Array(32);
  record[0] = outcome.status;
  record[1] = outcome.result;
  putLittleEndian(record, 4, 4, BigInt(outcome.bytesCompleted));
  record.set(outcome.tail, 16);
  if (outcome.fault !== undefined) faultBytes(record, outcome.fault, faultInfo);
  return record;
}

export function recordOfFailure(failure: CheckFailure): Uint8Array {
  const record = new Uint8Array(32);
  record[0] = failure.status;
  putLittleEndian(record, 16, 3, BigInt(failure.invalidFlags ?? 0));
  return record;
}
