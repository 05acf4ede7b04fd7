/**
 * The shape of a descriptor: all that its checks, its operands' sizes and its cost depend on, which is everything but
 * where its operands lie. Software submits descriptors of one shape again and again; what was worked out for one holds
 * for the next.
 */
import { RESERVED_MASKS } from './check-reserved.js';
import { DESCRIPTOR_BYTES } from './descriptor.js';
import { OPCODE } from './operations.js';

const WORDS = DESCRIPTOR_BYTES / 4;
/** Words of the completion record's address, of the source's and of the destination's: low half, then high half. */
const ADDRESS_WORDS = [2, 4, 6];
/** Where an operand begins in its line of 64 bytes belongs to the shape. */
const OFFSET_IN_LINE = 63;
const ALL = 0xffff_ffff;

/** Operations whose operands are at most a source and a destination, or two sources, at those two addresses. */
const PLAIN: readonly number[] = [
  OPCODE.memmove,
  OPCODE.fill,
  OPCODE.compare,
  OPCODE.compare_pattern,
  OPCODE.crc,
  OPCODE.copy_crc,
];

/** Whether descriptors of an operation can lie elsewhere and have the same shape. */
export function isPlain(opcode: number): boolean {
  return PLAIN_BY_OPCODE[opcode] === 1;
}

const PLAIN_BY_OPCODE = Uint8Array.from({ length: 256 }, (_, opcode) => (PLAIN.includes(opcode) ? 1 : 0));

/** Per operation, the bits of the sixteen words that belong to its shape. */
export const SHAPE_MASKS = makeMasks();

function makeMasks(): Uint32Array {
  const masks = new Uint32Array(256 * WORDS).fill(ALL);
  for (const opcode of PLAIN) {
    for (const word of ADDRESS_WORDS) {
      const low = opcode * WORDS + word;
      // A reserved field must be zero: all of it counts.
      masks[low] = RESERVED_MASKS[low]! | OFFSET_IN_LINE;
      masks[low + 1] = RESERVED_MASKS[low + 1]!;
    }
  }
  return masks;
}
