import { describe, expect, test } from 'vitest';
import { type Capabilities, capabilitiesOf, hasOperation } from '../../src/core/capabilities.js';
import { DescriptorChecker, type WorkQueueRules } from '../../src/core/checks.js';
import type { DescriptorFields } from '../../src/core/encode-descriptor.js';
import { FLAG, OPERATION_FLAG } from '../../src/core/flags.js';
import { InterruptTable } from '../../src/core/interrupt-table.js';
import { OPCODE, operationName, operationRule, operationRules } from '../../src/core/operations.js';
import { STATUS } from '../../src/core/status.js';
import { ReferenceDescriptor } from '../core-reference/descriptor.js';
import { reservedBits, reservedBytes } from '../core-reference/shapes.js';
import { Bench, descriptorOf, RECORD, RECORD_ADDRESS, requested, workQueueRules } from './bench-subject.js';

const A = 0x10_0000;
const B = 0x20_0000;
const C = 0x30_0000;

/** A descriptor of every operation that passes all checks. */
const LEGAL: Record<string, DescriptorFields> = {
  nop: { opcode: OPCODE.nop },
  batch: { opcode: OPCODE.batch, source: A, size: 2 },
  drain: { opcode: OPCODE.drain },
  memmove: { opcode: OPCODE.memmove, source: A, destination: B, size: 64 },
  fill: { opcode: OPCODE.fill, destination: B, size: 64 },
  compare: { opcode: OPCODE.compare, source: A, destination: B, size: 64 },
  compare_pattern: { opcode: OPCODE.compare_pattern, source: A, size: 64 },
  create_delta: {
    opcode: OPCODE.create_delta,
    source: A,
    destination: B,
    size: 64,
    deltaAddress: C,
    maxDeltaBytes: 80,
  },
  apply_delta: { opcode: OPCODE.apply_delta, source: A, destination: B, size: 64, deltaRecordBytes: 10 },
  dualcast: { opcode: OPCODE.dualcast, source: A, destination: B, destination2: C, size: 64 },
  translation_fetch: { opcode: OPCODE.translation_fetch, source: A, size: 64 },
  crc: { opcode: OPCODE.crc, source: A, size: 64 },
  copy_crc: { opcode: OPCODE.copy_crc, source: A, destination: B, size: 64 },
  dif_check: { opcode: OPCODE.dif_check, source: A, size: 520 },
  dif_insert: { opcode: OPCODE.dif_insert, source: A, destination: B, size: 512 },
  dif_strip: { opcode: OPCODE.dif_strip, source: A, destination: B, size: 520 },
  dif_update: { opcode: OPCODE.dif_update, source: A, destination: B, size: 520 },
  dix_generate: { opcode: OPCODE.dix_generate, source: A, destination: B, size: 512 },
  cache_flush: { opcode: OPCODE.cache_flush, destination: B, size: 64 },
  update_window: { opcode: OPCODE.update_window, source: A, destination: 4096 },
  id_copy: { opcode: OPCODE.id_copy, flags: 0x1_0000, source: A, destination: B, size: 64 },
  id_fill: { opcode: OPCODE.id_fill, flags: 0x2_0000, destination: B, size: 64 },
  id_compare: { opcode: OPCODE.id_compare, flags: 0x3_0000, source: A, destination: B, size: 64 },
  id_compare_pattern: { opcode: OPCODE.id_compare_pattern, flags: 0x1_0000, source: A, size: 64 },
};

const legal = (name: string): DescriptorFields => requested(LEGAL[name]!);

