import { describe, expect, test } from 'vitest';
import { AddressSpace } from '../../src/core/address-space.js';
import { capabilitiesOf } from '../../src/core/capabilities.js';
import type { CompletionRecord } from '../../src/core/completion-record.js';
import { Descriptor } from '../../src/core/descriptor.js';
import { type DescriptorFields, encodeDescriptor } from '../../src/core/encode-descriptor.js';
import { Executor } from '../../src/core/executor.js';
import { OPERATION_FLAG } from '../../src/core/flags.js';
import { OperandList } from '../../src/core/operands.js';
import { OPCODE } from '../../src/core/operations.js';
import { continuation } from '../core-reference/resume.js';
import { noise, requested } from './bench-subject.js';

/**
 * Every operation, stopped at every page boundary of every operand and continued as a driver would, leaves the bytes
 * and the result of a run without faults.
 */

const A = 0x10_0000;
const B = 0x20_0000;
const C = 0x30_0000;
const capabilities = capabilitiesOf('2.0');
const difData = (blocks: number): DescriptorFields => ({
  opcode: OPCODE.dif_insert,
  source: C,
  destination: A + 24,
  size: blocks * 512,
  destinationReferenceTag: 0xffff_fffe,
  destinationApplicationTag: 0xfffe,
  destinationDifFlags: 0x10,
});
const difFields: DescriptorFields = {
  opcode: 0,
  sourceDifFlags: 0x10,
  sourceReferenceTag: 0xffff_fffe,
  sourceApplicationTag: 0xfffe,
};

interface Case {
  name: string;
  fields: DescriptorFields;
  /** Run before, without faults, to make the input. */
  input?: DescriptorFields;
}

const cases: Case[] = [
  {
    name: 'memmove',
    fields: { opcode: OPCODE.memmove, source: A + 100, destination: B + 3000, size: 14000 },
  },
  {
    name: 'memmove backward',
    fields: { opcode: OPCODE.memmove, source: A + 100, destination: A + 5000, size: 14000 },
  },
  {
    name: 'memmove forward over itself',
    fields: { opcode: OPCODE.memmove, source: A + 5000, destination: A + 100, size: 14000 },
  },
  {
    name: 'fill',
    fields: {
      opcode: OPCODE.fill,
      destination: A + 101,
      size: 13001,
      patternLow: 0x04030201,
      patternHigh: 0x08070605,
    },
  },
  {
    name: '16-byte fill',
    fields: {
      opcode: OPCODE.fill,
      flags: OPERATION_FLAG.fill.pattern_16_bytes,
      destination: A + 101,
      size: 13001,
      patternLow: 0x04030201,
      patternHigh: 0x08070605,
      pattern2Low: 0x14131211,
      pattern2High: 0x18171615,
    },
  },
  { name: 'compare', fields: { opcode: OPCODE.compare, source: A + 10, destination: B + 4000, size: 12000 } },
  {
    name: 'compare pattern',
    input: {
      opcode: OPCODE.fill,
      destination: A + 3,
      size: 12345,
      patternLow: 0x04030201,
      patternHigh: 0x08070605,
    },
    fields: {
      opcode: OPCODE.compare_pattern,
      source: A + 3,
      size: 12345,
      patternLow: 0x04030201,
      patternHigh: 0x08070605,
    },
  },
  {
    name: 'apply delta',
    input: {
      opcode: OPCODE.create_delta,
      source: A,
      destination: B,
      size: 8192,
      deltaAddress: C + 1,
      maxDeltaBytes: 20480,
    },
    fields: {
      opcode: OPCODE.apply_delta,
      source: C + 1,
      destination: A,
      size: 8192,
      deltaRecordBytes: 10240,
    },
  },
  {
    name: 'dualcast',
    fields: {
      opcode: OPCODE.dualcast,
      source: A + 9,
      destination: B + 500,
      destination2: C + 500,
      size: 13000,
    },
  },
  { name: 'translation fetch', fields: { opcode: OPCODE.translation_fetch, source: A, size: 16384 } },
  { name: 'crc', fields: { opcode: OPCODE.crc, source: A + 33, size: 13000, crcSeed: 0x1234 } },
  {
    name: 'crc with all its flags',
    fields: {
      opcode: OPCODE.crc,
      flags: OPERATION_FLAG.crc.bypass_data_reflection | OPERATION_FLAG.crc.bypass_inversion_and_reflection,
      source: A + 33,
      size: 13000,
    },
  },
  {
    name: 'crc64',
    fields: { opcode: OPCODE.crc, flags: OPERATION_FLAG.crc.crc64, source: A + 33, size: 13000, crcSeed: 7 },
  },
  {
    name: 'copy with crc, seed from memory',
    fields: {
      opcode: OPCODE.copy_crc,
      flags: OPERATION_FLAG.crc.read_seed,
      source: A + 33,
      destination: B + 1,
      size: 13000,
      crcSeedAddress: C,
    },
  },
  {
    name: 'dif check',
    input: difData(30),
    fields: { ...difFields, opcode: OPCODE.dif_check, source: A + 24, size: 30 * 520 },
  },
  { name: 'dif insert', fields: { ...difData(30), destination: B + 700 } },
  {
    name: 'dif strip',
    input: difData(30),
    fields: { ...difFields, opcode: OPCODE.dif_strip, source: A + 24, destination: B + 700, size: 30 * 520 },
  },
  {
    name: 'dif update',
    input: difData(30),
    fields: {
      ...difFields,
      opcode: OPCODE.dif_update,
      source: A + 24,
      destination: B + 700,
      size: 30 * 520,
      destinationReferenceTag: 5,
      destinationApplicationTag: 6,
    },
  },
  { name: 'dix generate', fields: { ...difData(1040), opcode: OPCODE.dix_generate, destination: B + 8 } },
  { name: 'cache flush', fields: { opcode: OPCODE.cache_flush, destination: A + 5, size: 13000 } },
];

