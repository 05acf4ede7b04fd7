import { describe, expect, test } from 'vitest';
import type { DescriptorFields } from '../../src/core/encode-descriptor.js';
import { FLAG, OPERATION_FLAG } from '../../src/core/flags.js';
import { OPCODE } from '../../src/core/operations.js';
import { STATUS } from '../../src/core/status.js';
import { RECORD, requested } from './bench-subject.js';
import { DeviceBench } from './device-subject.js';

const LIST = 0x40_0000;
const DONE = 0x7000_0000;
/** Record of member `i`. */
const at = (i: number): number => 0x7000_1000 + 32 * i;
const fill = (i: number, changes: DescriptorFields = { opcode: OPCODE.fill }): DescriptorFields => ({
  flags: RECORD,
  destination: 0x10_0000 + 64 * i,
  size: 64,
  patternLow: i + 1,
  patternHigh: i + 1,
  completionAddress: at(i),
  ...changes,
});
const bad = (i: number): DescriptorFields => ({ ...fill(i), opcode: OPCODE.fill, size: 0 });
const fenced = (fields: DescriptorFields): DescriptorFields => ({
  ...fields,
  flags: fields.flags! | FLAG.fence,
});
const batch = (count: number, changes: Partial<DescriptorFields> = {}): DescriptorFields => ({
  ...requested({ opcode: OPCODE.batch, source: LIST, size: count, completionAddress: DONE }),
  ...changes,
});

function statuses(bench: DeviceBench, count: number): number[] {
  return Array.from({ length: count }, (_, i) => bench.recordAt(at(i)).status);
}

