import type { ReferenceConfig } from './config.js';
import { FLAG, OP, type ReferenceDescriptor } from './descriptor.js';
import { blockBytes } from './dif.js';
import { allowedFlags, reservedBits, reservedBytes } from './shapes.js';

/** A failed check: the status, and the bitmap for status 0x11. */
export interface CheckFailure {
  status: number;
  invalidFlags?: number;
}

export interface CheckContext {
  inBatch: boolean;
  privileged: boolean;
  pasid: number;
}

const MAX_DELTA_TRANSFER = 0x80000;
const CC_FLAGS = FLAG.cacheControl1 | FLAG.cacheControl2 | FLAG.cacheControl3;

function operationFails(d: ReferenceDescriptor, config: ReferenceConfig, context: CheckContext): boolean {
  const operations = config.capabilities.operations & config.workQueue.operations;
  if ((operations >> BigInt(d.operation)) % 2n === 0n) return true;
  if (d.operation === OP.translationFetch && !config.addressTranslation) return true;
  const notInBatch: number[] = [OP.batch, OP.drain, OP.updateWindow];
  return context.inBatch && notInBatch.includes(d.operation);
}

/** Cache-control combinations of table 8-3 that are reserved or that this device lacks. */
function cacheControlFails(d: ReferenceDescriptor, config: ReferenceConfig): boolean {
  const { cacheControl, destinationReadback, durableWrite } = config.capabilities;
  const bits = [FLAG.cacheControl1, FLAG.cacheControl2, FLAG.cacheControl3];
  const value = bits.reduce((sum, bit, i) => sum + (d.has(bit) ? 2 ** i : 0), 0);
  const exists = [
    true,
    cacheControl,
    destinationReadback,
    cacheControl && destinationReadback,
    durableWrite,
    false,
    destinationReadback,
    false,
  ];
  return !exists[value];
}

/** Every offending bit of the flags; 0 when they are legal. */
export function invalidFlags(d: ReferenceDescriptor, config: ReferenceConfig, context: CheckContext): number {
  const wq = config.workQueue;
  let bad = d.flags & ~allowedFlags(d, config.capabilities);
  if (!context.inBatch) bad |= d.flags & FLAG.fence;
  if (!wq.blockOnFault) bad |= d.flags & FLAG.blockOnFault;
  if (!d.has(FLAG.completionAddressValid)) bad |= d.flags & (FLAG.requestCompletion | FLAG.completionTc);
  if (!config.userInterrupts && wq.pasidEnable && !context.privileged) bad |= d.flags & FLAG.requestInterrupt;
  if ((bad & CC_FLAGS) === 0 && cacheControlFails(d, config)) bad |= d.flags & CC_FLAGS;

  const needsRecord: number[] = [
    OP.compare,
    OP.comparePattern,
    OP.createDelta,
    OP.crc,
    OP.copyCrc,
    OP.difCheck,
    OP.interDomainCompare,
    OP.interDomainComparePattern,
  ];
  if (needsRecord.includes(d.operation)) {
    bad |= ~d.flags & (FLAG.completionAddressValid | FLAG.requestCompletion);
  }
  if (d.operation === OP.drain && !d.has(FLAG.requestCompletion | FLAG.requestInterrupt)) {
    bad |= FLAG.requestCompletion | FLAG.requestInterrupt;
  }
  const eitherAlternate: number[] = [OP.interDomainCopy, OP.interDomainCompare];
  if (eitherAlternate.includes(d.operation) && !d.has(FLAG.op16 | FLAG.op17)) bad |= FLAG.op16 | FLAG.op17;
  if (d.operation === OP.interDomainFill && !d.has(FLAG.op17)) bad |= FLAG.op17;
  if (d.operation === OP.interDomainComparePattern && !d.has(FLAG.op16)) bad |= FLAG.op16;
  return bad;
}

function reservedFails(d: ReferenceDescriptor): boolean {
  for (const offset of reservedBytes(d)) if (d.u8(offset) !== 0) return true;
  return reservedBits(d).some(([offset, mask]) => (d.u8(offset) & mask) !== 0);
}

const DIF_TAGGED: number[] = [OP.difCheck, OP.difStrip, OP.difUpdate];
const DIF_PLAIN: number[] = [OP.difInsert, OP.dixGenerate];
const SIZELESS: number[] = [OP.nop, OP.batch, OP.drain, OP.updateWindow];

function sizeFails(d: ReferenceDescriptor, config: ReferenceConfig): boolean {
  if (SIZELESS.includes(d.operation)) return false;
  if (d.size === 0 || d.size > config.workQueue.maxTransferBytes) return true;
  if ((d.operation === OP.createDelta || d.operation === OP.applyDelta) && d.size > MAX_DELTA_TRANSFER) {
    return true;
  }
  const block = blockBytes(d.u8(42));
  if (DIF_TAGGED.includes(d.operation)) return d.size % (block + 8) !== 0;
  if (DIF_PLAIN.includes(d.operation)) return d.size % block !== 0;
  return false;
}

function countFails(d: ReferenceDescriptor, config: ReferenceConfig): boolean {
  if (d.operation !== OP.batch) return false;
  const least = config.capabilities.batchOfOne ? 1 : 2;
  return d.size < least || d.size > config.workQueue.maxBatch;
}

const divides = (unit: bigint, value: bigint): boolean => value % unit === 0n;

