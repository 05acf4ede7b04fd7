import { describe, expect, test } from 'vitest';
import { CompletionRecord } from '../../src/core/completion-record.js';
import type { DescriptorFields } from '../../src/core/encode-descriptor.js';
import { FLAG, OPERATION_FLAG } from '../../src/core/flags.js';
import { type Breakage, BrokenPages } from '../../src/core/memory-errors.js';
import { OPCODE } from '../../src/core/operations.js';
import { STATUS } from '../../src/core/status.js';
import { RECORD_ADDRESS, requested } from './bench-subject.js';
import { DeviceBench, type DeviceBenchOptions } from './device-subject.js';

const A = 0x10_0000;
const B = 0x20_0000;
const C = 0x30_0000;
const PAGE = 4096;
const READBACK = FLAG.cache_control_2;

/** The status that a descriptor ends in where some pages are broken. */
function statusWith(
  broken: readonly (readonly [number, Breakage])[],
  fields: DescriptorFields,
  options: DeviceBenchOptions = {},
): number {
  const bench = new DeviceBench({ generation: '2.0', ...options });
  for (const [page, breakage] of broken) bench.space.broken.add(page, breakage);
  bench.submit(requested(fields));
  const record = bench.recordAt(RECORD_ADDRESS);
  if (record.status >= STATUS.hw_err1) {
    expect(record).toEqual(Object.assign(new CompletionRecord(), { status: record.status }));
  }
  return record.status;
}

test('a broken page is all of its page and nothing beside it', () => {
  const pages = new BrokenPages();
  pages.add(0x2abc, 'poisoned');
  pages.add(0x5000, 'untranslatable');
  const touched = (address: number, bytes: number): boolean => pages.touches(address, bytes, 'poisoned');
  expect(touched(0x1000, 0x1000)).toBe(false);
  expect(touched(0x1000, 0x1001)).toBe(true);
  expect(touched(0x2fff, 1)).toBe(true);
  expect(touched(0x3000, 0x9000)).toBe(false);
  expect(pages.touches(0x3000, 0x9000, 'untranslatable')).toBe(true);
});

