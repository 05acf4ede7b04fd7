/** When a completion record is written, and what happens if it cannot be (DSA specification 8.2, 5.4). */
import type { AddressSpace } from './address-space.js';
import { COMPLETION_RECORD_BYTES, type CompletionRecord } from './completion-record.js';
import type { Descriptor } from './descriptor.js';
import { FLAG } from './flags.js';
import { STATUS } from './status.js';

// Numbers of their own, since the optimiser folds these, but not the fields of tables that other files share.
const { completion_record_address_valid, request_completion_record } = FLAG;
const { success, success_pred, batch_fail, cra_xlat, cra_align, priv_bad } = STATUS;

/** What became of a completion record. */
export const COMPLETION = {
  /** None was due. */
  none: 0,
  written: 1,
  /** An error without a place to report it: it belongs in the event log or SWERROR. */
  unreported: 2,
  /** The page of the record is absent (status 0x1a): event log or SWERROR. */
  fault: 3,
} as const;

/**
 * Whether a record is due at the descriptor's address: always on an error, otherwise only on request. Statuses
 * 01, 02 and 05 are no errors here; 1a, 1b and 1d never go to memory.
 */
export function shouldWriteCompletion(descriptor: Descriptor, status: number): boolean {
  if (!descriptor.has(completion_record_address_valid) || goesToLog(status)) return false;
  return descriptor.has(request_completion_record) || isError(status);
}

/** Whether a status reports an error, which is recorded without being requested. */
function isError(status: number): boolean {
  return status !== success && status !== success_pred && status !== batch_fail;
}

function goesToLog(status: number): boolean {
  return status === cra_xlat || status === cra_align || status === priv_bad;
}

/** Writes the record if one is due and its page is present. @returns a code of {@link COMPLETION} */
export function writeCompletion(
  descriptor: Descriptor,
  record: CompletionRecord,
  space: AddressSpace,
): number {
  if (!shouldWriteCompletion(descriptor, record.status)) {
    return isError(record.status) ? COMPLETION.unreported : COMPLETION.none;
  }
  if (!space.isPresent(descriptor.completionAddress)) return COMPLETION.fault;
  // Its alignment keeps a record inside one page, and on whole words.
  space.locateForWrite(descriptor.completionAddress, COMPLETION_RECORD_BYTES);
  record.encodeWords(space.arena.words, space.offset >> 2);
  return COMPLETION.written;
}
