import type { ReferenceCapabilities } from './config.js';
import { FLAG, OP, type ReferenceDescriptor } from './descriptor.js';

/** Allowed flags and must-be-zero bytes of each operation: table 5-3 of the specification, row by row. */

type Columns = 'BOF' | 'CR' | 'CC' | 'CC2' | 'SO' | 'A1' | 'A2' | 'A3';

const COLUMN: Record<Columns, number> = {
  BOF: FLAG.blockOnFault,
  CR: FLAG.checkResult,
  CC: FLAG.cacheControl1 | FLAG.cacheControl2 | FLAG.cacheControl3,
  CC2: FLAG.cacheControl2,
  SO: FLAG.strictOrdering,
  A1: FLAG.address1Tc,
  A2: FLAG.address2Tc,
  A3: FLAG.address3Tc,
};

interface Row {
  columns: Columns[];
  /** Must-be-zero bytes, inclusive ranges. */
  reserved: [number, number][];
}

const row = (columns: string, ...reserved: [number, number][]): Row => ({
  columns: columns === '' ? [] : (columns.split(' ') as Columns[]),
  reserved,
});

const ROWS = new Map<number, Row>([
  [OP.nop, row('', [16, 35], [38, 63])],
  [OP.batch, row('A1', [24, 31], [38, 63])],
  [OP.drain, row('', [32, 35], [38, 63])],
  [OP.memmove, row('BOF CC SO A1 A2', [38, 63])],
  [OP.fill, row('BOF CC SO A2', [38, 63])],
  [OP.compare, row('BOF CR A1 A2', [38, 39], [41, 63])],
  [OP.comparePattern, row('BOF CR A1', [38, 39], [41, 63])],
  [OP.createDelta, row('BOF CR CC SO A1 A2 A3', [38, 39], [52, 55], [57, 63])],
  [OP.applyDelta, row('BOF CC SO A1 A2', [38, 39], [44, 63])],
  [OP.dualcast, row('BOF CC SO A1 A2 A3', [38, 39], [48, 63])],
  [OP.translationFetch, row('BOF', [24, 31], [38, 47], [52, 63])],
  [OP.crc, row('BOF A1', [24, 31], [38, 39], [44, 63])],
  [OP.copyCrc, row('BOF CC SO A1 A2', [38, 39], [44, 63])],
  [OP.difCheck, row('BOF A1', [24, 31], [38, 39], [41, 41], [43, 47], [56, 63])],
  [OP.difInsert, row('BOF CC SO A1 A2', [38, 40], [43, 55])],
  [OP.difStrip, row('BOF CC SO A1 A2', [38, 39], [41, 41], [43, 47], [56, 63])],
  [OP.difUpdate, row('BOF CC SO A1 A2', [38, 39], [43, 47])],
  [OP.dixGenerate, row('BOF CC SO A1 A2', [38, 40], [43, 55])],
  [OP.cacheFlush, row('BOF CC2 SO A2', [16, 23], [38, 63])],
  [OP.updateWindow, row('', [32, 35], [38, 60])],
  [OP.interDomainCopy, row('BOF CC SO A1 A2', [38, 59])],
  [OP.interDomainFill, row('BOF CC SO A2', [38, 39], [48, 61])],
  [OP.interDomainCompare, row('BOF CR A1 A2', [38, 39], [41, 59])],
  [OP.interDomainComparePattern, row('BOF CR A1', [38, 39], [41, 59], [62, 63])],
]);