describe('a poisoned page', () => {
  const { read_seed, crc64 } = OPERATION_FLAG.crc;
  const two = { source: A, destination: B, size: 2 * PAGE };
  const reads: [string, DescriptorFields, number[]][] = [
    ['memmove', { opcode: OPCODE.memmove, ...two }, [A, A + PAGE]],
    ['dualcast', { opcode: OPCODE.dualcast, ...two, destination2: C }, [A, A + PAGE]],
    ['compare', { opcode: OPCODE.compare, ...two }, [A, A + PAGE, B, B + PAGE]],
    ['compare pattern', { opcode: OPCODE.compare_pattern, source: A, size: 9 }, [A]],
    ['crc', { opcode: OPCODE.crc, flags: read_seed, source: A, size: 9, crcSeedAddress: C }, [A, C]],
    [
      'a seed that crosses no page',
      { opcode: OPCODE.crc, flags: read_seed | crc64, source: A, size: 9, crcSeedAddress: C + PAGE - 8 },
      [A, C],
    ],
    ['create delta', { opcode: OPCODE.create_delta, ...two, deltaAddress: C, maxDeltaBytes: 80 }, [A, B]],
    ['dif check', { opcode: OPCODE.dif_check, source: A, size: 520 }, [A]],
  ];

  test.each(reads)('answers reads of %s with an error', (_, fields, pages) => {
    for (const page of pages) expect(statusWith([[page, 'poisoned']], fields)).toBe(STATUS.hw_err1);
    expect(statusWith([[A + 2 * PAGE, 'poisoned']], fields)).toBeLessThan(STATUS.bad_opcode);
  });

  test.each<[string, DescriptorFields]>([
    ['a write', { opcode: OPCODE.memmove, ...two }],
    ['a fill', { opcode: OPCODE.fill, destination: B, size: 9 }],
    ['a flush', { opcode: OPCODE.cache_flush, flags: READBACK, destination: B, size: 9 }],
    ['a translation', { opcode: OPCODE.translation_fetch, source: B, size: PAGE }],
  ])('does not mind %s', (_, fields) => {
    expect(statusWith([[B, 'poisoned']], fields)).toBe(STATUS.success);
  });

  test.each<[string, DescriptorFields]>([
    ['a copy', { opcode: OPCODE.memmove, flags: READBACK, ...two }],
    ['a fill', { opcode: OPCODE.fill, flags: READBACK, destination: B, size: 9 }],
    [
      'the second of two copies',
      { opcode: OPCODE.dualcast, flags: READBACK, source: A, destination: C, destination2: B, size: 9 },
    ],
  ])('is found when %s is read back', (_, fields) => {
    expect(statusWith([[B, 'poisoned']], fields)).toBe(STATUS.hw_err_drb);
    expect(statusWith([[B, 'poisoned']], { ...fields, flags: 0 })).toBe(STATUS.success);
    expect(statusWith([[B + 2 * PAGE, 'poisoned']], fields)).toBe(STATUS.success);
  });

  test('is not read back after a copy that stopped on its way', () => {
    const bench = new DeviceBench();
    bench.space.broken.add(B, 'poisoned');
    bench.space.setAbsent(A + PAGE);
    bench.submit(requested({ opcode: OPCODE.memmove, flags: READBACK, ...two }));
    expect(bench.recordAt(RECORD_ADDRESS)).toMatchObject({
      status: STATUS.page_fault_nobof,
      bytesCompleted: PAGE,
    });
  });

  test('ends a drain that reads back from it', () => {
    const { readback_address_1_valid, readback_address_2_valid } = OPERATION_FLAG.drain;
    const flags = readback_address_1_valid | readback_address_2_valid;
    const drain = { opcode: OPCODE.drain, flags, source: A, destination: B };
    for (const page of [A, B]) expect(statusWith([[page, 'poisoned']], drain)).toBe(STATUS.hw_err_drb);
    expect(statusWith([[A + PAGE, 'poisoned']], drain)).toBe(STATUS.success);
  });

  test('takes completion records', () => {
    expect(statusWith([[RECORD_ADDRESS, 'poisoned']], { opcode: OPCODE.nop })).toBe(STATUS.success);
  });

  test('counts in the address space that an operand lies in', () => {
    const copy = (handle: 'sourceHandle' | 'destinationHandle', flags: number): number => {
      const bench = new DeviceBench({ generation: '2.0' });
      bench.other.broken.add(A, 'poisoned');
      bench.submit(
        requested({ opcode: OPCODE.id_copy, flags, source: A, destination: A, size: 8, [handle]: 1 }),
      );
      return bench.recordAt(RECORD_ADDRESS).status;
    };
    const { alternate_source_pasid, alternate_destination_pasid } = OPERATION_FLAG.inter_domain;
    expect(copy('sourceHandle', alternate_source_pasid)).toBe(STATUS.hw_err1);
    expect(copy('destinationHandle', alternate_destination_pasid)).toBe(STATUS.success);
    expect(copy('destinationHandle', alternate_destination_pasid | READBACK)).toBe(STATUS.hw_err_drb);
  });
});

test('an operand that the table refuses is not looked at', () => {
  const copy = { opcode: OPCODE.id_copy, flags: OPERATION_FLAG.inter_domain.alternate_source_pasid, size: 8 };
  const refused = { ...copy, source: A, destination: B, sourceHandle: 7 };
  const bench = new DeviceBench({ generation: '2.0' });
  for (const page of [A, B]) bench.space.broken.add(page, 'untranslatable');
  bench.submit(requested(refused));
  expect(bench.recordAt(RECORD_ADDRESS)).toMatchObject({ status: STATUS.idpt_entry_invalid, faultHandle: 7 });
});

test('no operand of a descriptor before is looked at', () => {
  const bench = new DeviceBench();
  const first = { opcode: OPCODE.dualcast, source: A, destination: B, destination2: C, size: 8 };
  const statusOf = (fields: DescriptorFields, page: number, breakage: Breakage): number => {
    bench.submit(requested(first));
    bench.space.broken.add(page, breakage);
    bench.submit(requested(fields));
    return bench.recordAt(RECORD_ADDRESS).status;
  };
  const copy = { opcode: OPCODE.memmove, flags: READBACK, source: A, destination: B, size: 8 };
  expect(statusOf(copy, C, 'poisoned')).toBe(STATUS.success);
  expect(statusOf({ opcode: OPCODE.crc, source: A, size: 8 }, B, 'untranslatable')).toBe(STATUS.success);
});

