/** What is worked out for one descriptor holds for the next of the same shape: whatever differs, nobody can tell. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Descriptor } from '../../src/core/descriptor.js';
import type { DescriptorFields } from '../../src/core/encode-descriptor.js';
import { FLAG, OPERATION_FLAG } from '../../src/core/flags.js';
import { OperandList } from '../../src/core/operands.js';
import { OPCODE } from '../../src/core/operations.js';
import { shapeOf } from '../../src/core/shape.js';
import { Bench, descriptorOf, requested, workQueueRules } from './bench-subject.js';

const rules = workQueueRules({ maxTransferBytes: 65536, blockOnFault: true });

/** Holds `first`, then takes over `second`. @returns whether they have the same shape */
function follows(first: Uint32Array, second: Uint32Array): { descriptor: Descriptor; hasShape: boolean } {
  const descriptor = new Descriptor();
  descriptor.decodeWords(first);
  const hasShape = descriptor.decodeNext(second, shapeOf(descriptor.opcode));
  return { descriptor, hasShape };
}

const plainOf = (operands: OperandList) => ({
  ...operands,
  field: [...operands.field.slice(0, operands.count)],
  address: [...operands.address.slice(0, operands.count)],
  bytes: [...operands.bytes.slice(0, operands.count)],
  write: [...operands.write.slice(0, operands.count)],
  alternate: [...operands.alternate.slice(0, operands.count)],
});

const operationOfBench = fc.constantFrom(
  { opcode: OPCODE.memmove },
  { opcode: OPCODE.fill, patternLow: 7, patternHigh: 9 },
  { opcode: OPCODE.compare },
  { opcode: OPCODE.compare_pattern, patternLow: 7 },
  { opcode: OPCODE.crc, crcSeed: 5 },
  { opcode: OPCODE.crc, flags: OPERATION_FLAG.crc.read_seed, crcSeedAddress: 0x9000_0000 },
  { opcode: OPCODE.copy_crc },
  { opcode: OPCODE.dualcast, destination2: 0x8000_0000 },
  { opcode: OPCODE.create_delta, deltaAddress: 0x8000_0000, maxDeltaBytes: 80, expectedResultMask: 0 },
  { opcode: OPCODE.cache_flush },
  { opcode: OPCODE.nop },
  { opcode: OPCODE.drain },
);
const seeded = { flags: OPERATION_FLAG.crc.read_seed, crcSeedAddress: 0x7000 };
const address = fc.constantFrom(0, 0x1000, 0x1040, 0x1048, 0x2000, 0x5_0000_0000, 0x5_0000_0fc0);
const fields = fc
  .tuple(operationOfBench, address, address, fc.constantFrom(64, 72, 4096, 70000))
  .map(([operation, source, destination, size]) =>
    requested({ source, destination, size, pasid: 1, ...operation }),
  );
/** Words that replace some of the descriptor's, and a bit that is flipped somewhere. */
const change = fc.record({
  source: fc.option(address, { nil: undefined }),
  destination: fc.option(address, { nil: undefined }),
  bit: fc.option(fc.integer({ min: 0, max: 511 }), { nil: undefined }),
});

