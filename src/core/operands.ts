/**
 * Which memory a descriptor touches: the operands in the specification's order, with the numbers that the Fault
 * Info field gives them (DSA specification 8.2.3). Read by the executor's callers for translation and volume.
 */
import type { AddressSpace } from './address-space.js';
import type { Descriptor } from './descriptor.js';
import { DIF_BYTES, difBlockBytes } from './dif-format.js';
import { OPERATION_FLAG } from './flags.js';
import { OPCODE } from './operations.js';
import type { Shape } from './shape.js';

/** Operand numbers of the Fault Info field. */
export const OPERAND = {
  unknown: 0,
  /** Source, source 1, descriptor list, delta record of Apply, readback 1, region of Translation Fetch. */
  source: 1,
  /** Source 2, CRC seed, readback 2. */
  source2: 2,
  /** Destination, destination 1, delta record of Create. */
  destination: 3,
  destination2: 4,
  completion_record: 5,
} as const;

const MOST_OPERANDS = 4;

/** A reusable list, one column per property; rows 0 to `count - 1` are valid. */
export class OperandList {
  count = 0;
  /** A number of {@link OPERAND}. */
  readonly field = new Uint8Array(MOST_OPERANDS);
  /** First byte [B]; for an inter-domain operand as the descriptor names it. */
  readonly address = new Float64Array(MOST_OPERANDS);
  /** Length [B]; of a Create Delta record the largest it may become. */
  readonly bytes = new Float64Array(MOST_OPERANDS);
  /** 1 if the operation writes it. */
  readonly write = new Uint8Array(MOST_OPERANDS);
  /** 1 if it lies in the address space of an inter-domain permission table entry. */
  readonly alternate = new Uint8Array(MOST_OPERANDS);
  /** That address space once the entry was looked up; null for the descriptor's own. */
  readonly space: (AddressSpace | null)[] = new Array<AddressSpace | null>(MOST_OPERANDS).fill(null);
  /** Data that crosses the memory interface when nothing faults [B]; zero for fetches and flushes. */
  bytesRead = 0;
  bytesWritten = 0;

  /** Fills the list from a descriptor that passed its checks. */
  from(descriptor: Descriptor): void {
    this.count = 0;
    this.bytesRead = 0;
    this.bytesWritten = 0;
    list(descriptor, this);
  }

  /** Takes the addresses of another descriptor of the same shape: all else is the same. */
  moveTo({ source, destination }: Descriptor, { sourceRow, destinationRow }: Shape): void {
    this.address[sourceRow] = source;
    this.address[destinationRow] = destination;
  }

  /** Appends one operand that carries data. */
  add(field: number, address: number, bytes: number, write: 0 | 1): void {
    this.addUntouched(field, address, bytes, write);
    if (write === 1) this.bytesWritten += bytes;
    else this.bytesRead += bytes;
  }

  /** Appends one operand that is translated but moves no data. */
  addUntouched(field: number, address: number, bytes: number, write: 0 | 1): void {
    const row = this.count++;
    this.field[row] = field;
    this.address[row] = address;
    this.bytes[row] = bytes;
    this.write[row] = write;
    this.alternate[row] = 0;
    this.space[row] = null;
  }
}

function list(d: Descriptor, into: OperandList): void {
  const { source, destination, size } = d;
  switch (d.opcode) {
    case OPCODE.batch:
      into.add(OPERAND.source, source, size * 64, 0);
      return;
    case OPCODE.drain:
      if (d.has(OPERATION_FLAG.drain.readback_address_1_valid)) into.add(OPERAND.source, source, 1, 0);
      if (d.has(OPERATION_FLAG.drain.readback_address_2_valid)) into.add(OPERAND.source2, destination, 1, 0);
      return;
    case OPCODE.fill:
    case OPCODE.id_fill:
      into.add(OPERAND.destination, destination, size, 1);
      break;
    case OPCODE.compare:
    case OPCODE.id_compare:
      into.add(OPERAND.source, source, size, 0);
      into.add(OPERAND.source2, destination, size, 0);
      break;
    case OPCODE.compare_pattern:
    case OPCODE.id_compare_pattern:
    case OPCODE.dif_check:
      into.add(OPERAND.source, source, size, 0);
      break;
    case OPCODE.create_delta:
      into.add(OPERAND.source, source, size, 0);
      into.add(OPERAND.source2, destination, size, 0);
      into.add(OPERAND.destination, d.deltaAddress, d.maxDeltaBytes, 1);
      return;
    case OPCODE.apply_delta:
      into.add(OPERAND.source, source, d.deltaRecordBytes, 0);
      into.addUntouched(OPERAND.destination, destination, size, 1);
      into.bytesWritten += Math.floor(d.deltaRecordBytes / 10) * 8;
      return;
    case OPCODE.dualcast:
      into.add(OPERAND.source, source, size, 0);
      into.add(OPERAND.destination, destination, size, 1);
      into.add(OPERAND.destination2, d.destination2, size, 1);
      return;
    case OPCODE.translation_fetch:
      into.addUntouched(OPERAND.source, source, size, 0);
      return;
    case OPCODE.crc:
    case OPCODE.copy_crc:
      into.add(OPERAND.source, source, size, 0);
      if (d.opcode === OPCODE.copy_crc) into.add(OPERAND.destination, destination, size, 1);
      if (d.has(OPERATION_FLAG.crc.read_seed)) {
        into.add(OPERAND.source2, d.crcSeedAddress, d.has(OPERATION_FLAG.crc.crc64) ? 8 : 4, 0);
      }
      return;
    case OPCODE.memmove:
    case OPCODE.dif_insert:
    case OPCODE.dif_strip:
    case OPCODE.dif_update:
    case OPCODE.dix_generate:
    case OPCODE.id_copy:
      into.add(OPERAND.source, source, size, 0);
      into.add(OPERAND.destination, destination, outputBytes(d), 1);
      break;
    case OPCODE.cache_flush:
      into.addUntouched(OPERAND.destination, destination, size, 0);
      return;
    default:
      return;
  }
  markAlternate(d, into);
}

/** Bytes that a copying operation writes when it completes [B] (specification 8.3.15 to 8.3.18). */
export function outputBytes(d: Descriptor): number {
  const block = difBlockBytes(d.difFlags);
  switch (d.opcode) {
    case OPCODE.dif_insert:
      return Math.floor(d.size / block) * (block + DIF_BYTES);
    case OPCODE.dif_strip:
      return Math.floor(d.size / (block + DIF_BYTES)) * block;
    case OPCODE.dix_generate:
      return Math.floor(d.size / block) * DIF_BYTES;
    default:
      return d.size;
  }
}

function markAlternate(d: Descriptor, list: OperandList): void {
  if (d.opcode < OPCODE.id_copy) return;
  const { alternate_source_pasid, alternate_destination_pasid } = OPERATION_FLAG.inter_domain;
  for (let row = 0; row < list.count; row++) {
    const flag = list.field[row] === OPERAND.source ? alternate_source_pasid : alternate_destination_pasid;
    list.alternate[row] = d.has(flag) ? 1 : 0;
  }
}