const IN_A = noise(0x8000, 1);
const IN_B = noise(0x8000, 2);
const IN_C = noise(0x4_0000, 3);

function prepared(input: DescriptorFields | undefined): AddressSpace {
  const space = new AddressSpace();
  space.write(A, IN_A, 0, 0x8000);
  const isCompare = input === undefined;
  space.write(B, IN_B, 0, 0x8000);
  if (isCompare) space.write(B + 4000, IN_A.subarray(10), 0, 12000);
  space.write(C, IN_C, 0, 0x4_0000);
  if (input !== undefined) {
    const executor = new Executor(capabilities);
    executor.execute(decoded(image(input)), space);
    expect(executor.completion.status).toBe(1);
  }
  return space;
}

function image(fields: DescriptorFields): Uint8Array {
  const bytes = new Uint8Array(64);
  encodeDescriptor(requested(fields), bytes, 0);
  return bytes;
}

function decoded(bytes: Uint8Array): Descriptor {
  const descriptor = new Descriptor();
  descriptor.decode(bytes, 0);
  return descriptor;
}

function encoded(record: CompletionRecord): Uint8Array {
  const bytes = new Uint8Array(32);
  record.encode(bytes, 0);
  return bytes;
}

/** Runs to the end, bringing in each page it stops at. @returns the last record and the number of faults */
function runWithFaults(first: Uint8Array, space: AddressSpace): { record: CompletionRecord; faults: number } {
  const executor = new Executor(capabilities);
  const record = executor.completion;
  let bytes = first;
  for (let faults = 0; faults < 400; faults++) {
    executor.execute(decoded(bytes), space);
    if (record.status !== 3) return { record, faults };
    expect(space.isPresent(record.faultAddress)).toBe(false);
    space.setPresent(record.faultAddress);
    bytes = continuation(bytes, encoded(record));
  }
  throw new Error('never ends');
}

