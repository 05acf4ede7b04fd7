import type { Descriptor } from '../descriptor.js';
import { checkField, DESTINATION_DIF_FLAG, DifField, DifTags } from '../dif.js';
import { DIF_BYTES, difBlockBytes } from '../dif-format.js';
import { copyForward } from '../memory.js';
import { OPERAND, outputBytes } from '../operands.js';
import type { Operation, OperationContext } from '../operation-context.js';
import { OPCODE } from '../operations.js';
import { STATUS } from '../status.js';
import { t10Guard } from '../t10-dif.js';

const source = new DifTags();
const destination = new DifTags();
const field = new DifField();

/**
 * DIF Check, Insert, Strip and Update, and DIX Generate (specification 8.3.14 to 8.3.18): block by block, a block is
 * processed as a whole or not at all. The record carries the tags of the next block, unmasked, which continue the
 * operation after a fault.
 */
export const dif: Operation = (context) => {
  const { descriptor, record } = context;
  const opcode = descriptor.opcode;
  const hasFields = opcode !== OPCODE.dif_insert && opcode !== OPCODE.dix_generate;
  const makesFields = opcode !== OPCODE.dif_check && opcode !== OPCODE.dif_strip;
  begin(descriptor);
  processBlocks(context, hasFields, makesFields);
  // Tags that an operation does not have are reserved in its descriptor, and stay zero.
  record.setSourceTags(source.reference, source.mask, source.application);
  record.setDestinationTags(destination.reference, destination.mask, destination.application);
};

function begin(d: Descriptor): void {
  source.begin(d.sourceDifFlags, d.sourceReferenceTag, d.sourceApplicationMask, d.sourceApplicationTag);
  destination.begin(
    d.destinationDifFlags,
    d.destinationReferenceTag,
    d.destinationApplicationMask,
    d.destinationApplicationTag,
  );
}

function processBlocks(context: OperationContext, hasFields: boolean, makesFields: boolean): void {
  const { descriptor, space, record } = context;
  const size = descriptor.size;
  const opcode = descriptor.opcode;
  const difFlags = descriptor.difFlags;
  const block = difBlockBytes(difFlags);
  const copiedBytes = opcode === OPCODE.dif_check || opcode === OPCODE.dix_generate ? 0 : block;
  const step = hasFields ? block + DIF_BYTES : block;
  const outputStep = copiedBytes + (makesFields ? DIF_BYTES : 0);
  const readable = context.sourceSpace.presentBytes(context.source, size);
  const writable = space.presentBytes(context.destination, outputBytes(descriptor));
  let output = 0;
  for (let at = 0; at < size; at += step) {
    if (at + step > readable) {
      context.fault(OPERAND.source, context.source + readable, false, at);
      return;
    }
    const from = context.source + at;
    const guard = t10Guard(space, from, block, difFlags);
    if (hasFields) {
      space.read(from + block, field.bytes, 0, DIF_BYTES);
      const error = checkField(field, source, guard);
      if (error !== 0) {
        record.status = STATUS.dif_err;
        record.result = error;
        record.bytesCompleted = at;
        return;
      }
    }
    if (output + outputStep > writable) {
      context.fault(OPERAND.destination, context.destination + writable, true, at);
      return;
    }
    const to = context.destination + output;
    copyForward(space, to, space, from, copiedBytes);
    if (makesFields) {
      makeField(opcode === OPCODE.dif_update ? destination.flags : 0, guard);
      space.write(to + copiedBytes, field.bytes, 0, DIF_BYTES);
      destination.advance();
    }
    if (hasFields) source.advance();
    output += outputStep;
  }
}

/** Leaves the output field in `field`, which still holds the input field where something is passed through. */
function makeField(passThrough: number, guard: number): void {
  const { guard_pass_through, application_pass_through, reference_pass_through } = DESTINATION_DIF_FLAG;
  field.set(
    (passThrough & guard_pass_through) !== 0 ? field.guard : guard,
    (passThrough & application_pass_through) !== 0 ? field.application : destination.maskedApplication,
    (passThrough & reference_pass_through) !== 0 ? field.reference : destination.reference,
  );
}
