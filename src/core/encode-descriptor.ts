/** Building descriptors: what a driver or a tenant writes before it submits. */
import { writeAddress, writeUint16, writeUint32 } from './bytes.js';
import { DESCRIPTOR_BYTES } from './descriptor.js';
import { OPCODE } from './operations.js';

/**
 * Fields of a descriptor; those left out are zero. Which of the operation's own fields are written depends on
 * `opcode`, at the byte offsets of specification 8.3 that the comments give.
 */
export interface DescriptorFields {
  opcode: number;
  flags?: number;
  pasid?: number;
  priv?: number;
  completionAddress?: number;
  /** 16 */
  source?: number;
  /** 24 */
  destination?: number;
  /** 32 [B], or descriptors of a batch */
  size?: number;
  interruptHandle?: number;
  /** 40, Dualcast */
  destination2?: number;
  /** 16, or 24 for compare patterns: low half of the first 8 pattern bytes */
  patternLow?: number;
  patternHigh?: number;
  /** 40: second 8 bytes of a 16-byte pattern */
  pattern2Low?: number;
  pattern2High?: number;
  /** 40, compare operations */
  expectedResult?: number;
  /** 40, Create Delta */
  deltaAddress?: number;
  /** 48, Create Delta [B] */
  maxDeltaBytes?: number;
  /** 56, Create Delta */
  expectedResultMask?: number;
  /** 40, Apply Delta [B] */
  deltaRecordBytes?: number;
  /** 48, Translation Fetch [B] */
  regionStrideBytes?: number;
  /** 40 and 44 */
  crcSeed?: number;
  crcSeedHigh?: number;
  /** 48 */
  crcSeedAddress?: number;
  /** 40, 41 and 42 */
  sourceDifFlags?: number;
  destinationDifFlags?: number;
  difFlags?: number;
  /** 48, 52 and 54 */
  sourceReferenceTag?: number;
  sourceApplicationMask?: number;
  sourceApplicationTag?: number;
  /** 56, 60 and 62 */
  destinationReferenceTag?: number;
  destinationApplicationMask?: number;
  destinationApplicationTag?: number;
  /** 61, Update Window */
  windowFlags?: number;
  /** 60 and 62, inter-domain operations and Update Window */
  sourceHandle?: number;
  destinationHandle?: number;
}

/** First byte after the interrupt handle [B]. */
const OWN_FIELDS = 38;

/**
 * Writes 64 bytes; allocates nothing, so that a reused `fields` object costs nothing per descriptor.
 * @param fields what to write; numbers are truncated to the width of their field
 * @param into destination array
 * @param offset where the descriptor begins [B]
 */
export function encodeDescriptor(fields: DescriptorFields, into: Uint8Array, offset: number): void {
  // What follows writes every byte before.
  for (let i = OWN_FIELDS; i < DESCRIPTOR_BYTES; i++) into[offset + i] = 0;
  writeUint32(into, offset, ((fields.pasid ?? 0) & 0xf_ffff) | ((fields.priv ?? 0) << 31));
  writeUint32(into, offset + 4, ((fields.flags ?? 0) & 0xff_ffff) | (fields.opcode << 24));
  writeAddress(into, offset + 8, fields.completionAddress ?? 0);
  writeAddress(into, offset + 16, fields.source ?? 0);
  writeAddress(into, offset + 24, fields.destination ?? 0);
  writeUint32(into, offset + 32, fields.size ?? 0);
  writeUint16(into, offset + 36, fields.interruptHandle ?? 0);
  encodeOwnFields(fields, into, offset);
}

function encodeOwnFields(fields: DescriptorFields, into: Uint8Array, offset: number): void {
  switch (fields.opcode) {
    case OPCODE.fill:
    case OPCODE.id_fill:
      encodePattern(fields, into, offset + 16);
      writeUint32(into, offset + 40, fields.pattern2Low ?? 0);
      writeUint32(into, offset + 44, fields.pattern2High ?? 0);
      encodeHandles(fields, into, offset);
      return;
    case OPCODE.compare_pattern:
    case OPCODE.id_compare_pattern:
      encodePattern(fields, into, offset + 24);
      into[offset + 40] = fields.expectedResult ?? 0;
      encodeHandles(fields, into, offset);
      return;
    case OPCODE.compare:
    case OPCODE.id_compare:
      into[offset + 40] = fields.expectedResult ?? 0;
      encodeHandles(fields, into, offset);
      return;
    case OPCODE.create_delta:
      writeAddress(into, offset + 40, fields.deltaAddress ?? 0);
      writeUint32(into, offset + 48, fields.maxDeltaBytes ?? 0);
      into[offset + 56] = fields.expectedResultMask ?? 0;
      return;
    case OPCODE.apply_delta:
      writeUint32(into, offset + 40, fields.deltaRecordBytes ?? 0);
      return;
    case OPCODE.dualcast:
      writeAddress(into, offset + 40, fields.destination2 ?? 0);
      return;
    case OPCODE.translation_fetch:
      writeUint32(into, offset + 48, fields.regionStrideBytes ?? 0);
      return;
    case OPCODE.crc:
    case OPCODE.copy_crc:
      writeUint32(into, offset + 40, fields.crcSeed ?? 0);
      writeUint32(into, offset + 44, fields.crcSeedHigh ?? 0);
      writeAddress(into, offset + 48, fields.crcSeedAddress ?? 0);
      return;
    case OPCODE.dif_check:
    case OPCODE.dif_insert:
    case OPCODE.dif_strip:
    case OPCODE.dif_update:
    case OPCODE.dix_generate:
      encodeDif(fields, into, offset);
      return;
    case OPCODE.update_window:
      into[offset + 61] = fields.windowFlags ?? 0;
      writeUint16(into, offset + 62, fields.destinationHandle ?? 0);
      return;
    case OPCODE.id_copy:
      encodeHandles(fields, into, offset);
      return;
    default:
  }
}

function encodePattern(fields: DescriptorFields, into: Uint8Array, offset: number): void {
  writeUint32(into, offset, fields.patternLow ?? 0);
  writeUint32(into, offset + 4, fields.patternHigh ?? 0);
}

function encodeHandles(fields: DescriptorFields, into: Uint8Array, offset: number): void {
  writeUint16(into, offset + 60, fields.sourceHandle ?? 0);
  writeUint16(into, offset + 62, fields.destinationHandle ?? 0);
}

function encodeDif(fields: DescriptorFields, into: Uint8Array, offset: number): void {
  into[offset + 40] = fields.sourceDifFlags ?? 0;
  into[offset + 41] = fields.destinationDifFlags ?? 0;
  into[offset + 42] = fields.difFlags ?? 0;
  writeUint32(into, offset + 48, fields.sourceReferenceTag ?? 0);
  writeUint16(into, offset + 52, fields.sourceApplicationMask ?? 0);
  writeUint16(into, offset + 54, fields.sourceApplicationTag ?? 0);
  writeUint32(into, offset + 56, fields.destinationReferenceTag ?? 0);
  writeUint16(into, offset + 60, fields.destinationApplicationMask ?? 0);
  writeUint16(into, offset + 62, fields.destinationApplicationTag ?? 0);
}
