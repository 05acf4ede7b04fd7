import { describe, expect, test } from 'vitest';
import { type Fields, image, WITH_RECORD } from './build.js';
import { littleEndian, toHex } from './bytes.js';
import { REVISION_1, REVISION_2, type ReferenceConfig } from './config.js';
import { FLAG, type OP, ReferenceDescriptor } from './descriptor.js';
import { type Completion, ReferenceDevice } from './device.js';
import { ReferenceMemory } from './memory.js';
import { answerTo } from './submission.js';

const RECORD = 0xf000n;

function bench(overrides: Partial<ReferenceConfig> = {}, absent: bigint[] = []) {
  const memory = new ReferenceMemory();
  memory.map(0x1000n, 0xf000);
  for (const page of absent) memory.present.delete(page);
  const config: ReferenceConfig = {
    capabilities: REVISION_1,
    workQueue: {
      shared: false,
      size: 16,
      threshold: 16,
      blockOnFault: true,
      maxTransferBytes: 2 ** 31,
      maxBatch: 1024,
      pasid: 1,
      pasidEnable: true,
      privileged: false,
      operations: 2n ** 256n - 1n,
    },
    pageRequests: true,
    trafficClasses: [0, 0],
    userInterrupts: true,
    privilegedMode: true,
    eventLog: false,
    validHandle: (handle) => handle < 9,
    ignoredHandles: new Set(),
    addressTranslation: true,
    ...overrides,
  };
  const device = new ReferenceDevice(config, memory);
  const submit = (operation: keyof typeof OP | number, flags: number, fields: Fields = {}): Completion =>
    device.process(
      new ReferenceDescriptor(image(operation, flags, { completion: flags & 4 ? RECORD : 0n, ...fields })),
    );
  return { memory, submit };
}

describe('a page fault of the model', () => {
  test('stops a copy upwards at the page, with the bytes before it copied', () => {
    const { memory, submit } = bench({}, [0x3000n]);
    memory.write(0x2ffcn, [1, 2, 3, 4]);
    const done = submit('memmove', WITH_RECORD, { source: 0x2ffc, destination: 0x5000, size: 16 });
    expect(toHex(done.bytes.slice(0, 16))).toBe('03000000040000000030000000000000');
    expect(memory.read(0x5000n, 5)).toEqual([1, 2, 3, 4, 0]);
  });

  test('stops a copy downwards from the top, and says so in the result', () => {
    const { memory, submit } = bench({}, [0x2000n]);
    memory.write(0x3000n, [1, 2, 3, 4]);
    const done = submit('memmove', WITH_RECORD, { source: 0x2ffc, destination: 0x2ffe, size: 8 });
    expect(done.bytes[0]).toBe(0x03);
    expect(done.bytes[1]).toBe(1);
    expect(littleEndian(done.bytes, 4, 4)).toBe(4n);
    expect(memory.read(0x3000n, 6)).toEqual([1, 2, 1, 2, 3, 4]);
  });

  test('is resolved by a page request when the descriptor blocks on faults', () => {
    const { memory, submit } = bench({}, [0x3000n]);
    memory.pageable.add(0x3000n);
    const flags = WITH_RECORD | FLAG.blockOnFault;
    const done = submit('fill', flags, { destination: 0x2ffe, size: 4, pattern: 0x0807060504030201n });
    expect(done.status).toBe(1);
    expect(memory.requested).toEqual([0x3000n]);
    expect(memory.read(0x2ffen, 5)).toEqual([1, 2, 3, 4, 0]);
  });

  test('whose page request is refused answers 0x04 with the write bit', () => {
    const { submit } = bench({}, [0x3000n]);
    const done = submit('fill', WITH_RECORD | FLAG.blockOnFault, { destination: 0x2ffe, size: 4 });
    expect(done.bytes[0]).toBe(0x84);
  });

  test('on the completion record discards the descriptor without an event log', () => {
    const { memory, submit } = bench({}, [0xf000n]);
    const done = submit('fill', WITH_RECORD, { destination: 0x2000, size: 4, pattern: 7 });
    expect(done).toMatchObject({ status: 0x1a, record: 'software-error' });
    expect(memory.read(0x2000n, 4)).toEqual([0, 0, 0, 0]);
  });
});

