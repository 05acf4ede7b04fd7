/** What software does with a partial completion: touch the page, and submit the rest. */
import type { AddressSpace } from '../../core/address-space.js';
import { readAddress, readUint32, writeAddress, writeUint32 } from '../../core/bytes.js';
import { DESCRIPTOR_BYTES, Descriptor } from '../../core/descriptor.js';
import { OperandList } from '../../core/operands.js';
import { OPCODE } from '../../core/operations.js';
import type { DescriptorTable } from '../descriptor-table.js';

const SOURCE = 16;
const DESTINATION = 24;
const SIZE = 32;
const DESTINATION2 = 40;
const CRC_SEED = 40;
const RECORD_CRC = 16;

const descriptor = new Descriptor();
const operands = new OperandList();

/**
 * Rewrites the 64 bytes of a row so that they ask for what its partial completion left over, and touches the page
 * that each operand now begins with. The rules are those of specification 8.3: addresses advance by Bytes
 * Completed, the size shrinks by it, a CRC goes on from the value in the record. A tenant's copies never overlap,
 * so none is completed backwards.
 */
export function resumeAfterFault(table: DescriptorTable, row: number, space: AddressSpace): void {
  const at = row * DESCRIPTOR_BYTES;
  const { images } = table;
  const done = table.completedBytes[row]!;
  const opcode = table.opcode[row]!;
  const advance = (offset: number) =>
    writeAddress(images, at + offset, readAddress(images, at + offset) + done);
  if (opcode !== OPCODE.fill) advance(SOURCE);
  if (opcode !== OPCODE.compare_pattern && opcode !== OPCODE.crc) advance(DESTINATION);
  if (opcode === OPCODE.dualcast) advance(DESTINATION2);
  writeUint32(images, at + SIZE, readUint32(images, at + SIZE) - done);
  descriptor.decode(images, at);
  if (opcode === OPCODE.crc || opcode === OPCODE.copy_crc) {
    writeUint32(images, at + CRC_SEED, space.readUint32(descriptor.completionAddress + RECORD_CRC));
  }
  operands.from(descriptor);
  for (let i = 0; i < operands.count; i++) space.setPresent(operands.address[i]!);
}