describe('the operation table', () => {
  test('has a legal descriptor here for every operation', () => {
    expect(Object.keys(LEGAL).sort()).toEqual(Object.keys(OPCODE).sort());
  });

  test.each(Object.keys(LEGAL))('%s passes every check on revision 2.0', (name) => {
    expect(new Bench('2.0').check(legal(name))).toBe(0);
  });

  test.each(Object.keys(LEGAL))('%s exists in the revision that the table says', (name) => {
    const rule = operationRule(OPCODE[name as keyof typeof OPCODE])!;
    const isLater = /^(translation_fetch|dix_generate|update_window|id_.*)$/.test(name);
    expect(rule.generation).toBe(isLater ? '2.0' : '1.0');
    expect(new Bench('1.0').check(legal(name))).toBe(isLater ? STATUS.bad_opcode : 0);
    expect(operationName(rule.opcode)).toBe(name);
    for (const generation of ['1.0', '2.0'] as const) {
      const expected = generation === '2.0' || !isLater;
      expect(hasOperation(capabilitiesOf(generation).operations, rule.opcode)).toBe(expected);
    }
  });

  test('has no other operation, in either OPCAP', () => {
    const known = new Set(operationRules().map((rule) => rule.opcode));
    for (let opcode = 0; opcode < 256; opcode++) {
      if (known.has(opcode)) continue;
      expect(operationRule(opcode)).toBeUndefined();
      expect(hasOperation(capabilitiesOf('2.0').operations, opcode)).toBe(false);
      expect(new Bench('2.0').check({ ...legal('nop'), opcode })).toBe(STATUS.bad_opcode);
    }
    expect(operationName(0x99)).toBe('opcode_0x99');
  });

  test('has nothing behind a bit of OPCAP for an operation of a later revision', () => {
    const operations = [0xffff_ffff, 0xffff_ffff, 0, 0, 0, 0, 0, 0];
    const bench = new Bench('2.0', undefined, { operations });
    expect(bench.check({ ...legal('nop'), opcode: 0x18 })).toBe(STATUS.bad_opcode);
    expect(bench.check(legal('nop'))).toBe(0);
  });

  test('needs no interrupt table for a descriptor that asks for no interrupt', () => {
    expect(new Bench().check(legal('nop'), { interruptTable: new InterruptTable(0) })).toBe(0);
  });

  // Columns of table 5-3, transcribed apart from the source: BOF, check result, cache control, strict order, A1-A3.
  const X = FLAG;
  const CC = X.cache_control_1 | X.cache_control_2 | X.cache_control_3;
  const COLUMNS: Record<string, number> = {
    nop: 0,
    batch: X.address_1_tc_selector,
    drain: 0,
    memmove: X.block_on_fault | CC | X.strict_ordering | X.address_1_tc_selector | X.address_2_tc_selector,
    fill: X.block_on_fault | CC | X.strict_ordering | X.address_2_tc_selector,
    compare: X.block_on_fault | X.check_result | X.address_1_tc_selector | X.address_2_tc_selector,
    compare_pattern: X.block_on_fault | X.check_result | X.address_1_tc_selector,
    apply_delta:
      X.block_on_fault | CC | X.strict_ordering | X.address_1_tc_selector | X.address_2_tc_selector,
    translation_fetch: X.block_on_fault,
    crc: X.block_on_fault | X.address_1_tc_selector,
    copy_crc: X.block_on_fault | CC | X.strict_ordering | X.address_1_tc_selector | X.address_2_tc_selector,
    dif_check: X.block_on_fault | X.address_1_tc_selector,
  };
  COLUMNS.create_delta = COLUMNS.memmove! | X.check_result | X.address_3_tc_selector;
  COLUMNS.dualcast = COLUMNS.memmove! | X.address_3_tc_selector;
  for (const name of ['dif_insert', 'dif_strip', 'dif_update', 'dix_generate'])
    COLUMNS[name] = COLUMNS.memmove!;
  COLUMNS.cache_flush = X.block_on_fault | X.cache_control_2 | X.strict_ordering | X.address_2_tc_selector;
  COLUMNS.update_window = 0;
  COLUMNS.id_copy = COLUMNS.memmove!;
  COLUMNS.id_fill = COLUMNS.fill!;
  COLUMNS.id_compare = COLUMNS.compare!;
  COLUMNS.id_compare_pattern = COLUMNS.compare_pattern!;

  test.each(Object.keys(LEGAL))('%s allows the flags of its row and no others', (name) => {
    const bench = new Bench('2.0', undefined, { durableWrite: true });
    for (let bit = 0; bit < 16; bit++) {
      const flag = 1 << bit;
      // The fence needs a batch; the first four are common to all, and this one names a handle.
      if (flag <= 0x10 && flag !== X.block_on_fault) continue;
      const fields = { ...legal(name), flags: legal(name).flags! | flag };
      const isLegal = flag === X.completion_record_tc_selector || (COLUMNS[name]! & flag) !== 0;
      const status = bench.check(fields, { blockOnFault: true });
      expect(status, `bit ${bit}`).toBe(isLegal ? 0 : STATUS.invalid_flags);
      if (!isLegal) expect(bench.checker.invalidFlags).toBe(flag);
    }
  });

  const { batch, drain, fill, translation_fetch, crc, update_window, inter_domain } = OPERATION_FLAG;
  test.each<[string, number, keyof Capabilities]>([
    ['batch', batch.batch_error, 'batchContinuation'],
    ['drain', drain.readback_address_1_valid, 'drainReadback'],
    ['drain', drain.readback_address_2_valid, 'drainReadback'],
    ['fill', fill.pattern_16_bytes, 'fill16'],
    ['translation_fetch', translation_fetch.use_stride, 'translationFetchStride'],
    ['crc', crc.crc64, 'crc64'],
    ['copy_crc', crc.crc64, 'crc64'],
    ['update_window', update_window.suppress_drain, 'updateWindowSuppressDrain'],
    ['id_fill', inter_domain.pattern_16_bytes, 'fill16'],
  ])('%s has flag %i where the device has the capability', (name, flag, capability) => {
    const invalid = (has: boolean): number => {
      const bench = new Bench('2.0', undefined, { [capability]: has });
      bench.check({ ...legal(name), flags: legal(name).flags! | flag });
      return bench.checker.invalidFlags;
    };
    expect([invalid(true), invalid(false)]).toEqual([0, flag]);
  });

  test.each(Object.keys(LEGAL))('%s reserves every byte that its row does not use', (name) => {
    const bench = new Bench('2.0');
    const image = new ReferenceDescriptor(descriptorOf(legal(name)).bytes.slice());
    const reserved = reservedBytes(image);
    const partly = reservedBits(image).map(([offset]) => offset);
    for (let offset = 16; offset < 64; offset++) {
      const descriptor = descriptorOf(legal(name));
      descriptor.bytes[offset] = 0x80;
      descriptor.refresh();
      const status = bench.checker.check(descriptor, workQueueRules(), false);
      if (reserved.has(offset)) expect(status, `byte ${offset}`).toBe(STATUS.nozero_reserve);
      else if (!partly.includes(offset)) expect(status, `byte ${offset}`).not.toBe(STATUS.nozero_reserve);
    }
  });

  test.each(Object.keys(LEGAL))('%s is a batch member or not, as its row says', (name) => {
    const inside = !['batch', 'drain', 'update_window'].includes(name);
    expect(new Bench('2.0').check(legal(name), {}, true)).toBe(inside ? 0 : STATUS.bad_opcode);
  });

  test.each(Object.keys(LEGAL))('%s asks for the record that its row needs', (name) => {
    const needed = [
      'compare',
      'compare_pattern',
      'create_delta',
      'crc',
      'copy_crc',
      'dif_check',
      'id_compare',
      'id_compare_pattern',
    ];
    const bench = new Bench('2.0');
    const flags = LEGAL[name]!.flags ?? 0;
    const status = bench.check({ ...LEGAL[name]!, flags });
    const expected = needed.includes(name) ? RECORD : name === 'drain' ? 0x18 : 0;
    expect(status).toBe(expected === 0 ? 0 : STATUS.invalid_flags);
    expect(bench.checker.invalidFlags).toBe(expected);
  });
});

