import { describe, expect, it } from 'vitest';
import { STATUS } from '../../src/core/status.js';
import type { TenantConfig } from '../../src/models/config.js';
import { buildMachine, type MachineParts, simulate } from '../../src/models/machine.js';
import {
  arriving,
  device,
  drained,
  group,
  KIB,
  machine,
  only,
  queue,
  tenant,
  US,
} from '../support/machine.js';
import { operandsAt } from '../support/operands.js';

const COUNT = 12;

/** Submits one descriptor for each of twelve buffers, so that slot, buffer and serial number are the same. */
function each(operations: TenantConfig['operations'], over: Parameters<typeof queue>[0] = {}): MachineParts {
  return drained(
    machine({
      devices: [device([group(2, [queue(over)])])],
      tenants: [
        tenant({
          load: arriving(...new Array<number>(COUNT).fill(US)),
          threads: COUNT,
          operations,
          buffers: { count: COUNT, alignmentBytes: 32 },
        }),
      ],
    }),
  );
}

/** The bytes of an operand of descriptor `serial`, and its completion record. */
function memoryOf({ instances }: MachineParts, serial: number, bytes: number) {
  const { layout, space } = instances[0]!;
  const at = operandsAt(layout, serial);
  const read = (address: number, length: number) => {
    const into = new Uint8Array(length);
    space.read(address, into, 0, length);
    return into;
  };
  return {
    source: read(at.source, bytes),
    destination: read(at.destination, bytes),
    destination2: at.destination2 === 0 ? new Uint8Array() : read(at.destination2, bytes),
  };
}

/** Completion records of all slots that one submission of each thread used. */
function records({ instances, threads }: MachineParts): DataView[] {
  const { layout, space } = instances[0]!;
  return threads.map(({ options }) => {
    const bytes = new Uint8Array(32);
    space.read(layout.record(options.firstSlot, 0, 1, 0), bytes, 0, 32);
    return new DataView(bytes.buffer);
  });
}

