import fc from 'fast-check';

/** Pages that a case may use, from its base address on. */
export const ARENA_PAGES = 24;
export const PAGE = 4096;
export const ARENA_BYTES = ARENA_PAGES * PAGE;

/** Low, in the middle, and the last that end below 2^52, the limit of simulated addresses. */
const BASES = [0x10_0000, 0x7f12_3456_0000, 2 ** 52 - ARENA_BYTES];

const place = fc.record({
  page: fc.nat({ max: 5 }),
  beforeEnd: fc.boolean(),
  distance: fc.oneof(
    { weight: 4, arbitrary: fc.nat({ max: 40 }) },
    { weight: 1, arbitrary: fc.nat({ max: PAGE - 1 }) },
  ),
});
export type Place = { page: number; beforeEnd: boolean; distance: number };

const size = fc.oneof(
  { weight: 10, arbitrary: fc.integer({ min: 1, max: 80 }) },
  { weight: 6, arbitrary: fc.integer({ min: 81, max: 700 }) },
  { weight: 1, arbitrary: fc.integer({ min: 701, max: 9000 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 8192, 16384, 16385, 0x80000, 0x80008, 2 ** 31, 2 ** 32 - 1) },
);

const usually = (value: boolean, weight: number): fc.Arbitrary<boolean> =>
  fc.oneof({ weight, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: fc.constant(!value) });

const changed = fc.integer({ min: 1, max: 255 });

/** What fast-check draws, and shrinks; a case is a function of it. */
const anyKnobs = fc.record({
  seed: fc.integer(),
  generation: fc.constantFrom('1.0', '2.0'),
  base: fc.constantFrom(...BASES),
  places: fc.tuple(place, place, place, place),
  relation: fc.oneof(
    { weight: 5, arbitrary: fc.constant('apart' as const) },
    { weight: 2, arbitrary: fc.constant('near' as const) },
    // At the same offset in their pages, and absent alike: both fault at the same byte.
    { weight: 1, arbitrary: fc.constant('alike' as const) },
  ),
  nearness: fc.integer({ min: -80, max: 80 }),
  size,
  flags: fc.record({
    mode: fc.oneof(
      { weight: 10, arbitrary: fc.constant('legal' as const) },
      { weight: 1, arbitrary: fc.constant('wild' as const) },
      { weight: 4, arbitrary: fc.constant('plain' as const) },
    ),
    bits: fc.nat({ max: 0xffffff }),
    record: fc.integer({ min: 0, max: 9 }),
  }),
  absent: fc.oneof(
    { weight: 3, arbitrary: fc.constant<{ operand: number; ahead: number }[]>([]) },
    {
      weight: 4,
      arbitrary: fc.array(fc.record({ operand: fc.nat({ max: 4 }), ahead: fc.nat({ max: 2 }) }), {
        minLength: 1,
        maxLength: 3,
      }),
    },
  ),
  pageable: fc.nat({ max: 0xffffff }),
  completion: fc.oneof(
    { weight: 24, arbitrary: fc.nat({ max: 127 }) },
    { weight: 1, arbitrary: fc.constantFrom(-1, -2, -3) },
  ),
  handle: fc.oneof(
    { weight: 8, arbitrary: fc.nat({ max: 8 }) },
    { weight: 1, arbitrary: fc.nat({ max: 0xffff }) },
  ),
  /** A changed byte: anywhere, or at the top of an address, which then lies beyond 2^52. */
  poke: fc.oneof(
    { weight: 26, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: fc.record({ offset: fc.nat({ max: 63 }), value: changed }) },
    {
      weight: 1,
      arbitrary: fc.record({ offset: fc.constantFrom(22, 23, 30, 31, 46, 47, 54, 55), value: changed }),
    },
  ),
  workQueue: fc.record({
    shared: fc.boolean(),
    blockOnFault: usually(true, 4),
    maxTransferBytes: fc.constantFrom(2 ** 31, 16384, 2 ** 21),
    maxBatch: fc.constantFrom(1024, 4, 32),
    pasidEnable: usually(true, 4),
    privileged: fc.boolean(),
  }),
  pageRequests: usually(true, 4),
  eventLog: fc.boolean(),
  mapping: fc.constantFrom('extents' as const, 'pages' as const, 'all' as const),
  privilegedMode: usually(true, 8),
  addressTranslation: usually(true, 12),
  /** Take the operation out of the queue's mask. */
  masked: usually(false, 30),
  trafficClasses: fc.oneof(
    { weight: 3, arbitrary: fc.constant<[number, number]>([1, 1]) },
    { weight: 1, arbitrary: fc.constant<[number, number]>([0, 1]) },
  ),
  userInterrupts: usually(true, 4),
});

/** Page requests are one of the translation services: without those there are none. */
export const knobs = anyKnobs.map((k) => ({ ...k, pageRequests: k.pageRequests && k.addressTranslation }));
export type Knobs = typeof knobs extends fc.Arbitrary<infer T> ? T : never;
