import { describe, expect, test } from 'vitest';
import type { DescriptorFields } from '../../src/core/encode-descriptor.js';
import { encodeEventLogEntry } from '../../src/core/event-log.js';
import { FLAG, OPERATION_FLAG } from '../../src/core/flags.js';
import { OPCODE } from '../../src/core/operations.js';
import { STATUS } from '../../src/core/status.js';
import { answerSubmission } from '../../src/core/work-queue.js';
import { hex, RECORD, requested } from './bench-subject.js';
import { DeviceBench } from './device-subject.js';

const DONE = 0x7000_0000;
const at = (i: number): number => DONE + 32 * i;
const RCI = FLAG.request_completion_interrupt;

function nop(i: number, changes: Partial<DescriptorFields> = {}): DescriptorFields {
  return { opcode: OPCODE.nop, flags: RECORD, completionAddress: at(i), ...changes };
}

function done(bench: DeviceBench, count: number): number[] {
  return Array.from({ length: count }, (_, i) => bench.recordAt(at(i)).status);
}

describe('a portal', () => {
  const shared = { mode: 'shared', size: 4, threshold: 2 } as const;
  const dedicated = { mode: 'dedicated', size: 4, threshold: 2 } as const;

  test.each([
    [0, 'accepted', 'accepted'],
    [1, 'accepted', 'accepted'],
    [2, 'retry', 'accepted'],
    [3, 'retry', 'accepted'],
    [4, 'retry', 'retry'],
  ] as const)(
    'of a shared queue with %i of 4 entries answers %s (limited) and %s (unlimited)',
    (held, limited, unlimited) => {
      expect(answerSubmission(shared, held, 'limited', 'enqcmd')).toBe(limited);
      expect(answerSubmission(shared, held, 'unlimited', 'enqcmd')).toBe(unlimited);
      expect(answerSubmission({ ...shared, threshold: 9 }, held, 'limited', 'enqcmd')).toBe(unlimited);
      expect(answerSubmission(shared, held, 'limited', 'movdir64b')).toBe('ignored');
    },
  );

  test('of a dedicated queue ignores the threshold and drops what does not fit', () => {
    for (const held of [0, 3])
      expect(answerSubmission(dedicated, held, 'limited', 'movdir64b')).toBe('accepted');
    expect(answerSubmission(dedicated, 4, 'limited', 'movdir64b')).toBe('dropped');
    expect(answerSubmission(dedicated, 0, 'limited', 'enqcmd')).toBe('retry');
  });

  test('reports an overflow of a dedicated queue in SWERROR, and a second one as Overflow', () => {
    const bench = new DeviceBench({ size: 1 });
    expect(bench.submit(nop(0), true)).toBe('accepted');
    expect(bench.submit(nop(1), true)).toBe('dropped');
    expect(bench.device.softwareError).toMatchObject({
      overflow: false,
      report: { code: 0x53, workQueue: 0 },
    });
    bench.submit(nop(2), true);
    expect(bench.device.softwareError.overflow).toBe(true);
    const image = new Uint8Array(32);
    bench.device.softwareError.encode(image, 0);
    expect(hex(image.subarray(0, 8))).toBe('0f53000000010000');
    bench.device.softwareError.clear();
    bench.device.softwareError.encode(image, 0);
    expect(hex(image)).toBe('00'.repeat(32));
  });

  test('without a queue retries or ignores', () => {
    const bench = new DeviceBench();
    expect(bench.submit(nop(0), true, { workQueue: 5, instruction: 'enqcmd' })).toBe('retry');
    expect(bench.submit(nop(0), true, { workQueue: 5 })).toBe('ignored');
  });

  test('takes the 64 bytes as they are: changing the buffer afterwards changes nothing', () => {
    const bench = new DeviceBench();
    const image = new Uint8Array(64);
    image[7] = OPCODE.nop;
    image[4] = RECORD;
    image.set([0, 0, 0, 0x70], 8);
    bench.submitImage(image, true);
    image.fill(0xff);
    bench.device.processAll();
    expect(done(bench, 1)).toEqual([1]);
  });
});

