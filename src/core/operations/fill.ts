import { OPERATION_FLAG } from '../flags.js';
import { fillRange } from '../memory.js';
import { OPERAND } from '../operands.js';
import type { Operation } from '../operation-context.js';

const pattern = new Uint8Array(16);
const patternWords = new Uint32Array(pattern.buffer);

/**
 * Fill (specification 8.3.5): repeats 8 or 16 bytes from the start of the destination, whatever its alignment.
 * Bytes Completed is exact, so that a driver resumes with the pattern rotated to where it stopped.
 */
export const fill: Operation = (context) => {
  const { descriptor, destination, space } = context;
  const { words } = descriptor;
  // Fill and Inter-Domain Fill place this flag at the same bit.
  const period = descriptor.has(OPERATION_FLAG.fill.pattern_16_bytes) ? 16 : 8;
  patternWords[0] = words[4]!;
  patternWords[1] = words[5]!;
  patternWords[2] = words[10]!;
  patternWords[3] = words[11]!;
  const size = descriptor.size;
  const bytes = space.presentBytes(destination, size);
  fillRange(space, destination, bytes, pattern, period);
  if (bytes < size) context.fault(OPERAND.destination, destination + bytes, true, bytes);
};
