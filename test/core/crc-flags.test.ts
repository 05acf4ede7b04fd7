import { describe, expect, test } from 'vitest';
import { OPERATION_FLAG } from '../../src/core/flags.js';
import { OPCODE } from '../../src/core/operations.js';
import { crc, t10Guard } from '../core-reference/crc-bitwise.js';
import { Bench, noise } from './bench-subject.js';

/** Every flag, width and alignment against division bit by bit. */

const A = 0x10_0000;
const C = 0x30_0000;
const DATA = noise(4200, 7);
const { read_seed, bypass_inversion_and_reflection, bypass_data_reflection, crc64 } = OPERATION_FLAG.crc;
/** None, the first and last steps of each loop, a page boundary. */
const LENGTHS = [1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 100, 300, 4200];
const SEEDS = [0n, 1n, 0x0123_4567_89ab_cdefn, 0xffff_ffff_ffff_ffffn, 0x8000_0000_0000_0000n];

describe.each([
  ['no flags', 0],
  ['neither inversion nor reflection', bypass_inversion_and_reflection],
  ['data bits as they are', bypass_data_reflection],
  ['both', bypass_inversion_and_reflection | bypass_data_reflection],
])('with %s', (_, flags) => {
  test.each([
    ['CRC32C', 0],
    ['CRC64', crc64],
  ])('%s is the remainder of a division', (_name, wide) => {
    const bench = new Bench('2.0');
    const options = {
      bypassInversionAndReflection: (flags & bypass_inversion_and_reflection) !== 0,
      bypassDataReflection: (flags & bypass_data_reflection) !== 0,
      crc64: wide !== 0,
    };
    let seedNumber = 0;
    for (const length of LENGTHS) {
      for (const start of length > 300 ? [0, 3] : [0, 1, 2, 3, 5, 7, 4090]) {
        const seed = SEEDS[seedNumber++ % SEEDS.length]! & (wide === 0 ? 0xffff_ffffn : ~0n);
        const data = DATA.subarray(0, length);
        bench.put(A + start, data);
        const [low, high] = [Number(seed & 0xffff_ffffn), Number(seed >> 32n)];
        const fields = { opcode: OPCODE.crc, flags: flags | wide, source: A + start, size: length };
        const record = bench.run({ ...fields, crcSeed: low, crcSeedHigh: high });
        const value = (BigInt(record.crcHigh) << 32n) | BigInt(record.crc);
        expect(value, `${length} bytes at ${start}`).toBe(crc(data, seed, options));
        const words = new Uint32Array([low, high]);
        bench.put(C, new Uint8Array(words.buffer));
        const fromMemory = bench.run({ ...fields, flags: fields.flags | read_seed, crcSeedAddress: C });
        expect((BigInt(fromMemory.crcHigh) << 32n) | BigInt(fromMemory.crc)).toBe(value);
      }
    }
  });
});

test.each([0, 4, 8, 12])(
  'the guard of a block under DIF flags %i is the remainder of a division',
  (flags) => {
    const bench = new Bench();
    for (const [size, block] of [512, 520, 4096, 4104].entries()) {
      for (const start of [0, 1, 2, 3, 4000]) {
        const data = DATA.subarray(start % 97, (start % 97) + block);
        bench.put(A + start, data);
        const fields = { source: A + start, destination: C, size: block, difFlags: flags | size };
        expect(bench.run({ opcode: OPCODE.dif_insert, ...fields }).status).toBe(1);
        const [high, low] = bench.get(C + block, 2);
        expect((high! << 8) | low!, `${block} bytes at ${start}`).toBe(t10Guard(data, flags));
      }
    }
  },
);
