/** What the model needs to know of a device and its work queue. */

export interface ReferenceCapabilities {
  /** Bit n: operation code n exists (OPCAP). */
  operations: bigint;
  /** GENCAP.1. */
  overlappingCopy: boolean;
  /** GENCAP.2. */
  cacheControl: boolean;
  /** GENCAP.5. */
  durableWrite: boolean;
  /** GENCAP.7. */
  translationFetchStride: boolean;
  /** GENCAP.8. */
  destinationReadback: boolean;
  /** GENCAP.9. */
  drainReadback: boolean;
  /** GENCAP.10. */
  fill16: boolean;
  /** GENCAP.11. */
  crc64: boolean;
  /** GENCAP.12. */
  faultInfo: boolean;
  /** GENCAP.15. */
  batchContinuation: boolean;
  /** GENCAP.52. */
  batchOfOne: boolean;
  /** IDCAP.25. */
  updateWindowSuppressDrain: boolean;
  /** Cache Control 3 is a flag of revision 2 only. */
  cacheControl3: boolean;
}

export interface ReferenceWorkQueue {
  shared: boolean;
  size: number;
  threshold: number;
  blockOnFault: boolean;
  maxTransferBytes: number;
  maxBatch: number;
  pasid: number;
  pasidEnable: boolean;
  privileged: boolean;
  /** Bit n: operation code n is allowed on this queue (OPCFG). */
  operations: bigint;
}

export interface ReferenceConfig {
  capabilities: ReferenceCapabilities;
  workQueue: ReferenceWorkQueue;
  /** Traffic classes A and B of the group. */
  trafficClasses: readonly [number, number];
  /** Address Translation Services on, without which Translation Fetch is no operation. */
  addressTranslation: boolean;
  /** Page Request Services on, so that a fault may block. */
  pageRequests: boolean;
  /** GENCFG.12: user-mode interrupts. */
  userInterrupts: boolean;
  /** Privileged mode of the PASID capability, without which no submitter may claim Priv. */
  privilegedMode: boolean;
  /** GENCFG.13: event log on. */
  eventLog: boolean;
  /** Whether a descriptor of a PASID (undefined: of a queue without one) may name a handle. */
  validHandle: (handle: number, pasid: number | undefined) => boolean;
  /** Handles whose interrupts are dropped (the Ignore bit). */
  ignoredHandles: ReadonlySet<number>;
}

/** Revision 1.0: operation codes of table 8-2, of operation codes and constants. */
export const REVISION_1: ReferenceCapabilities = {
  operations: 0x1_003f_03ffn,
  overlappingCopy: true,
  cacheControl: true,
  durableWrite: false,
  translationFetchStride: false,
  destinationReadback: true,
  drainReadback: true,
  fill16: false,
  crc64: false,
  faultInfo: false,
  batchContinuation: false,
  batchOfOne: false,
  updateWindowSuppressDrain: false,
  cacheControl3: false,
};

/** Revision 2.0. */
export const REVISION_2: ReferenceCapabilities = {
  ...REVISION_1,
  operations: 0x7b_00bf_07ffn,
  translationFetchStride: true,
  fill16: true,
  crc64: true,
  faultInfo: true,
  batchContinuation: true,
  updateWindowSuppressDrain: true,
  cacheControl3: true,
};
