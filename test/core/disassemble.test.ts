import { describe, expect, test } from 'vitest';
import { CompletionRecord } from '../../src/core/completion-record.js';
import { describeDescriptor, describeRecord, flagNames } from '../../src/core/disassemble.js';
import type { DescriptorFields } from '../../src/core/encode-descriptor.js';
import { FLAG, OPERATION_FLAG } from '../../src/core/flags.js';
import { OPCODE, type OperationName, operationName } from '../../src/core/operations.js';
import { descriptorOf } from './bench-subject.js';

const words = (fields: DescriptorFields): string => describeDescriptor(descriptorOf(fields));

describe('a descriptor in words', () => {
  test.each<[string, DescriptorFields]>([
    ['nop', { opcode: OPCODE.nop }],
    ['batch: descriptors 0x1000, count 4', { opcode: OPCODE.batch, source: 0x1000, size: 4 }],
    ['drain: readback 1 0x0, readback 2 0x40', { opcode: OPCODE.drain, destination: 0x40 }],
    [
      'memmove: source 0x1000, destination 0x2000, size 64',
      { opcode: OPCODE.memmove, source: 0x1000, destination: 0x2000, size: 64 },
    ],
    [
      'fill: pattern 0x0000000200000001, destination 0x2000, size 9',
      { opcode: OPCODE.fill, patternLow: 1, patternHigh: 2, destination: 0x2000, size: 9 },
    ],
    [
      'compare: source 1 0x1, source 2 0x2, size 3',
      { opcode: OPCODE.compare, source: 1, destination: 2, size: 3 },
    ],
    [
      'compare_pattern: source 0x1, pattern 0x00000000000000ff, size 3',
      { opcode: OPCODE.compare_pattern, source: 1, patternLow: 255, size: 3 },
    ],
    [
      'create_delta: source 1 0x8, source 2 0x10, size 8, delta record 0x20, at most 80',
      {
        opcode: OPCODE.create_delta,
        source: 8,
        destination: 16,
        size: 8,
        deltaAddress: 32,
        maxDeltaBytes: 80,
      },
    ],
    [
      'apply_delta: delta record 0x8, of 10, destination 0x10, size 8',
      { opcode: OPCODE.apply_delta, source: 8, destination: 16, size: 8, deltaRecordBytes: 10 },
    ],
    [
      'dualcast: source 0x1, destination 0x2, destination 2 0x3, size 4',
      { opcode: OPCODE.dualcast, source: 1, destination: 2, destination2: 3, size: 4 },
    ],
    [
      'translation_fetch: region 0x1000, size 8192, stride 0',
      { opcode: OPCODE.translation_fetch, source: 0x1000, size: 8192 },
    ],
    ['crc: source 0x1, size 2, seed 0x00000003', { opcode: OPCODE.crc, source: 1, size: 2, crcSeed: 3 }],
    [
      'copy_crc: source 0x1, destination 0x9, size 2, seed at 0x8, flags read_seed',
      { opcode: OPCODE.copy_crc, flags: 0x1_0000, source: 1, destination: 9, size: 2, crcSeedAddress: 8 },
    ],
    [
      'crc: source 0x1, size 2, seed 0x0000000400000003, flags crc64',
      { opcode: OPCODE.crc, flags: 0x8_0000, source: 1, size: 2, crcSeed: 3, crcSeedHigh: 4 },
    ],
    ['dif_check: source 0x1, size 520, block 512', { opcode: OPCODE.dif_check, source: 1, size: 520 }],
    [
      'dif_insert: source 0x1, destination 0x2, size 4104, block 4104',
      { opcode: OPCODE.dif_insert, source: 1, destination: 2, size: 4104, difFlags: 3 },
    ],
    ['cache_flush: destination 0x1, size 2', { opcode: OPCODE.cache_flush, destination: 1, size: 2 }],
    [
      'update_window: window 0x1000, bytes 0x100, handle 4',
      { opcode: OPCODE.update_window, source: 0x1000, destination: 0x100, destinationHandle: 4 },
    ],
    [
      'opcode_0x99: source 0x1, destination 0x2, size 3',
      { opcode: 0x99, source: 1, destination: 2, size: 3 },
    ],
  ])('%s', (text, fields) => {
    expect(words(fields)).toBe(text);
  });

  test('says where it reports, and names its flags', () => {
    const flags =
      FLAG.fence | FLAG.completion_record_address_valid | FLAG.request_completion_interrupt | 0x40;
    expect(words({ opcode: OPCODE.nop, flags, completionAddress: 0x40, interruptHandle: 3 })).toBe(
      'nop: record 0x40, interrupt 3, flags fence completion_record_address_valid request_completion_interrupt reserved_bit_6',
    );
    const wide = OPERATION_FLAG.fill.pattern_16_bytes;
    expect(words({ opcode: OPCODE.fill, flags: wide, patternLow: 1, pattern2High: 2, size: 1 })).toContain(
      'pattern 0x0000000000000001, 0x0000000200000000',
    );
  });

  /** Bits 23:16 that each operation defines (specification table 8-3 and 8.3). */
  const OWN_BITS: Partial<Record<OperationName, number[]>> = {
    batch: [16],
    drain: [16, 17, 18, 19],
    fill: [18],
    translation_fetch: [16],
    crc: [16, 17, 18, 19],
    copy_crc: [16, 17, 18, 19],
    update_window: [16],
    id_copy: [16, 17, 18],
    id_fill: [16, 17, 18],
    id_compare: [16, 17, 18],
    id_compare_pattern: [16, 17, 18],
  };

  test.each(Object.entries(OPCODE))('has a name for each flag that %s may have', (name, opcode) => {
    const own = OWN_BITS[name as OperationName] ?? [];
    const reserved = [6, 15, 16, 17, 18, 19, 20, 21, 22, 23].filter((bit) => !own.includes(bit));
    const names = flagNames(opcode, 0xff_ffff);
    expect(names).toHaveLength(24);
    expect(new Set(names).size).toBe(24);
    const unnamed = names.flatMap((text, bit) => (text === `reserved_bit_${bit}` ? [bit] : []));
    expect(unnamed).toEqual(reserved);
    expect(flagNames(opcode, 0)).toEqual([]);
  });

  test.each<[OperationName, string]>([
    ['id_copy', 'memmove'],
    ['id_fill', 'fill'],
    ['id_compare', 'compare'],
    ['id_compare_pattern', 'compare_pattern'],
    ['dif_strip', 'dif_insert'],
    ['dif_update', 'dif_insert'],
    ['dix_generate', 'dif_insert'],
  ])('says of %s what it says of %s', (name, alike) => {
    const fields = { source: 0x10, destination: 0x20, size: 4, patternLow: 3, difFlags: 1 };
    const [text, other] = [name, alike].map((each) =>
      words({ ...fields, opcode: OPCODE[each as OperationName] }),
    );
    expect(text!.replace(name, alike)).toBe(other);
  });

  test('names the same bit after the operation that it belongs to', () => {
    const bit16 = 0x1_0000;
    expect(flagNames(OPCODE.batch, bit16)).toEqual(['batch_error']);
    expect(flagNames(OPCODE.drain, bit16)).toEqual(['readback_address_1_valid']);
    expect(flagNames(OPCODE.id_copy, bit16)).toEqual(['alternate_source_pasid']);
    expect(flagNames(OPCODE.memmove, bit16)).toEqual(['reserved_bit_16']);
  });
});

