import { describe, expect, test } from 'vitest';
import type { Capabilities, Generation } from '../../src/core/capabilities.js';
import { CompletionRecord } from '../../src/core/completion-record.js';
import type { DescriptorFields } from '../../src/core/encode-descriptor.js';
import { FLAG, OPERATION_FLAG } from '../../src/core/flags.js';
import { InterruptTable } from '../../src/core/interrupt-table.js';
import type { Breakage } from '../../src/core/memory-errors.js';
import { OPCODE } from '../../src/core/operations.js';
import { endedAtFault, STATUS, type StatusName, statusName, statusSentence } from '../../src/core/status.js';
import { RECORD, requested } from './bench-subject.js';
import { DeviceBench } from './device-subject.js';

/** A descriptor, and the circumstances, that end in each status. */
interface Walk {
  fields: DescriptorFields;
  generation?: Generation;
  queue?: ConstructorParameters<typeof DeviceBench>[0];
  absent?: number[];
  broken?: readonly (readonly [number, Breakage])[];
  prepare?: (bench: DeviceBench) => unknown;
  capabilities?: Partial<Capabilities>;
  answer?: 'dropped';
}

const A = 0x10_0000;
const B = 0x20_0000;
const C = 0x30_0000;
const memmove = requested({ opcode: OPCODE.memmove, source: A, destination: B, size: 64 });
const compare = requested({ opcode: OPCODE.compare, source: A, destination: B, size: 64 });
const BOF = FLAG.block_on_fault;
const idFlags = OPERATION_FLAG.inter_domain.alternate_source_pasid;
const idCopy = requested({
  opcode: OPCODE.id_copy,
  flags: idFlags,
  source: A,
  destination: B,
  size: 64,
  sourceHandle: 1,
});
const apply = (entries: number[][]): Walk => ({
  fields: requested({
    opcode: OPCODE.apply_delta,
    source: A,
    destination: B,
    size: 64,
    deltaRecordBytes: entries.length * 10,
  }),
  prepare: (bench) =>
    bench.put(
      A,
      entries.flatMap(([block]) => [block! & 255, block! >> 8, 1, 2, 3, 4, 5, 6, 7, 8]),
    ),
});

