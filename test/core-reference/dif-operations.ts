import { putLittleEndian } from './bytes.js';
import { OP, type ReferenceDescriptor } from './descriptor.js';
import { advance, blockBytes, checkBlock, makeTuple, parseTuple, type TagState, tupleBytes } from './dif.js';
import type { Access } from './operands.js';
import { type Outcome, outcome, withFault } from './operations.js';

function sourceTags(d: ReferenceDescriptor): TagState {
  return {
    flags: d.u8(40),
    reference: d.u32(48),
    application: d.u16(54),
    applicationMask: d.u16(52),
  };
}

function destinationTags(d: ReferenceDescriptor): TagState {
  return {
    flags: d.u8(41),
    reference: d.u32(56),
    application: d.u16(62),
    applicationMask: d.u16(60),
  };
}

function putTags(tail: Uint8Array, offset: number, tags: TagState): void {
  putLittleEndian(tail, offset, 4, BigInt(tags.reference));
  putLittleEndian(tail, offset + 4, 2, BigInt(tags.applicationMask));
  putLittleEndian(tail, offset + 6, 2, BigInt(tags.application));
}

/** DIF Check, Insert, Strip, Update and DIX Generate, one whole block at a time. */
export function difOperation(d: ReferenceDescriptor, access: Access): Outcome {
  const flags = d.u8(42);
  const block = blockBytes(flags);
  const tagged = d.operation !== OP.difInsert && d.operation !== OP.dixGenerate;
  const writesTuple = d.operation !== OP.difCheck && d.operation !== OP.difStrip;
  const writesBlock = d.operation !== OP.difCheck && d.operation !== OP.dixGenerate;
  const source = sourceTags(d);
  const destination = destinationTags(d);
  const step = tagged ? block + 8 : block;
  const partial = outcome(0);
  let output = d.destination;
  const ended = withFault(partial, () => {
    for (let at = 0; at + step <= d.size; at += step) {
      const bytes = access.read('source', d.source + BigInt(at), step);
      const data = bytes.slice(0, block);
      const tuple = tagged ? parseTuple(bytes.slice(block)) : undefined;
      if (tuple !== undefined) {
        const error = checkBlock(data, tuple, source, flags);
        if (error !== 0) return outcome(0x09, error, at);
      }
      const out = [
        ...(writesBlock ? data : []),
        ...(writesTuple ? tupleBytes(makeTuple(data, destination, flags, tuple)) : []),
      ];
      if (out.length > 0) access.write('destination', output, out);
      output += BigInt(out.length);
      if (tagged) advance(source);
      if (writesTuple) advance(destination);
      partial.bytesCompleted = at + step;
    }
    return outcome(1);
  });
  if (tagged) putTags(ended.tail, 0, source);
  if (writesTuple) putTags(ended.tail, 8, destination);
  return ended;
}