describe('the order of checks', () => {
  /** Each step adds a fault that is checked before those of the steps after it. */
  const steps: [number, Partial<DescriptorFields>, Partial<WorkQueueRules>][] = [
    [STATUS.traffic_class_conf, { flags: RECORD | FLAG.strict_ordering | FLAG.address_2_tc_selector }, {}],
    [STATUS.overlap_buffers, { destination2: A }, {}],
    [STATUS.dcast_err, { destination2: A + 8 }, {}],
    [STATUS.xfer_erange, { size: 0 }, {}],
    [STATUS.int_handle_inval, { interruptHandle: 99 }, {}],
    [STATUS.priv_bad, { priv: 1 }, { mode: 'shared', privilegedMode: false }],
    [STATUS.nozero_reserve, {}, {}],
    [STATUS.invalid_flags, {}, {}],
    [STATUS.bad_opcode, { opcode: 0x77 }, {}],
    [STATUS.cra_align, { completionAddress: RECORD_ADDRESS + 1 }, {}],
  ];

  test.each(steps.map(([status], i) => [status.toString(16), i] as const))(
    'status %s wins over those after it',
    (_, last) => {
      let fields: DescriptorFields = requested({
        opcode: OPCODE.dualcast,
        source: A,
        destination: B,
        destination2: C,
        size: 64,
      });
      let rules: Partial<WorkQueueRules> = {};
      for (const [, change, rule] of steps.slice(0, last + 1)) {
        fields = { ...fields, ...change };
        rules = { ...rules, ...rule };
      }
      fields.flags = fields.flags! | FLAG.request_completion_interrupt;
      if (last >= 7) fields.flags |= FLAG.check_result;
      const descriptor = descriptorOf(fields);
      if (last >= 6) descriptor.bytes[63] = 1;
      const checker = new DescriptorChecker(capabilitiesOf('1.0'));
      expect(checker.check(descriptor, workQueueRules(rules), false)).toBe(steps[last]![0]);
    },
  );

  test('puts alignment before the size of a delta record, and the size before both', () => {
    const bench = new Bench();
    const delta = { ...legal('create_delta'), maxDeltaBytes: 8 };
    expect(bench.check(delta)).toBe(STATUS.dr_erange);
    expect(bench.check({ ...delta, source: A + 1 })).toBe(STATUS.addr_align);
    expect(bench.check({ ...delta, source: A + 1, size: 0x8_0008 })).toBe(STATUS.xfer_erange);
    const batch = { ...legal('batch'), source: A + 8 };
    expect(bench.check(batch)).toBe(STATUS.desclist_align);
    expect(bench.check({ ...batch, size: 0 })).toBe(STATUS.desc_cnt_erange);
  });
});

