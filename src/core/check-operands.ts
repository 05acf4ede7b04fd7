/** Checks 8 to 14: sizes, counts, alignment, overlap and traffic classes (DSA specification 5.4). */
import type { Capabilities } from './capabilities.js';
import type { WorkQueueRules } from './checks.js';
import type { Descriptor } from './descriptor.js';
import { DIF_BYTES, difBlockBytes } from './dif-format.js';
import { FLAG, OPERATION_FLAG } from './flags.js';
import { outputBytes } from './operands.js';
import { OPCODE, type OperationRule } from './operations.js';
import { STATUS } from './status.js';

/** Largest source of Create Delta and buffer of Apply Delta: 16-bit offsets of 8-byte blocks [B]. */
const MAX_DELTA_SOURCE_BYTES = 0x8_0000;
/** Eight entries of ten bytes: the smallest record that Create Delta accepts [B]. */
const MIN_DELTA_RECORD_BYTES = 80;
const DELTA_ENTRY_BYTES = 10;

/** Returns 0, or the status of the first of these checks that fails. */
export function checkOperands(
  d: Descriptor,
  rule: OperationRule,
  rules: WorkQueueRules,
  capabilities: Capabilities,
): number {
  if (rule.sized && !isSizeLegal(d, rules)) return STATUS.xfer_erange;
  if (d.opcode === OPCODE.batch && !isCountLegal(d.size, rules, capabilities)) return STATUS.desc_cnt_erange;
  const misaligned = checkAlignment(d);
  if (misaligned !== 0) return misaligned;
  if (!isDeltaRecordLegal(d, rules)) return STATUS.dr_erange;
  if (d.opcode === OPCODE.dualcast && d.low12(24) !== d.low12(40)) return STATUS.dcast_err;
  if (hasOverlap(d, capabilities)) return STATUS.overlap_buffers;
  return hasTrafficClassConflict(d, rules) ? STATUS.traffic_class_conf : 0;
}

function isSizeLegal(d: Descriptor, rules: WorkQueueRules): boolean {
  if (d.size === 0 || d.size > rules.maxTransferBytes) return false;
  const block = difBlockBytes(d.difFlags);
  switch (d.opcode) {
    case OPCODE.create_delta:
    case OPCODE.apply_delta:
      return d.size <= MAX_DELTA_SOURCE_BYTES;
    case OPCODE.dif_check:
    case OPCODE.dif_strip:
    case OPCODE.dif_update:
      return d.size % (block + DIF_BYTES) === 0;
    case OPCODE.dif_insert:
    case OPCODE.dix_generate:
      return d.size % block === 0;
    default:
      return true;
  }
}

function isCountLegal(count: number, rules: WorkQueueRules, capabilities: Capabilities): boolean {
  return count >= (capabilities.batch1 ? 1 : 2) && count <= rules.maxBatch;
}

function checkAlignment(d: Descriptor): number {
  switch (d.opcode) {
    case OPCODE.batch:
      return (d.low12(16) & 63) === 0 ? 0 : STATUS.desclist_align;
    case OPCODE.create_delta:
      return ((d.low12(16) | d.low12(24) | d.size) & 7) === 0 ? 0 : STATUS.addr_align;
    case OPCODE.apply_delta:
      return ((d.low12(24) | d.size) & 7) === 0 ? 0 : STATUS.addr_align;
    case OPCODE.crc:
    case OPCODE.copy_crc: {
      // Without Read Seed the address is reserved, and so zero.
      const mask = d.has(OPERATION_FLAG.crc.crc64) ? 7 : 3;
      return (d.low12(48) & mask) === 0 ? 0 : STATUS.addr_align;
    }
    case OPCODE.translation_fetch: {
      if (!d.has(OPERATION_FLAG.translation_fetch.use_stride)) return 0;
      const stride = d.regionStrideBytes;
      return stride >= 4096 && (stride & (stride - 1)) === 0 ? 0 : STATUS.addr_align;
    }
    case OPCODE.dix_generate:
      return (d.low12(24) & 7) === 0 ? 0 : STATUS.addr_align;
    default:
      return 0;
  }
}

function isDeltaRecordLegal(d: Descriptor, rules: WorkQueueRules): boolean {
  if (d.opcode === OPCODE.create_delta) {
    return d.maxDeltaBytes >= MIN_DELTA_RECORD_BYTES && d.maxDeltaBytes <= rules.maxTransferBytes;
  }
  if (d.opcode === OPCODE.apply_delta) {
    return d.deltaRecordBytes >= DELTA_ENTRY_BYTES && d.deltaRecordBytes <= rules.maxTransferBytes;
  }
  return true;
}

function overlaps(a: number, aBytes: number, b: number, bBytes: number): boolean {
  return a < b + bBytes && b < a + aBytes;
}

/** Check 13: whether what an operation writes lies over something else that it works on. */
export function hasOverlap(d: Descriptor, capabilities: Capabilities): boolean {
  const { source, destination, size } = d;
  switch (d.opcode) {
    case OPCODE.memmove:
      return !capabilities.overlappingCopy && overlaps(source, size, destination, size);
    case OPCODE.create_delta: {
      const record = d.deltaAddress;
      const bytes = d.maxDeltaBytes;
      return overlaps(record, bytes, source, size) || overlaps(record, bytes, destination, size);
    }
    case OPCODE.apply_delta:
      return overlaps(source, d.deltaRecordBytes, destination, size);
    case OPCODE.dualcast: {
      const second = d.destination2;
      return (
        overlaps(source, size, destination, size) ||
        overlaps(source, size, second, size) ||
        overlaps(destination, size, second, size)
      );
    }
    case OPCODE.copy_crc:
    case OPCODE.dif_insert:
    case OPCODE.dif_strip:
    case OPCODE.dif_update:
    case OPCODE.dix_generate:
      return overlaps(source, size, destination, outputBytes(d));
    default:
      return false;
  }
}

/**
 * Strict ordering holds only inside one traffic class, so that the writes of such a descriptor must share theirs.
 * The specification names the status but not this condition in full; see docs/DEVIATIONS.md.
 */
function hasTrafficClassConflict(d: Descriptor, rules: WorkQueueRules): boolean {
  if (!d.has(FLAG.strict_ordering) || rules.trafficClassA === rules.trafficClassB) return false;
  const selected = d.opcode === OPCODE.create_delta ? FLAG.address_3_tc_selector : FLAG.address_2_tc_selector;
  const data = d.has(selected);
  if (d.opcode === OPCODE.dualcast && d.has(FLAG.address_3_tc_selector) !== data) return true;
  const record = d.has(FLAG.completion_record_tc_selector);
  return d.has(FLAG.completion_record_address_valid) && record !== data;
}
