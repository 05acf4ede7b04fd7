import { littleEndian } from './bytes.js';
import { FLAG, type ReferenceDescriptor } from './descriptor.js';
import type { Place } from './inter-domain.js';
import { PAGE_BYTES, pageOf, type ReferenceMemory } from './memory.js';

export type Operand =
  | 'source'
  | 'source2'
  | 'seed'
  | 'destination'
  | 'delta'
  | 'destination2'
  | 'list'
  | 'completion'
  | 'readback1'
  | 'readback2';

/** Operand identifiers of the Fault Info byte (completion record byte 2, bits 3:1). */
export const OPERAND_ID: Record<Operand, number> = {
  source: 1,
  list: 1,
  readback1: 1,
  source2: 2,
  seed: 2,
  readback2: 2,
  destination: 3,
  delta: 3,
  destination2: 4,
  completion: 5,
};

/** A page fault that nothing resolved. */
export class OperandFault extends Error {
  constructor(
    readonly status: number,
    readonly address: bigint,
    readonly write: boolean,
    readonly operand: Operand,
  ) {
    super(`fault at 0x${address.toString(16)}`);
  }
}

/** The bytes that an operand may take up. */
export interface OperandRange {
  operand: Operand;
  address: bigint;
  length: number;
}

/** Where each operand lives, and what happens on a fault. */
export interface AccessRules {
  /** Memory of the operands that `places` does not name. */
  memory: ReferenceMemory;
  places?: ReadonlyMap<Operand, Place>;
  blockOnFault: boolean;
  pageRequests: boolean;
}

/** Byte access to a descriptor's operands with the page-fault rules of specification 3.13. */
export class Access {
  constructor(private readonly rules: AccessRules) {}

  /** Where an operand's addresses lead to. */
  placeOf(operand: Operand): Place {
    return this.rules.places?.get(operand) ?? { memory: this.rules.memory, shift: 0n };
  }

  /** Translates every page of a range, in ascending order, before any byte of it is used. */
  touch(operand: Operand, address: bigint, length: number, write: boolean): void {
    const { memory, shift } = this.placeOf(operand);
    const end = address + shift + BigInt(length);
    for (let at = address + shift; at < end; at = pageOf(at) + PAGE_BYTES) {
      if (memory.isPresent(at)) continue;
      if (!(this.rules.blockOnFault && this.rules.pageRequests)) {
        throw new OperandFault(0x03, at, write, operand);
      }
      if (!memory.request(at)) throw new OperandFault(0x04, at, write, operand);
    }
  }

  /** Requests every absent page of these ranges, whether or not the operation will get there. */
  requestAll(ranges: readonly OperandRange[]): void {
    if (!this.rules.pageRequests) return;
    for (const { operand, address, length } of ranges) {
      const { memory, shift } = this.placeOf(operand);
      const [start, end] = [pageOf(address + shift), address + shift + BigInt(length)];
      // Only these pages can be brought in; asking for the others changes nothing.
      for (const page of memory.pageable) {
        if (page >= start && page < end && !memory.isPresent(page)) memory.request(page);
      }
    }
  }

  /** Whether every page of a range is present, without asking for any. */
  isPresent({ operand, address, length }: OperandRange): boolean {
    const { memory, shift } = this.placeOf(operand);
    const end = address + shift + BigInt(length);
    for (let at = address + shift; at < end; at = pageOf(at) + PAGE_BYTES) {
      if (!memory.isPresent(at)) return false;
    }
    return true;
  }

  read(operand: Operand, address: bigint, length: number): number[] {
    this.touch(operand, address, length, false);
    const { memory, shift } = this.placeOf(operand);
    return memory.read(address + shift, length);
  }

  write(operand: Operand, address: bigint, bytes: ArrayLike<number>): void {
    this.touch(operand, address, bytes.length, true);
    const { memory, shift } = this.placeOf(operand);
    memory.write(address + shift, bytes);
  }

  /** CRC seed of `width` bytes, from the descriptor or from memory. */
  seed(d: ReferenceDescriptor, width: number): bigint {
    const bytes = d.has(FLAG.op16) ? this.read('seed', d.u64(48), width) : d.image.slice(40, 40 + width);
    return littleEndian(bytes, 0, width);
  }
}