describe('the checks of the model', () => {
  test.each<[string, number, keyof typeof OP | number, number, Fields]>([
    ['an operation code that does not exist', 0x10, 0x16, WITH_RECORD, {}],
    ['a fence outside a batch', 0x11, 'nop', WITH_RECORD | FLAG.fence, {}],
    ['a compare without its record request', 0x11, 'compare', FLAG.completionAddressValid, { size: 1 }],
    ['a byte that must be zero', 0x12, 'nop', WITH_RECORD, { size: 1 }],
    [
      'an interrupt handle that nobody granted',
      0x19,
      'nop',
      WITH_RECORD | FLAG.requestInterrupt,
      { handle: 9 },
    ],
    ['a transfer of nothing', 0x13, 'memmove', WITH_RECORD, {}],
    ['a batch of one', 0x14, 'batch', WITH_RECORD, { source: 0x2000, size: 1 }],
    ['a descriptor list off its alignment', 0x18, 'batch', WITH_RECORD, { source: 0x2020, size: 2 }],
    ['a delta source off its alignment', 0x1c, 'createDelta', WITH_RECORD, { source: 0x2001, size: 8 }],
    [
      'a delta record of less than eight entries',
      0x15,
      'createDelta',
      WITH_RECORD,
      { size: 8, maxRecordBytes: 79 },
    ],
    [
      'dualcast pages that differ below bit 12',
      0x17,
      'dualcast',
      WITH_RECORD,
      { size: 1, destination2: 0x2001 },
    ],
    [
      'a CRC copy onto its source',
      0x16,
      'copyCrc',
      WITH_RECORD,
      { source: 0x2000, destination: 0x2000, size: 1 },
    ],
  ])('answer %s with 0x%s', (_name, status, operation, flags, fields) => {
    const { submit } = bench();
    const done = submit(operation, flags, fields);
    expect(done.bytes[0]).toBe(status);
    expect(littleEndian(done.bytes, 4, 4)).toBe(0n);
  });

  test('name every offending flag in the bitmap', () => {
    const { submit } = bench();
    const flags = WITH_RECORD | FLAG.fence | FLAG.checkResult | FLAG.op19;
    const done = submit('memmove', flags, { size: 8 });
    expect(littleEndian(done.bytes, 16, 3)).toBe(BigInt(FLAG.fence | FLAG.checkResult | FLAG.op19));
  });

  test('refuse on revision 1 what revision 2 accepts', () => {
    for (const [capabilities, status] of [
      [REVISION_1, 0x11],
      [REVISION_2, 0x01],
    ] as const) {
      const { submit } = bench({ capabilities });
      const done = submit('fill', WITH_RECORD | FLAG.op18, { destination: 0x2000, size: 32 });
      expect(done.bytes[0]).toBe(status);
    }
  });
});

describe('completion records of the model', () => {
  test('are not written for a success that nobody asked to see', () => {
    const { memory, submit } = bench();
    memory.set(RECORD, 0x55);
    expect(submit('nop', FLAG.completionAddressValid).record).toBe('none');
    expect(memory.get(RECORD)).toBe(0x55);
  });

  test('are written for a failure even so', () => {
    const { memory, submit } = bench();
    expect(submit('memmove', FLAG.completionAddressValid).record).toBe('memory');
    expect(memory.get(RECORD)).toBe(0x13);
  });

  test('carry status 02 when a compare does not meet its expectation', () => {
    const { memory, submit } = bench();
    memory.set(0x2005n, 1);
    const fields: Fields = { source: 0x2000, destination: 0x3000, size: 8 };
    const done = submit('compare', WITH_RECORD | FLAG.checkResult, fields);
    expect(toHex(done.bytes.slice(0, 8))).toBe('0201000005000000');
  });
});

describe('a batch of the model', () => {
  const member = (operation: keyof typeof OP, flags: number, fields: Fields = {}) =>
    image(operation, flags, fields);

  test('abandons the fenced member behind a failure and all that follow', () => {
    const { memory, submit } = bench();
    const list = [
      member('fill', 0, { destination: 0x4000, size: 1, pattern: 1 }),
      member('fill', 0, { destination: 0x4001, size: 0, pattern: 2 }),
      member('fill', 0, { destination: 0x4002, size: 1, pattern: 3 }),
      member('fill', FLAG.fence, { destination: 0x4003, size: 1, pattern: 4 }),
      member('fill', 0, { destination: 0x4004, size: 1, pattern: 5 }),
    ];
    for (const [i, bytes] of list.entries()) memory.write(0x2000n + 64n * BigInt(i), bytes);
    const done = submit('batch', WITH_RECORD, { source: 0x2000, size: list.length });
    expect(toHex(done.bytes.slice(0, 8))).toBe('0500000003000000');
    expect(memory.read(0x4000n, 5)).toEqual([1, 0, 3, 0, 0]);
  });

  test('reports how far it read a list that faults', () => {
    const { memory, submit } = bench({}, [0x3000n]);
    for (let i = 0; i < 2; i++) memory.write(0x2f80n + 64n * BigInt(i), member('nop', 0));
    const done = submit('batch', WITH_RECORD, { source: 0x2f80, size: 4 });
    expect(toHex(done.bytes.slice(0, 16))).toBe('06000000020000000030000000000000');
  });

  test('admits neither a batch nor a drain as a member', () => {
    const { memory, submit } = bench();
    memory.write(0x2000n, member('drain', 0));
    memory.write(0x2040n, member('batch', 0));
    const done = submit('batch', WITH_RECORD, { source: 0x2000, size: 2 });
    expect(done.members.map((m) => m.status)).toEqual([0x10, 0x10]);
  });
});

test('a shared queue answers retry above its threshold on the limited portal only', () => {
  const wq = { shared: true, size: 4, threshold: 3 };
  const row = (portal: 'limited' | 'unlimited') => [2, 3, 4].map((n) => answerTo(wq, n, portal, 'enqcmd'));
  expect(row('limited')).toEqual(['accepted', 'retry', 'retry']);
  expect(row('unlimited')).toEqual(['accepted', 'accepted', 'retry']);
  expect(answerTo({ ...wq, shared: false }, 4, 'unlimited', 'movdir64b')).toBe('dropped');
});
