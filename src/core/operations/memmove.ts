import { copyForward, copyWhole, move } from '../memory.js';
import { OPERAND } from '../operands.js';
import type { Operation, OperationContext } from '../operation-context.js';

/** Result after a fault: the copy ran from the end, so that only the size shrinks on resume. */
const COPIED_BACKWARD = 1;

/**
 * Memory Move (specification 8.3.4): copies as if through a temporary buffer. Only when the destination begins
 * inside the source does it run from the end, and says so in the result of a partial completion.
 */
export const memmove: Operation = (context) => {
  const { source, destination, sourceSpace, space } = context;
  const size = context.descriptor.size;
  if (copyWhole(space, destination, sourceSpace, source, size)) return;
  if (sourceSpace === space && destination > source && destination < source + size) {
    moveBackward(context, size);
    return;
  }
  const readable = sourceSpace.presentBytes(source, size);
  const writable = space.presentBytes(destination, size);
  const bytes = Math.min(readable, writable);
  copyForward(space, destination, sourceSpace, source, bytes);
  if (bytes === size) return;
  if (readable <= writable) context.fault(OPERAND.source, source + bytes, false, bytes);
  else context.fault(OPERAND.destination, destination + bytes, true, bytes);
};

function moveBackward(context: OperationContext, size: number): void {
  const { source, destination, space } = context;
  const readable = space.presentBytesAtEnd(source, size);
  const writable = space.presentBytesAtEnd(destination, size);
  const bytes = Math.min(readable, writable);
  const skipped = size - bytes;
  move(space, destination + skipped, source + skipped, bytes);
  if (skipped === 0) return;
  if (readable <= writable) context.fault(OPERAND.source, source + skipped - 1, false, bytes);
  else context.fault(OPERAND.destination, destination + skipped - 1, true, bytes);
  context.record.result = COPIED_BACKWARD;
}
