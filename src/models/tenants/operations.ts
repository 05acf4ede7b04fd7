/** How a tenant builds the descriptors of each operation: operands, fields, and what memory they need. */
import type { DescriptorFields } from '../../core/encode-descriptor.js';
import { FLAG } from '../../core/flags.js';
import { OPCODE } from '../../core/operations.js';

/** Regions of a tenant's memory that operands rotate over, in the order in which they lie there. */
export const REGIONS = ['source', 'source2', 'destination', 'destination2', 'pattern'] as const;

/** A name of {@link REGIONS}. */
export type RegionName = (typeof REGIONS)[number];

/** What a tenant needs to know to issue an operation. */
export interface TenantOperation {
  readonly opcode: number;
  /** Its operands: the first byte of the field that holds the address (specification 8.3), and the region [B]. */
  readonly operands: readonly (readonly [number, RegionName])[];
  /** Regions of memory that it works on. */
  readonly regions: readonly RegionName[];
  /** Flags beside those of every descriptor. */
  readonly flags: number;
  /** Fields that are the same in all its descriptors. */
  readonly fields: Partial<DescriptorFields>;
}

/** The pattern of fills and pattern compares: every byte the same, so that an operation resumes at any byte. */
export const PATTERN_BYTE = 0x5a;
const PATTERN = { patternLow: 0x5a5a5a5a, patternHigh: 0x5a5a5a5a };

/** An operation on data, which blocks on faults where its queue lets it. */
const operation = (
  opcode: number,
  operands: TenantOperation['operands'],
  fields: Partial<DescriptorFields> = {},
): TenantOperation => ({
  opcode,
  operands,
  regions: operands.map(([, region]) => region),
  flags: FLAG.block_on_fault,
  fields,
});

/** An operation without data. */
const empty = (opcode: number): TenantOperation => ({ ...operation(opcode, [], { size: 0 }), flags: 0 });

/** Operations that a tenant can be given, by the names that workload files use. */
export const TENANT_OPERATIONS: Readonly<Record<string, TenantOperation>> = {
  nop: empty(OPCODE.nop),
  drain: empty(OPCODE.drain),
  memmove: operation(OPCODE.memmove, [
    [16, 'source'],
    [24, 'destination'],
  ]),
  fill: operation(OPCODE.fill, [[24, 'destination']], PATTERN),
  compare: operation(OPCODE.compare, [
    [16, 'source'],
    [24, 'source2'],
  ]),
  compare_pattern: operation(OPCODE.compare_pattern, [[16, 'pattern']], PATTERN),
  dualcast: operation(OPCODE.dualcast, [
    [16, 'source'],
    [24, 'destination'],
    [40, 'destination2'],
  ]),
  crc: operation(OPCODE.crc, [[16, 'source']]),
  copy_crc: operation(OPCODE.copy_crc, [
    [16, 'source'],
    [24, 'destination'],
  ]),
};
