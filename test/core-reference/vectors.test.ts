import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { descriptor, WITH_RECORD } from './build.js';
import { fromHex, littleEndian, toHex } from './bytes.js';
import { crc, t10Guard } from './crc-bitwise.js';
import { execute } from './execute.js';
import { ReferenceMemory } from './memory.js';
import { Access } from './operands.js';

interface DifVector {
  dif_flags: string;
  dest_flags: string;
  ref: string;
  app_mask: string;
  app: string;
  tuples: string[];
  next_ref: string;
  next_app_unmasked: string;
}
interface DeltaVector {
  src2_xor_hex: string;
  max: number;
  result: number;
  record: string;
  size: number;
  bytes_completed: number;
}
interface Vectors {
  crc32c: [string, string, string, string][];
  crc64: [string, string][];
  t10: [string, string, string][];
  dif: DifVector[];
  delta: DeltaVector[];
}

const vectors = JSON.parse(
  readFileSync(new URL('../data/dsa-vectors.json', import.meta.url), 'utf8'),
) as Vectors;

/** Bytes that a vector names by their first few: zeros, ones, or i & 0xff; or spelled out. */
function named(name: string): Uint8Array {
  const [prefix, length] = name.split('..len') as [string, string];
  const head = fromHex(prefix);
  if (Number(length) === head.length) return head;
  const counting = head[1] === 1;
  return Uint8Array.from({ length: Number(length) }, (_, i) => (counting ? i & 0xff : head[0]!));
}

function bench(): { memory: ReferenceMemory; access: Access } {
  const memory = new ReferenceMemory();
  memory.map(0x10000n, 0x20000);
  return { memory, access: new Access({ memory, blockOnFault: false, pageRequests: false }) };
}

describe('the bitwise CRC', () => {
  test('agrees with every CRC32C vector, under all four combinations of its flags', () => {
    expect(vectors.crc32c).toHaveLength(48);
    for (const [data, seed, flagText, expected] of vectors.crc32c) {
      const flags = Number(flagText);
      const got = crc(fromHex(data), BigInt(seed), {
        bypassInversionAndReflection: (flags & 0x20000) !== 0,
        bypassDataReflection: (flags & 0x40000) !== 0,
        crc64: false,
      });
      expect(got.toString(16).padStart(8, '0'), `${data} ${seed} ${flagText}`).toBe(expected);
    }
  });

  test('continues: the CRC of 1234 seeds 56789 to the CRC of the whole', () => {
    const plain = { bypassInversionAndReflection: false, bypassDataReflection: false, crc64: false };
    const ascii = (text: string) => new TextEncoder().encode(text);
    expect(crc(ascii('56789'), crc(ascii('1234'), 0n, plain), plain)).toBe(0xe3069283n);
  });

  test('agrees with the NVMe 64-bit vectors', () => {
    for (const [data, expected] of vectors.crc64) {
      const got = crc(named(data), 0n, {
        bypassInversionAndReflection: false,
        bypassDataReflection: false,
        crc64: true,
      });
      expect(got.toString(16).padStart(16, '0')).toBe(expected);
    }
  });

  test('agrees with every T10-DIF guard, seed and inversion', () => {
    expect(vectors.t10).toHaveLength(20);
    for (const [data, flags, expected] of vectors.t10) {
      expect(t10Guard(named(data), Number(flags)).toString(16).padStart(4, '0')).toBe(expected);
    }
  });
});

describe('DIF Insert of the model', () => {
  test.each(vectors.dif)('writes the tuples of block kind $dif_flags with rules $dest_flags', (vector) => {
    const { memory, access } = bench();
    const block = [512, 520, 4096, 4104][Number(vector.dif_flags) & 3]!;
    const bytes = Array.from({ length: 3 * block }, (_, i) => i & 0xff);
    memory.write(0x10000n, bytes);
    const ended = execute(
      descriptor('difInsert', WITH_RECORD, {
        source: 0x10000,
        destination: 0x20000,
        size: bytes.length,
        difFlags: Number(vector.dif_flags),
        destinationDifFlags: Number(vector.dest_flags),
        destinationReference: Number(vector.ref),
        destinationMask: Number(vector.app_mask),
        destinationApplication: Number(vector.app),
      }),
      access,
    );
    expect(ended.status).toBe(1);
    for (let k = 0; k < 3; k++) {
      const out = memory.read(0x20000n + BigInt(k * (block + 8)), block + 8);
      expect(out.slice(0, block)).toEqual(bytes.slice(k * block, (k + 1) * block));
      expect(toHex(out.slice(block))).toBe(vector.tuples[k]);
    }
    expect(littleEndian(ended.tail, 8, 4).toString(16).padStart(8, '0')).toBe(vector.next_ref);
    expect(littleEndian(ended.tail, 12, 2)).toBe(BigInt(vector.app_mask));
    expect(littleEndian(ended.tail, 14, 2).toString(16).padStart(4, '0')).toBe(vector.next_app_unmasked);
  });
});

describe('Create Delta of the model', () => {
  test.each(vectors.delta)('answers result $result with $size bytes of at most $max', (vector) => {
    const { memory, access } = bench();
    const from = Array.from({ length: 512 }, (_, i) => i & 0xff);
    const to = from.map((byte, i) => byte ^ fromHex(vector.src2_xor_hex)[i]!);
    memory.write(0x10000n, from);
    memory.write(0x20000n, to);
    const ended = execute(
      descriptor('createDelta', WITH_RECORD, {
        source: 0x10000,
        destination: 0x20000,
        size: 512,
        recordAddress: 0x12000,
        maxRecordBytes: vector.max,
      }),
      access,
    );
    expect(ended).toMatchObject({ status: 1, result: vector.result, bytesCompleted: vector.bytes_completed });
    expect(littleEndian(ended.tail, 0, 4)).toBe(BigInt(vector.size));
    expect(toHex(memory.read(0x12000n, vector.size))).toBe(vector.record);
  });
});
