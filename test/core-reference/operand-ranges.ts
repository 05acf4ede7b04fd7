import { outputBytes } from './checks.js';
import { FLAG, OP, type ReferenceDescriptor } from './descriptor.js';
import type { Operand, OperandRange } from './operands.js';

/** The whole extent of every operand of an operation that passed its checks (specification 8.3). */
export function operandRanges(d: ReferenceDescriptor): OperandRange[] {
  const range = (operand: Operand, address: bigint, length: number): OperandRange => ({
    operand,
    address,
    length,
  });
  const source = range('source', d.source, d.size);
  const destination = range('destination', d.destination, outputBytes(d));
  const seed = d.has(FLAG.op16) ? [range('seed', d.u64(48), d.has(FLAG.op19) ? 8 : 4)] : [];
  switch (d.operation) {
    case OP.nop:
      return [];
    case OP.fill:
    case OP.interDomainFill:
    case OP.cacheFlush:
      return [destination];
    case OP.comparePattern:
    case OP.interDomainComparePattern:
    case OP.translationFetch:
    case OP.difCheck:
      return [source];
    case OP.compare:
    case OP.interDomainCompare:
      return [source, range('source2', d.destination, d.size)];
    case OP.createDelta:
      return [source, range('source2', d.destination, d.size), range('delta', d.u64(40), d.u32(48))];
    case OP.applyDelta:
      return [range('source', d.source, d.u32(40)), destination];
    case OP.dualcast:
      return [source, destination, range('destination2', d.u64(40), d.size)];
    case OP.crc:
      return [source, ...seed];
    case OP.copyCrc:
      return [source, destination, ...seed];
    default:
      return [source, destination];
  }
}
