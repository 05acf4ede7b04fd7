/**
 * The shape of a descriptor: all that its checks, its operands' sizes and its cost depend on, which is everything but
 * where its operands lie. Software submits descriptors of one shape again and again; what was worked out for one holds
 * for the next.
 */
import { OPCODE } from './operations.js';

/** Which part of an operation's descriptors belongs to their shape: the bits of these masks, and all but addresses. */
export interface Shape {
  /** Of the address of the completion record and that of the source, their low halves and their high halves. */
  readonly low: number;
  readonly high: number;
  /** Of the address of the destination. */
  readonly destinationLow: number;
  readonly destinationHigh: number;
  /** Rows of the operand list whose addresses are those of the source and of the destination, or one that is not in use. */
  readonly sourceRow: number;
  readonly destinationRow: number;
}

/** No operation has a fourth operand: what is in its row is looked at by nobody. */
const SPARE_ROW = 3;
const ALL = -1;
/** Where an operand begins in its line of 64 bytes belongs to the shape. */
const OFFSET_IN_LINE = 63;

function shape({
  low = OFFSET_IN_LINE,
  high = 0,
  destinationLow = low,
  destinationHigh = high,
  sourceRow = SPARE_ROW,
  destinationRow = SPARE_ROW,
}: Partial<Shape>): Shape {
  return { low, high, destinationLow, destinationHigh, sourceRow, destinationRow };
}

const FIXED = shape({ low: ALL, high: ALL });
const BOTH = shape({ sourceRow: 0, destinationRow: 1 });

/** Operations whose operands are at most a source and a destination, or two sources, at those two addresses. */
const SHAPES = new Map<number, Shape>([
  [OPCODE.memmove, BOTH],
  [OPCODE.copy_crc, BOTH],
  [OPCODE.compare, BOTH],
  // A pattern may be another one as well: it is where the other address would be.
  [OPCODE.fill, shape({ destinationRow: 0 })],
  [OPCODE.compare_pattern, shape({ sourceRow: 0 })],
  // A reserved field must be zero: all of it counts.
  [OPCODE.crc, shape({ sourceRow: 0, destinationLow: ALL, destinationHigh: ALL })],
]);

/** What may differ among the descriptors of an operation; of most nothing. */
export function shapeOf(opcode: number): Shape {
  return SHAPES.get(opcode) ?? FIXED;
}
