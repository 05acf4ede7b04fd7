import { beginCrc32c, finishCrc32c, updateCrc32c } from '../crc32c.js';
import { Crc64 } from '../crc64.js';
import { OPERATION_FLAG } from '../flags.js';
import { copyForward } from '../memory.js';
import { OPERAND } from '../operands.js';
import type { Operation, OperationContext } from '../operation-context.js';

const { read_seed, bypass_data_reflection, crc64 } = OPERATION_FLAG.crc;

/** CRC Generation (specification 8.3.12): the CRC of the source goes into the completion record. */
export const crc: Operation = (context) => {
  const { source, sourceSpace } = context;
  const size = context.descriptor.size;
  if (!isSeedPresent(context)) return;
  const bytes = sourceSpace.presentBytes(source, size);
  checksum(context, bytes);
  if (bytes < size) context.fault(OPERAND.source, source + bytes, false, bytes);
};

/** Copy with CRC Generation (specification 8.3.13). */
export const copyCrc: Operation = (context) => {
  const { source, destination, sourceSpace, space } = context;
  const size = context.descriptor.size;
  if (!isSeedPresent(context)) return;
  const readable = sourceSpace.presentBytes(source, size);
  const writable = space.presentBytes(destination, size);
  const bytes = Math.min(readable, writable);
  checksum(context, bytes);
  copyForward(space, destination, sourceSpace, source, bytes);
  if (bytes === size) return;
  if (readable <= writable) context.fault(OPERAND.source, source + bytes, false, bytes);
  else context.fault(OPERAND.destination, destination + bytes, true, bytes);
};

/** The seed is read before any data; without it nothing happens. */
function isSeedPresent(context: OperationContext): boolean {
  const { descriptor, sourceSpace } = context;
  if (!descriptor.has(read_seed) || sourceSpace.isPresent(descriptor.crcSeedAddress)) return true;
  context.fault(OPERAND.source2, descriptor.crcSeedAddress, false, 0);
  return false;
}

const register = new Crc64();

/** Puts the CRC of the first `bytes` into the record; after a fault it is the seed of the rest. */
function checksum(context: OperationContext, bytes: number): void {
  const { descriptor, record, sourceSpace } = context;
  const flags = descriptor.flags;
  const fromMemory = (flags & read_seed) !== 0;
  const seedAddress = descriptor.crcSeedAddress;
  const seed = fromMemory ? sourceSpace.readUint32(seedAddress) : descriptor.crcSeed;
  const reverse = (flags & bypass_data_reflection) !== 0;
  if ((flags & crc64) === 0) {
    const state = updateCrc32c(beginCrc32c(seed, flags), sourceSpace, context.source, bytes, reverse);
    record.crc = finishCrc32c(state, flags);
    return;
  }
  register.begin(seed, fromMemory ? sourceSpace.readUint32(seedAddress + 4) : descriptor.crcSeedHigh, flags);
  register.update(sourceSpace, context.source, bytes, reverse);
  register.finish(flags);
  record.crc = register.low;
  record.crcHigh = register.high;
}
