/** What a driver writes is what the device understands: configuration to registers and back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressSpace } from '../../src/core/address-space.js';
import { capabilitiesOf, hasOperation } from '../../src/core/capabilities.js';
import { ReferenceDevice } from '../../src/core/device.js';
import { encodeDescriptor } from '../../src/core/encode-descriptor.js';
import { InterruptTable } from '../../src/core/interrupt-table.js';
import { OPCODE } from '../../src/core/operations.js';
import { STATUS } from '../../src/core/status.js';
import type { DeviceConfig, WorkQueueConfig } from '../../src/models/config.js';
import { rulesOf } from '../../src/models/device/device.js';
import { run } from '../../src/models/driver/bus.js';
import { planDevice } from '../../src/models/driver/idxd-config.js';
import { enableDevice } from '../../src/models/driver/idxd-device.js';
import { probe } from '../../src/models/driver/idxd-probe.js';
import { disableQueue, enablePlannedQueue } from '../../src/models/driver/idxd-queue.js';
import { physicalShape } from '../../src/models/registers/capabilities.js';
import { decodeDevice, operationMask, operationNames } from '../../src/models/registers/decode.js';
import { decodeGrpcfg, encodeGrpcfg } from '../../src/models/registers/grpcfg.js';
import { decodeWqcfg, encodeWqcfg } from '../../src/models/registers/wqcfg.js';
import {
  deviceConfig,
  enabled,
  groupConfig,
  HostBench,
  PARAMETERS,
  queueConfig,
  queues,
  WITH_PASIDS,
} from './driver-bench.js';

const RESTRICTABLE = Object.entries(OPCODE)
  .filter(
    ([name, code]) =>
      !['nop', 'batch', 'drain'].includes(name) && hasOperation(capabilitiesOf('2.0').operations, code),
  )
  .map(([name]) => name);

const queue = (name: string, restricted: boolean): fc.Arbitrary<WorkQueueConfig> =>
  fc
    .record({
      mode: fc.constantFrom('shared' as const, 'dedicated' as const),
      size: fc.integer({ min: 1, max: 16 }),
      threshold: fc.integer({ min: 1, max: 16 }),
      priority: fc.integer({ min: 1, max: 15 }),
      blockOnFault: fc.boolean(),
      maxTransferBytes: fc.integer({ min: 12, max: 31 }).map((shift) => 2 ** shift),
      maxBatch: fc.integer({ min: 1, max: 10 }).map((shift) => 2 ** shift),
      operations: restricted
        ? fc.option(fc.subarray(RESTRICTABLE, { maxLength: RESTRICTABLE.length - 1 }), { nil: null })
        : fc.constant(null),
    })
    .map((fields) => ({ name, ...fields }));

/** Eight queues and four engines at most, dealt out to groups in order. */
const device = (restricted: boolean): fc.Arbitrary<DeviceConfig> =>
  fc
    .record({
      sizes: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 4 }),
      queues: fc.tuple(...Array.from({ length: 8 }, (_, i) => queue(`wq${i}`, restricted))),
      reserved: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 4, maxLength: 4 }),
      share: fc.boolean(),
      limit: fc.integer({ min: 0, max: 95 }),
    })
    .map(({ sizes, queues: all, reserved, share, limit }) => {
      const total = sizes.reduce((sum, _, g) => sum + reserved[g]!, 0);
      let next = 0;
      const groups = sizes.map((size, g) => {
        const own = all.slice(next, next + size);
        next += size;
        return {
          engines: [g],
          workQueues: own,
          readBuffersReserved: reserved[g]!,
          readBuffersAllowed: reserved[g]! + 96 - total,
          useReadBufferLimit: share,
        };
      });
      return { name: 'dsa0', groups, readBufferLimit: limit };
    });

/** A driver configures and enables a device of a revision, and the registers are decoded. */
function throughRegisters(config: DeviceConfig, generation: '1.0' | '2.0'): DeviceConfig {
  const bench = new HostBench(physicalShape(PARAMETERS, generation)).prepare();
  const found = run(probe(WITH_PASIDS), bench.quiet);
  const plan = planDevice(found, config, 'user');
  run(enableDevice(found, plan), bench.quiet);
  for (const each of plan.queues) run(enablePlannedQueue(found, plan, each), bench.quiet);
  return decodeDevice(bench.registers, config.name, (number) => plan.queues[number]!.config.name).config;
}

