import { copyForward, mismatch } from '../memory.js';
import { OPERAND } from '../operands.js';
import type { Operation, OperationContext } from '../operation-context.js';

/** One entry of a delta record: 16-bit offset in blocks, then the block [B]. */
export const DELTA_ENTRY_BYTES = 10;
/** What an entry replaces [B]. */
export const DELTA_BLOCK_BYTES = 8;

const IDENTICAL = 0;
const COMPLETE = 1;
const OVERFLOW = 2;

/**
 * Create Delta Record (specification 8.3.8): for each 8-byte block in which the sources differ, appends its offset
 * and the block of source 2. Stops before the first entry that does not fit (result 2), exactly there.
 */
export const createDelta: Operation = (context) => {
  const { source, destination: source2, space, descriptor } = context;
  const { size, deltaAddress, maxDeltaBytes } = descriptor;
  const readable = space.presentBytes(source, size);
  const readable2 = space.presentBytes(source2, size);
  const writable = space.presentBytes(deltaAddress, maxDeltaBytes);
  const bytes = Math.min(readable, readable2);
  let recordBytes = 0;
  let at = 0;
  while (true) {
    at += mismatch(space, source + at, space, source2 + at, bytes - at);
    if (at >= bytes) break;
    at -= at % DELTA_BLOCK_BYTES;
    if (recordBytes + DELTA_ENTRY_BYTES > maxDeltaBytes) {
      conclude(context, OVERFLOW, at, recordBytes);
      return;
    }
    if (recordBytes + DELTA_ENTRY_BYTES > writable) {
      context.fault(OPERAND.destination, deltaAddress + writable, true, at);
      leavePartial(context, recordBytes);
      return;
    }
    const entry = deltaAddress + recordBytes;
    const block = at / DELTA_BLOCK_BYTES;
    space.writeByte(entry, block);
    space.writeByte(entry + 1, block >>> 8);
    copyForward(space, entry + 2, space, source2 + at, DELTA_BLOCK_BYTES);
    recordBytes += DELTA_ENTRY_BYTES;
    at += DELTA_BLOCK_BYTES;
  }
  if (bytes === size) {
    conclude(context, recordBytes === 0 ? IDENTICAL : COMPLETE, 0, recordBytes);
    return;
  }
  if (readable <= readable2) context.fault(OPERAND.source, source + bytes, false, bytes);
  else context.fault(OPERAND.source2, source2 + bytes, false, bytes);
  leavePartial(context, recordBytes);
};

function conclude(
  context: OperationContext,
  result: number,
  bytesCompleted: number,
  recordBytes: number,
): void {
  const record = context.record;
  record.result = result;
  record.bytesCompleted = bytesCompleted;
  record.deltaRecordBytes = recordBytes;
  context.checkResult(((context.descriptor.expectedResultMask >>> result) & 1) === 1);
}

/** What a partial completion adds: whether a record exists so far, and how long it is. */
function leavePartial(context: OperationContext, recordBytes: number): void {
  context.record.result = recordBytes === 0 ? IDENTICAL : COMPLETE;
  context.record.deltaRecordBytes = recordBytes;
}
