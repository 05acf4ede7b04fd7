import { describe, expect, test } from 'vitest';
import type { DescriptorFields } from '../../src/core/encode-descriptor.js';
import { OPCODE } from '../../src/core/operations.js';
import { STATUS } from '../../src/core/status.js';
import { RECORD_ADDRESS, requested } from './bench-subject.js';
import { DeviceBench } from './device-subject.js';

const LIMIT = 2 ** 52;
/** An entry of the bench that opens the memory of its own PASID and may be changed. */
const CHANGEABLE = 4;
const [READ, WRITE, ENABLE, OFFSET] = [1, 2, 4, 8];

/** Sends Update Window. @returns the bench and the status */
function update(fields: Partial<DescriptorFields>, changes: object = {}): [DeviceBench, number] {
  const bench = new DeviceBench({ generation: '2.0' });
  Object.assign(bench.entries[CHANGEABLE]!, changes);
  const window = { opcode: OPCODE.update_window, destinationHandle: CHANGEABLE, source: 0x5000 };
  bench.submit(requested({ ...window, destination: 0x3000, windowFlags: ENABLE, ...fields }));
  return [bench, bench.recordAt(RECORD_ADDRESS).status];
}

describe('Update Window', () => {
  test.each([
    [ENABLE, { read: false, write: false, windowEnable: true, offsetMode: false }],
    [ENABLE | READ, { read: true, write: false, windowEnable: true, offsetMode: false }],
    [ENABLE | WRITE, { read: false, write: true, windowEnable: true, offsetMode: false }],
    [ENABLE | OFFSET, { read: false, write: false, windowEnable: true, offsetMode: true }],
    [READ | WRITE, { read: true, write: true, windowEnable: false, offsetMode: false }],
  ])('with flags %i sets permissions, mode and bounds', (windowFlags, entry) => {
    const [bench, status] = update({ windowFlags });
    expect(status).toBe(STATUS.success);
    expect(bench.entries[CHANGEABLE]).toMatchObject({
      ...entry,
      windowBase: 0x5000,
      windowBytes: 0x3000,
    });
  });

  test.each<[string, Partial<DescriptorFields>, object]>([
    ['beyond the table', { destinationHandle: 99 }, {}],
    ['that is not usable', {}, { usable: false }],
    ['that may not change', {}, { allowUpdate: false }],
    ['of the memory of somebody else', {}, { accessPasid: 2 }],
  ])('leaves an entry %s alone', (_, fields, changes) => {
    const [bench, status] = update(fields, changes);
    expect(status).toBe(STATUS.update_window_entry_invalid);
    expect(bench.entries[CHANGEABLE]!.windowEnable).toBe(false);
  });

  test('needs a queue with a PASID', () => {
    const bench = new DeviceBench({ generation: '2.0', pasidEnable: false });
    bench.submit(requested({ opcode: OPCODE.update_window, destinationHandle: CHANGEABLE }));
    expect(bench.recordAt(RECORD_ADDRESS).status).toBe(STATUS.inter_domain_no_pasid);
  });

  test.each<[string, Partial<DescriptorFields>, number]>([
    ['an empty window', { destination: 0 }, STATUS.update_window_control],
    ['a window that ends at the last address', { source: LIMIT - 4096, destination: 4096 }, STATUS.success],
    ['one that ends beyond', { source: LIMIT - 4096, destination: 8192 }, STATUS.update_window_control],
    ['offset mode without a window', { windowFlags: OFFSET }, STATUS.update_window_control],
    ['a closed window of no size', { windowFlags: READ, destination: 0 }, STATUS.success],
  ])('judges %s', (_, fields, expected) => {
    expect(update(fields)[1]).toBe(expected);
  });
});

describe('a window', () => {
  const fill = (destination: number, size: number): DescriptorFields =>
    requested({ opcode: OPCODE.id_fill, flags: 0x2_0000, destination, size, destinationHandle: 3 });

  test.each([
    [0x1000, 0x1000, STATUS.success],
    [0x1000, 0x1001, STATUS.inter_domain_window_range],
    [0x0fff, 1, STATUS.inter_domain_window_range],
    [0x1fff, 1, STATUS.success],
    [0x2000, 1, STATUS.inter_domain_window_range],
  ])('from 0x1000 to 0x2000 lets %i, %i bytes through with status %i', (destination, size, status) => {
    const bench = new DeviceBench({ generation: '2.0' });
    bench.submit(fill(destination, size));
    expect(bench.recordAt(RECORD_ADDRESS).status).toBe(status);
  });

  test.each([
    [{ read: true, write: false }, STATUS.inter_domain_permission],
    [{ read: false, write: true }, STATUS.success],
  ])('with %o answers a write with %i', (permissions, status) => {
    const bench = new DeviceBench({ generation: '2.0' });
    Object.assign(bench.entries[3]!, permissions);
    bench.submit(fill(0x1000, 8));
    expect(bench.recordAt(RECORD_ADDRESS).status).toBe(status);
  });
});
