/** How a tenant builds the descriptors of each operation: operands, fields, and what memory they need. */
import type { DescriptorFields } from '../../core/encode-descriptor.js';
import { FLAG } from '../../core/flags.js';
import { OPCODE } from '../../core/operations.js';

/** Regions of a tenant's memory that operands rotate over. */
export interface OperandAddresses {
  source: number;
  source2: number;
  destination: number;
  destination2: number;
  pattern: number;
}

/** Names of the regions. */
export type RegionName = keyof OperandAddresses;

/** What a tenant needs to know to issue an operation. */
export interface TenantOperation {
  readonly opcode: number;
  /** Regions of memory that it works on. */
  readonly regions: readonly RegionName[];
  /** Flags beside those of every descriptor. */
  readonly flags: number;
  /** Sets the operands for one descriptor. */
  fill(fields: DescriptorFields, at: OperandAddresses): void;
}

/** The pattern of fills and pattern compares: every byte the same, so that an operation resumes at any byte. */
export const PATTERN_BYTE = 0x5a;
const PATTERN_WORD = 0x5a5a5a5a;

const BLOCK_ON_FAULT = FLAG.block_on_fault;

const operation = (
  opcode: number,
  regions: readonly RegionName[],
  fill: TenantOperation['fill'],
  flags: number = BLOCK_ON_FAULT,
): TenantOperation => ({ opcode, regions, flags, fill });

/** Operations that a tenant can be given, by the names that workload files use. */
export const TENANT_OPERATIONS: Readonly<Record<string, TenantOperation>> = {
  nop: operation(
    OPCODE.nop,
    [],
    (f) => {
      f.size = 0;
    },
    0,
  ),
  drain: operation(
    OPCODE.drain,
    [],
    (f) => {
      f.size = 0;
    },
    0,
  ),
  memmove: operation(OPCODE.memmove, ['source', 'destination'], (f, at) => {
    f.source = at.source;
    f.destination = at.destination;
  }),
  fill: operation(OPCODE.fill, ['destination'], (f, at) => {
    f.destination = at.destination;
    f.patternLow = PATTERN_WORD;
    f.patternHigh = PATTERN_WORD;
  }),
  compare: operation(OPCODE.compare, ['source', 'source2'], (f, at) => {
    f.source = at.source;
    f.destination = at.source2;
  }),
  compare_pattern: operation(OPCODE.compare_pattern, ['pattern'], (f, at) => {
    f.source = at.pattern;
    f.patternLow = PATTERN_WORD;
    f.patternHigh = PATTERN_WORD;
  }),
  dualcast: operation(OPCODE.dualcast, ['source', 'destination', 'destination2'], (f, at) => {
    f.source = at.source;
    f.destination = at.destination;
    f.destination2 = at.destination2;
  }),
  crc: operation(OPCODE.crc, ['source'], (f, at) => {
    f.source = at.source;
  }),
  copy_crc: operation(OPCODE.copy_crc, ['source', 'destination'], (f, at) => {
    f.source = at.source;
    f.destination = at.destination;
  }),
};