const WALKS: Partial<Record<StatusName, Walk>> = {
  success: { fields: memmove },
  success_pred: {
    fields: { ...compare, flags: compare.flags! | FLAG.check_result, expectedResult: 1 },
  },
  page_fault_nobof: { fields: memmove, absent: [A] },
  page_fault_ir: {
    fields: { ...memmove, flags: RECORD | BOF, source: 0x9999_0000 },
    queue: { presence: 'mapped' },
  },
  batch_fail: {
    fields: requested({ opcode: OPCODE.batch, source: C, size: 2 }),
    prepare: (bench) => bench.putDescriptors(C, [{ opcode: OPCODE.nop }, { opcode: 0xee }]),
  },
  batch_page_fault: {
    fields: requested({ opcode: OPCODE.batch, source: C, size: 2 }),
    queue: { pageRequests: false },
    absent: [C],
  },
  dr_offset_noinc: apply([[1], [1]]),
  dr_offset_erange: apply([[8]]),
  dif_err: { fields: requested({ opcode: OPCODE.dif_check, source: A, size: 520, sourceReferenceTag: 1 }) },
  bad_opcode: { fields: { opcode: 0x99, completionAddress: memmove.completionAddress!, flags: RECORD } },
  invalid_flags: { fields: { ...memmove, flags: RECORD | FLAG.check_result } },
  nozero_reserve: { fields: requested({ opcode: OPCODE.nop, source: 1 }) },
  xfer_erange: { fields: { ...memmove, size: 0 } },
  desc_cnt_erange: { fields: requested({ opcode: OPCODE.batch, source: C, size: 1 }) },
  dr_erange: {
    fields: requested({
      opcode: OPCODE.apply_delta,
      source: A,
      destination: B,
      size: 64,
      deltaRecordBytes: 9,
    }),
  },
  overlap_buffers: {
    fields: requested({
      opcode: OPCODE.dualcast,
      source: A,
      destination: A + 4096,
      destination2: A,
      size: 4096,
    }),
  },
  dcast_err: {
    fields: requested({ opcode: OPCODE.dualcast, source: A, destination: B, destination2: C + 4, size: 4 }),
  },
  desclist_align: { fields: requested({ opcode: OPCODE.batch, source: C + 32, size: 2 }) },
  int_handle_inval: {
    fields: { ...memmove, flags: RECORD | FLAG.request_completion_interrupt, interruptHandle: 9 },
  },
  cra_xlat: { fields: memmove, queue: { pageRequests: false }, absent: [memmove.completionAddress!] },
  cra_align: { fields: { ...memmove, completionAddress: memmove.completionAddress! + 16 } },
  addr_align: {
    fields: requested({
      opcode: OPCODE.create_delta,
      source: A + 4,
      destination: B,
      size: 64,
      deltaAddress: C,
      maxDeltaBytes: 80,
    }),
  },
  priv_bad: { fields: { ...memmove, priv: 1 }, queue: { mode: 'shared', privilegedMode: false } },
  traffic_class_conf: {
    fields: { ...memmove, flags: RECORD | FLAG.strict_ordering | FLAG.address_2_tc_selector },
    queue: { trafficClassB: 3 },
  },
  pfault_rdba: {
    fields: requested({
      opcode: OPCODE.drain,
      flags: OPERATION_FLAG.drain.readback_address_1_valid,
      source: A,
    }),
    queue: { pageRequests: false },
    absent: [A],
  },
  hw_err1: { fields: memmove, queue: { addressTranslation: false }, absent: [A] },
  hw_err_drb: { fields: { ...memmove, flags: RECORD | FLAG.cache_control_2 }, broken: [[B, 'poisoned']] },
  translation_fail: { fields: memmove, broken: [[A, 'untranslatable']] },
  drain_evl: {
    fields: requested({ opcode: OPCODE.drain }),
    generation: '2.0',
    queue: { pageRequests: false, eventLogEntries: 64 },
  },
  batch_evl_err: {
    fields: requested({ opcode: OPCODE.batch, source: C, size: 2 }),
    generation: '2.0',
    queue: { pageRequests: false, eventLogEntries: 64 },
    absent: [0x5000],
    prepare: (bench) =>
      bench.putDescriptors(C, [
        { opcode: OPCODE.nop },
        { opcode: OPCODE.nop, flags: RECORD, completionAddress: 0x5000 },
      ]),
  },
  work_queue_overflow: {
    fields: memmove,
    queue: { size: 1 },
    prepare: (bench) => bench.submit({ opcode: OPCODE.nop }, true),
    answer: 'dropped',
  },
  event_log_append: {
    fields: { ...memmove, completionAddress: memmove.completionAddress! + 8 },
    generation: '2.0',
    queue: { eventLogEntries: 2 },
    prepare: (bench) => bench.submit({ ...memmove, completionAddress: memmove.completionAddress! + 8 }),
  },
  inter_domain_no_pasid: { fields: idCopy, generation: '2.0', queue: { pasidEnable: false } },
  idpt_entry_invalid: { fields: { ...idCopy, sourceHandle: 7 }, generation: '2.0' },
  inter_domain_permission: { fields: { ...idCopy, sourceHandle: 2 }, generation: '2.0' },
  inter_domain_window_range: { fields: { ...idCopy, sourceHandle: 3 }, generation: '2.0' },
  update_window_entry_invalid: {
    fields: requested({ opcode: OPCODE.update_window, destinationHandle: 1 }),
    generation: '2.0',
  },
  update_window_control: {
    fields: requested({ opcode: OPCODE.update_window, destinationHandle: 4, windowFlags: 8 }),
    generation: '2.0',
  },
  inter_domain_inaccessible: { fields: { ...idCopy, sourceHandle: 5 }, generation: '2.0' },
};