function alignmentFails(d: ReferenceDescriptor): number {
  switch (d.operation) {
    case OP.batch:
      return divides(64n, d.source) ? 0 : 0x18;
    case OP.createDelta:
      return divides(8n, d.source) && divides(8n, d.destination) && d.size % 8 === 0 ? 0 : 0x1c;
    case OP.applyDelta:
      return divides(8n, d.destination) && d.size % 8 === 0 ? 0 : 0x1c;
    case OP.crc:
    case OP.copyCrc:
      return !d.has(FLAG.op16) || divides(d.has(FLAG.op19) ? 8n : 4n, d.u64(48)) ? 0 : 0x1c;
    case OP.translationFetch: {
      if (!d.has(FLAG.op16)) return 0;
      const stride = d.u32(48);
      const powerOfTwo = stride.toString(2).indexOf('1', 1) === -1;
      return stride >= 4096 && powerOfTwo ? 0 : 0x1c;
    }
    case OP.dixGenerate:
      return divides(8n, d.destination) ? 0 : 0x1c;
    default:
      return 0;
  }
}

function deltaSizeFails(d: ReferenceDescriptor, config: ReferenceConfig): boolean {
  const most = config.workQueue.maxTransferBytes;
  if (d.operation === OP.createDelta) return d.u32(48) < 80 || d.u32(48) > most;
  if (d.operation === OP.applyDelta) return d.u32(40) < 10 || d.u32(40) > most;
  return false;
}

type Range = [start: bigint, length: number];

const meet = (a: Range, b: Range): boolean => a[0] < b[0] + BigInt(b[1]) && b[0] < a[0] + BigInt(a[1]);

/** Output size [B] of an operation whose output differs from its transfer size. */
export function outputBytes(d: ReferenceDescriptor): number {
  const block = blockBytes(d.u8(42));
  switch (d.operation) {
    case OP.difInsert:
      return (d.size / block) * (block + 8);
    case OP.difStrip:
      return (d.size / (block + 8)) * block;
    case OP.dixGenerate:
      return (d.size / block) * 8;
    default:
      return d.size;
  }
}

function overlapFails(d: ReferenceDescriptor, config: ReferenceConfig): boolean {
  const source: Range = [d.source, d.size];
  const destination: Range = [d.destination, outputBytes(d)];
  switch (d.operation) {
    case OP.memmove:
      return !config.capabilities.overlappingCopy && meet(source, destination);
    case OP.copyCrc:
    case OP.difInsert:
    case OP.difStrip:
    case OP.difUpdate:
    case OP.dixGenerate:
      return meet(source, destination);
    case OP.dualcast: {
      const second: Range = [d.u64(40), d.size];
      return meet(source, destination) || meet(source, second) || meet(destination, second);
    }
    case OP.createDelta: {
      const record: Range = [d.u64(40), d.u32(48)];
      return meet(source, record) || meet(destination, record);
    }
    case OP.applyDelta:
      return meet([d.source, d.u32(40)], destination);
    default:
      return false;
  }
}

/** Strict ordering across two traffic classes: all of the descriptor's writes have to share one. */
function trafficClassFails(d: ReferenceDescriptor, config: ReferenceConfig): boolean {
  if (!d.has(FLAG.strictOrdering)) return false;
  const selectors: number[] = [d.operation === OP.createDelta ? FLAG.address3Tc : FLAG.address2Tc];
  if (d.operation === OP.dualcast) selectors.push(FLAG.address3Tc);
  if (d.has(FLAG.completionAddressValid)) selectors.push(FLAG.completionTc);
  const classes = selectors.map((selector) => config.trafficClasses[d.has(selector) ? 1 : 0]);
  return new Set(classes).size > 1;
}

/** Whether the submitter may have interrupts on a handle; a queue without PASID has handles of its own. */
export function mayName(handle: number, config: ReferenceConfig, submitter: { pasid: number }): boolean {
  return config.validHandle(handle, config.workQueue.pasidEnable ? submitter.pasid : undefined);
}

/**
 * First failed check after those of the completion record address, in the documented order: operation, flags,
 * reserved bytes, privilege, interrupt handle, size, batch count, alignment, delta sizes, dualcast, overlap and
 * traffic classes.
 */
export function firstFailure(
  d: ReferenceDescriptor,
  config: ReferenceConfig,
  context: CheckContext,
): CheckFailure | undefined {
  if (operationFails(d, config, context)) return { status: 0x10 };
  const bad = invalidFlags(d, config, context);
  if (bad !== 0) return { status: 0x11, invalidFlags: bad };
  if (reservedFails(d)) return { status: 0x12 };
  if (config.workQueue.shared && context.privileged && !config.privilegedMode) return { status: 0x1d };
  if (d.has(FLAG.requestInterrupt) && !mayName(d.interruptHandle, config, context)) return { status: 0x19 };
  if (sizeFails(d, config)) return { status: 0x13 };
  if (countFails(d, config)) return { status: 0x14 };
  const alignment = alignmentFails(d);
  if (alignment !== 0) return { status: alignment };
  if (deltaSizeFails(d, config)) return { status: 0x15 };
  if (d.operation === OP.dualcast && d.destination % 4096n !== d.u64(40) % 4096n) return { status: 0x17 };
  if (overlapFails(d, config)) return { status: 0x16 };
  if (trafficClassFails(d, config)) return { status: 0x1e };
  return undefined;
}