describe('flags', () => {
  const bench = new Bench('1.0');
  const flagsOf = (
    fields: DescriptorFields,
    rules: Partial<WorkQueueRules> = {},
    subject = bench,
  ): number => {
    const status = subject.check(fields, rules);
    return status === STATUS.invalid_flags ? subject.checker.invalidFlags : 0 - status;
  };

  test('block on fault needs a queue that allows it', () => {
    const fields = { ...legal('memmove'), flags: RECORD | FLAG.block_on_fault };
    expect(flagsOf(fields)).toBe(FLAG.block_on_fault);
    expect(flagsOf(fields, { blockOnFault: true })).toBe(0);
    const without = new Bench('1.0', undefined, { blockOnFault: false });
    expect(flagsOf(fields, { blockOnFault: true }, without)).toBe(FLAG.block_on_fault);
  });

  test('a record request or selector needs a record address', () => {
    const flags = FLAG.request_completion_record | FLAG.completion_record_tc_selector;
    expect(flagsOf({ opcode: OPCODE.nop, flags })).toBe(flags);
    expect(bench.check({ opcode: OPCODE.nop, completionAddress: 32 })).toBe(STATUS.nozero_reserve);
    expect(bench.check({ opcode: OPCODE.nop, interruptHandle: 1 })).toBe(STATUS.nozero_reserve);
  });

  test('a user may be refused interrupts', () => {
    const fields = { opcode: OPCODE.nop, flags: FLAG.request_completion_interrupt, interruptHandle: 1 };
    const rules = { userInterrupts: false };
    expect(flagsOf(fields, rules)).toBe(FLAG.request_completion_interrupt);
    expect(flagsOf({ ...fields, priv: 1 }, rules)).toBe(0);
    expect(flagsOf(fields, { ...rules, pasidEnable: false })).toBe(0);
  });

  test.each([
    [0b001, { cacheControl: true }, true],
    [0b001, { cacheControl: false }, false],
    [0b001, { destinationReadback: false }, true],
    [0b010, { destinationReadback: true }, true],
    [0b010, { destinationReadback: false }, false],
    [0b010, { cacheControl: false }, true],
    [0b011, {}, true],
    [0b011, { cacheControl: false }, false],
    [0b011, { destinationReadback: false }, false],
    [0b100, { durableWrite: true }, true],
    [0b100, { durableWrite: false }, false],
    [0b101, { durableWrite: true }, false],
    [0b110, {}, true],
    [0b110, { destinationReadback: false }, false],
    [0b111, { durableWrite: true }, false],
  ])('cache control %i with %o is legal: %s', (control, changes, expected) => {
    const flags =
      (control & 4 ? FLAG.cache_control_3 : 0) |
      (control & 2 ? FLAG.cache_control_2 : 0) |
      (control & 1 ? FLAG.cache_control_1 : 0);
    const subject = new Bench('2.0', undefined, changes);
    const fields = { ...legal('memmove'), flags: RECORD | flags };
    expect(flagsOf(fields, {}, subject)).toBe(expected ? 0 : flags);
  });

  test('cache control 3 is reserved on revision 1.0, and cache control 1 for a flush', () => {
    expect(flagsOf({ ...legal('memmove'), flags: RECORD | FLAG.cache_control_3 })).toBe(FLAG.cache_control_3);
    expect(flagsOf({ ...legal('cache_flush'), flags: RECORD | FLAG.cache_control_1 })).toBe(
      FLAG.cache_control_1,
    );
    expect(flagsOf({ ...legal('cache_flush'), flags: RECORD | FLAG.cache_control_2 })).toBe(0);
  });

  test('the seed selector needs a seed address, the readback selectors a readback', () => {
    const a3 = FLAG.address_3_tc_selector;
    const { read_seed } = OPERATION_FLAG.crc;
    expect(flagsOf({ ...legal('crc'), flags: RECORD | a3 })).toBe(a3);
    expect(flagsOf({ ...legal('crc'), flags: RECORD | a3 | read_seed })).toBe(0);
    const { readback_address_1_valid, readback_address_2_valid } = OPERATION_FLAG.drain;
    const selectors = FLAG.address_1_tc_selector | FLAG.address_2_tc_selector;
    expect(flagsOf({ ...legal('drain'), flags: RECORD | selectors })).toBe(selectors);
    const both = readback_address_1_valid | readback_address_2_valid;
    expect(flagsOf({ ...legal('drain'), flags: RECORD | selectors | both })).toBe(0);
    const without = new Bench('1.0', undefined, { drainReadback: false });
    expect(flagsOf({ ...legal('drain'), flags: RECORD | both }, {}, without)).toBe(both);
  });

  test('operation flags need their capability', () => {
    const old = (name: string, flag: number): number => flagsOf({ ...legal(name), flags: RECORD | flag });
    expect(old('fill', OPERATION_FLAG.fill.pattern_16_bytes)).toBe(OPERATION_FLAG.fill.pattern_16_bytes);
    expect(old('crc', OPERATION_FLAG.crc.crc64)).toBe(OPERATION_FLAG.crc.crc64);
    expect(old('batch', OPERATION_FLAG.batch.batch_error)).toBe(OPERATION_FLAG.batch.batch_error);
    expect(old('memmove', 0x1_0000)).toBe(0x1_0000);
  });

  test('an inter-domain operation needs an alternate operand', () => {
    const subject = new Bench('2.0');
    expect(flagsOf({ ...legal('id_copy'), flags: RECORD }, {}, subject)).toBe(0x3_0000);
    expect(flagsOf({ ...legal('id_fill'), flags: RECORD }, {}, subject)).toBe(0x2_0000);
    expect(flagsOf({ ...legal('id_compare_pattern'), flags: RECORD }, {}, subject)).toBe(0x1_0000);
  });
});