describe('an untranslatable page', () => {
  const memmove = { opcode: OPCODE.memmove, source: A, destination: B, size: PAGE };

  test('ends whatever has an operand in it', () => {
    for (const page of [A, B]) {
      expect(statusWith([[page, 'untranslatable']], memmove)).toBe(STATUS.translation_fail);
      expect(statusWith([[page + PAGE, 'untranslatable']], memmove)).toBe(STATUS.success);
    }
    for (const opcode of [OPCODE.cache_flush, OPCODE.fill]) {
      const fields = { opcode, destination: A, size: 8 };
      expect(statusWith([[A, 'untranslatable']], fields)).toBe(STATUS.translation_fail);
    }
    const fetch = { opcode: OPCODE.translation_fetch, source: A, size: PAGE };
    expect(statusWith([[A, 'untranslatable']], fetch)).toBe(STATUS.translation_fail);
  });

  test('leaves it to the first operand that is broken how the descriptor ends', () => {
    const both = (first: Breakage, second: Breakage) =>
      statusWith(
        [
          [A, first],
          [B, second],
        ],
        { opcode: OPCODE.compare, source: A, destination: B, size: 8 },
      );
    expect(both('poisoned', 'untranslatable')).toBe(STATUS.hw_err1);
    expect(both('untranslatable', 'poisoned')).toBe(STATUS.translation_fail);
  });

  test('cannot hold a completion record, nor be read back by a drain', () => {
    const bench = new DeviceBench();
    bench.space.broken.add(RECORD_ADDRESS, 'untranslatable');
    bench.submit(requested({ opcode: OPCODE.nop }));
    expect(bench.recordAt(RECORD_ADDRESS).status).toBe(0);
    expect(bench.device.softwareError.report).toMatchObject({ code: STATUS.cra_xlat });
    const drain = {
      opcode: OPCODE.drain,
      flags: OPERATION_FLAG.drain.readback_address_1_valid,
      source: A,
    };
    const other = new DeviceBench();
    other.space.broken.add(A, 'untranslatable');
    other.submit(requested(drain));
    expect(other.recordAt(RECORD_ADDRESS)).toMatchObject({ status: STATUS.pfault_rdba, faultAddress: A });
  });
});

describe('a descriptor list', () => {
  /** A batch of four whose third and fourth members lie on a page of their own. */
  function batch(
    prepare: (bench: DeviceBench) => unknown,
    options: DeviceBenchOptions = {},
  ): CompletionRecord {
    const bench = new DeviceBench({ generation: '2.0', ...options });
    const list = C + PAGE - 128;
    bench.putDescriptors(
      list,
      Array.from({ length: 4 }, () => ({ opcode: OPCODE.nop })),
    );
    prepare(bench);
    bench.submit(requested({ opcode: OPCODE.batch, source: list, size: 4 }));
    return bench.recordAt(RECORD_ADDRESS);
  }

  test.each<[string, number, (bench: DeviceBench) => unknown, DeviceBenchOptions]>([
    ['poisoned', STATUS.hw_err1, (bench) => bench.space.broken.add(C + PAGE, 'poisoned'), {}],
    [
      'untranslatable',
      STATUS.translation_fail,
      (bench) => bench.space.broken.add(C + PAGE, 'untranslatable'),
      {},
    ],
    [
      'absent without translation services',
      STATUS.hw_err1,
      (bench) => bench.space.setAbsent(C + PAGE),
      { addressTranslation: false },
    ],
  ])('on a page that is %s ends the batch behind the members before it', (_, status, prepare, options) => {
    expect(batch(prepare, options)).toEqual(
      Object.assign(new CompletionRecord(), { status, bytesCompleted: 2 }),
    );
  });

  test('on a page that is absent is requested', () => {
    expect(batch((bench) => bench.space.setAbsent(C + PAGE))).toMatchObject({
      status: STATUS.success,
      bytesCompleted: 4,
    });
  });
});

test('without translation services an absent page is an error for reads and a fault for writes', () => {
  const ended = (absent: number, options: DeviceBenchOptions): number => {
    const bench = new DeviceBench(options);
    bench.space.setAbsent(absent);
    const flags = FLAG.block_on_fault;
    bench.submit(requested({ opcode: OPCODE.memmove, flags, source: A, destination: B, size: 2 * PAGE }));
    expect(bench.space.isPresent(absent)).toBe(options.addressTranslation !== false);
    return bench.recordAt(RECORD_ADDRESS).status;
  };
  expect([A + PAGE, B].map((page) => ended(page, {}))).toEqual([STATUS.success, STATUS.success]);
  const without = { addressTranslation: false };
  expect([A + PAGE, B].map((page) => ended(page, without))).toEqual([STATUS.hw_err1, STATUS.page_fault_ir]);
});
