import { describe, expect, test } from 'vitest';
import { AddressSpace } from '../../src/core/address-space.js';
import type { DescriptorFields } from '../../src/core/encode-descriptor.js';
import { FLAG } from '../../src/core/flags.js';
import { OPCODE, type OperationName } from '../../src/core/operations.js';
import { STATUS } from '../../src/core/status.js';
import { Bench, noise, RECORD_ADDRESS, requested } from './bench-subject.js';
import { DeviceBench } from './device-subject.js';

const A = 0x10_0000;
const B = 0x20_0000;
const C = 0x30_0000;
const SIZE = 0x2000;
/** The page that is absent lies one page into an operand. */
const SECOND = 0x1000;
const [S1, S2, D1, D2] = [1, 2, 3, 4];

type Row = [page: number, operand: number, write: boolean, bytesCompleted: number];

const plain = { source: A, destination: B, size: SIZE };
/** For each operation, what the record says when the second page of each operand in turn is absent. */
const CASES: [OperationName, Omit<DescriptorFields, 'opcode'>, Row[]][] = [
  [
    'memmove',
    plain,
    [
      [A, S1, false, SECOND],
      [B, D1, true, SECOND],
    ],
  ],
  ['fill', { destination: B, size: SIZE }, [[B, D1, true, SECOND]]],
  [
    'compare',
    plain,
    [
      [A, S1, false, SECOND],
      [B, S2, false, SECOND],
    ],
  ],
  ['compare_pattern', { source: C, size: SIZE }, [[C, S1, false, SECOND]]],
  [
    'create_delta',
    { ...plain, deltaAddress: C, maxDeltaBytes: SIZE },
    [
      [A, S1, false, SECOND],
      [B, S2, false, SECOND],
    ],
  ],
  [
    'dualcast',
    { ...plain, destination2: C },
    [
      [A, S1, false, SECOND],
      [B, D1, true, SECOND],
      [C, D2, true, SECOND],
    ],
  ],
  ['translation_fetch', { source: A, size: SIZE }, [[A, S1, false, SECOND]]],
  ['crc', { source: A, size: SIZE }, [[A, S1, false, SECOND]]],
  [
    'copy_crc',
    plain,
    [
      [A, S1, false, SECOND],
      [B, D1, true, SECOND],
    ],
  ],
  [
    'dif_insert',
    plain,
    [
      [A, S1, false, SECOND],
      [B, D1, true, 7 * 512],
    ],
  ],
  [
    'dix_generate',
    { source: A, destination: B, size: 0x8_0000 },
    [
      [A, S1, false, SECOND],
      [B, D1, true, 512 * 512],
    ],
  ],
  ['cache_flush', { destination: B, size: SIZE }, [[B, D1, false, SECOND]]],
];

/** A bench on which A and B hold the same bytes, and C and what lies behind it zeros. */
function bench(): Bench {
  const subject = new Bench('2.0', new AddressSpace());
  for (const at of [A, B]) subject.put(at, noise(SIZE, 3));
  return subject;
}

describe('a fault', () => {
  const rows = CASES.flatMap(([name, fields, list]) => list.map((row) => [name, row, fields] as const));

  test.each(rows)(
    'of %s names page, operand and direction: %j',
    (name, [page, operand, write, done], fields) => {
      const subject = bench();
      subject.space.setAbsent(page + SECOND);
      const flags = (fields.flags ?? 0) | FLAG.block_on_fault;
      for (const [status, changes] of [
        [STATUS.page_fault_nobof, {}],
        [STATUS.page_fault_ir, { flags }],
      ] as const) {
        expect(subject.run({ opcode: OPCODE[name], ...fields, ...changes })).toMatchObject({
          status,
          writeFault: write,
          faultAddress: page + SECOND,
          faultInfo: operand << 1,
          bytesCompleted: done,
        });
      }
    },
  );

  test.each([
    ['memmove', S1],
    ['compare', S1],
    ['create_delta', S1],
    ['copy_crc', S1],
    ['dualcast', S1],
  ] as const)('of %s at the same byte of all operands names the first', (name, operand) => {
    const subject = bench();
    for (const page of [A, B, C]) subject.space.setAbsent(page + SECOND);
    const more =
      name === 'create_delta' ? { deltaAddress: C + 0x10_0000, maxDeltaBytes: 80 } : { destination2: C };
    const fields =
      name === 'memmove' || name === 'compare' || name === 'copy_crc' ? plain : { ...plain, ...more };
    expect(subject.run({ opcode: OPCODE[name], ...fields }).faultInfo).toBe(operand << 1);
  });

  test('on the seed of a CRC comes before any data', () => {
    const subject = bench();
    subject.space.setAbsent(C);
    const record = subject.run({
      opcode: OPCODE.crc,
      flags: 0x1_0000,
      source: A,
      size: 64,
      crcSeedAddress: C,
    });
    expect(record).toMatchObject({
      status: 3,
      writeFault: false,
      faultInfo: S2 << 1,
      bytesCompleted: 0,
      crc: 0,
    });
  });

  test('on a delta record is one of writing when it is created, and of the buffer when it is applied', () => {
    const subject = bench();
    subject.put(A + 0x800, noise(0x800, 9));
    subject.space.setAbsent(C + SECOND);
    const create = { opcode: OPCODE.create_delta, ...plain, deltaAddress: C + 0xff0, maxDeltaBytes: 800 };
    expect(subject.run(create)).toMatchObject({
      ...{ status: 3, writeFault: true, faultInfo: D1 << 1, faultAddress: C + SECOND },
      ...{ bytesCompleted: 0x808, result: 1, deltaRecordBytes: 10 },
    });
    subject.space.setAbsent(B);
    const apply = {
      opcode: OPCODE.apply_delta,
      source: C + 0xff0,
      destination: B,
      size: SIZE,
      deltaRecordBytes: 10,
    };
    expect(subject.run(apply)).toMatchObject({
      status: 3,
      writeFault: true,
      faultInfo: D1 << 1,
      bytesCompleted: 0,
    });
  });

  test('of a copy that runs backward names the last byte of the page', () => {
    for (const [page, operand, write] of [
      [A, S1, false],
      [A + SIZE, D1, true],
    ] as const) {
      const subject = bench();
      subject.space.setAbsent(page);
      const record = subject.run({ opcode: OPCODE.memmove, source: A, destination: A + 0x800, size: SIZE });
      expect(record).toMatchObject({ status: 3, result: 1, writeFault: write, faultInfo: operand << 1 });
      expect(record.faultAddress).toBe(page);
    }
  });

  test('before a difference hides it, and after it does not', () => {
    const subject = bench();
    subject.space.setAbsent(C + SECOND);
    const compare = { opcode: OPCODE.compare_pattern, source: C, size: SIZE };
    expect(subject.run(compare)).toMatchObject({ status: 3, result: 0 });
    subject.space.writeByte(C + 9, 1);
    expect(subject.run(compare)).toMatchObject({ status: 1, result: 1, bytesCompleted: 9 });
  });

  test.each([
    ['source', 0x1_0000, { sourceHandle: 1 }, 1],
    ['destination', 0x2_0000, { destinationHandle: 1 }, 1],
    ['source of two', 0x3_0000, { sourceHandle: 1, destinationHandle: 4 }, 1],
  ] as const)('behind a table entry names its handle: %s', (_, flags, handles, handle) => {
    const subject = new DeviceBench({ generation: '2.0' });
    subject.other.setAbsent(A);
    subject.other.setAbsent(B);
    subject.submit(requested({ opcode: OPCODE.id_copy, flags, ...plain, size: 64, ...handles }));
    expect(subject.recordAt(RECORD_ADDRESS)).toMatchObject({ status: 3, faultHandle: handle });
  });

  test.each([
    ['source', 0x2_0000, A, { destinationHandle: 1 }],
    ['destination', 0x1_0000, B, { sourceHandle: 1 }],
  ] as const)('of the own %s names no handle', (_, flags, page, handles) => {
    const subject = new DeviceBench({ generation: '2.0' });
    subject.space.setAbsent(page);
    subject.submit(requested({ opcode: OPCODE.id_copy, flags, ...plain, size: 64, ...handles }));
    expect(subject.recordAt(RECORD_ADDRESS)).toMatchObject({ status: 3, faultHandle: 0 });
  });
});

