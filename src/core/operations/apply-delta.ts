import { copyForward } from '../memory.js';
import { OPERAND } from '../operands.js';
import type { Operation, OperationContext } from '../operation-context.js';
import { STATUS } from '../status.js';
import { DELTA_BLOCK_BYTES, DELTA_ENTRY_BYTES } from './create-delta.js';

/**
 * Apply Delta Record (specification 8.3.9): writes each entry's block at its offset in the destination. Offsets must
 * ascend (0x07) and lie inside the transfer size (0x08). Bytes Completed counts the delta record; a rest shorter
 * than one entry is ignored.
 */
export const applyDelta: Operation = (context) => {
  const { source, destination, space, descriptor } = context;
  const { size, deltaRecordBytes } = descriptor;
  const readable = space.presentBytes(source, deltaRecordBytes);
  let previous = -1;
  for (let at = 0; at + DELTA_ENTRY_BYTES <= deltaRecordBytes; at += DELTA_ENTRY_BYTES) {
    if (at + DELTA_ENTRY_BYTES > readable) {
      context.fault(OPERAND.source, source + readable, false, at);
      return;
    }
    const entry = source + at;
    const block = space.readByte(entry) | (space.readByte(entry + 1) << 8);
    const offset = block * DELTA_BLOCK_BYTES;
    if (block <= previous) return stop(context, STATUS.dr_offset_noinc, at);
    if (offset >= size) return stop(context, STATUS.dr_offset_erange, at);
    // Destination and size are multiples of a block, so that a block never crosses a page.
    if (!space.isPresent(destination + offset)) {
      context.fault(OPERAND.destination, destination + offset, true, at);
      return;
    }
    copyForward(space, destination + offset, space, entry + 2, DELTA_BLOCK_BYTES);
    previous = block;
  }
};

function stop(context: OperationContext, status: number, bytesCompleted: number): void {
  context.record.status = status;
  context.record.bytesCompleted = bytesCompleted;
}