test('an operation that does not exist is named by its code', () => {
  expect([operationName(0x0b), operationName(0xff), operationName(OPCODE.crc)]).toEqual([
    'opcode_0x0b',
    'opcode_0xff',
    'crc',
  ]);
});

describe('a completion record in words', () => {
  const record = (changes: Partial<CompletionRecord>): CompletionRecord =>
    Object.assign(new CompletionRecord(), changes);

  test.each<[string, number, Partial<CompletionRecord>]>([
    ['not written', OPCODE.nop, {}],
    ['success (0x01), The operation completed.', OPCODE.nop, { status: 1 }],
    ['success (0x01), crc 0x000000ff, The operation completed.', OPCODE.crc, { status: 1, word16: 255 }],
    [
      'success (0x01), crc 0x1000000ff, The operation completed.',
      OPCODE.crc,
      { status: 1, word16: 255, word20: 1 },
    ],
    [
      'success (0x01), result 1, 7 bytes completed, The operation completed.',
      OPCODE.compare,
      { status: 1, result: 1, bytesCompleted: 7 },
    ],
    [
      'success (0x01), 4 descriptors completed, The operation completed.',
      OPCODE.batch,
      { status: 1, bytesCompleted: 4 },
    ],
    [
      'success (0x01), delta record of 20 bytes, The operation completed.',
      OPCODE.create_delta,
      { status: 1, word16: 20 },
    ],
    [
      'success (0x01), next reference tag 0x9, The operation completed.',
      OPCODE.dif_check,
      { status: 1, word16: 9 },
    ],
    [
      'success (0x01), next reference tag 0x9, The operation completed.',
      OPCODE.dif_insert,
      { status: 1, word24: 9 },
    ],
    [
      'invalid_flags (0x11), invalid flags fence check_result, A flag is reserved, unsupported or missing.',
      OPCODE.nop,
      { status: 0x11, word16: 0x81 },
    ],
    [
      'bad_opcode (0x10), The operation does not exist here, is masked by the work queue, or is illegal in a batch.',
      OPCODE.crc,
      { status: 0x10 },
    ],
  ])('%s', (text, opcode, changes) => {
    expect(describeRecord(record(changes), opcode)).toBe(text);
  });

  test('tells a read fault from a write fault', () => {
    const fault = { status: 3, faultAddress: 0x5000, bytesCompleted: 16 };
    expect(describeRecord(record(fault), OPCODE.memmove)).toContain(
      '16 bytes completed, read fault at 0x5000',
    );
    expect(describeRecord(record({ ...fault, writeFault: true }), OPCODE.memmove)).toContain(
      'write fault at 0x5000',
    );
    expect(describeRecord(record({ status: 3 }), OPCODE.memmove)).not.toContain('fault at');
  });

  test('tells what each operation leaves, unless it failed a check', () => {
    const left = (opcode: number, status: number): string =>
      describeRecord(record({ status, word16: 0x10, word24: 0x20 }), opcode);
    const LEAVES: [RegExp, OperationName[]][] = [
      [/crc 0x00000010/, ['crc', 'copy_crc']],
      [/record of 16 bytes/, ['create_delta']],
      [/next reference tag 0x10/, ['dif_check', 'dif_strip']],
      [/next reference tag 0x20/, ['dif_insert', 'dif_update', 'dix_generate']],
    ];
    for (const [text, names] of LEAVES) {
      for (const [name, opcode] of Object.entries(OPCODE)) {
        const leaves = names.includes(name as OperationName);
        for (const status of [1, 3, 9]) expect(text.test(left(opcode, status)), name).toBe(leaves);
        for (const status of [0x10, 0x20]) expect(left(opcode, status)).not.toMatch(text);
      }
    }
  });
});
