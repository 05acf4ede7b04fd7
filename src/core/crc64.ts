/**
 * CRC64 as the DSA computes it (specification appendix A): polynomial 0xAD93D23594C93659, reflected
 * 0x9A6C9329AC4BC9B5, the one of NVMe. Numbers hold 32 bits well and 64 not at all, so that values travel as halves;
 * eight bytes a step through eight pairs of tables.
 */
import type { AddressSpace } from './address-space.js';
import { reverseBits32 } from './crc32c.js';
import { OPERATION_FLAG } from './flags.js';

const POLYNOMIAL_LOW = 0xac4bc9b5;
const POLYNOMIAL_HIGH = 0x9a6c9329;
const SLICES = 8;

const LOW = new Int32Array(SLICES * 256);
const HIGH = new Int32Array(SLICES * 256);

for (let byte = 0; byte < 256; byte++) {
  let low = byte;
  let high = 0;
  for (let bit = 0; bit < 8; bit++) {
    const carry = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (carry === 1) {
      low ^= POLYNOMIAL_LOW;
      high ^= POLYNOMIAL_HIGH;
    }
  }
  LOW[byte] = low;
  HIGH[byte] = high;
}
for (let i = 256; i < LOW.length; i++) {
  const low = LOW[i - 256]!;
  const high = HIGH[i - 256]!;
  LOW[i] = ((low >>> 8) | (high << 24)) ^ LOW[low & 0xff]!;
  HIGH[i] = (high >>> 8) ^ HIGH[low & 0xff]!;
}

/** Bytes with their bits reversed. */
const REVERSED = Uint8Array.from({ length: 256 }, (_, byte) => reverseBits32(byte) >>> 24);

/** A CRC64 register; after `finish`, `low` and `high` are the value, which is also the seed that continues it. */
export class Crc64 {
  low = 0;
  high = 0;

  /** Loads a seed. */
  begin(seedLow: number, seedHigh: number, flags: number): void {
    this.low = seedLow;
    this.high = seedHigh;
    this.convert(flags);
  }

  /** Turns the register into the CRC value. */
  finish(flags: number): void {
    this.convert(flags);
    this.low >>>= 0;
    this.high >>>= 0;
  }

  /** Between value and register: inverted, or with all 64 bits in reverse order under flag 17. */
  private convert(flags: number): void {
    const { low, high } = this;
    if ((flags & OPERATION_FLAG.crc.bypass_inversion_and_reflection) !== 0) {
      this.low = reverseBits32(high) | 0;
      this.high = reverseBits32(low) | 0;
    } else {
      this.low = ~low;
      this.high = ~high;
    }
  }

  /** Runs a range of memory through the register. @param reverseData reverses the bits of each byte (flag 18) */
  update(space: AddressSpace, address: number, bytes: number, reverseData: boolean): void {
    for (let done = 0; done < bytes; ) {
      const count = space.locate(address + done, bytes - done);
      if (reverseData) this.updateReversed(space.arena.bytes, space.offset, count);
      else this.updateChunk(space.arena.bytes, space.arena.words, space.offset, count);
      done += count;
    }
  }

  private updateChunk(data: Uint8Array, words: Int32Array, start: number, bytes: number): void {
    const end = start + bytes;
    let { low, high } = this;
    let at = start;
    for (; at < end && (at & 3) !== 0; at++) {
      const index = (low ^ data[at]!) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ LOW[index]!;
      high = (high >>> 8) ^ HIGH[index]!;
    }
    for (const last = end - 8; at <= last; at += 8) {
      const a = low ^ words[at >>> 2]!;
      const b = high ^ words[(at >>> 2) + 1]!;
      const i = 1792 + (a & 0xff);
      const j = 1536 + ((a >>> 8) & 0xff);
      const k = 1280 + ((a >>> 16) & 0xff);
      const l = 1024 + (a >>> 24);
      const m = 768 + (b & 0xff);
      const n = 512 + ((b >>> 8) & 0xff);
      const o = 256 + ((b >>> 16) & 0xff);
      const p = b >>> 24;
      low = LOW[i]! ^ LOW[j]! ^ LOW[k]! ^ LOW[l]! ^ LOW[m]! ^ LOW[n]! ^ LOW[o]! ^ LOW[p]!;
      high = HIGH[i]! ^ HIGH[j]! ^ HIGH[k]! ^ HIGH[l]! ^ HIGH[m]! ^ HIGH[n]! ^ HIGH[o]! ^ HIGH[p]!;
    }
    for (; at < end; at++) {
      const index = (low ^ data[at]!) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ LOW[index]!;
      high = (high >>> 8) ^ HIGH[index]!;
    }
    this.low = low;
    this.high = high;
  }

  private updateReversed(data: Uint8Array, start: number, bytes: number): void {
    let { low, high } = this;
    for (let at = start; at < start + bytes; at++) {
      const index = (low ^ REVERSED[data[at]!]!) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ LOW[index]!;
      high = (high >>> 8) ^ HIGH[index]!;
    }
    this.low = low;
    this.high = high;
  }
}
