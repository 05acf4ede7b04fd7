import fc from 'fast-check';
import { WITH_RECORD } from '../core-reference/build.js';
import { putLittleEndian } from '../core-reference/bytes.js';
import { FLAG, OP } from '../core-reference/descriptor.js';
import { type Case, surround } from './cases.js';
import { ARENA_PAGES, knobs, PAGE } from './knobs.js';
import { Randomness } from './randomness.js';

const SOURCE_PAGE = 8;

/**
 * Moves of up to three pages onto themselves, upwards and downwards, with absent pages under either end. Distances of
 * whole pages make both operands fault at the same byte.
 */
export const overlappingMoves: fc.Arbitrary<Case> = fc
  .record({
    around: knobs,
    offset: fc.nat({ max: PAGE - 1 }),
    size: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 301, max: 9000 })),
    distance: fc.oneof(
      fc.integer({ min: -100, max: 100 }),
      fc.integer({ min: 1, max: 4000 }),
      fc.integer({ min: -6000, max: 6000 }),
      fc.constantFrom(-2 * PAGE, -PAGE, 0, PAGE, 2 * PAGE),
    ),
    /** Exactly behind the source, where nothing overlaps. */
    adjacent: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
    absent: fc.array(fc.integer({ min: SOURCE_PAGE - 1, max: SOURCE_PAGE + 4 }), {
      minLength: 1,
      maxLength: 2,
    }),
    blocks: fc.boolean(),
  })
  .map(({ around, offset, size, distance, adjacent, absent, blocks }) => {
    const source = around.base + SOURCE_PAGE * PAGE + offset;
    const image = new Uint8Array(64);
    const mayBlock = around.workQueue.blockOnFault && around.pageRequests;
    putLittleEndian(image, 4, 3, BigInt(WITH_RECORD | (blocks && mayBlock ? FLAG.blockOnFault : 0)));
    image[7] = OP.memmove;
    putLittleEndian(image, 8, 8, BigInt(around.base + (ARENA_PAGES - 1) * PAGE));
    putLittleEndian(image, 16, 8, BigInt(source));
    putLittleEndian(image, 24, 8, BigInt(source + (adjacent ? size : distance)));
    putLittleEndian(image, 32, 4, BigInt(size));
    const contents = [{ address: source, bytes: new Randomness(around.seed).bytes(size) }];
    const k = { ...around, mapping: around.mapping === 'all' ? ('pages' as const) : around.mapping };
    return surround({ ...k, masked: false }, { image, contents, absent });
  });
