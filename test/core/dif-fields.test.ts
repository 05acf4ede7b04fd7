import { describe, expect, test } from 'vitest';
import { OPCODE } from '../../src/core/operations.js';
import { STATUS } from '../../src/core/status.js';
import { Bench, hex, noise } from './bench-subject.js';

/** Data integrity fields: which of them are checked, and what of them is passed on (specification 8.3.14 to 8.3.17). */

const A = 0x10_0000;
const B = 0x20_0000;
const BLOCK = 512;
const TAGS = { sourceApplicationTag: 0x1234, sourceReferenceTag: 0x5678_9abc };

/** Bits of the source flags byte, and of the result. */
const ALL_F_ERROR = 1;
const ALL_F = 2;
const APPLICATION_F = 4;
const APPLICATION_AND_REFERENCE_F = 8;
const NO_GUARD = 0x20;
const NO_REFERENCE = 0x40;
const [GUARD, APPLICATION, REFERENCE] = [1, 2, 4];
const EVERYTHING = GUARD | APPLICATION | REFERENCE;

/** A block with a field of these bytes behind it, at A. */
function benchWith(field: readonly number[]): Bench {
  const bench = new Bench();
  bench.put(A, [...noise(BLOCK, 3), ...field]);
  return bench;
}

const F2 = [0xff, 0xff];
const F4 = [...F2, ...F2];
const FIELDS = {
  'all ones': [...F2, ...F2, ...F4],
  'all ones but the guard': [0, 1, ...F2, ...F4],
  'ones in guard and application tag': [...F2, ...F2, 0, 0, 0, 1],
  'ones in guard and reference tag': [...F2, 0, 1, ...F4],
  'ones in both but for the first byte of the reference tag': [...F2, ...F2, 0, 0xff, 0xff, 0xff],
  'ones in none': [0, 1, 0, 1, 0, 0, 0, 1],
};

/** For each way to detect ones: the fields whose block is not checked. */
const SKIPS: [string, number, (keyof typeof FIELDS)[]][] = [
  ['none', 0, []],
  ['all', ALL_F, ['all ones']],
  ['application and reference tag', APPLICATION_AND_REFERENCE_F, ['all ones', 'all ones but the guard']],
  [
    'application tag',
    APPLICATION_F,
    [
      'all ones',
      'all ones but the guard',
      'ones in guard and application tag',
      'ones in both but for the first byte of the reference tag',
    ],
  ],
  ['none, and to report all ones', ALL_F_ERROR, []],
];

describe.each(SKIPS)('ones that are detected in: %s', (_, flags, skipped) => {
  test.each(Object.keys(FIELDS) as (keyof typeof FIELDS)[])('a field of %s', (name) => {
    const record = benchWith(FIELDS[name]).run({
      opcode: OPCODE.dif_check,
      source: A,
      size: BLOCK + 8,
      sourceDifFlags: flags,
      ...TAGS,
    });
    const [status, result] = skipped.includes(name) ? [STATUS.success, 0] : [STATUS.dif_err, EVERYTHING];
    expect([record.status, record.result]).toEqual([status, result]);
  });
});

test('all ones are an error of their own where they are to be reported', () => {
  const resultOf = (name: keyof typeof FIELDS, flags: number): number =>
    benchWith(FIELDS[name]).run({
      opcode: OPCODE.dif_check,
      source: A,
      size: BLOCK + 8,
      sourceDifFlags: flags,
      ...TAGS,
    }).result;
  expect(resultOf('all ones', ALL_F | ALL_F_ERROR)).toBe(8);
  expect(resultOf('all ones', ALL_F | ALL_F_ERROR | APPLICATION_F)).toBe(8);
  for (const name of Object.keys(FIELDS).slice(1) as (keyof typeof FIELDS)[]) {
    expect(resultOf(name, ALL_F | ALL_F_ERROR), name).toBe(EVERYTHING);
  }
});

test('each check can be switched off', () => {
  const resultOf = (sourceDifFlags: number, sourceApplicationMask: number): number =>
    benchWith(FIELDS['ones in none']).run({
      opcode: OPCODE.dif_check,
      source: A,
      size: BLOCK + 8,
      sourceDifFlags,
      sourceApplicationMask,
      ...TAGS,
    }).result;
  expect(resultOf(0, 0)).toBe(EVERYTHING);
  expect(resultOf(NO_GUARD, 0)).toBe(APPLICATION | REFERENCE);
  expect(resultOf(NO_REFERENCE, 0)).toBe(GUARD | APPLICATION);
  expect(resultOf(0, 0xffff)).toBe(GUARD | REFERENCE);
  // Of the tags 0x0001 and 0x1234 only bits under the mask differ.
  expect(resultOf(0, 0x1235)).toBe(GUARD | REFERENCE);
  expect(resultOf(0, 0x1234)).toBe(EVERYTHING);
  expect(resultOf(NO_GUARD | NO_REFERENCE, 0xffff)).toBe(0);
});

test.each([
  ['nothing', 0, '', '', ''],
  ['the guard', 0x20, '0001', '', ''],
  ['the application tag', 0x08, '', '0001', ''],
  ['the reference tag', 0x40, '', '', '00000001'],
] as const)('Update passes on %s', (_, destinationDifFlags, guard, application, reference) => {
  const bench = benchWith(FIELDS['ones in none']);
  bench.run({
    opcode: OPCODE.dif_update,
    source: A,
    destination: B,
    size: BLOCK + 8,
    sourceDifFlags: NO_GUARD | NO_REFERENCE,
    sourceApplicationMask: 0xffff,
    destinationDifFlags,
    destinationApplicationTag: 0xabcd,
    destinationReferenceTag: 0x1111_2222,
  });
  const inserted = benchWith([]);
  inserted.run({
    opcode: OPCODE.dif_insert,
    source: A,
    destination: B,
    size: BLOCK,
    destinationApplicationTag: 0xabcd,
    destinationReferenceTag: 0x1111_2222,
  });
  const made = hex(inserted.get(B + BLOCK, 8));
  expect(made.slice(4)).toBe('abcd11112222');
  expect(hex(bench.get(B + BLOCK, 8))).toBe(
    (guard || made.slice(0, 4)) + (application || made.slice(4, 8)) + (reference || made.slice(8)),
  );
  expect(hex(bench.get(B, BLOCK))).toBe(hex(noise(BLOCK, 3)));
});

test('the record names the tags that the operation has, and no others', () => {
  const tags = (opcode: number, size: number, fields: object): number[] => {
    const { word16, word20, word24, word28 } = benchWith([]).run({
      opcode,
      source: A,
      destination: opcode === OPCODE.dif_check ? 0 : B,
      size,
      ...fields,
    });
    return [word16, word20, word24, word28];
  };
  const source = { sourceDifFlags: NO_GUARD | NO_REFERENCE, sourceApplicationMask: 0xffff };
  expect(tags(OPCODE.dif_insert, BLOCK, {})).toEqual([0, 0, 1, 0]);
  expect(tags(OPCODE.dif_check, BLOCK + 8, source)).toEqual([1, 0xffff, 0, 0]);
  expect(tags(OPCODE.dif_strip, BLOCK + 8, source)).toEqual([1, 0xffff, 0, 0]);
  expect(tags(OPCODE.dif_update, BLOCK + 8, source)).toEqual([1, 0xffff, 1, 0]);
});
