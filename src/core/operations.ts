/**
 * The operations: codes, names, allowed flags, required flags and reserved bytes, one row each
 * (DSA specification tables 8-2, 5-3 and 5-5). Rules that depend on another field are in `checks.ts`.
 */
import type { Capabilities } from './capabilities.js';
import { CACHE_CONTROL_FLAGS, FLAG, OPERATION_FLAG } from './flags.js';

/** Operation codes by the names that workload files use. */
export const OPCODE = {
  nop: 0x00,
  batch: 0x01,
  drain: 0x02,
  memmove: 0x03,
  fill: 0x04,
  compare: 0x05,
  compare_pattern: 0x06,
  create_delta: 0x07,
  apply_delta: 0x08,
  dualcast: 0x09,
  translation_fetch: 0x0a,
  crc: 0x10,
  copy_crc: 0x11,
  dif_check: 0x12,
  dif_insert: 0x13,
  dif_strip: 0x14,
  dif_update: 0x15,
  dix_generate: 0x17,
  cache_flush: 0x20,
  update_window: 0x21,
  id_copy: 0x23,
  id_fill: 0x24,
  id_compare: 0x25,
  id_compare_pattern: 0x26,
} as const;

/** A name of the operation table. */
export type OperationName = keyof typeof OPCODE;

/** An operation flag that exists only where the device has a capability. */
interface GatedFlag {
  readonly flag: number;
  readonly capability: keyof Capabilities;
}

/** One row of the operation table. */
export interface OperationRule {
  readonly opcode: number;
  readonly name: OperationName;
  /** First architecture revision that has it. */
  readonly generation: '1.0' | '2.0';
  /** Flags that the operation defines, without the ones every operation has. */
  readonly flags: number;
  /** Those of `flags` that need a capability. */
  readonly gated: readonly GatedFlag[];
  /** Flags that must all be 1. */
  readonly required: number;
  /** Flags of which at least one must be 1; 0 where the rule does not apply. */
  readonly requiredAny: number;
  /** Bytes that must be zero, as first-last pairs, before conditional rules. */
  readonly reserved: readonly (readonly [number, number])[];
  /** Whether bytes 32-35 are a transfer size bounded by the work queue. */
  readonly sized: boolean;
  /** Whether it may be a member of a batch. */
  readonly inBatch: boolean;
}

const BOF = FLAG.block_on_fault;
const CHECK = FLAG.check_result;
const CC = CACHE_CONTROL_FLAGS;
const SO = FLAG.strict_ordering;
const A1 = FLAG.address_1_tc_selector;
const A2 = FLAG.address_2_tc_selector;
const A3 = FLAG.address_3_tc_selector;
const RECORD = FLAG.completion_record_address_valid | FLAG.request_completion_record;

/** Flags that every operation may carry; the fence still needs a batch (table 8-3). */
export const COMMON_FLAGS =
  FLAG.fence | RECORD | FLAG.request_completion_interrupt | FLAG.completion_record_tc_selector;

interface RuleOptions {
  generation?: '2.0';
  operationFlags?: number;
  gated?: readonly GatedFlag[];
  required?: number;
  requiredAny?: number;
  sized?: false;
  inBatch?: false;
}

/** @param reserved byte ranges as the table writes them, first-last */
function rule(
  name: OperationName,
  flags: number,
  reserved: string,
  options: RuleOptions = {},
): OperationRule {
  return {
    opcode: OPCODE[name],
    name,
    generation: options.generation ?? '1.0',
    flags: flags | (options.operationFlags ?? 0),
    gated: options.gated ?? [],
    required: options.required ?? 0,
    requiredAny: options.requiredAny ?? 0,
    reserved: reserved.split(' ').map((range) => range.split('-').map(Number) as [number, number]),
    sized: options.sized ?? true,
    inBatch: options.inBatch ?? true,
  };
}

const DRAIN = OPERATION_FLAG.drain;
const CRC = OPERATION_FLAG.crc;
const CRC_FLAGS =
  CRC.read_seed | CRC.bypass_inversion_and_reflection | CRC.bypass_data_reflection | CRC.crc64;
const CRC64_GATE: readonly GatedFlag[] = [{ flag: CRC.crc64, capability: 'crc64' }];
const ID = OPERATION_FLAG.inter_domain;
const ID_BOTH = ID.alternate_source_pasid | ID.alternate_destination_pasid;

