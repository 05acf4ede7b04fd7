/**
 * A descriptor as the device sees it: 64 bytes, little-endian (DSA specification 8.1 and 8.3).
 *
 *     0  PASID 19:0 · reserved 30:20 · Priv 31        24  destination, or an alias of it
 *     4  flags 23:0                                   32  transfer size or descriptor count
 *     7  operation                                    36  interrupt handle
 *     8  completion record address                    38  reserved
 *    16  source, or an alias of it                    40  the operation's own fields
 */
import { DOUBLE_ZERO } from '../sim/double-zero.js';
import { joinAddress, readAddress, readUint16, readUint32 } from './bytes.js';
import type { Shape } from './shape.js';

/** Size of a descriptor [B]. */
export const DESCRIPTOR_BYTES = 64;

/** A reusable decoded view of one descriptor. Decoding copies: later changes of the source bytes do not show. */
export class Descriptor {
  /** The 64 bytes as they were submitted. */
  readonly bytes = new Uint8Array(DESCRIPTOR_BYTES);
  /** The same bytes as 32-bit words; every host that Node runs this on is little-endian, as descriptors are. */
  readonly words = new Uint32Array(this.bytes.buffer);
  opcode = 0;
  /** Flags 23:0; see `FLAG` and `OPERATION_FLAG`. */
  flags = 0;
  /** PASID field; meaningful only on a shared work queue, see {@link Descriptor.bind}. */
  pasid = 0;
  /** Priv field, 0 or 1. */
  priv = 0;
  completionAddress = DOUBLE_ZERO;
  /** Bytes 16-23: source, source 1, descriptor list, readback 1, delta record of Apply, window base. */
  source = DOUBLE_ZERO;
  /** Bytes 24-31: destination, destination 1, source 2, readback 2, window size. */
  destination = DOUBLE_ZERO;
  /** Bytes 32-35: transfer size [B], descriptor count of a batch, region size of Translation Fetch [B]. */
  size = 0;
  interruptHandle = 0;

  /**
   * Takes over 64 bytes.
   * @param from array that holds them
   * @param offset where they begin [B]
   */
  decode(from: Uint8Array, offset: number): void {
    const bytes = this.bytes;
    for (let i = 0; i < DESCRIPTOR_BYTES; i++) bytes[i] = from[offset + i]!;
    this.refresh();
  }

  /** As {@link Descriptor.decode}, from sixteen words. */
  decodeWords(from: Uint32Array): void {
    this.words.set(from);
    this.refresh();
  }

  /**
   * As {@link Descriptor.decodeWords}, for one after the other. The sixteen words are written out: each turn of a loop may be
   * interrupted, and all that the optimiser knows about the arrays is checked anew after it, which costs five times as much.
   * @param shape of the descriptor held so far
   * @returns whether the new one has the same shape
   */
  decodeNext(from: Uint32Array, shape: Shape): boolean {
    const words = this.words;
    const recordLow = from[2]!;
    const recordHigh = from[3]!;
    const sourceLow = from[4]!;
    const sourceHigh = from[5]!;
    const destinationLow = from[6]!;
    const destinationHigh = from[7]!;
    if (
      words[0] !== from[0] ||
      words[1] !== from[1] ||
      (((words[2]! ^ recordLow) | (words[4]! ^ sourceLow)) & shape.low) !== 0 ||
      (((words[3]! ^ recordHigh) | (words[5]! ^ sourceHigh)) & shape.high) !== 0 ||
      ((words[6]! ^ destinationLow) & shape.destinationLow) !== 0 ||
      ((words[7]! ^ destinationHigh) & shape.destinationHigh) !== 0 ||
      words[8] !== from[8] ||
      words[9] !== from[9] ||
      words[10] !== from[10] ||
      words[11] !== from[11] ||
      words[12] !== from[12] ||
      words[13] !== from[13] ||
      words[14] !== from[14] ||
      words[15] !== from[15]
    ) {
      this.decodeWords(from);
      return false;
    }
    words[2] = recordLow;
    words[3] = recordHigh;
    words[4] = sourceLow;
    words[5] = sourceHigh;
    words[6] = destinationLow;
    words[7] = destinationHigh;
    this.completionAddress = joinAddress(recordLow, recordHigh);
    this.source = joinAddress(sourceLow, sourceHigh);
    this.destination = joinAddress(destinationLow, destinationHigh);
    return true;
  }

