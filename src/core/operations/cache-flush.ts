import { OPERAND } from '../operands.js';
import type { Operation } from '../operation-context.js';

/** Cache Flush (specification 8.3.19): translates its range; in a coherent memory it has no other effect. */
export const cacheFlush: Operation = (context) => {
  const { destination, space } = context;
  const size = context.descriptor.size;
  const bytes = space.presentBytes(destination, size);
  if (bytes < size) context.fault(OPERAND.destination, destination + bytes, false, bytes);
};