describe('a batch', () => {
  test('executes its members and counts them in its own record', () => {
    const bench = new DeviceBench();
    bench.putDescriptors(LIST, [fill(0), fill(1), fill(2)]);
    bench.submit(batch(3));
    expect(statuses(bench, 3)).toEqual([1, 1, 1]);
    expect(bench.space.readByte(0x10_0000 + 128)).toBe(3);
    expect(bench.recordAt(DONE)).toMatchObject({ status: STATUS.success, bytesCompleted: 3, result: 0 });
  });

  test('goes on after a member that failed, and says so in its status', () => {
    const bench = new DeviceBench();
    bench.putDescriptors(LIST, [fill(0), bad(1), fill(2)]);
    bench.submit(batch(3));
    expect(statuses(bench, 3)).toEqual([1, STATUS.xfer_erange, 1]);
    expect(bench.recordAt(DONE)).toMatchObject({ status: STATUS.batch_fail, bytesCompleted: 3, result: 0 });
  });

  test('abandons a fenced member and all behind it once one failed', () => {
    const bench = new DeviceBench();
    bench.putDescriptors(LIST, [fill(0), bad(1), fill(2), fenced(fill(3)), fill(4)]);
    bench.submit(batch(5));
    expect(statuses(bench, 5)).toEqual([1, STATUS.xfer_erange, 1, 0, 0]);
    expect(bench.space.readByte(0x10_0000 + 192)).toBe(0);
    expect(bench.recordAt(DONE)).toMatchObject({ status: STATUS.batch_fail, bytesCompleted: 3 });
  });

  test('passes a fence when all before it succeeded', () => {
    const bench = new DeviceBench();
    bench.putDescriptors(LIST, [fenced(fill(0)), fill(1), fenced(fill(2))]);
    bench.submit(batch(3));
    expect(statuses(bench, 3)).toEqual([1, 1, 1]);
    expect(bench.recordAt(DONE).status).toBe(STATUS.success);
  });

  test('counts an unexpected compare result as a failure, for its status and for fences', () => {
    const bench = new DeviceBench();
    const compare = {
      ...fill(0),
      opcode: OPCODE.compare,
      source: 0x10_0000,
      flags: RECORD | FLAG.check_result,
      expectedResult: 1,
      patternLow: 0,
    };
    bench.putDescriptors(LIST, [compare, fenced(fill(1))]);
    bench.submit(batch(2));
    expect(statuses(bench, 2)).toEqual([STATUS.success_pred, 0]);
    expect(bench.recordAt(DONE)).toMatchObject({ status: STATUS.batch_fail, bytesCompleted: 1 });
  });

  test.each([
    ['batch', OPCODE.batch],
    ['drain', OPCODE.drain],
  ])('refuses a %s inside', (_, opcode) => {
    const bench = new DeviceBench();
    bench.putDescriptors(LIST, [
      { opcode, flags: RECORD, completionAddress: at(0), source: LIST, size: 2 },
      fill(1),
    ]);
    bench.submit(batch(2));
    expect(statuses(bench, 2)).toEqual([STATUS.bad_opcode, 1]);
  });

  test('gives its members its own PASID and privilege, whatever theirs say', () => {
    const bench = new DeviceBench({ mode: 'shared', privilegedMode: false });
    bench.putDescriptors(LIST, [
      { ...fill(0), opcode: OPCODE.fill, pasid: 2, priv: 1 },
      { ...fill(1), opcode: OPCODE.fill, pasid: 77 },
    ]);
    bench.submit(batch(2));
    expect(statuses(bench, 2)).toEqual([1, 1]);
    expect(bench.other.materialisedBytes).toBe(0);
  });

  test('writes no member record that nobody asked for, except for an error', () => {
    const bench = new DeviceBench();
    const quiet = (fields: DescriptorFields): DescriptorFields => ({
      ...fields,
      flags: FLAG.completion_record_address_valid,
    });
    bench.putDescriptors(LIST, [quiet(fill(0)), quiet(bad(1))]);
    bench.submit(batch(2));
    expect(statuses(bench, 2)).toEqual([0, STATUS.xfer_erange]);
  });

  test('stops at an absent page of its list and resumes from there', () => {
    const bench = new DeviceBench({ generation: '2.0', pageRequests: false });
    const start = LIST + 4096 - 128;
    bench.putDescriptors(start, [fill(0), bad(1), fill(2), fill(3)]);
    bench.space.setAbsent(LIST + 4096);
    bench.submit(batch(4, { source: start }));
    const stopped = bench.recordAt(DONE);
    expect(stopped).toMatchObject({
      status: STATUS.batch_page_fault,
      bytesCompleted: 2,
      result: 1,
      faultInfo: 2,
    });
    expect(stopped.faultAddress).toBe(LIST + 4096);
    expect(statuses(bench, 4)).toEqual([1, STATUS.xfer_erange, 0, 0]);
    bench.space.setPresent(LIST + 4096);
    const flags = RECORD | OPERATION_FLAG.batch.batch_error;
    bench.submit(batch(2, { source: start + 128, flags }));
    expect(statuses(bench, 4)).toEqual([1, STATUS.xfer_erange, 1, 1]);
    expect(bench.recordAt(DONE)).toMatchObject({ status: STATUS.batch_fail, bytesCompleted: 2, result: 1 });
  });

  test('requests the absent pages of its list when page requests are on', () => {
    const bench = new DeviceBench();
    bench.putDescriptors(LIST, [fill(0), fill(1)]);
    bench.space.setAbsent(LIST);
    bench.submit(batch(2));
    expect(bench.recordAt(DONE).status).toBe(STATUS.success);
  });

  test.each([
    ['one descriptor', 1, {}, STATUS.desc_cnt_erange],
    ['one descriptor where the device allows it', 1, { capabilities: { batch1: true } }, STATUS.success],
    ['none', 0, { capabilities: { batch1: true } }, STATUS.desc_cnt_erange],
    ['more than its queue allows', 5, { maxBatch: 4 }, STATUS.desc_cnt_erange],
    ['as many as its queue allows', 4, { maxBatch: 4 }, STATUS.success],
  ])('of %s ends with the right status', (_, count, options, status) => {
    const bench = new DeviceBench(options);
    bench.putDescriptors(
      LIST,
      Array.from({ length: 5 }, (_unused, i) => fill(i)),
    );
    bench.submit(batch(count));
    expect(bench.recordAt(DONE).status).toBe(status);
  });

  test('delivers the interrupts of its members before its own', () => {
    const bench = new DeviceBench();
    const rci = FLAG.request_completion_interrupt;
    bench.putDescriptors(LIST, [
      { ...fill(0), opcode: OPCODE.fill, flags: RECORD | rci, interruptHandle: 2 },
      fill(1),
    ]);
    bench.submit(batch(2, { flags: RECORD | rci, interruptHandle: 8 }));
    expect(bench.device.interrupts.map(({ handle }) => handle)).toEqual([2, 8]);
  });
});
