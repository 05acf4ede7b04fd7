import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CompletionRecord } from '../../src/core/completion-record.js';
import { Descriptor } from '../../src/core/descriptor.js';
import { type DescriptorFields, encodeDescriptor } from '../../src/core/encode-descriptor.js';
import { OPCODE } from '../../src/core/operations.js';
import { descriptorOf, hex } from './bench-subject.js';
import { runs } from './runs.js';

const address = fc.integer({ min: 0, max: 2 ** 52 - 1 });
const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const u16 = fc.integer({ min: 0, max: 0xffff });
const u8 = fc.integer({ min: 0, max: 0xff });

const generic = {
  flags: fc.integer({ min: 0, max: 0xff_ffff }),
  pasid: fc.integer({ min: 0, max: 0xf_ffff }),
  priv: fc.integer({ min: 0, max: 1 }),
  completionAddress: address,
  size: u32,
  interruptHandle: u16,
};
const addresses = { source: address, destination: address };
const dif = {
  sourceDifFlags: u8,
  destinationDifFlags: u8,
  difFlags: u8,
  sourceReferenceTag: u32,
  sourceApplicationMask: u16,
  sourceApplicationTag: u16,
  destinationReferenceTag: u32,
  destinationApplicationMask: u16,
  destinationApplicationTag: u16,
};

/** Own fields of each operation that `Descriptor` gives back under the same name. */
const OWN: [string, number, Record<string, fc.Arbitrary<number>>][] = [
  ['memmove', OPCODE.memmove, addresses],
  ['compare', OPCODE.compare, { ...addresses, expectedResult: fc.integer({ min: 0, max: 1 }) }],
  ['id compare', OPCODE.id_compare, { ...addresses, expectedResult: fc.integer({ min: 0, max: 1 }) }],
  [
    'id compare pattern',
    OPCODE.id_compare_pattern,
    { source: address, expectedResult: fc.integer({ min: 0, max: 1 }), sourceHandle: u16 },
  ],
  [
    'create delta',
    OPCODE.create_delta,
    {
      ...addresses,
      deltaAddress: address,
      maxDeltaBytes: u32,
      expectedResultMask: fc.integer({ min: 0, max: 7 }),
    },
  ],
  ['apply delta', OPCODE.apply_delta, { ...addresses, deltaRecordBytes: u32 }],
  ['dualcast', OPCODE.dualcast, { ...addresses, destination2: address }],
  ['translation fetch', OPCODE.translation_fetch, { source: address, regionStrideBytes: u32 }],
  ['crc', OPCODE.crc, { source: address, crcSeed: u32, crcSeedHigh: u32, crcSeedAddress: address }],
  ['dif update', OPCODE.dif_update, { ...addresses, ...dif }],
  ['update window', OPCODE.update_window, { ...addresses, windowFlags: u8, destinationHandle: u16 }],
  ['id copy', OPCODE.id_copy, { ...addresses, sourceHandle: u16, destinationHandle: u16 }],
];

