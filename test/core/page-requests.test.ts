import { describe, expect, test } from 'vitest';
import { AddressSpace } from '../../src/core/address-space.js';
import type { DescriptorFields } from '../../src/core/encode-descriptor.js';
import { OperandList } from '../../src/core/operands.js';
import { OPCODE } from '../../src/core/operations.js';
import { requestPages } from '../../src/core/page-requests.js';
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
  test('are requested wherever they lie in an operand, and nowhere else', () => {
    for (const page of [0x9000, 0xa000, 0x1000, 0x2000]) {
      const space = spaceWithout(page, 0x8000, 0xb000, 0x0000, 0x3000);
      expect(requestPages(operandsOf(memmove), space)).toBe(1);
      expect(space.isPresent(page)).toBe(true);
      for (const beside of [0x8000, 0xb000, 0x0000, 0x3000]) expect(space.isPresent(beside)).toBe(false);
    }
    expect(requestPages(operandsOf(memmove), new AddressSpace())).toBe(0);
  });

  test('are those that an operand ends in, and not the next one', () => {
    const whole = operandsOf({ ...memmove, source: 0x9000, destination: 0x1000, size: 0x1000 });
    expect(requestPages(whole, spaceWithout(0xa000, 0x2000))).toBe(0);
    const more = operandsOf({ ...memmove, source: 0x9000, destination: 0x1000, size: 0x1001 });
    expect(requestPages(more, spaceWithout(0xa000, 0x2000))).toBe(2);
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