const RULES: readonly OperationRule[] = [
  rule('nop', 0, '16-35 38-63', { sized: false }),
  rule('batch', A1, '24-31 38-63', {
    operationFlags: OPERATION_FLAG.batch.batch_error,
    gated: [{ flag: OPERATION_FLAG.batch.batch_error, capability: 'batchContinuation' }],
    sized: false,
    inBatch: false,
  }),
  rule('drain', A1 | A2, '32-35 38-63', {
    operationFlags:
      DRAIN.readback_address_1_valid |
      DRAIN.readback_address_2_valid |
      DRAIN.suppress_tc_a_readback |
      DRAIN.suppress_tc_b_readback,
    gated: [
      { flag: DRAIN.readback_address_1_valid, capability: 'drainReadback' },
      { flag: DRAIN.readback_address_2_valid, capability: 'drainReadback' },
    ],
    requiredAny: FLAG.request_completion_record | FLAG.request_completion_interrupt,
    sized: false,
    inBatch: false,
  }),
  rule('memmove', BOF | CC | SO | A1 | A2, '38-63'),
  rule('fill', BOF | CC | SO | A2, '38-63', {
    operationFlags: OPERATION_FLAG.fill.pattern_16_bytes,
    gated: [{ flag: OPERATION_FLAG.fill.pattern_16_bytes, capability: 'fill16' }],
  }),
  rule('compare', BOF | CHECK | A1 | A2, '38-39 41-63', { required: RECORD }),
  rule('compare_pattern', BOF | CHECK | A1, '38-39 41-63', { required: RECORD }),
  rule('create_delta', BOF | CHECK | CC | SO | A1 | A2 | A3, '38-39 52-55 57-63', { required: RECORD }),
  rule('apply_delta', BOF | CC | SO | A1 | A2, '38-39 44-63'),
  rule('dualcast', BOF | CC | SO | A1 | A2 | A3, '38-39 48-63'),
  rule('translation_fetch', BOF, '24-31 38-47 52-63', {
    generation: '2.0',
    operationFlags: OPERATION_FLAG.translation_fetch.use_stride,
    gated: [{ flag: OPERATION_FLAG.translation_fetch.use_stride, capability: 'translationFetchStride' }],
  }),
  rule('crc', BOF | A1 | A3, '24-31 38-39 44-63', {
    operationFlags: CRC_FLAGS,
    gated: CRC64_GATE,
    required: RECORD,
  }),
  rule('copy_crc', BOF | CC | SO | A1 | A2 | A3, '38-39 44-63', {
    operationFlags: CRC_FLAGS,
    gated: CRC64_GATE,
    required: RECORD,
  }),
  rule('dif_check', BOF | A1, '24-31 38-39 41-41 43-47 56-63', { required: RECORD }),
  rule('dif_insert', BOF | CC | SO | A1 | A2, '38-40 43-55'),
  rule('dif_strip', BOF | CC | SO | A1 | A2, '38-39 41-41 43-47 56-63'),
  rule('dif_update', BOF | CC | SO | A1 | A2, '38-39 43-47'),
  rule('dix_generate', BOF | CC | SO | A1 | A2, '38-40 43-55', { generation: '2.0' }),
  rule('cache_flush', BOF | FLAG.cache_control_2 | SO | A2, '16-23 38-63'),
  rule('update_window', 0, '32-35 38-60', {
    generation: '2.0',
    operationFlags: OPERATION_FLAG.update_window.suppress_drain,
    gated: [{ flag: OPERATION_FLAG.update_window.suppress_drain, capability: 'updateWindowSuppressDrain' }],
    sized: false,
    inBatch: false,
  }),
  rule('id_copy', BOF | CC | SO | A1 | A2, '38-59', {
    generation: '2.0',
    operationFlags: ID_BOTH,
    requiredAny: ID_BOTH,
  }),
  rule('id_fill', BOF | CC | SO | A2, '38-39 48-61', {
    generation: '2.0',
    operationFlags: ID.alternate_destination_pasid | ID.pattern_16_bytes,
    gated: [{ flag: ID.pattern_16_bytes, capability: 'fill16' }],
    required: ID.alternate_destination_pasid,
  }),
  rule('id_compare', BOF | CHECK | A1 | A2, '38-39 41-59', {
    generation: '2.0',
    operationFlags: ID_BOTH,
    required: RECORD,
    requiredAny: ID_BOTH,
  }),
  rule('id_compare_pattern', BOF | CHECK | A1, '38-39 41-59 62-63', {
    generation: '2.0',
    operationFlags: ID.alternate_source_pasid,
    required: ID.alternate_source_pasid | RECORD,
  }),
];

const BY_OPCODE: readonly (OperationRule | undefined)[] = Array.from({ length: 256 }, (_, opcode) =>
  RULES.find((row) => row.opcode === opcode),
);

/** The rule of an operation code, or undefined where no operation has that code. */
export function operationRule(opcode: number): OperationRule | undefined {
  return BY_OPCODE[opcode];
}

/** All rules in ascending order of code. */
export function operationRules(): readonly OperationRule[] {
  return RULES;
}

/** The name of an operation code, or `opcode_0x…` for a code that no operation has. */
export function operationName(opcode: number): string {
  return BY_OPCODE[opcode]?.name ?? `opcode_0x${opcode.toString(16).padStart(2, '0')}`;
}
