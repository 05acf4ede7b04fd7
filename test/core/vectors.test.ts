import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AddressSpace } from '../../src/core/address-space.js';
import { OPERATION_FLAG } from '../../src/core/flags.js';
import { OPCODE } from '../../src/core/operations.js';
import { t10Guard } from '../../src/core/t10-dif.js';
import { Bench, hex, ramp } from './bench-subject.js';

const vectors = JSON.parse(readFileSync(new URL('../data/dsa-vectors.json', import.meta.url), 'utf8')) as {
  crc32c: [string, string, string, string][];
  crc64: [string, string][];
  t10: [string, string, string][];
  dif: {
    dif_flags: string;
    dest_flags: string;
    ref: string;
    app_mask: string;
    app: string;
    tuples: string[];
    next_ref: string;
    next_app_unmasked: string;
  }[];
  delta: {
    src2_xor_hex: string;
    max: number;
    result: number;
    record: string;
    size: number;
    bytes_completed: number;
  }[];
};

const SOURCE = 0x1_0003;
const DESTINATION = 0x2_0000;

function bytesOf(text: string): Uint8Array {
  const [prefix, length] = text.split('..len');
  const head = Uint8Array.from(Buffer.from(prefix!, 'hex'));
  if (length === undefined || Number(length) === head.length) return head;
  return head[1] === head[0] ? new Uint8Array(Number(length)).fill(head[0]!) : ramp(Number(length));
}

describe('the vectors', () => {
  test.each(vectors.crc32c)('CRC32C of %s with seed %s and flags %s is %s', (data, seed, flags, crc) => {
    const bench = new Bench();
    const bytes = bytesOf(data);
    bench.put(SOURCE, bytes);
    const record = bench.run({
      opcode: OPCODE.crc,
      flags: Number(flags),
      source: SOURCE,
      size: bytes.length,
      crcSeed: Number(seed),
    });
    expect(record.crc.toString(16).padStart(8, '0')).toBe(crc);
  });

  test.each(vectors.crc64)('CRC64 of %s is %s', (data, crc) => {
    const bench = new Bench('2.0');
    const bytes = bytesOf(data);
    bench.put(SOURCE, bytes);
    const flags = OPERATION_FLAG.crc.crc64;
    const record = bench.run({ opcode: OPCODE.crc, flags, source: SOURCE, size: bytes.length });
    const digits = (value: number): string => value.toString(16).padStart(8, '0');
    expect(digits(record.crcHigh) + digits(record.crc)).toBe(crc);
  });

  test.each(vectors.t10)('the guard of %s with DIF flags %s is %s', (data, flags, guard) => {
    const space = new AddressSpace();
    const bytes = bytesOf(data);
    space.write(SOURCE, bytes, 0, bytes.length);
    expect(t10Guard(space, SOURCE, bytes.length, Number(flags)).toString(16).padStart(4, '0')).toBe(guard);
  });

  test.each(vectors.dif)('DIF Insert with flags $dif_flags/$dest_flags and tags $ref/$app', (row) => {
    const bench = new Bench();
    const block = [512, 520, 4096, 4104][Number(row.dif_flags) & 3]!;
    bench.put(SOURCE, ramp(3 * block));
    const record = bench.run({
      opcode: OPCODE.dif_insert,
      source: SOURCE,
      destination: DESTINATION,
      size: 3 * block,
      difFlags: Number(row.dif_flags),
      destinationDifFlags: Number(row.dest_flags),
      destinationReferenceTag: Number(row.ref),
      destinationApplicationMask: Number(row.app_mask),
      destinationApplicationTag: Number(row.app),
    });
    for (let k = 0; k < 3; k++) {
      const at = DESTINATION + k * (block + 8);
      expect(hex(bench.get(at, block))).toBe(hex(bench.get(SOURCE + k * block, block)));
      expect(hex(bench.get(at + block, 8))).toBe(row.tuples[k]);
    }
    expect(record.status).toBe(1);
    expect(record.destinationReferenceTag).toBe(Number.parseInt(row.next_ref, 16));
    expect(record.destinationApplicationTag).toBe(Number.parseInt(row.next_app_unmasked, 16));
    expect(record.destinationApplicationMask).toBe(Number(row.app_mask));
  });

  test.each(vectors.delta)('Create Delta with $max bytes of room ends with result $result', (row) => {
    const bench = new Bench();
    const source1 = ramp(512);
    const xor = Buffer.from(row.src2_xor_hex, 'hex');
    bench.put(0x1_0000, source1);
    bench.put(
      0x1_1000,
      source1.map((byte, i) => byte ^ xor[i]!),
    );
    const record = bench.run({
      opcode: OPCODE.create_delta,
      source: 0x1_0000,
      destination: 0x1_1000,
      size: 512,
      deltaAddress: DESTINATION + 3,
      maxDeltaBytes: row.max,
    });
    expect(record.status).toBe(1);
    expect(record.result).toBe(row.result);
    expect(record.deltaRecordBytes).toBe(row.size);
    expect(record.bytesCompleted).toBe(row.bytes_completed);
    expect(hex(bench.get(DESTINATION + 3, row.size))).toBe(row.record);
  });
});
