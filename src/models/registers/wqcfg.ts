/** The configuration of one work queue as registers: fields, and which bits software may write when. */
import { QUEUE_STATE } from './map.js';

/** WQCFG taken apart; sizes in entries. */
export interface WqcfgFields {
  size: number;
  threshold: number;
  dedicated: boolean;
  blockOnFault: boolean;
  atsDisable: boolean;
  prsDisable: boolean;
  priority: number;
  pasid: number;
  pasidEnable: boolean;
  priv: boolean;
  maxTransferShift: number;
  maxBatchShift: number;
  /** Allowed operations, eight words, or null where WQCFG has 32 bytes. */
  operations: readonly number[] | null;
}

const MODE_BITS = { dedicated: 1, blockOnFault: 2, atsDisable: 4, prsDisable: 8 } as const;
const PASID_ENABLE = 1 << 28;
const PRIV = 1 << 29;
/** Bytes 8-11: mode, PASID, PASID enable and privilege; what Mode Support keeps writable. */
const MODE_AND_PASID = MODE_BITS.dedicated | 0x0fff_ff00 | PASID_ENABLE | PRIV;
const SIZES = 0x1fff;
const OCCUPANCY_HANDLE = 0x1_ffff;
/** Bytes 20-23 bit 16. */
export const OCCUPANCY_ENABLE = 1 << 16;
/** Bytes 24-27 bit 16. */
export const OCCUPANCY_GENERATED = 1 << 16;
/** Bytes 24-27 bit 29. */
export const MODE_SUPPORT = 1 << 29;

/** Reads the fields of a WQCFG of eight or sixteen words. */
export function decodeWqcfg(words: readonly number[]): WqcfgFields {
  const mode = words[2]!;
  return {
    size: words[0]! & 0xffff,
    threshold: words[1]! & 0xffff,
    dedicated: (mode & MODE_BITS.dedicated) !== 0,
    blockOnFault: (mode & MODE_BITS.blockOnFault) !== 0,
    atsDisable: (mode & MODE_BITS.atsDisable) !== 0,
    prsDisable: (mode & MODE_BITS.prsDisable) !== 0,
    priority: (mode >>> 4) & 0xf,
    pasid: (mode >>> 8) & 0xf_ffff,
    pasidEnable: (mode & PASID_ENABLE) !== 0,
    priv: (mode & PRIV) !== 0,
    maxTransferShift: words[3]! & 0x1f,
    maxBatchShift: (words[3]! >>> 5) & 0xf,
    operations: words.length > 8 ? words.slice(8, 16) : null,
  };
}

/** Puts the fields into words that were read before; occupancy fields and state stay as they are. */
export function encodeWqcfg(fields: WqcfgFields, words: readonly number[]): number[] {
  const into = [...words];
  into[0] = fields.size;
  into[1] = fields.threshold;
  into[2] = modeWord(fields);
  into[3] = (into[3]! & ~0x1ff) | fields.maxTransferShift | (fields.maxBatchShift << 5);
  if (fields.operations !== null && into.length > 8) into.splice(8, 8, ...fields.operations);
  return into.map((word) => word >>> 0);
}

/** Bytes 8-11. */
export function modeWord(fields: WqcfgFields): number {
  return (
    ((fields.dedicated ? MODE_BITS.dedicated : 0) |
      (fields.blockOnFault ? MODE_BITS.blockOnFault : 0) |
      (fields.atsDisable ? MODE_BITS.atsDisable : 0) |
      (fields.prsDisable ? MODE_BITS.prsDisable : 0) |
      (fields.priority << 4) |
      (fields.pasid << 8) |
      (fields.pasidEnable ? PASID_ENABLE : 0) |
      (fields.priv ? PRIV : 0)) >>>
    0
  );
}

/** Replaces PASID and PASID Enable in bytes 8-11. @param pasid null switches the PASID off */
export function withPasid(word: number, pasid: number | null): number {
  const rest = word & ~(0x0fff_ff00 | PASID_ENABLE);
  return (pasid === null ? rest : rest | (pasid << 8) | PASID_ENABLE) >>> 0;
}

/** Sets the privilege bit of bytes 8-11. */
export function withPrivilege(word: number): number {
  return (word | PRIV) >>> 0;
}

/** State of a queue from bytes 24-27. */
export function queueState(word: number): number {
  return word >>> 30;
}

/** Bytes 24-27 with another state. */
export function withQueueState(word: number, state: number): number {
  return ((word & 0x3fff_ffff) | (state << 30)) >>> 0;
}

/** What decides which bits of WQCFG can be written. */
export interface WqcfgSituation {
  readonly configurable: boolean;
  readonly modeSupport: boolean;
  readonly deviceDisabled: boolean;
  readonly state: number;
  /** Occupancy interrupts exist. */
  readonly occupancyInterrupt: boolean;
  /** The occupancy interrupt of this queue is on, which locks its limit. */
  readonly occupancyEnabled: boolean;
}

/**
 * Bits of a WQCFG word that software may write (specification 9.2.18 to 9.2.25). The write-1-to-clear bit of the
 * occupancy interrupt is not among them.
 * @param index number of the 32-bit word
 */
export function wqcfgWritable(index: number, s: WqcfgSituation): number {
  if (!s.configurable && !s.modeSupport) return 0;
  const idle = s.state === QUEUE_STATE.disabled;
  switch (index) {
    case 0:
      return s.configurable && s.deviceDisabled ? 0xffff : 0;
    case 1:
      return 0xffff;
    case 2:
      if (!idle) return 0;
      return s.configurable ? 0x3fff_ffff : MODE_AND_PASID;
    case 3:
      return s.configurable && idle ? SIZES : 0;
    case 4:
      return s.occupancyInterrupt && idle ? OCCUPANCY_HANDLE : 0;
    case 5:
      if (!s.occupancyInterrupt) return 0;
      return s.occupancyEnabled ? OCCUPANCY_ENABLE : OCCUPANCY_ENABLE | 0xffff;
    case 6:
    case 7:
      return 0;
    default:
      return s.configurable && idle ? 0xffff_ffff : 0;
  }
}
