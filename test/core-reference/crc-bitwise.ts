/**
 * Cyclic redundancy checks as polynomial division, one bit a step, most significant bit first. No tables and no
 * reflected registers: reflection is done to the bits themselves, so that nothing is shared with a table-driven
 * implementation but the polynomial (specification, appendix A).
 */

const CRC32C_POLYNOMIAL = 0x1edc6f41n;
const CRC64_POLYNOMIAL = 0xad93d23594c93659n;
const T10_POLYNOMIAL = 0x8bb7;

/** The descriptor's operation-specific flags that concern the CRC operations, as bits of the 24-bit flags. */
export interface CrcFlags {
  /** Bit 17: neither invert nor reflect the seed and the result. */
  bypassInversionAndReflection: boolean;
  /** Bit 18: do not reflect the data bytes. */
  bypassDataReflection: boolean;
  /** Bit 19: 64-bit CRC. */
  crc64: boolean;
}

export function reverseBits(value: bigint, width: number): bigint {
  let reversed = 0n;
  for (let bit = 0; bit < width; bit++) reversed |= ((value >> BigInt(bit)) & 1n) << BigInt(width - 1 - bit);
  return reversed;
}

/** Remainder register after `bits` (most significant first) with the register at `start`. */
function divide(start: bigint, bits: Iterable<bigint>, polynomial: bigint, width: number): bigint {
  const mask = (1n << BigInt(width)) - 1n;
  let register = start;
  for (const bit of bits) {
    const carry = (register >> BigInt(width - 1)) ^ bit;
    register = (register << 1n) & mask;
    if (carry === 1n) register ^= polynomial;
  }
  return register;
}

function* bitsOf(data: Iterable<number>, leastSignificantFirst: boolean): Generator<bigint> {
  for (const byte of data) {
    for (let bit = 0; bit < 8; bit++) {
      yield BigInt((byte >> (leastSignificantFirst ? bit : 7 - bit)) & 1);
    }
  }
}

/**
 * CRC32C or CRC64 of `data`. The register is kept unreflected; seed and result are in descriptor order: inverted and
 * reflected unless bypassed, so that a result is the seed of its continuation.
 */
export function crc(data: Iterable<number>, seed: bigint, flags: CrcFlags): bigint {
  const width = flags.crc64 ? 64 : 32;
  const mask = (1n << BigInt(width)) - 1n;
  const bypass = flags.bypassInversionAndReflection;
  const start = bypass ? seed & mask : reverseBits(seed & mask, width) ^ mask;
  const register = divide(
    start,
    bitsOf(data, !flags.bypassDataReflection),
    flags.crc64 ? CRC64_POLYNOMIAL : CRC32C_POLYNOMIAL,
    width,
  );
  return bypass ? register : reverseBits(register ^ mask, width);
}

/** T10-DIF guard of a block: DIF flag bit 2 starts from all ones, bit 3 inverts the result. */
export function t10Guard(block: Iterable<number>, difFlags: number): number {
  let register = difFlags & 4 ? 0xffff : 0;
  for (const byte of block) {
    for (let bit = 7; bit >= 0; bit--) {
      const carry = (register >> 15) ^ ((byte >> bit) & 1);
      register = (register << 1) & 0xffff;
      if (carry === 1) register ^= T10_POLYNOMIAL;
    }
  }
  return difFlags & 8 ? register ^ 0xffff : register;
}
