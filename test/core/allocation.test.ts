import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { writeCompletion } from '../../src/core/completion.js';
import { Descriptor } from '../../src/core/descriptor.js';
import { type DescriptorFields, encodeDescriptor } from '../../src/core/encode-descriptor.js';
import { OperandList } from '../../src/core/operands.js';
import { OPCODE } from '../../src/core/operations.js';
import { Bench, RECORD_ADDRESS, requested, workQueueRules } from './bench-subject.js';

/** One of each cheap kind, small enough that a million of them take seconds. */
const KINDS: DescriptorFields[] = [
  { opcode: OPCODE.nop },
  { opcode: OPCODE.memmove, source: 0x10_0001, destination: 0x10_2001, size: 64 },
  { opcode: OPCODE.memmove, source: 0x10_0001, destination: 0x10_0021, size: 64 },
  { opcode: OPCODE.fill, destination: 0x10_3005, size: 100, patternLow: 1, patternHigh: 2 },
  { opcode: OPCODE.compare, source: 0x10_0000, destination: 0x10_2000, size: 64 },
  { opcode: OPCODE.compare_pattern, source: 0x10_3005, size: 100, patternLow: 1, patternHigh: 2 },
  { opcode: OPCODE.crc, source: 0x10_0003, size: 100 },
  { opcode: OPCODE.crc, flags: 0x8_0000, source: 0x10_0003, size: 100 },
  { opcode: OPCODE.dualcast, source: 0x10_0000, destination: 0x10_4000, destination2: 0x10_6000, size: 64 },
  {
    opcode: OPCODE.create_delta,
    source: 0x10_0000,
    destination: 0x10_2000,
    size: 64,
    deltaAddress: 0x10_7000,
    maxDeltaBytes: 80,
  },
  { opcode: OPCODE.dif_insert, source: 0x10_0000, destination: 0x10_8000, size: 512 },
  { opcode: OPCODE.cache_flush, destination: 0x10_0000, size: 64 },
];

test('a million descriptors, from encoding to completion record, leave the heap as it was', async () => {
  const bench = new Bench('2.0');
  bench.space.map(0x10_0000, 0x10_000);
  bench.space.map(RECORD_ADDRESS, 4096);
  const rules = workQueueRules({ blockOnFault: true });
  const kinds = KINDS.map((fields) => requested(fields));
  const descriptor = new Descriptor();
  const operands = new OperandList();
  const image = new Uint8Array(64);
  const counts = new Uint32Array(64);
  const run = (descriptors: number): void => {
    for (let i = 0; i < descriptors; i++) {
      encodeDescriptor(kinds[i % kinds.length]!, image, 0);
      descriptor.decode(image, 0);
      const status = bench.checker.check(descriptor, rules, false);
      if (status === 0) {
        operands.from(descriptor);
        bench.executor.execute(descriptor, bench.space);
      } else bench.executor.reject(status, bench.checker.invalidFlags);
      writeCompletion(descriptor, bench.executor.completion, bench.space);
      counts[bench.executor.completion.status]!++;
    }
  };
  // Long enough to be compiled also where other tests keep the processors busy.
  run(300_000);
  counts.fill(0);
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().length;
  });
  observer.observe({ entryTypes: ['gc'] });
  const before = process.memoryUsage();
  run(1_000_000);
  const after = process.memoryUsage();
  await setTimeout(20);
  observer.disconnect();
  expect(counts[1]).toBe(1_000_000);
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(1 << 20);
  expect(after.heapUsed - before.heapUsed).toBeLessThan(8 << 20);
  // One object a descriptor would fill the young generation ten times; the engine may box an address now and then.
  expect(collections).toBeLessThan(8);
}, 60_000);
