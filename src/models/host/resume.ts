/** What software does with a partial completion: touch the page, and submit the rest. */
import type { AddressSpace } from '../../core/address-space.js';
import { readAddress, readUint32, writeAddress, writeUint32 } from '../../core/bytes.js';
import { DESCRIPTOR_BYTES, Descriptor } from '../../core/descriptor.js';
import { OperandList } from '../../core/operands.js';
import { OPCODE } from '../../core/operations.js';
import { endedAtFault, STATUS } from '../../core/status.js';
import type { DescriptorRow } from '../descriptor-row.js';
import type { ParameterValues } from '../parameters.js';
import type { Instance } from '../tenants/instance.js';

const SUCCESS = STATUS.success;
const OPERATION = 7;
const COMPLETION_ADDRESS = 8;
const SOURCE = 16;
const DESTINATION = 24;
const SIZE = 32;
const DESTINATION2 = 40;
const CRC_SEED = 40;
const RECORD_CRC = 16;

const STATUS_WITHOUT_DIRECTION = 0x7f;
const RECORD_BYTES_COMPLETED = 4;

/** Operations whose absent page is one that they write; a tenant's sources are in memory. */
const WRITING = new Set<number>([
  OPCODE.memmove,
  OPCODE.fill,
  OPCODE.dualcast,
  OPCODE.copy_crc,
  OPCODE.batch,
]);

const decoded = new Descriptor();
const operands = new OperandList();

/**
 * Takes a finished row further if faults left something over. A partial completion is rewritten to ask for the rest;
 * a batch whose members ended at faults goes on as each of these, one after the other, as a single descriptor.
 * @returns whether the row holds a descriptor to submit; if not, it is finished for good
 */
export function resumeAfterFault(descriptor: DescriptorRow, instance: Instance): boolean {
  if (descriptor.status === SUCCESS && descriptor.weight === 1) return false;
  if (endedAtFault(descriptor.status)) {
    requestRest(descriptor, descriptor.completedBytes, instance.space);
    return true;
  }
  if (descriptor.weight === 1 || descriptor.failedMembers === 0) return false;
  const isMember = descriptor.opcode !== OPCODE.batch;
  if (isMember && descriptor.status === SUCCESS) descriptor.failedMembers -= 1;
  if (descriptor.faultedMembers === 0) return false;
  descriptor.faultedMembers -= 1;
  takeMember(descriptor, instance);
  return true;
}

/** Processor time to touch a page that the device has found absent [ps]. */
export function faultedTouchPs(opcode: number, instance: Instance, p: ParameterValues): number {
  const major = instance.config.buffers.faults === 'major';
  const storagePs = major ? p['translation.storage_read'] : 0;
  if (!WRITING.has(opcode)) return p['translation.cpu_touch_read'] + storagePs;
  return p['translation.cpu_touch'] + p['translation.touch_invalidation'] + storagePs;
}

/** Puts the next member that ended at a fault into the row of its batch: what its record says is left of it. */
function takeMember(batch: DescriptorRow, { space, layout }: Instance): void {
  const { image } = batch;
  const list = layout.list(batch.slot);
  let member = batch.opcode === OPCODE.batch ? 0 : batch.member + 1;
  for (; ; member++) {
    space.read(list + member * DESCRIPTOR_BYTES, image, 0, DESCRIPTOR_BYTES);
    const status = space.readByte(readAddress(image, COMPLETION_ADDRESS)) & STATUS_WITHOUT_DIRECTION;
    if (endedAtFault(status)) break;
  }
  batch.serial += member - batch.member;
  batch.member = member;
  batch.opcode = image[OPERATION]!;
  const record = readAddress(image, COMPLETION_ADDRESS);
  requestRest(batch, space.readUint32(record + RECORD_BYTES_COMPLETED), space);
}

/**
 * Rewrites the 64 bytes of a descriptor so that they ask for what `done` bytes left over, and touches the page that each
 * operand now begins with. The rules are those of specification 8.3: addresses advance by Bytes Completed, the size
 * shrinks by it, a CRC goes on from the value in the record. A tenant's copies never overlap, so none is completed
 * backwards.
 */
function requestRest({ image, opcode }: DescriptorRow, done: number, space: AddressSpace): void {
  const advance = (offset: number) => writeAddress(image, offset, readAddress(image, offset) + done);
  if (opcode !== OPCODE.fill) advance(SOURCE);
  if (opcode !== OPCODE.compare_pattern && opcode !== OPCODE.crc) advance(DESTINATION);
  if (opcode === OPCODE.dualcast) advance(DESTINATION2);
  writeUint32(image, SIZE, readUint32(image, SIZE) - done);
  decoded.decode(image, 0);
  if (opcode === OPCODE.crc || opcode === OPCODE.copy_crc) {
    writeUint32(image, CRC_SEED, space.readUint32(decoded.completionAddress + RECORD_CRC));
  }
  operands.from(decoded);
  for (let i = 0; i < operands.count; i++) space.setPresent(operands.address[i]!);
}