function operandPages(bytes: Uint8Array): number[] {
  const operands = new OperandList();
  operands.from(decoded(bytes));
  const pages = new Set<number>();
  for (let row = 0; row < operands.count; row++) {
    const start = operands.address[row]!;
    for (let at = start - (start % 4096); at < start + operands.bytes[row]!; at += 4096) pages.add(at);
  }
  return [...pages];
}

/** What a record says in the end that does not depend on where it was resumed. */
function tailOf(record: CompletionRecord): number[] {
  return [record.status, record.result, record.word16, record.word20, record.word24, record.word28];
}

describe.each(cases)('$name', ({ fields, input }) => {
  /** The run without faults; not before a test asks for it. */
  const unfaulted = () => {
    const whole = image(fields);
    const space = prepared(input);
    const { record } = runWithFaults(whole, space);
    const { bytesCompleted } = record;
    return {
      whole,
      pages: operandPages(whole),
      bytesCompleted,
      tail: tailOf(record),
      digest: space.digest(),
    };
  };

  test('spans several pages and ends in success', () => {
    const { pages, bytesCompleted, tail } = unfaulted();
    expect(pages.length).toBeGreaterThan(2);
    expect(tail[0]).toBe(1);
    expect(bytesCompleted).toBe(0);
  });

  test('resumes after a fault on any one page', () => {
    const { whole, pages, tail, digest } = unfaulted();
    for (const page of pages) {
      const space = prepared(input);
      space.setAbsent(page);
      const { record, faults } = runWithFaults(whole, space);
      expect(faults, `page ${page}`).toBe(1);
      expect(tailOf(record), `page ${page}`).toEqual(tail);
      expect(space.digest(), `page ${page}`).toBe(digest);
    }
  });

  test('resumes again and again when every page is absent at first', () => {
    const { whole, pages, tail, digest } = unfaulted();
    const space = prepared(input);
    for (const page of pages) space.setAbsent(page);
    const { record, faults } = runWithFaults(whole, space);
    expect(faults).toBe(pages.length);
    expect(tailOf(record)).toEqual(tail);
    expect(space.digest()).toBe(digest);
  });
});

describe('create delta', () => {
  const create = (offset: number): DescriptorFields => ({
    opcode: OPCODE.create_delta,
    source: A,
    destination: B,
    size: 8192,
    deltaAddress: C + offset,
    maxDeltaBytes: 20480,
  });

  test.each([A, A + 4096, B, B + 4096, C, C + 4096, C + 8192])(
    'resumes after a fault on page %i, its offsets counting from where it stopped',
    (page) => {
      const space = prepared(undefined);
      space.setAbsent(page);
      const executor = new Executor(capabilities);
      const record = executor.completion;
      let bytes = image(create(1));
      const pieces: { at: number; address: number; recordBytes: number }[] = [];
      let at = 0;
      let address = C + 1;
      for (let round = 0; round < 3; round++) {
        executor.execute(decoded(bytes), space);
        pieces.push({ at, address, recordBytes: record.deltaRecordBytes });
        if (record.status === 1) break;
        expect(record.status).toBe(3);
        expect(record.result).toBe(record.deltaRecordBytes > 0 ? 1 : 0);
        at += record.bytesCompleted;
        address += record.deltaRecordBytes;
        space.setPresent(record.faultAddress);
        bytes = continuation(bytes, encoded(record));
      }
      expect(pieces).toHaveLength(2);
      for (const piece of pieces) {
        if (piece.recordBytes === 0) continue;
        const apply = { opcode: OPCODE.apply_delta, source: piece.address, destination: A + piece.at };
        executor.execute(
          decoded(image({ ...apply, size: 8192 - piece.at, deltaRecordBytes: piece.recordBytes })),
          space,
        );
        expect(record.status).toBe(1);
      }
      const patched = new Uint8Array(8192);
      const wanted = new Uint8Array(8192);
      space.read(A, patched, 0, 8192);
      space.read(B, wanted, 0, 8192);
      expect(Buffer.compare(patched, wanted)).toBe(0);
    },
  );
});
