import { OP, type ReferenceDescriptor } from './descriptor.js';
import { difOperation } from './dif-operations.js';
import type { Access } from './operands.js';
import {
  applyDelta,
  compare,
  crcOperation,
  createDelta,
  dualcast,
  fill,
  memmove,
  type Outcome,
  outcome,
  touchPages,
} from './operations.js';

/** Runs one operation that passed every check; batches, drains and window updates belong to the device. */
export function execute(d: ReferenceDescriptor, access: Access): Outcome {
  switch (d.operation) {
    case OP.nop:
      return outcome(1);
    case OP.memmove:
    case OP.interDomainCopy:
      return memmove(d, access);
    case OP.fill:
    case OP.interDomainFill:
      return fill(d, access);
    case OP.compare:
    case OP.interDomainCompare:
      return compare(d, access, false);
    case OP.comparePattern:
    case OP.interDomainComparePattern:
      return compare(d, access, true);
    case OP.createDelta:
      return createDelta(d, access);
    case OP.applyDelta:
      return applyDelta(d, access);
    case OP.dualcast:
      return dualcast(d, access);
    case OP.crc:
      return crcOperation(d, access, false);
    case OP.copyCrc:
      return crcOperation(d, access, true);
    case OP.cacheFlush:
    case OP.translationFetch:
      return touchPages(d, access);
    default:
      return difOperation(d, access);
  }
}
