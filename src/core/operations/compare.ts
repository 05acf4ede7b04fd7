import { isSameWhole, mismatch, mismatchPattern } from '../memory.js';
import { OPERAND } from '../operands.js';
import type { Operation, OperationContext } from '../operation-context.js';

const EQUAL = 0;
const DIFFERENT = 1;

/**
 * Compare (specification 8.3.6): result 1 with the exact offset of the first difference, or 0. A difference found
 * before an absent page wins over the fault.
 */
export const compare: Operation = (context) => {
  const { source, destination: source2, sourceSpace, space } = context;
  const size = context.descriptor.size;
  if (isSameWhole(sourceSpace, source, space, source2, size)) {
    conclude(context, size, size);
    return;
  }
  const readable = sourceSpace.presentBytes(source, size);
  const readable2 = space.presentBytes(source2, size);
  const bytes = Math.min(readable, readable2);
  const same = mismatch(sourceSpace, source, space, source2, bytes);
  if (same < bytes || bytes === size) conclude(context, same, size);
  else if (readable <= readable2) context.fault(OPERAND.source, source + bytes, false, bytes);
  else context.fault(OPERAND.source2, source2 + bytes, false, bytes);
};

/**
 * Compare Pattern (specification 8.3.7): compares with 8 repeated bytes. After a fault the driver resumes with the
 * pattern rotated to where it stopped.
 */
export const comparePattern: Operation = (context) => {
  const { descriptor, source, sourceSpace } = context;
  const size = descriptor.size;
  const readable = sourceSpace.presentBytes(source, size);
  const same = mismatchPattern(sourceSpace, source, readable, descriptor.bytes, 24);
  if (same < readable || readable === size) conclude(context, same, size);
  else context.fault(OPERAND.source, source + readable, false, readable);
};

function conclude(context: OperationContext, same: number, size: number): void {
  const result = same < size ? DIFFERENT : EQUAL;
  context.record.result = result;
  context.record.bytesCompleted = result === DIFFERENT ? same : 0;
  context.checkResult(result === context.descriptor.expectedResult);
}