describe('a descriptor of the same shape as one that passed', () => {
  test('gets the status of all checks, and the operands that it names', () => {
    let tried = 0;
    let shared = 0;
    fc.assert(
      fc.property(fields, change, (one, { source = one.source!, destination = one.destination!, bit }) => {
        tried++;
        const isPattern = one.opcode === OPCODE.fill || one.opcode === OPCODE.compare_pattern;
        const other = isPattern ? { ...one } : { ...one, source, destination };
        const [first, second] = [descriptorOf(one).words, descriptorOf(other).words];
        if (bit !== undefined) second[bit >> 5]! ^= 1 << (bit & 31);
        const { checker } = new Bench();
        const before = new Descriptor();
        before.decodeWords(first);
        if (checker.check(before, rules, false) !== 0) return;
        const { descriptor, hasShape } = follows(first, second);
        const fresh = new Descriptor();
        fresh.decodeWords(second);
        expect(descriptor).toEqual(fresh);
        if (!hasShape) return;
        shared++;
        const expected = checker.check(fresh, rules, false);
        expect(checker.checkAgain(descriptor, rules)).toBe(expected);
        if (!checker.canFailAgain(before)) expect(expected).toBe(0);
        const [moved, listed] = [new OperandList(), new OperandList()];
        moved.from(before);
        moved.moveTo(descriptor, shapeOf(descriptor.opcode));
        listed.from(fresh);
        // The row that `moveTo` may write in any case is in use by none.
        expect(listed.count).toBeLessThanOrEqual(3);
        expect(plainOf(moved)).toEqual(plainOf(listed));
      }),
      { numRuns: 3000 },
    );
    // The law would hold of nothing at all.
    if (tried >= 1000) expect(shared).toBeGreaterThan(tried / 20);
  });

  test('may begin elsewhere, but not at another place in its line', () => {
    const at = (source: number) =>
      descriptorOf(requested({ opcode: OPCODE.memmove, source, destination: 0x9000, size: 64 })).words;
    expect(follows(at(0x1008), at(0x2_0000_2048)).hasShape).toBe(true);
    expect(follows(at(0x1008), at(0x1010)).hasShape).toBe(false);
  });

  test('has the same size, flags, and interrupt handle', () => {
    const one = requested({ opcode: OPCODE.memmove, source: 0x1000, destination: 0x9000, size: 64 });
    const words = descriptorOf(one).words;
    for (const other of [
      { ...one, size: 128 },
      { ...one, flags: one.flags! | FLAG.block_on_fault },
      { ...one, interruptHandle: 3 },
      { ...one, opcode: OPCODE.compare },
    ]) {
      expect(follows(words, descriptorOf(other).words).hasShape).toBe(false);
    }
  });

  test.each<[number, number[], number[]]>([
    // The words of which only the low six bits, and those of which nothing belongs to the shape.
    [OPCODE.memmove, [2, 4, 6], [3, 5, 7]],
    [OPCODE.fill, [2, 4, 6], [3, 5, 7]],
    [OPCODE.compare, [2, 4, 6], [3, 5, 7]],
    [OPCODE.compare_pattern, [2, 4, 6], [3, 5, 7]],
    [OPCODE.crc, [2, 4], [3, 5]],
    [OPCODE.copy_crc, [2, 4, 6], [3, 5, 7]],
    [OPCODE.dualcast, [], []],
    [OPCODE.batch, [], []],
    [OPCODE.cache_flush, [], []],
  ])('of operation %i differs from it in bits of addresses alone', (opcode, lowWords, highWords) => {
    const first = descriptorOf(requested({ opcode, source: 0x1000, destination: 0x9000, size: 64 })).words;
    for (let bit = 0; bit < 512; bit++) {
      const word = bit >> 5;
      const second = first.slice();
      second[word]! ^= 1 << (bit & 31);
      const isFree = highWords.includes(word) || (lowWords.includes(word) && (bit & 31) >= 6);
      expect([bit, follows(first, second).hasShape]).toEqual([bit, isFree]);
    }
  });

  test.each<[string, number[], DescriptorFields]>([
    // The words that its operands' addresses begin in.
    ['memmove', [4, 6], { opcode: OPCODE.memmove }],
    ['fill', [6], { opcode: OPCODE.fill, patternLow: 7 }],
    ['compare', [4, 6], { opcode: OPCODE.compare }],
    ['compare_pattern', [4], { opcode: OPCODE.compare_pattern, patternLow: 7 }],
    ['crc', [4], { opcode: OPCODE.crc }],
    ['crc with a seed', [4], { opcode: OPCODE.crc, ...seeded }],
    ['copy_crc', [4, 6], { opcode: OPCODE.copy_crc }],
    ['copy_crc with a seed', [4, 6], { opcode: OPCODE.copy_crc, ...seeded }],
  ])('has its operands elsewhere: %s', (_, addressWords, operation) => {
    const one = descriptorOf(requested({ ...operation, source: 0x1000, destination: 0x9000, size: 64 }));
    const words = one.words.slice();
    for (const word of addressWords) words[word]! += word << 20;
    const { descriptor, hasShape } = follows(one.words, words);
    expect(hasShape).toBe(true);
    const [moved, listed] = [new OperandList(), new OperandList()];
    moved.from(one);
    const before = plainOf(moved).address;
    moved.moveTo(descriptor, shapeOf(descriptor.opcode));
    listed.from(descriptor);
    expect(plainOf(moved)).toEqual(plainOf(listed));
    expect(plainOf(moved).address.filter((at, row) => at !== before[row])).toHaveLength(addressWords.length);
  });

  test('can fail where the one before has passed, if it writes what it could read or names a handle', () => {
    const canFail = (fields: DescriptorFields, overlappingCopy = true) =>
      new Bench('2.0', undefined, { overlappingCopy }).checker.canFailAgain(descriptorOf(requested(fields)));
    expect(canFail({ opcode: OPCODE.memmove }, true)).toBe(false);
    expect(canFail({ opcode: OPCODE.memmove }, false)).toBe(true);
    expect(canFail({ opcode: OPCODE.copy_crc }, true)).toBe(true);
    for (const opcode of [OPCODE.fill, OPCODE.compare, OPCODE.compare_pattern, OPCODE.crc, OPCODE.dualcast]) {
      expect(canFail({ opcode }, false)).toBe(false);
      expect(canFail({ opcode, flags: FLAG.request_completion_interrupt })).toBe(true);
    }
  });

  test('is checked again for what time or addresses can change: overlap, and a handle that was taken away', () => {
    const { checker } = new Bench();
    const one = requested({ opcode: OPCODE.copy_crc, source: 0x1000, destination: 0x9000, size: 4096 });
    const over = { ...one, destination: 0x1800 };
    const { descriptor, hasShape } = follows(descriptorOf(one).words, descriptorOf(over).words);
    expect(hasShape).toBe(true);
    expect(checker.checkAgain(descriptor, rules)).toBe(0x16);
    const asks = { ...one, flags: one.flags! | FLAG.request_completion_interrupt, interruptHandle: 0xff };
    expect(checker.checkAgain(descriptorOf(asks), rules)).toBe(0x19);
  });
});
