import { describe, expect, test } from 'vitest';
import { AddressSpace } from '../../src/core/address-space.js';
import type { DescriptorFields } from '../../src/core/encode-descriptor.js';
import { OperandList } from '../../src/core/operands.js';
import { OPCODE } from '../../src/core/operations.js';
import { AbsentPage, findAbsentPage, firstAbsentPage, requestPages } from '../../src/core/page-requests.js';
import { descriptorOf } from './bench-subject.js';

function operandsOf(fields: DescriptorFields, list = new OperandList()): OperandList {
  list.from(descriptorOf(fields));
  return list;
}

function spaceWithout(...pages: number[]): AddressSpace {
  const space = new AddressSpace();
  for (const page of pages) space.setAbsent(page);
  return space;
}

const memmove = { opcode: OPCODE.memmove, source: 0x9800, destination: 0x1800, size: 0x1000 };

describe('absent pages', () => {
  test('are found in operand order, then by address', () => {
    const operands = operandsOf(memmove);
    const space = spaceWithout(0x1000, 0x2000, 0xa000);
    const found = new AbsentPage();
    expect(findAbsentPage(operands, space, found)).toBe(true);
    expect(found).toEqual({ operand: 0, address: 0xa000 });
    expect(findAbsentPage(operands, space, found, 0, 0xb000)).toBe(true);
    expect(found).toEqual({ operand: 1, address: 0x1000 });
    expect(findAbsentPage(operands, space, found, 1, 0x2000)).toBe(true);
    expect(found).toEqual({ operand: 1, address: 0x2000 });
    expect(findAbsentPage(operands, space, found, 1, 0x3000)).toBe(false);
    expect(found.operand).toBe(-1);
    expect(firstAbsentPage(operands, space)).toBe(0xa000);
    expect(firstAbsentPage(operands, new AddressSpace())).toBe(-1);
  });

  test('are requested once each, a second operand below the first one too', () => {
    const space = spaceWithout(0x1000, 0x2000, 0x9000, 0xa000, 0xb000);
    expect(requestPages(operandsOf(memmove), space)).toBe(4);
    expect([0x1000, 0x2000, 0x9000, 0xa000].every((page) => space.isPresent(page))).toBe(true);
    expect(space.isPresent(0xb000)).toBe(false);
  });

  test('of a descriptor before are nothing to this one', () => {
    const list = operandsOf({ ...memmove, opcode: OPCODE.dualcast, destination2: 0x5800 });
    const space = spaceWithout(0x1000, 0x5000);
    operandsOf({ opcode: OPCODE.compare_pattern, source: 0x9800, size: 0x1000 }, list);
    expect(requestPages(list, space)).toBe(0);
    expect(space.isPresent(0x5000)).toBe(false);
  });

  test('that exist nowhere are asked for all the same', () => {
    const space = new AddressSpace({ presence: 'mapped' });
    space.map(0x9000, 0x2000);
    expect(requestPages(operandsOf(memmove), space)).toBe(2);
    expect(space.isPresent(0x1000)).toBe(false);
  });
});