describe('a drain', () => {
  test('completes everything before it in a dedicated queue, and nothing behind it', () => {
    const bench = new DeviceBench();
    bench.submit(nop(0), true);
    bench.submit(nop(1), true);
    bench.submit(requested({ opcode: OPCODE.drain, completionAddress: at(2) }));
    expect(done(bench, 3)).toEqual([1, 1, 1]);
    expect(bench.device.occupancy(0)).toBe(0);
  });

  test('in a shared queue waits for its own PASID only', () => {
    const bench = new DeviceBench({ mode: 'shared' });
    bench.submit(nop(0), true);
    bench.submit(nop(1, { pasid: 2 }), true);
    bench.submit(requested({ opcode: OPCODE.drain, completionAddress: at(2) }));
    expect(done(bench, 3)).toEqual([1, 0, 1]);
    expect(bench.device.occupancy(0)).toBe(1);
  });

  test('needs a record or an interrupt', () => {
    const bench = new DeviceBench();
    bench.submit({
      opcode: OPCODE.drain,
      flags: FLAG.completion_record_address_valid,
      completionAddress: at(0),
    });
    expect(bench.recordAt(at(0))).toMatchObject({ status: STATUS.invalid_flags, invalidFlags: 0x18 });
    bench.submit({ opcode: OPCODE.drain, flags: RCI, interruptHandle: 1 });
    expect(bench.device.interrupts).toEqual([{ handle: 1, messageStore: false }]);
  });

  test('reads back present addresses and reports the second if it is the absent one', () => {
    const { readback_address_1_valid, readback_address_2_valid } = OPERATION_FLAG.drain;
    const bench = new DeviceBench({ generation: '2.0', pageRequests: false });
    const flags = RECORD | readback_address_1_valid | readback_address_2_valid;
    const drain = {
      opcode: OPCODE.drain,
      flags,
      source: 0x1000,
      destination: 0x2000,
      completionAddress: at(0),
    };
    bench.submit(drain);
    expect(done(bench, 1)).toEqual([1]);
    bench.space.setAbsent(0x2000);
    bench.submit(drain);
    const record = bench.recordAt(at(0));
    expect(record).toMatchObject({
      status: STATUS.pfault_rdba,
      faultAddress: 0x2000,
      faultInfo: 4,
      writeFault: false,
    });
  });
});

describe('commands', () => {
  test('drain a queue or a PASID', () => {
    const bench = new DeviceBench({ mode: 'shared' });
    bench.submit(nop(0), true);
    bench.submit(nop(0, { pasid: 2 }), true);
    bench.device.drainPasid(2);
    expect(done(bench, 1)).toEqual([0]);
    expect(bench.other.readByte(at(0))).toBe(1);
    bench.device.drainWorkQueue(0);
    expect(done(bench, 1)).toEqual([1]);
  });

  test('abort a queue or a PASID without record or interrupt', () => {
    const bench = new DeviceBench({ mode: 'shared' });
    for (const pasid of [1, 2, 1])
      bench.submit(nop(0, { pasid, flags: RECORD | RCI, interruptHandle: 1 }), true);
    expect(bench.device.abortPasid(1)).toBe(2);
    expect(bench.device.occupancy(0)).toBe(1);
    expect(bench.device.abortWorkQueue(0)).toBe(1);
    bench.device.processAll();
    expect(bench.device.interrupts).toEqual([]);
    expect(bench.space.materialisedBytes + bench.other.materialisedBytes).toBe(0);
  });
});

