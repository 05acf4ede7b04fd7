import { describe, expect, test } from 'vitest';
import { capabilitiesOf } from '../../src/core/capabilities.js';
import type { ErrorReport } from '../../src/core/error-report.js';
import { encodeEventLogEntry } from '../../src/core/event-log.js';
import { SoftwareError } from '../../src/core/software-error.js';
import { hex, ramp } from './bench-subject.js';

/** A report in which every field is something else. */
const report: ErrorReport = {
  code: 0x03,
  workQueue: 0x15,
  operation: 0x26,
  pasid: 0xa_bcde,
  priv: 1,
  batchIndex: 0x0201,
  writeFault: true,
  operand: 5,
  address: 0x000f_edcb_a987_6000,
  invalidFlags: 0x3_2101,
  interruptHandle: 0x0807,
  requestsInterrupt: true,
  requestsRecord: true,
  messageStore: true,
  record: ramp(32, 0x40),
};

const RECORD_DIGITS = hex(ramp(32, 0x40));

/** The 64 bytes of an entry, written into the middle of an array that holds something else. */
function entryOf(changes: Partial<ErrorReport> = {}, first = false): string {
  const bytes = new Uint8Array(192).fill(0xff);
  encodeEventLogEntry({ ...report, ...changes }, first, bytes, 64);
  expect(hex(bytes.subarray(0, 64)) + hex(bytes.subarray(128))).toBe('ff'.repeat(128));
  return hex(bytes.subarray(64, 128));
}

/** The 32 bytes of SWERROR after some reports, likewise. */
function softwareErrorOf(...changes: Partial<ErrorReport>[]): string {
  const register = new SoftwareError();
  for (const change of changes) register.record({ ...report, ...change });
  const bytes = new Uint8Array(96).fill(0xff);
  register.encode(bytes, 32);
  expect(hex(bytes.subarray(0, 32)) + hex(bytes.subarray(64))).toBe('ff'.repeat(64));
  return hex(bytes.subarray(32, 64));
}

describe('an event log entry', () => {
  //                q0: valid bits, code, queue, -, operation, PASID    q1: index, -, handle, flags, operand
  test('has every field of table 5-9 in its place', () => {
    expect(entryOf({}, true)).toBe(
      `fc03150026debc0a${'010200000708'}0fa0${'006087a9cbed0f00'}${'00'.repeat(8)}${RECORD_DIGITS}`,
    );
  });

  test.each<[string, Partial<ErrorReport>, string]>([
    ['is no batch member', { batchIndex: null }, 'ec03150026debc0a0000000007080' + '7a0'],
    ['was reading', { writeFault: false }, 'dc03150026debc0a01020000070807a0'],
    ['is not privileged', { priv: 0 }, 'bc03150026debc0a01020000070807a0'],
    ['is no fault', { operand: 0 }, '7c03150026debc0a0102000007080700'],
    ['wants no interrupt', { requestsInterrupt: false }, 'fc03150026debc0a01020000070806a0'],
    ['came through a portal of MSI-X', { messageStore: false }, 'fc03150026debc0a01020000070805a0'],
    ['wants no record', { requestsRecord: false }, 'fc03150026debc0a01020000070803a0'],
  ])('of a descriptor that %s', (_, changes, digits) => {
    expect(entryOf(changes).slice(0, 32)).toBe(digits);
  });
});

describe('SWERROR', () => {
  test('is zero until something happens', () => {
    expect(softwareErrorOf()).toBe('00'.repeat(32));
  });

  test('has every field in its place', () => {
    expect(softwareErrorOf({})).toBe(
      `fd03150026debc0a${'0102000000000' + '0a0'}${'006087a9cbed0f00'}${'00'.repeat(8)}`,
    );
  });

  test('holds the first of several, and says that there were more', () => {
    expect(softwareErrorOf({}, { code: 0x1b }).slice(0, 4)).toBe('ff03');
  });

  test.each<[string, Partial<ErrorReport>, string]>([
    ['no batch member', { batchIndex: null }, 'ed03150026debc0a00000000000000a0'],
    ['a read', { writeFault: false }, 'dd03150026debc0a01020000000000a0'],
    ['no privilege', { priv: 0 }, 'bd03150026debc0a01020000000000a0'],
    ['no fault', { operand: 0 }, '7d03150026debc0a0102000000000000'],
    ['invalid flags', { code: 0x11, operand: 0 }, 'fd11150026debc0a0102000001210300'],
    ['an invalid handle', { code: 0x19, operand: 0 }, 'fd19150026debc0a0102000007080000'],
  ])('tells %s', (_, changes, digits) => {
    expect(softwareErrorOf(changes).slice(0, 32)).toBe(digits);
  });

  test('is empty again once software has cleared it', () => {
    const register = new SoftwareError();
    register.record(report);
    register.record(report);
    register.clear();
    expect([register.report, register.overflow]).toEqual([null, false]);
  });
});

describe('the capabilities', () => {
  // GENCAP 0 to 15 as far as a descriptor meets them, batches of one (52), and the bits of WQCAP and IDCAP.
  const NAMES = [
    ...['blockOnFault', 'overlappingCopy', 'cacheControl', 'durableWrite', 'interDomain'],
    ...['translationFetchStride', 'destinationReadback', 'drainReadback', 'fill16', 'crc64', 'faultInfo'],
    ...['batchContinuation', 'batch1', 'operationConfig', 'updateWindowSuppressDrain'],
  ] as const;
  const LATER = [
    ...['interDomain', 'translationFetchStride', 'fill16', 'crc64', 'faultInfo', 'batchContinuation'],
    ...['operationConfig', 'updateWindowSuppressDrain'],
  ];
  const FIRST = ['blockOnFault', 'overlappingCopy', 'cacheControl', 'destinationReadback', 'drainReadback'];

  test.each([
    ['1.0', 0x100, FIRST, 0],
    ['2.0', 0x200, [...FIRST, ...LATER], 64],
  ] as const)('of revision %s', (generation, version, has, eventLogEntryBytes) => {
    const capabilities = capabilitiesOf(generation);
    expect(NAMES.filter((name) => capabilities[name as keyof typeof capabilities]).sort()).toEqual(
      [...has].sort(),
    );
    expect(capabilities).toMatchObject({ generation, version, eventLogEntryBytes });
    expect([capabilities.maxTransferBytes, capabilities.maxBatch]).toEqual([2 ** 31, 2 ** 10]);
  });
});