describe('fields', () => {
  test.each([
    ['the upper pattern', 'fill', { pattern2Low: 1 }, OPERATION_FLAG.fill.pattern_16_bytes],
    ['the upper half of a seed', 'crc', { crcSeedHigh: 1 }, OPERATION_FLAG.crc.crc64],
    ['the seed address', 'crc', { crcSeedAddress: 8 }, OPERATION_FLAG.crc.read_seed],
    [
      'the stride',
      'translation_fetch',
      { regionStrideBytes: 4096 },
      OPERATION_FLAG.translation_fetch.use_stride,
    ],
    ['readback 1', 'drain', { source: 8 }, OPERATION_FLAG.drain.readback_address_1_valid],
    ['readback 2', 'drain', { destination: 8 }, OPERATION_FLAG.drain.readback_address_2_valid],
    ['the upper pattern of an inter-domain fill', 'id_fill', { pattern2High: 1 }, 0x4_0000],
    ['the second handle of an inter-domain copy', 'id_copy', { destinationHandle: 1 }, 0x2_0000],
  ])('%s is reserved without its flag', (_, name, field, flag) => {
    const bench = new Bench('2.0');
    const fields = { ...legal(name), ...field };
    expect(bench.check(fields)).toBe(STATUS.nozero_reserve);
    expect(bench.check({ ...fields, flags: fields.flags! | flag })).toBe(0);
  });

  test('the seed is reserved when it is read from memory', () => {
    const flags = RECORD | OPERATION_FLAG.crc.read_seed;
    const bench = new Bench('2.0');
    expect(bench.check({ ...legal('crc'), flags, crcSeed: 1 })).toBe(STATUS.nozero_reserve);
    expect(bench.check({ ...legal('crc'), flags: flags | OPERATION_FLAG.crc.crc64, crcSeedHigh: 1 })).toBe(
      STATUS.nozero_reserve,
    );
  });

  test.each([
    ['dif_check', { difFlags: 0x10 }],
    ['dif_insert', { difFlags: 0x80 }],
    ['dif_insert', { destinationDifFlags: 4 }],
    ['dif_update', { destinationDifFlags: 1 }],
    ['update_window', { windowFlags: 0x10 }],
  ])('%s reserves the bits %o', (name, field) => {
    expect(new Bench('2.0').check({ ...legal(name), ...field })).toBe(STATUS.nozero_reserve);
  });

  test('the first word reserves its bits 30 to 20', () => {
    for (let bit = 20; bit < 31; bit++) {
      const descriptor = descriptorOf(legal('nop'));
      descriptor.bytes[bit >> 3]! |= 1 << (bit & 7);
      descriptor.refresh();
      const checker = new DescriptorChecker(capabilitiesOf('1.0'));
      expect(checker.check(descriptor, workQueueRules(), false), `bit ${bit}`).toBe(STATUS.nozero_reserve);
    }
  });
});

