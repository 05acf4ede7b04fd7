import { copyForward } from '../memory.js';
import { OPERAND } from '../operands.js';
import type { Operation } from '../operation-context.js';

/** Memory Copy with Dualcast (specification 8.3.10): after a fault both destinations have the same bytes. */
export const dualcast: Operation = (context) => {
  const { source, destination, space } = context;
  const { size, destination2 } = context.descriptor;
  const readable = space.presentBytes(source, size);
  const writable = space.presentBytes(destination, size);
  const writable2 = space.presentBytes(destination2, size);
  const bytes = Math.min(readable, writable, writable2);
  copyForward(space, destination, space, source, bytes);
  copyForward(space, destination2, space, source, bytes);
  if (bytes === size) return;
  if (readable === bytes) context.fault(OPERAND.source, source + bytes, false, bytes);
  else if (writable === bytes) context.fault(OPERAND.destination, destination + bytes, true, bytes);
  else context.fault(OPERAND.destination2, destination2 + bytes, true, bytes);
};