/** Not caused by a descriptor: register accesses, and software's own. */
const ELSEWHERE: StatusName[] = ['pci_config', 'command_register', 'desc_abort'];

/** Where the code is found if it is not in the completion record. */
const IN_REPORTS: StatusName[] = [
  'cra_xlat',
  'cra_align',
  'priv_bad',
  'drain_evl',
  'batch_evl_err',
  'work_queue_overflow',
  'event_log_append',
];

describe('every status', () => {
  const names = Object.keys(STATUS) as StatusName[];

  test('is either walked here or comes from somewhere else than a descriptor', () => {
    expect([...Object.keys(WALKS), ...ELSEWHERE].sort()).toEqual([...names].sort());
  });

  test.each(names)('%s has a name and a sentence of its own', (name) => {
    expect(statusName(STATUS[name])).toBe(name);
    expect(statusSentence(STATUS[name])).toMatch(/^[A-Z].*\.$/);
    expect(
      names.filter((other) => statusSentence(STATUS[other]) === statusSentence(STATUS[name])),
    ).toHaveLength(1);
  });

  test.each(Object.entries(WALKS))('%s is reached by a descriptor', (name, walk) => {
    const bench = new DeviceBench({ generation: walk.generation ?? '1.0', ...walk.queue });
    if (walk.queue?.presence === 'mapped')
      for (const page of [A, B, 0x7000_0000]) bench.space.setPresent(page);
    walk.prepare?.(bench);
    for (const page of walk.absent ?? []) bench.space.setAbsent(page);
    for (const [page, breakage] of walk.broken ?? []) bench.space.broken.add(page, breakage);
    expect(bench.submit(walk.fields)).toBe(walk.answer ?? 'accepted');
    const code = STATUS[name as StatusName];
    if (IN_REPORTS.includes(name as StatusName)) {
      expect(bench.recordAt(walk.fields.completionAddress!).status).toBe(0);
      const reports = [...(bench.device.eventLog?.pending ?? []), bench.device.softwareError.report];
      expect(reports.map((report) => report?.code)).toContain(code);
    } else {
      expect(bench.recordAt(walk.fields.completionAddress!).status).toBe(code);
    }
  });

  test('a handle of another PASID is invalid too, and so is a revoked one', () => {
    const table = new InterruptTable(9);
    table.restrict(3, 7);
    table.restrict(4, null);
    table.revoke(5);
    expect([2, 3, 4, 5, 9].map((handle) => table.accepts(handle, 1))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(table.accepts(3, 7)).toBe(true);
    expect(table.accepts(4, null)).toBe(true);
    table.restrict(3, 1);
    expect([1, 2, 7].map((pasid) => table.accepts(3, pasid))).toEqual([true, false, false]);
    expect(table.accepts(4, 2)).toBe(false);
  });

  test('is a page fault of an operand in two cases only', () => {
    const faults = names.filter((name) => endedAtFault(STATUS[name]));
    expect(faults).toEqual(['page_fault_nobof', 'page_fault_ir']);
  });

  test('an unknown code still gets words', () => {
    expect([0x3f, 0x0f].map(statusName)).toEqual(['status_0x3f', 'status_0x0f']);
    expect(statusSentence(0x3f)).toMatch(/does not define/);
  });
});

test('a record names invalid flags only where those are what is wrong', () => {
  const bench = new DeviceBench();
  const fields = requested({ opcode: OPCODE.memmove, flags: FLAG.check_result, source: A, size: 8 });
  bench.submit(fields);
  expect(bench.recordAt(fields.completionAddress!)).toMatchObject({
    status: STATUS.invalid_flags,
    invalidFlags: FLAG.check_result,
  });
  bench.submit({ ...fields, opcode: 0x99 });
  expect(bench.recordAt(fields.completionAddress!)).toEqual(
    Object.assign(new CompletionRecord(), { status: STATUS.bad_opcode }),
  );
});