describe('check result of Create Delta', () => {
  test.each([
    [0b001, 0, STATUS.success],
    [0b110, 0, STATUS.success_pred],
    [0b010, 1, STATUS.success],
    [0b101, 1, STATUS.success_pred],
    [0b100, 9, STATUS.success],
    [0b011, 9, STATUS.success_pred],
  ])('with mask %i and %i differing blocks ends in %i', (expectedResultMask, blocks, status) => {
    const subject = bench();
    for (let i = 0; i < blocks; i++)
      subject.space.writeByte(A + 8 * i, subject.space.readByte(A + 8 * i) ^ 1);
    const create = { opcode: OPCODE.create_delta, flags: FLAG.check_result, ...plain };
    const record = subject.run({ ...create, deltaAddress: C, maxDeltaBytes: 80, expectedResultMask });
    expect(record).toMatchObject({ status, result: blocks === 0 ? 0 : blocks === 1 ? 1 : 2 });
  });
});

describe('a copy that runs backward', () => {
  const [source, destination, size] = [A + 100, A + 9000, 14_000];

  test.each([
    ['the first page of the source', A, S1, false, source + size - (A + 0x1000)],
    ['a page of both', A + 0x3000, S1, false, 0],
    ['a page of the destination alone', A + 0x4000, D1, true, destination + size - (A + 0x5000)],
    ['its last page', A + 0x5000, D1, true, 0],
  ] as const)('stops at %s, with what lies behind it copied', (_, page, operand, write, copied) => {
    const subject = bench();
    const data = noise(size, 8);
    subject.put(source, data);
    subject.space.setAbsent(page);
    const flags = FLAG.block_on_fault;
    const record = subject.run({ opcode: OPCODE.memmove, flags, source, destination, size });
    expect(record).toMatchObject({
      status: STATUS.page_fault_ir,
      result: 1,
      faultAddress: page,
      writeFault: write,
      faultInfo: operand << 1,
      bytesCompleted: copied,
    });
    const found = subject.get(destination + size - copied, copied);
    expect(Buffer.compare(found, data.subarray(size - copied))).toBe(0);
  });

  test('names the source when both stop it at the same byte', () => {
    const subject = bench();
    for (const page of [A + 0x3000, A + 0x5000]) subject.space.setAbsent(page);
    const record = subject.run({ opcode: OPCODE.memmove, source: A, destination: A + 0x2000, size: 0x4000 });
    expect(record).toMatchObject({
      faultAddress: A + 0x3000,
      writeFault: false,
      bytesCompleted: 0,
      result: 1,
    });
  });
});

test('a delta is made of sources that end where memory does', () => {
  const subject = bench();
  const [first, second] = [2 ** 52 - 0x1000, 2 ** 52 - 0x2000];
  subject.put(first + 8, [1]);
  const record = subject.run({
    opcode: OPCODE.create_delta,
    source: first,
    destination: second,
    size: 0x1000,
    deltaAddress: C,
    maxDeltaBytes: 80,
  });
  expect(record).toMatchObject({ status: STATUS.success, result: 1, deltaRecordBytes: 10 });
});
