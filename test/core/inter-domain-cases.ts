import fc from 'fast-check';
import { littleEndian, putLittleEndian } from '../core-reference/bytes.js';
import { FLAG, OP } from '../core-reference/descriptor.js';
import { type Case, casesOf, type Entry, readable } from './cases.js';
import { OTHER_PASID, PASID, SHARED_PASID, UNBOUND_PASID } from './core-machine.js';
import { ARENA_BYTES, ARENA_PAGES } from './knobs.js';
import { HANDLES, type OperationName } from './operand-cases.js';

const usually = (value: boolean, weight = 12): fc.Arbitrary<boolean> =>
  fc.oneof({ weight, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: fc.constant(!value) });

const entry = fc.record({
  usable: usually(true),
  mine: usually(true),
  access: fc.oneof(
    { weight: 8, arbitrary: fc.constant(OTHER_PASID) },
    { weight: 4, arbitrary: fc.constant('own' as const) },
    { weight: 1, arbitrary: fc.constant(UNBOUND_PASID) },
  ),
  allowUpdate: usually(true),
  read: usually(true),
  write: usually(true),
  windowEnable: fc.boolean(),
  offsetMode: fc.boolean(),
  /** Where the window begins behind the base, and how much is missing at its end [B]. */
  start: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5000 })),
  missing: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: ARENA_BYTES / 2 })),
});

/** Random programs of an inter-domain operation; the second address space has absent pages of its own. */
export function interDomainCases(name: OperationName): fc.Arbitrary<Case> {
  const tables = fc.array(entry, { minLength: HANDLES - 1, maxLength: HANDLES });
  const pages = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 ** ARENA_PAGES - 1 }));
  return fc.tuple(casesOf(name), tables, pages, pages).map(([program, table, firstAbsent, pageable]) => {
    const own = program.workQueue.shared ? SHARED_PASID : PASID;
    const entries = table.map(
      ({ mine, access, start, missing, ...rest }): Entry => ({
        ...rest,
        submitterPasid: mine ? own : own + 1,
        accessPasid: access === 'own' ? own : access,
        windowBase: program.base + start,
        windowBytes: ARENA_BYTES - start - missing,
      }),
    );
    const image = program.image.slice();
    if (name !== 'updateWindow') {
      // Behind an offset-mode window the descriptor names offsets.
      for (const [flag, field, handle] of [
        [FLAG.op16, 16, 60],
        [FLAG.op17, 24, 62],
      ] as const) {
        const window = entries[Number(littleEndian(image, handle, 2))];
        const isPattern = field === 24 && image[7] === OP.interDomainComparePattern;
        if (!(Number(littleEndian(image, 4, 3)) & flag) || isPattern) continue;
        if (!window?.windowEnable || !window.offsetMode) continue;
        const address = littleEndian(image, field, 8) - BigInt(window.windowBase);
        putLittleEndian(image, field, 8, address < 0n ? 0n : address);
      }
    }
    // Few absent pages, or nothing gets through.
    const absent = Array.from({ length: ARENA_PAGES }, (_, page) => page).filter(
      (page) => ((firstAbsent >> page) & 1) === 1 && ((firstAbsent >> ((page + 7) % ARENA_PAGES)) & 1) === 1,
    );
    const domains = { entries, absent, pageable: absent.filter((page) => (pageable >> page) & 1) };
    return readable({
      ...program,
      mapping: program.mapping === 'all' ? 'pages' : program.mapping,
      image,
      domains,
    });
  });
}