describe('a completion', () => {
  test('without a record address reports an error in SWERROR, and a success nowhere', () => {
    const bench = new DeviceBench();
    bench.submit({ opcode: OPCODE.nop });
    expect(bench.device.softwareError.report).toBeNull();
    bench.submit({ opcode: OPCODE.nop, flags: FLAG.fence });
    expect(bench.device.softwareError.report).toMatchObject({
      code: 0x11,
      invalidFlags: 1,
      operation: 0,
      pasid: 1,
    });
    const image = new Uint8Array(32);
    bench.device.softwareError.encode(image, 0);
    expect(hex(image.subarray(0, 16))).toBe('8d110000000100000000000001000000');
  });

  test('whose page is absent executes nothing without an event log', () => {
    const bench = new DeviceBench({ pageRequests: false });
    bench.space.setAbsent(DONE);
    bench.submit(requested({ opcode: OPCODE.fill, destination: 0x1000, size: 8, patternLow: 1 }));
    expect(bench.device.softwareError.report).toMatchObject({
      code: 0x1a,
      address: DONE,
      operand: 5,
      writeFault: true,
    });
    expect(bench.space.readByte(0x1000)).toBe(0);
  });

  test('whose page is absent executes and goes to the event log where there is one', () => {
    const bench = new DeviceBench({ generation: '2.0', pageRequests: false, eventLogEntries: 64 });
    bench.space.setAbsent(DONE);
    bench.submit(requested({ opcode: OPCODE.crc, source: 0x1000, size: 4 }));
    const entry = bench.device.eventLog!.take()!;
    expect(entry).toMatchObject({ code: 0x1a, address: DONE, requestsRecord: true });
    expect(hex(entry.record.subarray(0, 1))).toBe('01');
    expect(hex(entry.record.subarray(16, 20))).toBe('c74b6748');
    const image = new Uint8Array(64);
    encodeEventLogEntry(entry, false, image, 0);
    expect(hex(image.subarray(0, 24))).toBe('ac1a000010010000000000000000' + '04a0' + '0000007000000000');
    expect(hex(image.subarray(32))).toBe(hex(entry.record));
  });

  test('of a drain goes to the log behind the entries it waited for, but only if it succeeds', () => {
    const bench = new DeviceBench({ generation: '2.0', pageRequests: false, eventLogEntries: 64 });
    bench.space.setAbsent(0x1000);
    const readback = OPERATION_FLAG.drain.readback_address_1_valid;
    bench.submit(requested({ opcode: OPCODE.drain, flags: readback, source: 0x1000 }));
    expect(done(bench, 1)).toEqual([STATUS.pfault_rdba]);
    expect(bench.device.eventLog!.pending).toEqual([]);
    bench.submit(requested({ opcode: OPCODE.drain, completionAddress: at(1) }));
    expect(bench.recordAt(at(1)).status).toBe(0);
    expect(bench.device.eventLog!.take()).toMatchObject({ code: STATUS.drain_evl, address: at(1) });
  });

  test('of a batch goes to the log behind those of its members that could not be written, and no other', () => {
    const bench = new DeviceBench({ generation: '2.0', pageRequests: false, eventLogEntries: 64 });
    bench.space.setAbsent(0x5000);
    const batch = (i: number): DescriptorFields =>
      requested({ opcode: OPCODE.batch, source: 0x1000, size: 2, completionAddress: at(i) });
    bench.putDescriptors(0x1000, [{ opcode: OPCODE.nop }, nop(0, { completionAddress: 0x5000 })]);
    bench.submit(batch(1));
    bench.submit(nop(2));
    bench.putDescriptors(0x1000, [{ opcode: OPCODE.nop }, nop(0, { completionAddress: DONE + 8 })]);
    bench.submit(batch(3));
    expect(bench.device.eventLog!.pending.map(({ code }) => code)).toEqual([0x1a, 0x27, 0x1b]);
    expect([1, 2, 3].map((i) => bench.recordAt(at(i)).status)).toEqual([0, 1, STATUS.batch_fail]);
  });

  test('that nobody asked for is no place where invalid flags could be', () => {
    const bench = new DeviceBench();
    bench.put(0x1000, new Uint8Array(520));
    bench.submit({
      opcode: OPCODE.dif_strip,
      source: 0x1000,
      destination: 0x3000,
      size: 520,
      sourceReferenceTag: 7,
    });
    expect(bench.device.softwareError.report).toMatchObject({ code: STATUS.dif_err, invalidFlags: 0 });
  });

  test('is brought in by a page request', () => {
    const bench = new DeviceBench();
    bench.space.setAbsent(DONE);
    bench.submit(nop(0));
    expect(done(bench, 1)).toEqual([1]);
  });

  test('that the full event log cannot take is lost, and SWERROR says so', () => {
    const bench = new DeviceBench({ generation: '2.0', eventLogEntries: 2 });
    const misaligned = nop(0, { completionAddress: DONE + 8 });
    bench.submit(misaligned);
    expect(bench.device.softwareError.report).toBeNull();
    bench.submit(misaligned);
    expect(bench.device.eventLog!.pending).toHaveLength(1);
    expect(bench.device.softwareError.report).toMatchObject({ code: 0x54 });
  });

  test('with a bad interrupt handle is recorded and logged, and interrupts nobody', () => {
    const bench = new DeviceBench();
    bench.submit(nop(0, { flags: RECORD | RCI, interruptHandle: 300 }));
    expect(done(bench, 1)).toEqual([STATUS.int_handle_inval]);
    expect(bench.device.softwareError.report).toMatchObject({ code: 0x19, interruptHandle: 300 });
    const image = new Uint8Array(32);
    bench.device.softwareError.encode(image, 0);
    expect(hex(image.subarray(12, 16))).toBe('2c010000');
    expect(bench.device.interrupts).toEqual([]);
  });

  test('interrupts after an error too, unless its handle was never valid or is ignored', () => {
    const bench = new DeviceBench();
    const wrong = { flags: RECORD | RCI | FLAG.fence, interruptHandle: 3 };
    bench.submit(nop(0, wrong));
    bench.submit(nop(0, { ...wrong, interruptHandle: 9 }));
    bench.interruptTable.ignore(4);
    bench.submit(nop(0, { flags: RECORD | RCI, interruptHandle: 4 }));
    expect(done(bench, 1)).toEqual([1]);
    expect(bench.device.interrupts).toEqual([{ handle: 3, messageStore: false }]);
  });

  test('finds no event log on a device without the capability', () => {
    const bench = new DeviceBench({ generation: '1.0', eventLogEntries: 64 });
    expect(bench.device.eventLog).toBeNull();
    bench.submit(nop(0, { completionAddress: DONE + 8 }));
    expect(bench.device.softwareError.report).toMatchObject({ code: 0x1b });
  });

  test('is delivered through the table of its portal', () => {
    const bench = new DeviceBench({ messageStoreHandles: 2 });
    const rci = { flags: RECORD | RCI, interruptHandle: 1 };
    for (const messageStore of [true, false]) bench.submit(nop(0, rci), false, { messageStore });
    bench.submit(nop(0, { ...rci, interruptHandle: 2 }), false, { messageStore: true });
    expect(bench.device.interrupts).toEqual([
      { handle: 1, messageStore: true },
      { handle: 1, messageStore: false },
    ]);
  });

  test('is written, logged, or nowhere, and the outcome says so', () => {
    const bench = new DeviceBench();
    const outcomeOf = (fields: DescriptorFields): unknown => {
      bench.submit(fields, true);
      return bench.device.processNewest(0);
    };
    expect(outcomeOf(nop(0))).toEqual({ status: 1, record: 'memory' });
    expect(outcomeOf({ opcode: OPCODE.nop })).toEqual({ status: 1, record: 'none' });
    expect(outcomeOf({ opcode: 0x99 })).toEqual({ status: 0x10, record: 'software-error' });
  });

  test('of a descriptor that is no drain does not wait for those before it', () => {
    const bench = new DeviceBench();
    bench.submit(nop(0), true);
    bench.submit(nop(1));
    expect(done(bench, 2)).toEqual([0, 1]);
    expect(bench.device.occupancy(0)).toBe(1);
  });

  test('from a message store portal looks its handle up there', () => {
    const bench = new DeviceBench();
    bench.submit(nop(0, { flags: RECORD | RCI, interruptHandle: 3 }), false, { messageStore: true });
    expect(done(bench, 1)).toEqual([STATUS.int_handle_inval]);
  });
});

