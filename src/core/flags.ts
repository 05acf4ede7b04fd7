/**
 * Descriptor flags, bytes 4-6 of a descriptor (DSA specification 8.1.3, table 8-3).
 * The comment beside each bit gives the name Linux uses in include/uapi/linux/idxd.h.
 */
export const FLAG = {
  /** FENCE: wait for earlier batch members; legal only inside a batch. */
  fence: 0x1,
  /** BOF */
  block_on_fault: 0x2,
  /** CRAV */
  completion_record_address_valid: 0x4,
  /** RCR */
  request_completion_record: 0x8,
  /** RCI */
  request_completion_interrupt: 0x10,
  /** CRSTS; reserved on 1.x */
  cache_control_3: 0x20,
  /** CR */
  check_result: 0x80,
  /** CC */
  cache_control_1: 0x100,
  /** ADDR1_TCS: 0 takes traffic class A of the group, 1 takes B. */
  address_1_tc_selector: 0x200,
  /** ADDR2_TCS */
  address_2_tc_selector: 0x400,
  /** ADDR3_TCS */
  address_3_tc_selector: 0x800,
  /** CR_TCS */
  completion_record_tc_selector: 0x1000,
  /** STORD */
  strict_ordering: 0x2000,
  /** DRDBK: destination readback on 1.x, cache control bit 2 on 2.x. */
  cache_control_2: 0x4000,
} as const;

/** Flags 23:16, whose meaning belongs to the operation (specification 8.3). */
export const OPERATION_FLAG = {
  batch: { batch_error: 0x1_0000 },
  drain: {
    readback_address_1_valid: 0x1_0000,
    readback_address_2_valid: 0x2_0000,
    suppress_tc_a_readback: 0x4_0000,
    suppress_tc_b_readback: 0x8_0000,
  },
  fill: { pattern_16_bytes: 0x4_0000 },
  translation_fetch: { use_stride: 0x1_0000 },
  crc: {
    read_seed: 0x1_0000,
    bypass_inversion_and_reflection: 0x2_0000,
    bypass_data_reflection: 0x4_0000,
    crc64: 0x8_0000,
  },
  update_window: { suppress_drain: 0x1_0000 },
  inter_domain: {
    alternate_source_pasid: 0x1_0000,
    alternate_destination_pasid: 0x2_0000,
    pattern_16_bytes: 0x4_0000,
  },
} as const;

/** The three cache control bits together, in the order the specification lists them: 3, 2, 1. */
export const CACHE_CONTROL_FLAGS = FLAG.cache_control_3 | FLAG.cache_control_2 | FLAG.cache_control_1;
