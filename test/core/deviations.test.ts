import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AddressSpace } from '../../src/core/address-space.js';
import { CompletionRecord } from '../../src/core/completion-record.js';
import type { DescriptorFields } from '../../src/core/encode-descriptor.js';
import { FLAG, OPERATION_FLAG } from '../../src/core/flags.js';
import { OperandList } from '../../src/core/operands.js';
import { OPCODE } from '../../src/core/operations.js';
import { requestPages } from '../../src/core/page-requests.js';
import { STATUS } from '../../src/core/status.js';
import { Bench, descriptorOf, noise, RECORD, requested } from './bench-subject.js';
import { DeviceBench } from './device-subject.js';

/** One test for each row of docs/DEVIATIONS.md, by its number: closing a freedom means editing both. */

const A = 0x10_0000;
const B = 0x20_0000;
const C = 0x30_0000;
const DONE = 0x7000_0000;

const ROWS: Record<number, () => void> = {
  1: () => {
    const bad: DescriptorFields = requested({
      opcode: 0x99,
      flags: FLAG.fence,
      size: 1,
      completionAddress: DONE,
    });
    expect(new Bench().check(bad)).toBe(STATUS.bad_opcode);
    expect(new Bench().check({ ...bad, completionAddress: DONE + 1 })).toBe(STATUS.cra_align);
  },
  2: () => {
    const bench = new Bench();
    const flags = RECORD | FLAG.fence | FLAG.check_result | FLAG.cache_control_3 | FLAG.cache_control_1;
    bench.check({ ...requested({ opcode: OPCODE.memmove, size: 1 }), flags });
    expect(bench.checker.invalidFlags).toBe(FLAG.fence | FLAG.check_result | FLAG.cache_control_3);
    const wide = new Bench('2.0');
    wide.check({ ...requested({ opcode: OPCODE.memmove, size: 1 }), flags });
    const cacheControl = FLAG.cache_control_3 | FLAG.cache_control_1;
    expect(wide.checker.invalidFlags).toBe(FLAG.fence | FLAG.check_result | cacheControl);
  },
  3: () => {
    expect(
      new Bench('2.0').check({ opcode: OPCODE.dix_generate, source: A, destination: B, size: 512 }),
    ).toBe(0);
  },
  4: () => {
    const bench = new Bench('2.0');
    bench.check({ opcode: OPCODE.id_compare, flags: 0x1_0000, source: A, destination: B, size: 8 });
    expect(bench.checker.invalidFlags).toBe(RECORD);
  },
  5: () => {
    const bench = new Bench('2.0');
    expect(bench.check(requested({ opcode: OPCODE.drain, source: 64 }))).toBe(STATUS.nozero_reserve);
  },
  6: () => {
    expect(
      new Bench().check(requested({ opcode: OPCODE.dif_insert, source: A, destination: B, size: 700 })),
    ).toBe(0x13);
  },
  7: () => {
    const fields = requested({ opcode: OPCODE.memmove, source: A, destination: B, size: 8 });
    const flags = fields.flags! | FLAG.strict_ordering | FLAG.address_2_tc_selector;
    expect(new Bench().check({ ...fields, flags })).toBe(STATUS.traffic_class_conf);
  },
  8: () => {
    const bench = new Bench();
    bench.put(B, [1, 0, 0, 0]);
    bench.put(A, noise(8, 1));
    const fields = { opcode: OPCODE.copy_crc, source: A, destination: B, size: 8 };
    const fromMemory = { ...fields, flags: OPERATION_FLAG.crc.read_seed, crcSeedAddress: B };
    const crc = bench.run(fromMemory).crc;
    expect(crc).toBe(bench.run({ ...fields, crcSeed: 1 }).crc);
  },
  9: () => {
    const bench = new Bench();
    const fields = { opcode: OPCODE.compare, flags: FLAG.check_result, source: A, destination: B, size: 8 };
    expect(bench.run({ ...fields, expectedResult: 0xfe }).status).toBe(STATUS.success);
  },
  10: () => {
    const descriptor = descriptorOf(requested({ opcode: OPCODE.nop }));
    descriptor.bytes[2] = 0x10;
    const bench = new DeviceBench();
    bench.submitImage(descriptor.bytes);
    expect(bench.recordAt(DONE).status).toBe(STATUS.nozero_reserve);
  },
  11: () => {
    const bench = new Bench();
    bench.space.setAbsent(A + 4096);
    expect(bench.run({ opcode: OPCODE.crc, source: A + 4093, size: 100 }).bytesCompleted).toBe(3);
    const dif = bench.run({ opcode: OPCODE.dif_insert, source: A + 3072, destination: B, size: 2048 });
    expect(dif.bytesCompleted).toBe(1024);
  },
  12: () => {
    const bench = new Bench('2.0');
    for (const page of [A, B]) bench.space.setAbsent(page);
    expect(bench.run({ opcode: OPCODE.memmove, source: A, destination: B, size: 8 })).toMatchObject({
      faultAddress: A,
      faultInfo: 2,
    });
  },
  13: () => {
    const bench = new Bench();
    bench.space.setAbsent(A);
    expect(bench.run({ opcode: OPCODE.crc, source: A + 0x123, size: 8 }).faultAddress).toBe(A);
  },
  14: () => {
    const bench = new Bench('2.0');
    bench.space.setAbsent(A);
    expect(bench.run({ opcode: OPCODE.crc, source: A, size: 8 }).faultInfo & 1).toBe(0);
  },
  15: () => {
    const bench = new Bench();
    bench.space.setAbsent(A + 4096);
    const pattern = { patternLow: 0x03020100, patternHigh: 0x07060504 };
    const record = bench.run({ opcode: OPCODE.fill, destination: A + 4093, size: 16, ...pattern });
    expect(record.bytesCompleted).toBe(3);
    expect([...bench.get(A + 4093, 4)]).toEqual([0, 1, 2, 0]);
  },
  16: () => {
    const bench = new Bench();
    bench.space.setAbsent(A);
    const move = { opcode: OPCODE.memmove, source: A, size: 8192 };
    expect(bench.run({ ...move, destination: A + 4096 })).toMatchObject({ result: 1, bytesCompleted: 4096 });
    expect(bench.run({ ...move, destination: A + 8192 })).toMatchObject({ result: 0, bytesCompleted: 0 });
  },
  17: () => {
    const bench = new Bench();
    bench.put(A, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]);
    expect(bench.run({ opcode: OPCODE.compare_pattern, source: A, size: 16 }).bytesCompleted).toBe(11);
  },
  18: () => {
    const bench = new Bench();
    bench.put(B, new Uint8Array(256).fill(1));
    const delta = { opcode: OPCODE.create_delta, source: A, destination: B, size: 256, deltaAddress: C };
    expect(bench.run({ ...delta, maxDeltaBytes: 99 })).toMatchObject({
      result: 2,
      bytesCompleted: 72,
      word16: 90,
    });
  },
  19: () => {
    const bench = new Bench();
    bench.put(A, [0, 0, 7, 7, 7, 7, 7, 7, 7, 7, 0, 0, 1]);
    const apply = { opcode: OPCODE.apply_delta, source: A, destination: B, size: 64, deltaRecordBytes: 13 };
    expect(bench.run(apply)).toMatchObject({ status: 1, bytesCompleted: 0 });
    expect([...bench.get(B, 9)]).toEqual([7, 7, 7, 7, 7, 7, 7, 7, 0]);
  },
  20: () => {
    const bench = new Bench();
    const tags = {
      destinationApplicationMask: 0xff00,
      destinationApplicationTag: 0x1234,
      destinationReferenceTag: 5,
    };
    const insert = {
      opcode: OPCODE.dif_insert,
      source: A,
      destination: B,
      size: 512,
      destinationDifFlags: 0x10,
    };
    expect(bench.run({ ...insert, ...tags }).destinationApplicationTag).toBe(0x1235);
    const check = { opcode: OPCODE.dif_check, source: B, size: 520, sourceReferenceTag: 6 };
    expect(bench.run(check)).toMatchObject({ status: STATUS.dif_err, sourceReferenceTag: 6 });
  },
  21: () => {
    const bench = new Bench();
    const insert = {
      opcode: OPCODE.dif_insert,
      source: A,
      destination: B,
      size: 512,
      destinationApplicationTag: 0x1234,
    };
    bench.run(insert);
    const check = { opcode: OPCODE.dif_check, source: B, size: 520, sourceApplicationMask: 0xff00 };
    expect(bench.run({ ...check, sourceApplicationTag: 0xab34 }).status).toBe(STATUS.success);
    expect(bench.run({ ...check, sourceApplicationTag: 0xab35 })).toMatchObject({
      status: STATUS.dif_err,
      result: 2,
    });
  },
  22: () => {
    const bench = new Bench();
    for (const page of [A - 4096, A + 4096]) bench.space.setAbsent(page);
    expect(bench.run({ opcode: OPCODE.crc, source: A, size: 4096 }).status).toBe(STATUS.success);
  },
  23: () => {
    const bench = new Bench();
    const limit = 2 ** 52;
    expect(bench.run({ opcode: OPCODE.crc, source: limit - 8, size: 16 })).toMatchObject({
      status: STATUS.page_fault_nobof,
      bytesCompleted: 8,
      faultAddress: limit,
    });
  },
  24: () => {
    const space = new AddressSpace();
    const operands = new OperandList();
    operands.from(descriptorOf({ opcode: OPCODE.memmove, source: A + 100, destination: B, size: 8192 }));
    for (const page of [A, A + 8192, B + 4096]) space.setAbsent(page);
    expect(requestPages(operands, space)).toBe(3);
    for (const page of [A, A + 8192, B + 4096]) expect(space.isPresent(page)).toBe(true);
    expect(requestPages(operands, space)).toBe(0);
  },
  25: () => {
    const bench = new DeviceBench();
    const copy = { opcode: OPCODE.memmove, flags: 0, size: 8 };
    bench.put(A, [1]);
    bench.putDescriptors(C, [
      { ...copy, source: A, destination: A + 8 },
      { ...copy, source: A + 8, destination: A + 16 },
    ]);
    bench.submit(requested({ opcode: OPCODE.batch, source: C, size: 2 }));
    expect(bench.space.readByte(A + 16)).toBe(1);
  },
  26: () => {
    const bench = new DeviceBench({ generation: '2.0' });
    bench.putDescriptors(C, [{ opcode: OPCODE.nop }, { opcode: OPCODE.nop, flags: FLAG.fence }]);
    const flags = OPERATION_FLAG.batch.batch_error;
    bench.submit(requested({ opcode: OPCODE.batch, flags, source: C, size: 2 }));
    expect(bench.recordAt(DONE)).toMatchObject({ status: STATUS.batch_fail, result: 1, bytesCompleted: 1 });
  },
  27: () => {
    const bench = new DeviceBench();
    bench.submit(requested({ opcode: OPCODE.batch, source: C, size: 3 }));
    expect(bench.recordAt(DONE)).toMatchObject({ status: STATUS.success, bytesCompleted: 3 });
  },
  28: () => {
    const bench = new DeviceBench();
    const fill = { opcode: OPCODE.fill, destination: A, size: 8, patternLow: 1 };
    // The first member replaces the second one's operation.
    bench.putDescriptors(C, [
      { opcode: OPCODE.memmove, source: B, destination: C + 64, size: 64 },
      { opcode: 0x99 },
    ]);
    bench.putDescriptors(B, [fill]);
    bench.submit(requested({ opcode: OPCODE.batch, source: C, size: 2 }));
    expect(bench.space.readByte(A)).toBe(1);
  },
  29: () => {
    const bench = new DeviceBench();
    bench.submit(requested({ opcode: OPCODE.nop }), true);
    expect(bench.device.abortWorkQueue(0)).toBe(1);
    expect(bench.recordAt(DONE).status).toBe(0);
  },
  30: () => {
    const bench = new DeviceBench({ pageRequests: false });
    bench.space.setAbsent(DONE);
    bench.submit(requested({ opcode: OPCODE.fill, destination: A, size: 8, patternLow: 1 }));
    expect(bench.space.readByte(A)).toBe(0);
    expect(bench.device.softwareError.report?.code).toBe(STATUS.cra_xlat);
  },
  31: () => {
    const bench = new DeviceBench({ generation: '2.0', pageRequests: false, eventLogEntries: 8 });
    bench.space.setAbsent(DONE);
    bench.submit(requested({ opcode: OPCODE.fill, destination: A, size: 8, patternLow: 1 }));
    expect(bench.space.readByte(A)).toBe(1);
    expect(bench.device.eventLog?.pending[0]?.code).toBe(STATUS.cra_xlat);
  },
  32: () => {
    const bad = { opcode: OPCODE.memmove };
    const old = new DeviceBench();
    old.submit(bad);
    expect(old.device.softwareError.report?.code).toBe(STATUS.xfer_erange);
    const young = new DeviceBench({ generation: '2.0', eventLogEntries: 8 });
    young.submit(bad);
    expect(young.device.softwareError.report).toBeNull();
    expect(young.device.eventLog?.pending[0]?.code).toBe(STATUS.xfer_erange);
  },
  33: () => {
    const bench = new DeviceBench();
    bench.submit({ opcode: OPCODE.memmove });
    bench.submit({ opcode: 0x99 });
    expect(bench.device.softwareError).toMatchObject({
      overflow: true,
      report: { code: STATUS.xfer_erange },
    });
  },
  34: () => {
    const bench = new DeviceBench({ generation: '2.0' });
    const copy = { opcode: OPCODE.id_copy, flags: 0x3_0000, source: 0, destination: 0, size: 8 };
    bench.submit(requested({ ...copy, sourceHandle: 3, destinationHandle: 0 }));
    expect(bench.recordAt(DONE)).toMatchObject({ status: STATUS.inter_domain_window_range, faultHandle: 3 });
  },
  35: () => {
    const bench = new DeviceBench({ generation: '2.0' });
    for (let i = 0; i < 16; i++) bench.other.writeByte(A + i, i);
    const copy = { opcode: OPCODE.id_copy, flags: 0x3_0000, source: A, destination: A + 4, size: 8 };
    bench.submit(requested({ ...copy, sourceHandle: 1, destinationHandle: 1 }));
    expect(bench.other.readByte(A + 11)).toBe(7);
  },
  36: () => {
    const bench = new DeviceBench({ generation: '2.0' });
    bench.other.setAbsent(0x9000);
    const copy = {
      opcode: OPCODE.id_copy,
      flags: 0x1_0000,
      source: 0xff8,
      destination: A,
      size: 16,
      sourceHandle: 6,
    };
    bench.submit(requested(copy));
    expect(bench.recordAt(DONE)).toMatchObject({ status: 3, bytesCompleted: 8, faultAddress: 0x9000 });
  },
  37: () => {
    const bench = new DeviceBench();
    const flags = RECORD | FLAG.request_completion_interrupt;
    for (const interruptHandle of [8, 9]) {
      bench.submit({ opcode: 0x99, flags, completionAddress: DONE, interruptHandle });
    }
    expect(bench.device.interrupts).toEqual([{ handle: 8, messageStore: false }]);
  },
  38: () => {
    const bench = new Bench('2.0');
    bench.space.setAbsent(A + 4096);
    expect(bench.run({ opcode: OPCODE.translation_fetch, source: A + 100, size: 4096 }).status).toBe(
      STATUS.success,
    );
    expect(bench.run({ opcode: OPCODE.translation_fetch, source: A + 100, size: 4097 }).bytesCompleted).toBe(
      4096,
    );
  },
  39: () => {
    const bench = new DeviceBench({ generation: '2.0', addressTranslation: false });
    bench.submit(requested({ opcode: OPCODE.translation_fetch, source: A, size: 64 }));
    expect(bench.recordAt(DONE).status).toBe(STATUS.bad_opcode);
    const flags = FLAG.block_on_fault;
    const memmove = requested({ opcode: OPCODE.memmove, flags, source: A, destination: B, size: 64 });
    const batch = requested({ opcode: OPCODE.batch, source: A, size: 2 });
    const ended = (fields: DescriptorFields, page: number) => {
      bench.space.setAbsent(page);
      bench.submit(fields);
      bench.space.setPresent(page);
      return bench.recordAt(DONE);
    };
    expect(ended(memmove, A)).toMatchObject({ status: STATUS.hw_err1, faultAddress: 0 });
    expect(ended(batch, A)).toMatchObject({ status: STATUS.hw_err1, faultAddress: 0 });
    expect(ended(memmove, B)).toMatchObject({ status: STATUS.page_fault_ir, faultAddress: B });
  },
  40: () => {
    const flags = FLAG.cache_control_2;
    const memmove = requested({ opcode: OPCODE.memmove, flags, source: A, destination: B, size: 64 });
    const cases = [
      [A, 'poisoned', STATUS.hw_err1, 0],
      [A, 'untranslatable', STATUS.translation_fail, 0],
      [B, 'untranslatable', STATUS.translation_fail, 0],
      [B, 'poisoned', STATUS.hw_err_drb, 7],
    ] as const;
    for (const [page, breakage, status, moved] of cases) {
      const bench = new DeviceBench();
      bench.space.writeByte(A, 7);
      bench.space.broken.add(page, breakage);
      bench.submit(memmove);
      expect(bench.recordAt(DONE)).toEqual(Object.assign(new CompletionRecord(), { status }));
      expect(bench.space.readByte(B)).toBe(moved);
    }
  },
  41: () => {
    const others = [STATUS.pci_config, STATUS.command_register, STATUS.desc_abort] as number[];
    for (let opcode = 0; opcode < 0x30; opcode++) {
      const bench = new DeviceBench({ generation: '2.0', pageRequests: false });
      for (const page of [A, B]) bench.space.setAbsent(page);
      bench.submit(requested({ opcode, flags: 0x1_0000, source: A, destination: B, size: 520 }));
      expect(bench.recordAt(DONE).status).not.toBe(0);
      expect(others).not.toContain(bench.recordAt(DONE).status);
    }
  },
};

describe('docs/DEVIATIONS.md', () => {
  const text = readFileSync(new URL('../../docs/DEVIATIONS.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| (\d+) \| ([^|]+) \|/gm)].map(
    ([, number, freedom]) => [Number(number), freedom!] as const,
  );

  test('numbers its rows without gaps, and every row has a test', () => {
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.map(([number]) => number)).toEqual(rows.map((_, i) => i + 1));
    expect(Object.keys(ROWS).map(Number)).toEqual(rows.map(([number]) => number));
  });

  test.each(rows)('%i: %s', (number) => {
    ROWS[number]!();
  });
});