describe('a descriptor', () => {
  test('is the same from words as from bytes', () => {
    const words = new Uint32Array(16);
    for (let i = 0; i < words.length; i++) words[i] = Math.imul(i + 1, 0x9e37_79b1);
    const fromWords = new Descriptor();
    fromWords.decodeWords(words);
    const fromBytes = new Descriptor();
    fromBytes.decode(new Uint8Array(words.buffer), 0);
    expect(hex(fromWords.bytes)).toBe(hex(new Uint8Array(words.buffer)));
    expect(fromWords).toEqual(fromBytes);
  });

  test('replaces whatever was in its place, and nothing around it', () => {
    const bytes = new Uint8Array(192).fill(0xff);
    encodeDescriptor(
      { opcode: OPCODE.compare, source: 1, destination: 2, size: 3, expectedResult: 1 },
      bytes,
      64,
    );
    expect(hex(bytes.subarray(0, 64)) + hex(bytes.subarray(128))).toBe('ff'.repeat(128));
    expect(hex(bytes.subarray(104, 128))).toBe(`01${'00'.repeat(23)}`);
  });

  test.each(OWN)('of %s comes back as it was encoded, at any offset', (_, opcode, own) => {
    fc.assert(
      fc.property(fc.record({ ...generic, ...own }), fc.integer({ min: 0, max: 64 }), (fields, offset) => {
        const bytes = new Uint8Array(192).fill(0xa5);
        encodeDescriptor({ opcode, ...fields } as DescriptorFields, bytes, offset);
        expect(bytes.subarray(0, offset).every((byte) => byte === 0xa5)).toBe(true);
        expect(bytes.subarray(offset + 64).every((byte) => byte === 0xa5)).toBe(true);
        const descriptor = new Descriptor();
        descriptor.decode(bytes, offset);
        expect(descriptor.opcode).toBe(opcode);
        expect(descriptor.reservedHeader).toBe(0);
        const decoded = descriptor as unknown as Record<string, number>;
        for (const [name, value] of Object.entries(fields)) expect(decoded[name], name).toBe(value);
      }),
      runs(20311, 200),
    );
  });

  test('has its fields at the offsets of the specification', () => {
    const image = new Uint8Array(64);
    encodeDescriptor(
      {
        opcode: OPCODE.create_delta,
        flags: 0xabcdef,
        pasid: 0x12345,
        priv: 1,
        completionAddress: 0x0001_0203_0405_0607,
        source: 0x0008_090a_0b0c_0d0e,
        destination: 0x000f_1011_1213_1415,
        size: 0x2021_2223,
        interruptHandle: 0x2425,
        deltaAddress: 0x0008_2827_2625_2423,
        maxDeltaBytes: 0x3031_3233,
        expectedResultMask: 5,
      },
      image,
      0,
    );
    expect(hex(image)).toBe(
      '45230180efcdab07' +
        '0706050403020100' +
        '0e0d0c0b0a090800' +
        '1514131211100f00' +
        '2322212025240000' +
        '2324252627280800' +
        '3332313000000000' +
        '0500000000000000',
    );
  });

  test('keeps both halves of its patterns', () => {
    const fill = descriptorOf({
      opcode: OPCODE.fill,
      destination: 1,
      patternLow: 0x03020100,
      patternHigh: 0x07060504,
      pattern2Low: 0x0b0a0908,
      pattern2High: 0x0f0e0d0c,
    });
    expect(hex(fill.bytes.subarray(16, 24)) + hex(fill.bytes.subarray(40, 48))).toBe(
      '000102030405060708090a0b0c0d0e0f',
    );
    const compare = descriptorOf({
      opcode: OPCODE.compare_pattern,
      patternLow: 0x03020100,
      patternHigh: 0x07060504,
    });
    expect(hex(compare.bytes.subarray(24, 32))).toBe('0001020304050607');
  });

  test('keeps the page of an address beyond 2^52, and the low bits for alignment checks', () => {
    const image = new Uint8Array(64).fill(0xff);
    const descriptor = new Descriptor();
    descriptor.decode(image, 0);
    expect(descriptor.source).toBe(2 ** 64 - 4096);
    expect(descriptor.low12(16)).toBe(0xfff);
    expect(descriptor.reservedHeader).toBe(0x7ff);
    image.set([0xff, 0x0f, 0, 0, 0, 0, 0x10, 0], 16);
    descriptor.decode(image, 0);
    expect([descriptor.source, descriptor.low12(16)]).toEqual([2 ** 52, 0xfff]);
    image.set([0xff, 0x0f, 0, 0, 0xff, 0xff, 0x0f, 0], 16);
    descriptor.decode(image, 0);
    expect(descriptor.source).toBe(2 ** 52 - 2 ** 32 + 0xfff);
  });

  test('does not notice later changes of the bytes that it was decoded from', () => {
    const image = new Uint8Array(64);
    encodeDescriptor({ opcode: OPCODE.memmove, source: 0x1000, size: 8 }, image, 0);
    const descriptor = new Descriptor();
    descriptor.decode(image, 0);
    image.fill(0xff);
    expect(descriptor.deltaRecordBytes).toBe(0);
    expect(descriptor.source).toBe(0x1000);
  });
});

describe('a completion record', () => {
  test('comes back as it was encoded', () => {
    const fields = fc.record({
      status: fc.integer({ min: 0, max: 0x3f }),
      writeFault: fc.boolean(),
      result: u8,
      faultInfo: u8,
      bytesCompleted: u32,
      faultAddress: address,
      word16: u32,
      word20: u32,
      word24: u32,
      word28: u32,
    });
    fc.assert(
      fc.property(fields, (values) => {
        const record = Object.assign(new CompletionRecord(), values);
        const bytes = new Uint8Array(48).fill(0x5a);
        record.encode(bytes, 8);
        const back = new CompletionRecord();
        back.decode(bytes, 8);
        expect(back).toEqual(record);
        expect(hex(bytes.subarray(0, 8)) + hex(bytes.subarray(40))).toBe('5a'.repeat(16));
        expect(bytes[11]).toBe(0);
        const copy = new CompletionRecord();
        copy.assign(record);
        expect(copy).toEqual(record);
        record.reset();
        expect(record).toEqual(new CompletionRecord());
      }),
      runs(20312, 200),
    );
  });

  test('has its fields at the offsets of the specification', () => {
    const record = new CompletionRecord();
    record.status = 3;
    record.writeFault = true;
    record.result = 1;
    record.faultInfo = 6;
    record.bytesCompleted = 0x0102_0304;
    record.faultAddress = 0x000a_0b0c_0d0e_f000;
    record.setSourceTags(0x1112_1314, 0x2122, 0x3132);
    record.setDestinationTags(0x4142_4344, 0x5152, 0x6162);
    const bytes = new Uint8Array(32);
    record.encode(bytes, 0);
    expect(hex(bytes)).toBe(
      '8301060004030201' + '00f00e0d0c0b0a00' + '1413121122213231' + '4443424152516261',
    );
    expect([record.sourceReferenceTag, record.sourceApplicationMask, record.sourceApplicationTag]).toEqual([
      0x1112_1314, 0x2122, 0x3132,
    ]);
    expect([
      record.destinationReferenceTag,
      record.destinationApplicationMask,
      record.destinationApplicationTag,
    ]).toEqual([0x4142_4344, 0x5152, 0x6162]);
  });

  test('that software marked as aborted is no write fault', () => {
    const record = new CompletionRecord();
    record.decode(new Uint8Array(32).fill(0xff, 0, 1), 0);
    expect(record.status).toBe(0xff);
    expect(record.writeFault).toBe(false);
  });
});