describe('sizes, alignment and overlap', () => {
  const bench = new Bench('2.0');
  const status = (
    name: string,
    changes: Partial<DescriptorFields>,
    rules: Partial<WorkQueueRules> = {},
  ): number => bench.check({ ...legal(name), ...changes }, rules);

  test.each([
    ['memmove', { size: 4096 }, 0],
    ['memmove', { size: 4097 }, STATUS.xfer_erange],
    ['create_delta', { maxDeltaBytes: 4096 }, 0],
    ['create_delta', { maxDeltaBytes: 4097 }, STATUS.dr_erange],
    ['create_delta', { maxDeltaBytes: 79 }, STATUS.dr_erange],
    ['apply_delta', { deltaRecordBytes: 4096 }, 0],
    ['apply_delta', { deltaRecordBytes: 4097 }, STATUS.dr_erange],
    ['apply_delta', { deltaRecordBytes: 9 }, STATUS.dr_erange],
  ])('%s with %o on a queue of 4096 bytes ends with %i', (name, changes, expected) => {
    expect(status(name, changes, { maxTransferBytes: 4096 })).toBe(expected);
  });

  test.each([
    ['create_delta', { size: 0x8_0000, deltaAddress: 0x90_0000 }, 0],
    ['create_delta', { size: 0x8_0008 }, STATUS.xfer_erange],
    ['apply_delta', { size: 0x8_0008 }, STATUS.xfer_erange],
    ['dif_check', { size: 521 }, STATUS.xfer_erange],
    ['dif_check', { size: 1056, difFlags: 1 }, 0],
    ['dif_check', { size: 8208, difFlags: 2 }, 0],
    ['dif_check', { size: 8224, difFlags: 3 }, 0],
    ['dif_insert', { size: 520 }, STATUS.xfer_erange],
    ['dix_generate', { size: 513 }, STATUS.xfer_erange],
    ['create_delta', { size: 60 }, STATUS.addr_align],
    ['create_delta', { destination: B + 4 }, STATUS.addr_align],
    ['apply_delta', { destination: B + 1 }, STATUS.addr_align],
    ['apply_delta', { source: A + 1 }, 0],
    ['crc', { flags: RECORD | 0x1_0000, crcSeedAddress: 6 }, STATUS.addr_align],
    ['crc', { flags: RECORD | 0x1_0000, crcSeedAddress: 4 }, 0],
    ['crc', { flags: RECORD | 0x9_0000, crcSeedAddress: 4 }, STATUS.addr_align],
    ['translation_fetch', { flags: RECORD | 0x1_0000, regionStrideBytes: 2048 }, STATUS.addr_align],
    ['translation_fetch', { flags: RECORD | 0x1_0000, regionStrideBytes: 12288 }, STATUS.addr_align],
    ['translation_fetch', { flags: RECORD | 0x1_0000, regionStrideBytes: 8192 }, 0],
    ['dix_generate', { destination: B + 4 }, STATUS.addr_align],
    ['dualcast', { destination2: C + 1 }, STATUS.dcast_err],
    ['dualcast', { destination: A + 4096, destination2: C, size: 4097 }, STATUS.overlap_buffers],
    ['dualcast', { destination2: B }, STATUS.overlap_buffers],
    ['copy_crc', { destination: A + 63 }, STATUS.overlap_buffers],
    ['copy_crc', { destination: A + 64 }, 0],
    ['dif_insert', { destination: A - 519 }, STATUS.overlap_buffers],
    ['dif_insert', { destination: A - 520 }, 0],
    ['dif_strip', { destination: A - 512 }, 0],
    ['dif_strip', { destination: A - 511 }, STATUS.overlap_buffers],
    ['dif_update', { destination: A + 519 }, STATUS.overlap_buffers],
    ['dix_generate', { destination: A - 8 }, 0],
    ['dix_generate', { destination: A + 504 }, STATUS.overlap_buffers],
    ['create_delta', { deltaAddress: A - 79 }, STATUS.overlap_buffers],
    ['create_delta', { deltaAddress: B + 63 }, STATUS.overlap_buffers],
    ['create_delta', { deltaAddress: A - 80 }, 0],
    ['apply_delta', { source: B - 9 }, STATUS.overlap_buffers],
    ['apply_delta', { source: B - 10 }, 0],
    ['memmove', { destination: A + 1 }, 0],
    ['id_copy', { destination: A + 1 }, 0],
  ] as [string, Partial<DescriptorFields>, number][])(
    '%s with %o ends with %i',
    (name, changes, expected) => {
      expect(status(name, changes)).toBe(expected);
    },
  );

  test('an overlapping move needs the capability', () => {
    const without = new Bench('2.0', undefined, { overlappingCopy: false });
    expect(without.check({ ...legal('memmove'), destination: A + 1 })).toBe(STATUS.overlap_buffers);
    expect(without.check({ ...legal('memmove'), destination: A + 64 })).toBe(0);
  });

  test('the traffic classes of the writes must agree under strict ordering', () => {
    const so = RECORD | FLAG.strict_ordering;
    const { address_2_tc_selector: a2, address_3_tc_selector: a3, completion_record_tc_selector: cr } = FLAG;
    expect(status('memmove', { flags: so })).toBe(0);
    expect(status('memmove', { flags: so | a2 })).toBe(STATUS.traffic_class_conf);
    expect(status('memmove', { flags: so | a2 }, { trafficClassB: 0 })).toBe(0);
    expect(status('memmove', { flags: so | a2 | cr })).toBe(0);
    expect(status('memmove', { flags: FLAG.strict_ordering | a2, completionAddress: 0 })).toBe(0);
    expect(status('memmove', { flags: RECORD | a2 })).toBe(0);
    expect(status('dualcast', { flags: so | a2 | cr })).toBe(STATUS.traffic_class_conf);
    expect(status('dualcast', { flags: so | a2 | a3 | cr })).toBe(0);
    expect(status('create_delta', { flags: so | a2 })).toBe(0);
    expect(status('create_delta', { flags: so | a3 })).toBe(STATUS.traffic_class_conf);
  });
});

