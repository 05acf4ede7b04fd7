/**
 * The completion record: 32 bytes, 32-byte aligned, little-endian (DSA specification 8.2).
 *
 *     0  status 5:0 · write fault 7      8  fault address
 *     1  result                          16  invalid flags, delta size, CRC, or source tags
 *     2  fault info                      20  application mask and tag of the source
 *     4  bytes (or descriptors) done     24  tags of the destination
 */
import { readAddress, readUint32 } from './bytes.js';
import { STATUS_WRITE_FAULT } from './status.js';

/** Size of a completion record [B]. */
export const COMPLETION_RECORD_BYTES = 32;

const TWO_32 = 4294967296;

/** One record on its way to an array of bytes, as words and as the same bytes. */
const recordWords = new Int32Array(COMPLETION_RECORD_BYTES / 4);
const recordBytes = new Uint8Array(recordWords.buffer);

/**
 * A reusable completion record. The last sixteen bytes mean different things per operation; the accessors below
 * are views of the two words at 16 and 24, so that writing one never leaves another behind.
 */
export class CompletionRecord {
  /** Status code without the write bit; 0 until the descriptor completes. */
  status = 0;
  /** Bit 7 of the status byte: the faulting access was a write. */
  writeFault = false;
  result = 0;
  /** Operand that faulted in bits 3:1 (specification 8.2.3); 0 where the device does not report it. */
  faultInfo = 0;
  /** Bytes, or descriptors of a batch, done when the operation stopped early; 0 when it completed. */
  bytesCompleted = 0;
  faultAddress = 0;
  /** Bytes 16-19. */
  word16 = 0;
  /** Bytes 20-23. */
  word20 = 0;
  /** Bytes 24-27. */
  word24 = 0;
  /** Bytes 28-31. */
  word28 = 0;

  /** Empties the record. */
  reset(): void {
    this.status = 0;
    this.writeFault = false;
    this.result = 0;
    this.faultInfo = 0;
    this.bytesCompleted = 0;
    this.faultAddress = 0;
    this.word16 = 0;
    this.word20 = 0;
    this.word24 = 0;
    this.word28 = 0;
  }

  /** Flags that made the descriptor invalid (status 0x11). */
  get invalidFlags(): number {
    return this.word16 & 0xff_ffff;
  }

  set invalidFlags(flags: number) {
    this.word16 = flags & 0xff_ffff;
  }

  /** Create Delta: size of the delta record [B]. */
  get deltaRecordBytes(): number {
    return this.word16;
  }

  set deltaRecordBytes(bytes: number) {
    this.word16 = bytes;
  }

  /** CRC value, low 32 bits. */
  get crc(): number {
    return this.word16;
  }

  set crc(value: number) {
    this.word16 = value >>> 0;
  }

  /** CRC64 value, high 32 bits. */
  get crcHigh(): number {
    return this.word20;
  }

  set crcHigh(value: number) {
    this.word20 = value >>> 0;
  }

  /** Next-block tags of a DIF source: reference tag, application mask and application tag. */
  setSourceTags(reference: number, mask: number, application: number): void {
    this.word16 = reference >>> 0;
    this.word20 = (mask | (application << 16)) >>> 0;
  }

  /** Next-block tags of a DIF or DIX destination. */
  setDestinationTags(reference: number, mask: number, application: number): void {
    this.word24 = reference >>> 0;
    this.word28 = (mask | (application << 16)) >>> 0;
  }

  get sourceReferenceTag(): number {
    return this.word16;
  }

  get sourceApplicationMask(): number {
    return this.word20 & 0xffff;
  }

  get sourceApplicationTag(): number {
    return this.word20 >>> 16;
  }

  get destinationReferenceTag(): number {
    return this.word24;
  }

  get destinationApplicationMask(): number {
    return this.word28 & 0xffff;
  }

  get destinationApplicationTag(): number {
    return this.word28 >>> 16;
  }

  /** Inter-domain operations: table entry whose operand faulted. */
  get faultHandle(): number {
    return this.word16 & 0xffff;
  }

  set faultHandle(handle: number) {
    this.word16 = handle;
  }

  /** Writes 32 bytes at `offset` [B]. */
  encode(into: Uint8Array, offset: number): void {
    this.encodeWords(recordWords, 0);
    into.set(recordBytes, offset);
  }

  /** Writes the record as eight words, from `first` on. */
  encodeWords(into: Int32Array, first: number): void {
    const status = this.status | (this.writeFault ? STATUS_WRITE_FAULT : 0);
    into[first] = status | ((this.result & 0xff) << 8) | ((this.faultInfo & 0xff) << 16);
    into[first + 1] = this.bytesCompleted;
    into[first + 2] = this.faultAddress;
    into[first + 3] = Math.floor(this.faultAddress / TWO_32);
    into[first + 4] = this.word16;
    into[first + 5] = this.word20;
    into[first + 6] = this.word24;
    into[first + 7] = this.word28;
  }

  /** Takes over 32 bytes from `offset` [B]. */
  decode(from: Uint8Array, offset: number): void {
    const status = from[offset]!;
    // Software's own abort mark is 0xff, which is no write fault.
    this.writeFault = status !== 0xff && (status & STATUS_WRITE_FAULT) !== 0;
    this.status = this.writeFault ? status & ~STATUS_WRITE_FAULT : status;
    this.result = from[offset + 1]!;
    this.faultInfo = from[offset + 2]!;
    this.bytesCompleted = readUint32(from, offset + 4);
    this.faultAddress = readAddress(from, offset + 8);
    this.word16 = readUint32(from, offset + 16);
    this.word20 = readUint32(from, offset + 20);
    this.word24 = readUint32(from, offset + 24);
    this.word28 = readUint32(from, offset + 28);
  }

  /** Copies another record into this one. */
  assign(other: CompletionRecord): void {
    this.status = other.status;
    this.writeFault = other.writeFault;
    this.result = other.result;
    this.faultInfo = other.faultInfo;
    this.bytesCompleted = other.bytesCompleted;
    this.faultAddress = other.faultAddress;
    this.word16 = other.word16;
    this.word20 = other.word20;
    this.word24 = other.word24;
    this.word28 = other.word28;
  }
}