  /** Recomputes the numeric fields from `bytes`, for callers that wrote those directly. */
  refresh(): void {
    const words = this.words;
    const header = words[0]!;
    const operation = words[1]!;
    this.pasid = header & 0xf_ffff;
    this.priv = header >>> 31;
    this.flags = operation & 0xff_ffff;
    this.opcode = operation >>> 24;
    this.completionAddress = joinAddress(words[2]!, words[3]!);
    this.source = joinAddress(words[4]!, words[5]!);
    this.destination = joinAddress(words[6]!, words[7]!);
    this.size = words[8]!;
    this.interruptHandle = words[9]! & 0xffff;
  }

  /**
   * Replaces PASID and Priv by the trusted ones: those of a dedicated work queue, or of the batch that a member
   * belongs to (specification 8.1.1). The bytes stay as they are.
   */
  bind(pasid: number, priv: number): void {
    this.pasid = pasid;
    this.priv = priv;
  }

  /** Whether all flags of a mask are 1. */
  has(flag: number): boolean {
    return (this.flags & flag) === flag;
  }

  /** Bits of the 16 reserved ones, 30:20 of the first word, that are not zero. */
  get reservedHeader(): number {
    return (this.words[0]! >>> 20) & 0x7ff;
  }

  /** Low 12 bits of a 64-bit field, exact also where the address lies beyond 2^52. */
  low12(offset: number): number {
    return readUint16(this.bytes, offset) & 0xfff;
  }

  /** Dualcast: second destination. */
  get destination2(): number {
    return readAddress(this.bytes, 40);
  }

  /** Create Delta: where the delta record goes. Apply Delta keeps its record's address in `source`. */
  get deltaAddress(): number {
    return readAddress(this.bytes, 40);
  }

  /** Create Delta: largest delta record [B]. */
  get maxDeltaBytes(): number {
    return readUint32(this.bytes, 48);
  }

  /** Apply Delta: size of the delta record [B]. */
  get deltaRecordBytes(): number {
    return readUint32(this.bytes, 40);
  }

  /** Compare operations: expected result, bit 0. Create Delta has a mask of results instead. */
  get expectedResult(): number {
    return this.bytes[40]! & 1;
  }

  /** Create Delta: bit n says that result n is expected. */
  get expectedResultMask(): number {
    return this.bytes[56]! & 7;
  }

  /** Translation Fetch: distance between two fetches [B]. */
  get regionStrideBytes(): number {
    return readUint32(this.bytes, 48);
  }

  /** CRC seed, low 32 bits. */
  get crcSeed(): number {
    return readUint32(this.bytes, 40);
  }

  /** CRC64 seed, high 32 bits. */
  get crcSeedHigh(): number {
    return readUint32(this.bytes, 44);
  }

  /** Where the CRC seed is read from when Read Seed is 1. */
  get crcSeedAddress(): number {
    return readAddress(this.bytes, 48);
  }

  get sourceDifFlags(): number {
    return this.bytes[40]!;
  }

  get destinationDifFlags(): number {
    return this.bytes[41]!;
  }

  get difFlags(): number {
    return this.bytes[42]!;
  }

  get sourceReferenceTag(): number {
    return readUint32(this.bytes, 48);
  }

  get sourceApplicationMask(): number {
    return readUint16(this.bytes, 52);
  }

  get sourceApplicationTag(): number {
    return readUint16(this.bytes, 54);
  }

  get destinationReferenceTag(): number {
    return readUint32(this.bytes, 56);
  }

  get destinationApplicationMask(): number {
    return readUint16(this.bytes, 60);
  }

  get destinationApplicationTag(): number {
    return readUint16(this.bytes, 62);
  }

  /** Update Window: 0 read, 1 write, 2 enable, 3 offset mode. */
  get windowFlags(): number {
    return this.bytes[61]!;
  }

  /** Inter-domain operations: table entry of source or source 1. */
  get sourceHandle(): number {
    return readUint16(this.bytes, 60);
  }

  /** Inter-domain operations: table entry of destination or source 2; the entry that Update Window changes. */
  get destinationHandle(): number {
    return readUint16(this.bytes, 62);
  }
}
