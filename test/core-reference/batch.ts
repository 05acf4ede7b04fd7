import { FLAG, ReferenceDescriptor } from './descriptor.js';
import type { ReferenceMemory } from './memory.js';
import { Access, OperandFault } from './operands.js';
import { type Outcome, outcome } from './operations.js';

/** What a batch needs of its device: to run one member and learn its status. */
export type RunMember = (member: ReferenceDescriptor) => number;

/**
 * Batch and Fence (specification 3.8, 3.9, 8.3.2): members in order, one at a time. A fenced member behind any earlier
 * status other than Success is abandoned with all that follow; they write no record and are not counted.
 * @param rules `listFault`: what an absent page of the list ends in; with translation services off a read is an error
 */
export function runBatch(
  batch: ReferenceDescriptor,
  memory: ReferenceMemory,
  rules: { pageRequests: boolean; batchContinuation: boolean; listFault: 0x06 | 0x20 },
  runMember: RunMember,
): Outcome {
  const access = new Access({
    memory,
    blockOnFault: true,
    pageRequests: rules.pageRequests,
  });
  let failed = batch.has(FLAG.op16);
  let done = 0;
  const result = (): number => (rules.batchContinuation && failed ? 1 : 0);
  for (; done < batch.size; done++) {
    let image: number[];
    try {
      image = access.read('list', batch.source + 64n * BigInt(done), 64);
    } catch (fault) {
      if (!(fault instanceof OperandFault)) throw fault;
      const ended = outcome(rules.listFault, result(), done);
      return rules.listFault === 0x06 ? { ...ended, fault } : ended;
    }
    const member = new ReferenceDescriptor(Uint8Array.from(image));
    if (member.has(FLAG.fence) && failed) break;
    if (runMember(member) !== 1) failed = true;
  }
  return outcome(failed ? 0x05 : 0x01, result(), done);
}