describe('a work queue', () => {
  test('may mask operations, never add them', () => {
    const bench = new Bench('1.0');
    const only = (opcode: number): number[] =>
      Array.from({ length: 8 }, (_, word) => (opcode >> 5 === word ? 1 << (opcode & 31) : 0));
    expect(bench.check(legal('memmove'), { opConfig: only(OPCODE.memmove) })).toBe(0);
    expect(bench.check(legal('memmove'), { opConfig: only(OPCODE.fill) })).toBe(STATUS.bad_opcode);
    expect(bench.check(legal('dix_generate'), { opConfig: only(OPCODE.dix_generate) })).toBe(
      STATUS.bad_opcode,
    );
  });

  test('without address translation has no Translation Fetch', () => {
    expect(new Bench('2.0').check(legal('translation_fetch'), { addressTranslation: false })).toBe(
      STATUS.bad_opcode,
    );
  });

  test('that is dedicated does not mind a privileged descriptor', () => {
    const bench = new Bench();
    const rules = { privilegedMode: false };
    expect(bench.check({ ...legal('nop'), priv: 1 }, rules)).toBe(0);
    expect(bench.check({ ...legal('nop'), priv: 1 }, { ...rules, mode: 'shared' })).toBe(STATUS.priv_bad);
    expect(bench.check({ ...legal('nop'), priv: 1 }, { mode: 'shared' })).toBe(0);
  });
});
