import { describe, expect, test } from 'vitest';
import { OPERATION_FLAG } from '../../src/core/flags.js';
import { OPCODE } from '../../src/core/operations.js';
import { STATUS } from '../../src/core/status.js';
import { noise, RECORD_ADDRESS, requested } from './bench-subject.js';
import { DeviceBench } from './device-subject.js';

const { alternate_source_pasid, alternate_destination_pasid } = OPERATION_FLAG.inter_domain;
/** Entries of the bench: without a window, with one from 0x1000 to 0x1fff, and one of offsets from 0x8000 on. */
const [OPEN, WINDOW, OFFSETS] = [1, 3, 6];

describe('an operand behind a table entry', () => {
  /** Copies 16 bytes out of the other address space. @returns status, and where the bytes came from */
  function copyFrom(handle: number, source: number): [status: number, from: number | null] {
    const bench = new DeviceBench({ generation: '2.0' });
    const places = [0x10, 0x1000, 0x1010, 0x1ff0, 0x2000, 0x8010, 0x9000, 0x9ff0];
    for (const [i, place] of places.entries()) bench.other.writeByte(place, i + 1);
    bench.submit(
      requested({
        opcode: OPCODE.id_copy,
        flags: alternate_source_pasid,
        source,
        destination: 0x5000,
        size: 16,
        sourceHandle: handle,
      }),
    );
    const found = bench.space.readByte(0x5000);
    return [bench.recordAt(RECORD_ADDRESS).status, found === 0 ? null : places[found - 1]!];
  }

  test('without a window lies where the descriptor says', () => {
    expect(copyFrom(OPEN, 0x10)).toEqual([STATUS.success, 0x10]);
    expect(copyFrom(OPEN, 0x8010)).toEqual([STATUS.success, 0x8010]);
  });

  test('of a window lies where the descriptor says, and all of it inside', () => {
    for (const source of [0x1000, 0x1010, 0x1ff0]) {
      expect(copyFrom(WINDOW, source)).toEqual([STATUS.success, source]);
    }
    for (const source of [0x10, 0xfff, 0x1ff1, 0x2000]) {
      expect(copyFrom(WINDOW, source)).toEqual([STATUS.inter_domain_window_range, null]);
    }
  });

  test('of a window of offsets lies that far into it', () => {
    expect(copyFrom(OFFSETS, 0x10)).toEqual([STATUS.success, 0x8010]);
    expect(copyFrom(OFFSETS, 0x1ff0)).toEqual([STATUS.success, 0x9ff0]);
    expect(copyFrom(OFFSETS, 0x1ff1)).toEqual([STATUS.inter_domain_window_range, null]);
    expect(copyFrom(OFFSETS, 0x8010)).toEqual([STATUS.inter_domain_window_range, null]);
  });
});

test.each([
  ['source', alternate_source_pasid],
  ['destination', alternate_destination_pasid],
  ['both', alternate_source_pasid | alternate_destination_pasid],
] as const)('equal addresses are other memory when the %s lies in another address space', (_, flags) => {
  const [source, destination, size] = [0x1_0000, 0x1_0800, 0x3000];
  const bench = new DeviceBench({ generation: '2.0' });
  const here = noise(0x4000, 1);
  const there = noise(0x4000, 2);
  bench.space.write(source, here, 0, here.length);
  bench.other.write(source, there, 0, there.length);
  const handles = { sourceHandle: 0, destinationHandle: 0 };
  if (flags & alternate_source_pasid) handles.sourceHandle = OPEN;
  if (flags & alternate_destination_pasid) handles.destinationHandle = OPEN;
  bench.submit(requested({ opcode: OPCODE.id_copy, flags, source, destination, size, ...handles }));
  expect(bench.recordAt(RECORD_ADDRESS).status).toBe(STATUS.success);
  const read = flags & alternate_source_pasid ? there : here;
  const into = flags & alternate_destination_pasid ? there : here;
  const expected = into.slice();
  expected.set(read.slice(0, size), destination - source);
  const found = new Uint8Array(0x4000);
  (flags & alternate_destination_pasid ? bench.other : bench.space).read(source, found, 0, found.length);
  expect(Buffer.compare(found, expected)).toBe(0);
});