/** CRC32C bit by bit, independent of the implementation under test. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

const serials = Array.from({ length: COUNT }, (_, i) => i);

describe('after a run the bytes are where they belong', () => {
  it('copies: every destination is its source, every record says success', () => {
    const parts = each(only('memmove', 5000));
    for (const serial of serials) {
      const { source, destination } = memoryOf(parts, serial, 5000);
      expect(Buffer.compare(source, destination)).toBe(0);
      expect(new Set(source).size).toBeGreaterThan(200);
    }
    for (const record of records(parts)) {
      expect([record.getUint8(0), record.getUint8(1), record.getUint32(4, true)]).toEqual([
        STATUS.success,
        0,
        0,
      ]);
    }
  });

  it('no two sources are alike, so a copy from the wrong place would show', () => {
    const parts = each(only('memmove', 5000));
    const all = serials.map((serial) => Buffer.from(memoryOf(parts, serial, 5000).source).toString('hex'));
    expect(new Set(all).size).toBe(COUNT);
  });

  it('dual copies: both destinations are the source', () => {
    const parts = each(only('dualcast', 4 * KIB));
    for (const serial of serials) {
      const { source, destination, destination2 } = memoryOf(parts, serial, 4 * KIB);
      expect(Buffer.compare(source, destination)).toBe(0);
      expect(Buffer.compare(source, destination2)).toBe(0);
    }
  });

  it('fills: every byte is the pattern, none behind the end', () => {
    const parts = each(only('fill', 3000));
    for (const serial of serials) {
      const { destination } = memoryOf(parts, serial, 3000 + 8);
      expect(destination.subarray(0, 3000).every((byte) => byte === 0x5a)).toBe(true);
      expect(destination.subarray(3000).every((byte) => byte === 0x5a)).toBe(false);
    }
  });

  it.each(['crc', 'copy_crc'])('%s: the records hold the CRC32C of the sources', (operation) => {
    const parts = each(only(operation, 6000));
    const expected = serials.map((serial) => crc32c(memoryOf(parts, serial, 6000).source));
    expect(new Set(expected).size).toBe(COUNT);
    expect(records(parts).map((record) => record.getUint32(16, true))).toEqual(expected);
    if (operation !== 'copy_crc') return;
    for (const serial of serials) {
      const { source, destination } = memoryOf(parts, serial, 6000);
      expect(Buffer.compare(source, destination)).toBe(0);
    }
  });

  it.each(['compare', 'compare_pattern'])('%s: the operands are equal, result 0', (operation) => {
    for (const record of records(each(only(operation, 4 * KIB)))) {
      expect([record.getUint8(0), record.getUint8(1), record.getUint32(4, true)]).toEqual([
        STATUS.success,
        0,
        0,
      ]);
    }
  });

  it('a difference is found where it is', () => {
    const config = machine({
      tenants: [tenant({ load: arriving(US), operations: only('compare', 4 * KIB), buffers: { count: 1 } })],
    });
    const parts = buildMachine(config, 0);
    const { layout, space } = parts.instances[0]!;
    const at = operandsAt(layout, 0);
    space.writeByte(at.source2 + 2345, space.readByte(at.source2 + 2345) ^ 1);
    parts.simulator.runUntilIdle();
    const record = new Uint8Array(32);
    space.read(layout.record(0, 0, 1, 0), record, 0, 32);
    expect([record[0], record[1], new DataView(record.buffer).getUint32(4, true)]).toEqual([1, 1, 2345]);
  });
});

describe('descriptors that fail their checks', () => {
  const statusOf = (parts: MachineParts) => new Set(records(parts).map((record) => record.getUint8(0)));

  it('larger than the queue allows: 13h, nothing is copied, all count as failed and none as throughput', () => {
    const parts = each(only('memmove', 8 * KIB), { maxTransferBytes: 4 * KIB });
    expect(statusOf(parts)).toEqual(new Set([STATUS.xfer_erange]));
    expect(parts.ledger).toEqual({ submitted: COUNT, completed: 0, failed: COUNT, rejected: 0, aborted: 0 });
    const { source, destination } = memoryOf(parts, 0, 8 * KIB);
    expect(Buffer.compare(source, destination)).not.toBe(0);
    expect([parts.recorder.all.bytes, parts.recorder.all.descriptors]).toEqual([0, 0]);
  });

  it('an operation that the queue does not allow: 10h', () => {
    const parts = each(only('fill', KIB), { operations: ['memmove'] });
    expect(statusOf(parts)).toEqual(new Set([STATUS.bad_opcode]));
    expect(each(only('memmove', KIB), { operations: ['memmove'] }).ledger.completed).toBe(COUNT);
  });

  it('a batch larger than the queue allows: 14h, all its members count as failed', () => {
    const parts = drained(
      machine({
        devices: [device([group(1, [queue({ maxBatch: 4 })])])],
        tenants: [tenant({ load: arriving(US), batch: 5 })],
      }),
    );
    expect(statusOf(parts)).toEqual(new Set([STATUS.desc_cnt_erange]));
    expect(parts.ledger).toEqual({ submitted: 5, completed: 0, failed: 5, rejected: 0, aborted: 0 });
  });
});

describe('the digest of memory', () => {
  const digest = (semantics: 'bytes' | 'timing', sizeBytes: number, seed = 1) =>
    simulate(
      machine({
        semantics,
        seed,
        tenants: [tenant({ load: arriving(US), operations: only('memmove', sizeBytes) })],
      }),
      0,
    ).memoryDigest;

  it('tells runs apart by what they left in memory, and is empty where nothing is executed', () => {
    expect(digest('bytes', 4096)).toBe(digest('bytes', 4096));
    expect(digest('bytes', 4096)).not.toBe(digest('bytes', 4095));
    expect(digest('bytes', 4096)).not.toBe(digest('bytes', 4096, 2));
    expect(digest('timing', 4096)).toBe('');
  });
});
