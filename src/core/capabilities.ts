/**
 * What a device generation can do: the fields of GENCAP, WQCAP and OPCAP that decide whether a descriptor is
 * legal (DSA specification 9.2; bit numbers in the comments). A plain record: spread it to change one field.
 */
export interface Capabilities {
  readonly generation: Generation;
  /** VERSION register: major in 15:8, minor in 7:0. */
  readonly version: number;
  /** OPCAP: bit n of word n/32 says that operation n exists. Eight 32-bit words. */
  readonly operations: readonly number[];
  /** GENCAP 0 */
  readonly blockOnFault: boolean;
  /** GENCAP 1: Memory Move with overlapping buffers. */
  readonly overlappingCopy: boolean;
  /** GENCAP 2: writes may be steered into the cache. */
  readonly cacheControl: boolean;
  /** GENCAP 5 */
  readonly durableWrite: boolean;
  /** GENCAP 6 */
  readonly interDomain: boolean;
  /** GENCAP 7 */
  readonly translationFetchStride: boolean;
  /** GENCAP 8 */
  readonly destinationReadback: boolean;
  /** GENCAP 9 */
  readonly drainReadback: boolean;
  /** GENCAP 10 */
  readonly fill16: boolean;
  /** GENCAP 11 */
  readonly crc64: boolean;
  /** GENCAP 12: the completion record says which operand faulted. */
  readonly faultInfo: boolean;
  /** GENCAP 14:13: size of an event log entry [B], 0 without an event log. */
  readonly eventLogEntryBytes: 0 | 64 | 128 | 256;
  /** GENCAP 15: batch continuation, the Batch Error flag and the batch's Result field. */
  readonly batchContinuation: boolean;
  /** 1 << GENCAP 20:16: largest transfer [B]. */
  readonly maxTransferBytes: number;
  /** 1 << GENCAP 24:21: largest batch [descriptors]. */
  readonly maxBatch: number;
  /** GENCAP 52: a batch of one descriptor is legal. */
  readonly batch1: boolean;
  /** WQCAP 54: work queues carry a mask of allowed operations. */
  readonly operationConfig: boolean;
  /** IDCAP 25: Update Window may suppress its drain. */
  readonly updateWindowSuppressDrain: boolean;
}

/** Architecture revision: 1.0 is Sapphire and Emerald Rapids, 2.0 is the Granite Rapids class. */
export type Generation = '1.0' | '2.0';

/**
 * Revision 1.0. OPCAP from the revision's operation rows; the GENCAP bits are those recalled for Sapphire Rapids
 * (block on fault, overlapping copy, cache control, both readbacks; no event log).
 */
const REVISION_1: Capabilities = {
  generation: '1.0',
  version: 0x100,
  operations: [0x003f_03ff, 0x0000_0001, 0, 0, 0, 0, 0, 0],
  blockOnFault: true,
  overlappingCopy: true,
  cacheControl: true,
  durableWrite: false,
  interDomain: false,
  translationFetchStride: false,
  destinationReadback: true,
  drainReadback: true,
  fill16: false,
  crc64: false,
  faultInfo: false,
  eventLogEntryBytes: 0,
  batchContinuation: false,
  maxTransferBytes: 2147483648,
  maxBatch: 1024,
  batch1: false,
  operationConfig: false,
  updateWindowSuppressDrain: false,
};

/** Revision 2.0. OPCAP is the full operation mask of accel-config's own test (0000007b,00bf07ff). */
const REVISION_2: Capabilities = {
  ...REVISION_1,
  generation: '2.0',
  version: 0x200,
  operations: [0x00bf_07ff, 0x0000_007b, 0, 0, 0, 0, 0, 0],
  interDomain: true,
  translationFetchStride: true,
  fill16: true,
  crc64: true,
  faultInfo: true,
  eventLogEntryBytes: 64,
  batchContinuation: true,
  operationConfig: true,
  updateWindowSuppressDrain: true,
};

/** The capability set of a generation. */
export function capabilitiesOf(generation: Generation): Capabilities {
  return generation === '1.0' ? REVISION_1 : REVISION_2;
}

/** Whether bit `opcode` is set in a 256-bit operation mask of eight 32-bit words. */
export function hasOperation(mask: readonly number[], opcode: number): boolean {
  return ((mask[opcode >>> 5]! >>> (opcode & 31)) & 1) === 1;
}
