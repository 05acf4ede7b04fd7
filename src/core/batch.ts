/**
 * The rules of a batch (DSA specification 3.8, 3.9 and 8.3.2), one member at a time, without any idea of when:
 * the untimed device walks it in a loop, a timed model from event to event.
 */

import { pageStart } from './bytes.js';
import type { CompletionRecord } from './completion-record.js';
import { DESCRIPTOR_BYTES, type Descriptor } from './descriptor.js';
import { FLAG, OPERATION_FLAG } from './flags.js';
import { OPERAND } from './operands.js';
import { STATUS } from './status.js';

/** What a device reports about batches. */
export interface BatchCapabilities {
  /** GENCAP 15: the record's Result says whether a member failed. */
  readonly batchContinuation: boolean;
  /** GENCAP 12 */
  readonly faultInfo: boolean;
}

/** Progress of one batch. Reusable. */
export class BatchProgress {
  listAddress = 0;
  count = 0;
  /** Members processed so far, successful or not; abandoned ones do not count. */
  processed = 0;
  /** Whether a member, or the part of the batch before a continuation, ended in another status than Success. */
  failed = false;

  /** Starts a batch whose descriptor passed its checks. */
  begin(batch: Descriptor): void {
    this.listAddress = batch.source;
    this.count = batch.size;
    this.processed = 0;
    this.failed = batch.has(OPERATION_FLAG.batch.batch_error);
  }

  /** Where member `index` lies [B]. */
  memberAddress(index: number): number {
    return this.listAddress + index * DESCRIPTOR_BYTES;
  }

  /**
   * Whether a member, and with it all later ones, is abandoned: it is fenced and an earlier one failed. Ask only
   * when every earlier member has completed, for which a fenced member waits.
   */
  isAbandonedAt(member: Descriptor): boolean {
    return this.failed && member.has(FLAG.fence);
  }

  /** Counts a member; a status of 02 fails the batch like an error. */
  memberDone(status: number): void {
    this.processed++;
    if (status !== STATUS.success) this.failed = true;
  }

  /** Fills the batch's own record when all members are processed or abandoned. */
  finish(record: CompletionRecord, capabilities: BatchCapabilities): void {
    record.reset();
    record.status = this.failed ? STATUS.batch_fail : STATUS.success;
    record.bytesCompleted = this.processed;
    record.result = this.failed && capabilities.batchContinuation ? 1 : 0;
  }

  /** Fills the batch's own record when the page of the next member is absent and no page request helps. */
  finishAtListFault(record: CompletionRecord, capabilities: BatchCapabilities): void {
    this.finish(record, capabilities);
    record.status = STATUS.batch_page_fault;
    record.faultAddress = pageStart(this.memberAddress(this.processed));
    record.faultInfo = capabilities.faultInfo ? OPERAND.source << 1 : 0;
  }
}