describe('block on fault', () => {
  const BOF = FLAG.block_on_fault;

  test('brings in every operand page and completes', () => {
    const bench = new DeviceBench();
    for (const page of [0x1000, 0x2000, 0x9000]) bench.space.setAbsent(page);
    const memmove = { opcode: OPCODE.memmove, flags: RECORD | BOF, completionAddress: DONE };
    bench.submit({ ...memmove, source: 0x1800, destination: 0x8800, size: 0x1000 });
    expect(done(bench, 1)).toEqual([1]);
    expect(bench.space.isPresent(0x2000)).toBe(true);
  });

  test('ends part-way where the request is refused', () => {
    const bench = new DeviceBench({ presence: 'mapped' });
    bench.space.map(0x1000, 0x1000);
    bench.space.map(DONE, 0x1000);
    bench.submit({
      opcode: OPCODE.crc,
      flags: RECORD | BOF,
      source: 0x1f00,
      size: 0x1000,
      completionAddress: DONE,
    });
    const record = bench.recordAt(DONE);
    expect(record).toMatchObject({
      status: STATUS.page_fault_ir,
      bytesCompleted: 0x100,
      faultAddress: 0x2000,
    });
  });

  test('is no use on a queue whose page requests are off, and nothing else there is brought in', () => {
    const bench = new DeviceBench({ pageRequests: true, queuePageRequests: false });
    const read = {
      opcode: OPCODE.crc,
      flags: RECORD | BOF,
      source: 0x1000,
      size: 8,
      completionAddress: DONE,
    };
    const batch = requested({ opcode: OPCODE.batch, source: 0x1000, size: 2, completionAddress: at(1) });
    bench.space.setAbsent(0x1000);
    bench.submit(read);
    bench.submit(batch);
    expect(done(bench, 2)).toEqual([STATUS.page_fault_ir, STATUS.batch_page_fault]);
    bench.space.setAbsent(DONE);
    bench.submit(nop(2));
    expect(bench.device.softwareError.report).toMatchObject({ code: STATUS.cra_xlat });
  });

  test('is no use without page requests', () => {
    const bench = new DeviceBench({ pageRequests: false });
    bench.space.setAbsent(0x1000);
    bench.submit({
      opcode: OPCODE.crc,
      flags: RECORD | BOF,
      source: 0x1000,
      size: 8,
      completionAddress: DONE,
    });
    expect(done(bench, 1)).toEqual([STATUS.page_fault_ir]);
  });

  test('without page requests or a bound PASID every access of the descriptor faults', () => {
    const bench = new DeviceBench({ mode: 'shared' });
    bench.submit(nop(0, { pasid: 9 }));
    expect(bench.device.softwareError.report).toMatchObject({ code: 0x1a, pasid: 9 });
  });
});

