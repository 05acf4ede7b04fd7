/** Check 5: reserved fields (DSA specification tables 5-3 and 5-4). */
import { DESCRIPTOR_BYTES, type Descriptor } from './descriptor.js';
import { FLAG, OPERATION_FLAG } from './flags.js';
import { OPCODE, type OperationRule, operationRules } from './operations.js';

const WORDS = DESCRIPTOR_BYTES / 4;

/** The reserved bytes of every operation, as masks over the sixteen words of a descriptor. */
export const RESERVED_MASKS = makeMasks();

function makeMasks(): Uint32Array {
  const masks = new Uint32Array(256 * WORDS);
  const bytes = new Uint8Array(masks.buffer);
  for (const rule of operationRules()) {
    const start = rule.opcode * DESCRIPTOR_BYTES;
    for (const [first, last] of rule.reserved) bytes.fill(0xff, start + first, start + last + 1);
  }
  // Reserved only under conditions that `conditional` knows.
  for (const opcode of [OPCODE.fill, OPCODE.crc, OPCODE.copy_crc]) {
    bytes.fill(0, opcode * DESCRIPTOR_BYTES + 40, opcode * DESCRIPTOR_BYTES + 56);
  }
  return masks;
}

/** Whether everything that a descriptor reserves is zero. */
export function areReservedFieldsZero(d: Descriptor, rule: OperationRule): boolean {
  if (d.reservedHeader !== 0) return false;
  const words = d.words;
  const first = rule.opcode * WORDS;
  let bits = 0;
  for (let i = 0; i < WORDS; i++) bits |= words[i]! & RESERVED_MASKS[first + i]!;
  if ((d.flags & FLAG.completion_record_address_valid) === 0) bits |= words[2]! | words[3]!;
  if ((d.flags & FLAG.request_completion_interrupt) === 0) bits |= d.interruptHandle;
  return bits === 0 && conditional(d) === 0;
}

/** Non-zero if a field is in use that a flag or another field reserves. */
function conditional(d: Descriptor): number {
  const words = d.words;
  const bytes = d.bytes;
  switch (d.opcode) {
    case OPCODE.fill:
      return (
        (d.has(OPERATION_FLAG.fill.pattern_16_bytes) ? 0 : words[10]! | words[11]!) | words[12]! | words[13]!
      );
    case OPCODE.id_fill:
      return d.has(OPERATION_FLAG.inter_domain.pattern_16_bytes) ? 0 : words[10]! | words[11]!;
    case OPCODE.crc:
    case OPCODE.copy_crc: {
      const readSeed = d.has(OPERATION_FLAG.crc.read_seed);
      const wide = d.has(OPERATION_FLAG.crc.crc64);
      let bits = readSeed ? words[10]! : words[12]! | words[13]!;
      if (readSeed || !wide) bits |= words[11]!;
      return bits;
    }
    case OPCODE.drain: {
      const { readback_address_1_valid, readback_address_2_valid } = OPERATION_FLAG.drain;
      return (
        (d.has(readback_address_1_valid) ? 0 : words[4]! | words[5]!) |
        (d.has(readback_address_2_valid) ? 0 : words[6]! | words[7]!)
      );
    }
    case OPCODE.translation_fetch:
      return d.has(OPERATION_FLAG.translation_fetch.use_stride) ? 0 : words[12]!;
    case OPCODE.dif_check:
    case OPCODE.dif_strip:
      return bytes[42]! & 0xf0;
    case OPCODE.dif_insert:
    case OPCODE.dix_generate:
    case OPCODE.dif_update:
      return (bytes[41]! & 0x07) | (bytes[42]! & 0xf0);
    case OPCODE.id_copy:
    case OPCODE.id_compare: {
      const { alternate_source_pasid, alternate_destination_pasid } = OPERATION_FLAG.inter_domain;
      return (
        (d.has(alternate_source_pasid) ? 0 : d.sourceHandle) |
        (d.has(alternate_destination_pasid) ? 0 : d.destinationHandle)
      );
    }
    case OPCODE.update_window:
      return bytes[61]! & 0xf0;
    default:
      return 0;
  }
}
