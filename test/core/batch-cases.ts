import fc from 'fast-check';
import { putLittleEndian } from '../core-reference/bytes.js';
import { FLAG, OP } from '../core-reference/descriptor.js';
import { buildDescriptor, type Case, surround } from './cases.js';
import { ARENA_PAGES, knobs, PAGE } from './knobs.js';
import type { OperationName } from './operand-cases.js';

const MEMBER_NAMES: OperationName[] = [
  'nop',
  'memmove',
  'fill',
  'compare',
  'comparePattern',
  'createDelta',
  'dualcast',
  'crc',
  'drain',
];

const member = fc.record({
  name: fc.constantFrom(...MEMBER_NAMES),
  knobs,
  fence: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  /** Members that ought to succeed, so that a batch gets somewhere. */
  tame: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 2, arbitrary: fc.constant(false) }),
});

/** Random batches; the list lies across the boundary of the two pages before the records' own. */
export const batchCases: fc.Arbitrary<Case> = fc
  .record({
    around: knobs,
    members: fc.array(member, { minLength: 1, maxLength: 6 }),
    before: fc.nat({ max: 6 }),
    miscount: fc.oneof(
      { weight: 8, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: -2, max: 2 }) },
    ),
    misalign: fc.oneof(
      { weight: 12, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.constantFrom(8, 32) },
    ),
    error: fc.boolean(),
    listFaults: fc.oneof(
      { weight: 3, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
  })
  .map(({ around, members, before, miscount, misalign, error, listFaults }) => {
    const { base, generation, workQueue } = around;
    const boundary = base + (ARENA_PAGES - 2) * PAGE;
    const list = boundary - 64 * before + misalign;
    const whole = buildDescriptor('nop', {
      ...around,
      size: 1,
      completion: Math.max(around.completion, 0) % 8,
    });
    whole.absent = listFaults ? [ARENA_PAGES - 2] : [];
    for (const [i, { name, knobs: own, fence, tame }] of members.entries()) {
      const built = buildDescriptor(name, {
        ...own,
        base,
        generation,
        workQueue,
        userInterrupts: around.userInterrupts,
        // A record of its own for each member, apart from the batch's.
        completion: own.completion < 0 && !tame ? own.completion : 8 + i,
        ...(tame ? { size: Math.max(1, own.size % 200), absent: [], poke: undefined, handle: 1 } : {}),
      });
      if (fence) built.image[4]! |= FLAG.fence;
      whole.contents.push(...built.contents, { address: list + 64 * i, bytes: built.image });
      whole.absent.push(...built.absent);
    }
    whole.image[7] = OP.batch;
    putLittleEndian(whole.image, 16, 8, BigInt(list));
    putLittleEndian(whole.image, 32, 4, BigInt(Math.max(0, members.length + miscount)));
    if (error && generation === '2.0') whole.image[6]! |= FLAG.op16 >> 16;
    const mapping = around.mapping === 'all' ? 'pages' : around.mapping;
    return surround({ ...around, mapping }, whole);
  });