describe('inter-domain operations', () => {
  const both = OPERATION_FLAG.inter_domain;
  const alternateSource = both.alternate_source_pasid;
  const alternateDestination = both.alternate_destination_pasid;

  function bench(): DeviceBench {
    const subject = new DeviceBench({ generation: '2.0' });
    for (let i = 0; i < 64; i++) subject.other.writeByte(0x8000 + i, i + 1);
    return subject;
  }

  test('copy from another address space, through an offset-mode window', () => {
    const subject = bench();
    subject.submit(
      requested({
        opcode: OPCODE.id_copy,
        flags: alternateSource,
        source: 16,
        destination: 0x3000,
        size: 4,
        sourceHandle: 6,
      }),
    );
    expect(done(subject, 1)).toEqual([1]);
    expect([0, 1, 2, 3, 4].map((i) => subject.space.readByte(0x3000 + i))).toEqual([17, 18, 19, 20, 0]);
  });

  test('fill and compare in another address space', () => {
    const subject = bench();
    const fill = {
      opcode: OPCODE.id_fill,
      flags: alternateDestination,
      destination: 0x5000,
      size: 12,
      patternLow: 0x04030201,
      patternHigh: 0x08070605,
    };
    subject.submit(requested({ ...fill, destinationHandle: 1 }));
    expect(done(subject, 1)).toEqual([1]);
    expect(subject.other.readByte(0x500b)).toBe(4);
    expect(subject.space.readByte(0x5000)).toBe(0);
    const pattern = {
      opcode: OPCODE.id_compare_pattern,
      flags: alternateSource,
      source: 0x5000,
      size: 13,
      patternLow: 0x04030201,
      patternHigh: 0x08070605,
    };
    subject.submit(requested({ ...pattern, sourceHandle: 1 }));
    expect(subject.recordAt(DONE)).toMatchObject({ status: 1, result: 1, bytesCompleted: 12 });
    subject.submit(
      requested({
        opcode: OPCODE.id_compare,
        flags: alternateSource | alternateDestination,
        source: 0x8000,
        destination: 0x8000,
        size: 64,
        sourceHandle: 1,
        destinationHandle: 1,
      }),
    );
    expect(subject.recordAt(DONE)).toMatchObject({ status: 1, result: 0 });
  });

  test('fault in the address space they reach into, and request its pages', () => {
    const subject = bench();
    subject.other.setAbsent(0x8000);
    const copy = {
      opcode: OPCODE.id_copy,
      flags: alternateSource,
      source: 0x8000,
      destination: 0x3000,
      size: 4,
      sourceHandle: 1,
    };
    subject.submit(requested(copy));
    expect(subject.recordAt(DONE)).toMatchObject({ status: 3, faultAddress: 0x8000, faultInfo: 2 });
    subject.submit(requested({ ...copy, flags: alternateSource | FLAG.block_on_fault }));
    expect(done(subject, 1)).toEqual([1]);
    expect(subject.other.isPresent(0x8000)).toBe(true);
  });

  test('name the handle that was refused', () => {
    const subject = bench();
    subject.submit(
      requested({
        opcode: OPCODE.id_copy,
        flags: alternateDestination,
        source: 0,
        destination: 0x1ffd,
        size: 4,
        destinationHandle: 3,
      }),
    );
    expect(subject.recordAt(DONE)).toMatchObject({
      status: STATUS.inter_domain_window_range,
      faultHandle: 3,
    });
  });

  test('respect a window that its owner moved', () => {
    const subject = bench();
    const entry = subject.entries[4]!;
    const update = { opcode: OPCODE.update_window, source: 0x1000, destination: 0x100, destinationHandle: 4 };
    subject.submit(requested({ ...update, windowFlags: 5 }));
    expect(done(subject, 1)).toEqual([1]);
    expect(entry).toMatchObject({
      read: true,
      write: false,
      windowEnable: true,
      offsetMode: false,
      windowBase: 0x1000,
      windowBytes: 0x100,
    });
    const copy = {
      opcode: OPCODE.id_copy,
      flags: alternateSource,
      destination: 0x3000,
      size: 4,
      sourceHandle: 4,
    };
    subject.submit(requested({ ...copy, source: 0x10fc }));
    expect(done(subject, 1)).toEqual([1]);
    subject.submit(requested({ ...copy, source: 0x10fd }));
    expect(done(subject, 1)).toEqual([STATUS.inter_domain_window_range]);
  });
});