/** Flags that the operation defines for itself on such a device. */
function ownFlags(d: ReferenceDescriptor, c: ReferenceCapabilities): number {
  switch (d.operation) {
    case OP.batch:
      return c.batchContinuation ? FLAG.op16 : 0;
    case OP.drain: {
      let flags = FLAG.op18 | FLAG.op19;
      if (c.drainReadback) {
        flags |= FLAG.op16 | FLAG.op17;
        if (d.has(FLAG.op16)) flags |= FLAG.address1Tc;
        if (d.has(FLAG.op17)) flags |= FLAG.address2Tc;
      }
      return flags;
    }
    case OP.fill:
      return c.fill16 ? FLAG.op18 : 0;
    case OP.translationFetch:
      return c.translationFetchStride ? FLAG.op16 : 0;
    case OP.crc:
    case OP.copyCrc:
      return (
        FLAG.op16 |
        FLAG.op17 |
        FLAG.op18 |
        (c.crc64 ? FLAG.op19 : 0) |
        (d.has(FLAG.op16) ? FLAG.address3Tc : 0)
      );
    case OP.updateWindow:
      return c.updateWindowSuppressDrain ? FLAG.op16 : 0;
    case OP.interDomainCopy:
    case OP.interDomainCompare:
      return FLAG.op16 | FLAG.op17;
    case OP.interDomainFill:
      return FLAG.op17 | (c.fill16 ? FLAG.op18 : 0);
    case OP.interDomainComparePattern:
      return FLAG.op16;
    default:
      return 0;
  }
}

/** Flags that are not reserved for the operation, apart from conditions that depend on the work queue. */
export function allowedFlags(d: ReferenceDescriptor, c: ReferenceCapabilities): number {
  let flags =
    FLAG.fence |
    FLAG.completionAddressValid |
    FLAG.requestCompletion |
    FLAG.requestInterrupt |
    FLAG.completionTc;
  for (const column of ROWS.get(d.operation)!.columns) flags |= COLUMN[column];
  if (!c.cacheControl3) flags &= ~FLAG.cacheControl3;
  return flags | ownFlags(d, c);
}

/** Offsets of the bytes that must be zero in this descriptor. */
export function reservedBytes(d: ReferenceDescriptor): Set<number> {
  const offsets = new Set<number>();
  const reserve = (from: number, to: number): void => {
    for (let i = from; i <= to; i++) offsets.add(i);
  };
  const permit = (from: number, to: number): void => {
    for (let i = from; i <= to; i++) offsets.delete(i);
  };
  for (const [from, to] of ROWS.get(d.operation)!.reserved) reserve(from, to);
  if (!d.has(FLAG.completionAddressValid)) reserve(8, 15);
  if (!d.has(FLAG.requestInterrupt)) reserve(36, 37);
  switch (d.operation) {
    case OP.drain:
      if (!d.has(FLAG.op16)) reserve(16, 23);
      if (!d.has(FLAG.op17)) reserve(24, 31);
      break;
    case OP.fill:
      if (d.has(FLAG.op18)) permit(40, 47);
      break;
    case OP.interDomainFill:
      if (!d.has(FLAG.op18)) reserve(40, 47);
      break;
    case OP.translationFetch:
      if (!d.has(FLAG.op16)) reserve(48, 51);
      break;
    case OP.crc:
    case OP.copyCrc:
      if (d.has(FLAG.op19)) permit(44, 47);
      if (d.has(FLAG.op16)) {
        permit(48, 55);
        reserve(40, 47);
      }
      break;
    case OP.interDomainCopy:
    case OP.interDomainCompare:
      if (!d.has(FLAG.op16)) reserve(60, 61);
      if (!d.has(FLAG.op17)) reserve(62, 63);
      break;
    default:
  }
  return offsets;
}

/** Reserved bits inside bytes that are otherwise used. */
export function reservedBits(d: ReferenceDescriptor): [offset: number, mask: number][] {
  const hasDifFlags = [OP.difCheck, OP.difInsert, OP.difStrip, OP.difUpdate, OP.dixGenerate] as number[];
  const hasDestinationFlags = [OP.difInsert, OP.difUpdate, OP.dixGenerate] as number[];
  const bits: [number, number][] = [
    // Bits 30:20 of the first word, between PASID and Priv.
    [2, 0xf0],
    [3, 0x7f],
  ];
  if (hasDifFlags.includes(d.operation)) bits.push([42, 0xf0]);
  if (hasDestinationFlags.includes(d.operation)) bits.push([41, 0x07]);
  if (d.operation === OP.updateWindow) bits.push([61, 0xf0]);
  return bits;
}
