import { littleEndian, putLittleEndian } from './bytes.js';
import { FLAG, OP, ReferenceDescriptor } from './descriptor.js';
import { blockBytes } from './dif.js';

/**
 * The driver's half of a page fault: the descriptor that continues a partial completion, by the rules that the
 * specification gives operation by operation (8.3). The page at the fault address is the caller's to bring in.
 */

type Editor = (offset: number, width: number, change: (old: bigint) => bigint) => void;

/** Moves a pattern so that it begins where the completed bytes ended. */
function rotate(next: Uint8Array, at: readonly number[], completed: number): void {
  const pattern = at.map((offset) => next[offset]!);
  for (const [i, offset] of at.entries()) next[offset] = pattern[(i + completed) % pattern.length]!;
}

const range = (from: number, length: number): number[] => Array.from({ length }, (_, i) => from + i);

function continueCrc(d: ReferenceDescriptor, next: Uint8Array, record: Uint8Array, edit: Editor): void {
  const width = d.has(FLAG.op19) ? 8 : 4;
  next.fill(0, 40, 56);
  putLittleEndian(next, 40, width, littleEndian(record, 16, width));
  edit(4, 3, (flags) => flags & ~BigInt(FLAG.op16 | FLAG.address3Tc));
}

function continueDif(d: ReferenceDescriptor, next: Uint8Array, record: Uint8Array, edit: Editor): void {
  const completed = littleEndian(record, 4, 4);
  const block = BigInt(blockBytes(d.u8(42)));
  const inserts = d.operation === OP.difInsert || d.operation === OP.dixGenerate;
  const blocks = completed / (inserts ? block : block + 8n);
  const written: Record<number, bigint> = {
    [OP.difCheck]: 0n,
    [OP.difInsert]: block + 8n,
    [OP.difStrip]: block,
    [OP.difUpdate]: block + 8n,
    [OP.dixGenerate]: 8n,
  };
  edit(16, 8, (source) => source + completed);
  edit(24, 8, (destination) => destination + blocks * written[d.operation]!);
  if (!inserts) next.set([...record.slice(16, 24)], 48);
  if (inserts || d.operation === OP.difUpdate) next.set(record.slice(24, 32), 56);
}

/** The next descriptor after a partial completion (status 0x03, 0x04 or 0x06). */
export function continuation(image: Uint8Array, record: Uint8Array): Uint8Array {
  const d = new ReferenceDescriptor(image);
  const next = image.slice();
  const edit: Editor = (offset, width, change) =>
    putLittleEndian(next, offset, width, change(littleEndian(next, offset, width)));
  const completed = littleEndian(record, 4, 4);
  const add = (old: bigint): bigint => old + completed;
  const subtract = (old: bigint): bigint => old - completed;
  if (d.operation === OP.batch) {
    edit(16, 8, (list) => list + 64n * completed);
    edit(32, 4, subtract);
    if (record[1] === 1) edit(4, 3, (flags) => flags | BigInt(FLAG.op16));
    return next;
  }
  if (d.operation === OP.applyDelta) {
    edit(16, 8, add);
    edit(40, 4, subtract);
    return next;
  }
  edit(32, 4, subtract);
  switch (d.operation) {
    case OP.memmove:
    case OP.interDomainCopy:
      if (record[1] === 1) return next;
      break;
    case OP.fill:
    case OP.interDomainFill: {
      const upper = d.has(FLAG.op18) ? range(40, 8) : [];
      rotate(next, [...range(16, 8), ...upper], Number(completed));
      edit(24, 8, add);
      return next;
    }
    case OP.comparePattern:
    case OP.interDomainComparePattern:
      rotate(next, range(24, 8), Number(completed));
      edit(16, 8, add);
      return next;
    case OP.cacheFlush:
      edit(24, 8, add);
      return next;
    case OP.translationFetch:
    case OP.crc:
      edit(16, 8, add);
      if (d.operation === OP.crc && completed > 0n) continueCrc(d, next, record, edit);
      return next;
    case OP.copyCrc:
      if (completed > 0n) continueCrc(d, next, record, edit);
      break;
    case OP.dualcast:
      edit(40, 8, add);
      break;
    case OP.createDelta: {
      const written = littleEndian(record, 16, 4);
      edit(40, 8, (delta) => delta + written);
      edit(48, 4, (most) => most - written);
      break;
    }
    case OP.difCheck:
    case OP.difInsert:
    case OP.difStrip:
    case OP.difUpdate:
    case OP.dixGenerate:
      continueDif(d, next, record, edit);
      return next;
    default:
  }
  edit(16, 8, add);
  edit(24, 8, add);
  return next;
}
