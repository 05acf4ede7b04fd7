import { beginCrc32c, finishCrc32c, updateCrc32c } from '../crc32c.js';
import { OPERATION_FLAG } from '../flags.js';
import { copyForward } from '../memory.js';
import { OPERAND } from '../operands.js';
import type { Operation, OperationContext } from '../operation-context.js';

const { read_seed, bypass_data_reflection, crc64 } = OPERATION_FLAG.crc;

/** CRC Generation (specification 8.3.12): the CRC of the source goes into the completion record. */
export const crc: Operation = (context) => {
  const { source, sourceSpace } = context;
  const size = context.descriptor.size;
  const bytes = sourceSpace.presentBytes(source, size);
  if (!checksum(context, bytes)) return;
  if (bytes < size) context.fault(OPERAND.source, source + bytes, false, bytes);
};

/** Copy with CRC Generation (specification 8.3.13). */
export const copyCrc: Operation = (context) => {
  const { source, destination, sourceSpace, space } = context;
  const size = context.descriptor.size;
  const readable = sourceSpace.presentBytes(source, size);
  const writable = space.presentBytes(destination, size);
  const bytes = Math.min(readable, writable);
  if (!checksum(context, bytes)) return;
  copyForward(space, destination, sourceSpace, source, bytes);
  if (bytes === size) return;
  if (readable <= writable) context.fault(OPERAND.source, source + bytes, false, bytes);
  else context.fault(OPERAND.destination, destination + bytes, true, bytes);
};

/**
 * Puts the CRC of the first `bytes` into the record; after a fault it is the seed of the rest.
 * @returns false if the seed itself could not be read
 */
function checksum(context: OperationContext, bytes: number): boolean {
  const { descriptor, record, sourceSpace } = context;
  const flags = descriptor.flags;
  const wide = (flags & crc64) !== 0;
  let seed = descriptor.crcSeed;
  if ((flags & read_seed) !== 0) {
    const address = descriptor.crcSeedAddress;
    if (!sourceSpace.isPresent(address)) {
      context.fault(OPERAND.source2, address, false, 0);
      return false;
    }
    seed = sourceSpace.readUint32(address);
  }
  if (wide) return true;
  const reverse = (flags & bypass_data_reflection) !== 0;
  const state = updateCrc32c(beginCrc32c(seed, flags), sourceSpace, context.source, bytes, reverse);
  record.crc = finishCrc32c(state, flags);
  return true;
}