describe('A configuration', () => {
  it('survives the way through the registers of revision 1.0', () => {
    fc.assert(
      fc.property(device(false), (config) => {
        expect(throughRegisters(config, '1.0')).toEqual(config);
      }),
      { numRuns: 100 },
    );
  });

  it('survives with restricted operations on revision 2.0', () => {
    fc.assert(
      fc.property(device(true), (config) => {
        const decoded = throughRegisters(config, '2.0');
        const sorted = (c: DeviceConfig) =>
          c.groups.flatMap((g) => g.workQueues.map((q) => q.operations?.slice().sort() ?? null));
        expect(sorted(decoded)).toEqual(sorted(config));
      }),
      { numRuns: 50 },
    );
  });

  it('keeps a queue from requesting pages, down to what its descriptors meet', () => {
    const list = 0x4000;
    const statusOf = (queue: WorkQueueConfig): number => {
      const config = deviceConfig([groupConfig([queue])]);
      const decoded = throughRegisters(config, '2.0').groups[0]!.workQueues[0]!;
      expect(decoded).toEqual(queue);
      const space = new AddressSpace();
      space.setAbsent(list);
      const rules = rulesOf(decoded, new InterruptTable(0));
      const device = new ReferenceDevice({
        capabilities: capabilitiesOf('2.0'),
        workQueues: [rules].map((rule) => ({ ...rule, size: queue.size, threshold: queue.threshold })),
        spaceOf: () => space,
        pageRequests: true,
        interruptTable: rules.interruptTable,
      });
      const image = new Uint8Array(64);
      encodeDescriptor({ opcode: OPCODE.batch, source: list, size: 2 }, image, 0);
      device.submit(image, 0, { workQueue: 0, portal: 'unlimited', instruction: 'movdir64b' });
      return device.processOldest(0)!.status;
    };
    const dedicated = queueConfig('a', { mode: 'dedicated', blockOnFault: false });
    expect(statusOf(dedicated)).toBe(STATUS.success);
    expect(statusOf({ ...dedicated, pageRequests: false })).toBe(STATUS.batch_page_fault);
  });

  it('that keeps a queue from requesting pages is refused where no queue can be kept from it', () => {
    const queue = queueConfig('a', { blockOnFault: false, pageRequests: false });
    expect(() => throughRegisters(deviceConfig([groupConfig([queue])]), '1.0')).toThrow(/0x2e/);
    const blocking = { ...queue, blockOnFault: true };
    expect(() => throughRegisters(deviceConfig([groupConfig([blocking])]), '2.0')).toThrow(/0x25/);
  });

  it('that restricts operations is refused by the driver of revision 1.0', () => {
    const config = queues(1, 'shared');
    const restricted = { ...config.groups[0]!, workQueues: [queueConfig('a', { operations: ['memmove'] })] };
    expect(() => throughRegisters({ ...config, groups: [restricted] }, '1.0')).toThrow('WQCAP bit 54');
  });

  it('with more entries than the device has is refused by the device', () => {
    const config = queues(8, 'dedicated');
    const groups = [
      { ...config.groups[0]!, workQueues: config.groups[0]!.workQueues.map((q) => ({ ...q, size: 17 })) },
    ];
    expect(() => throughRegisters({ ...config, groups }, '1.0')).toThrow('0x14 (total_size)');
  });
});

describe('A decoded device', () => {
  it('has only the queues that are enabled', () => {
    const { bench, device: driver, queues: all } = enabled(queues(3, 'shared'));
    run(disableQueue(driver, all[1]!), bench.quiet);
    const decoded = decodeDevice(bench.registers, 'dsa0', (number) => `wq${number}`);
    expect(decoded.queues).toEqual([0, 2]);
    expect(decoded.config.groups[0]!.workQueues.map((q) => q.name)).toEqual(['wq0', 'wq2']);
  });

  it('does not exist before the device is enabled', () => {
    const bench = new HostBench().prepare();
    expect(() => decodeDevice(bench.registers, 'dsa0', String)).toThrow('not enabled');
  });
});

describe('The codecs', () => {
  it('of WQCFG and GRPCFG give back what was put in, and leave other words alone', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff_ffff), { minLength: 16, maxLength: 16 }), (words) => {
        expect(decodeGrpcfg([...encodeGrpcfg(decodeGrpcfg(words)), 0, 0, 0, 0])).toEqual(decodeGrpcfg(words));
        const again = encodeWqcfg(decodeWqcfg(words), words);
        expect(decodeWqcfg(again)).toEqual(decodeWqcfg(words));
        expect(again.slice(4, 8)).toEqual(words.slice(4, 8));
      }),
    );
  });

  it('of operation masks keep every operation that can be restricted', () => {
    expect(operationNames(operationMask(RESTRICTABLE))).toEqual(RESTRICTABLE);
  });
});
