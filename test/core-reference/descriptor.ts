import { littleEndian } from './bytes.js';

/** Operation codes of table 8-2 that the model knows. */
export const OP = {
  nop: 0x00,
  batch: 0x01,
  drain: 0x02,
  memmove: 0x03,
  fill: 0x04,
  compare: 0x05,
  comparePattern: 0x06,
  createDelta: 0x07,
  applyDelta: 0x08,
  dualcast: 0x09,
  translationFetch: 0x0a,
  crc: 0x10,
  copyCrc: 0x11,
  difCheck: 0x12,
  difInsert: 0x13,
  difStrip: 0x14,
  difUpdate: 0x15,
  dixGenerate: 0x17,
  cacheFlush: 0x20,
  updateWindow: 0x21,
  interDomainCopy: 0x23,
  interDomainFill: 0x24,
  interDomainCompare: 0x25,
  interDomainComparePattern: 0x26,
} as const;

/** Flag bits of table 8-3. */
export const FLAG = {
  fence: 1 << 0,
  blockOnFault: 1 << 1,
  completionAddressValid: 1 << 2,
  requestCompletion: 1 << 3,
  requestInterrupt: 1 << 4,
  cacheControl3: 1 << 5,
  checkResult: 1 << 7,
  cacheControl1: 1 << 8,
  address1Tc: 1 << 9,
  address2Tc: 1 << 10,
  address3Tc: 1 << 11,
  completionTc: 1 << 12,
  strictOrdering: 1 << 13,
  cacheControl2: 1 << 14,
  op16: 1 << 16,
  op17: 1 << 17,
  op18: 1 << 18,
  op19: 1 << 19,
} as const;

/** A descriptor image with its fields read off by byte offset. */
export class ReferenceDescriptor {
  constructor(readonly image: Uint8Array) {}

  u8(offset: number): number {
    return this.image[offset]!;
  }
  u16(offset: number): number {
    return Number(littleEndian(this.image, offset, 2));
  }
  u32(offset: number): number {
    return Number(littleEndian(this.image, offset, 4));
  }
  u64(offset: number): bigint {
    return littleEndian(this.image, offset, 8);
  }
  get pasid(): number {
    return this.u32(0) % 2 ** 20;
  }
  get privileged(): boolean {
    return this.image[3]! >= 0x80;
  }
  get flags(): number {
    return Number(littleEndian(this.image, 4, 3));
  }
  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }
  get operation(): number {
    return this.u8(7);
  }
  get completionAddress(): bigint {
    return this.u64(8);
  }
  get source(): bigint {
    return this.u64(16);
  }
  get destination(): bigint {
    return this.u64(24);
  }
  get size(): number {
    return this.u32(32);
  }
  get interruptHandle(): number {
    return this.u16(36);
  }
}
