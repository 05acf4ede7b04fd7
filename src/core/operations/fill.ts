import { OPERATION_FLAG } from '../flags.js';
import { fillRange } from '../memory.js';
import { OPERAND } from '../operands.js';
import type { Operation } from '../operation-context.js';

const pattern = new Uint8Array(16);

/**
 * Fill (specification 8.3.5): repeats 8 or 16 bytes from the start of the destination, whatever its alignment.
 * A partial completion ends after a whole pattern, so that the same pattern resumes it.
 */
export const fill: Operation = (context) => {
  const { descriptor, destination, space } = context;
  const bytes = descriptor.bytes;
  // Fill and Inter-Domain Fill place this flag at the same bit.
  const period = descriptor.has(OPERATION_FLAG.fill.pattern_16_bytes) ? 16 : 8;
  for (let i = 0; i < 8; i++) {
    pattern[i] = bytes[16 + i]!;
    pattern[8 + i] = bytes[40 + i]!;
  }
  const size = descriptor.size;
  const writable = space.presentBytes(destination, size);
  const done = writable === size ? size : writable - (writable % period);
  fillRange(space, destination, done, pattern, period);
  if (done < size) context.fault(OPERAND.destination, destination + writable, true, done);
};
