/** Page requests: bringing in the absent pages of a descriptor's operands (DSA specification 3.13). */
import type { AddressSpace } from './address-space.js';
import { PAGE_BYTES, pageStart } from './bytes.js';
import type { OperandList } from './operands.js';

/**
 * Requests every absent page of every operand once, before the operation executes.
 * @param space address space of operands that have none of their own
 * @returns how many requests were sent
 */
export function requestPages(operands: OperandList, space: AddressSpace): number {
  let requests = 0;
  for (let row = 0; row < operands.count; row++) {
    const own = operands.space[row] ?? space;
    let from = operands.address[row]!;
    const end = from + operands.bytes[row]!;
    while (from < end) {
      const absent = from + own.presentBytes(from, end - from);
      if (absent >= end) break;
      own.resolve(absent);
      requests++;
      from = pageStart(absent) + PAGE_BYTES;
    }
  }
  return requests;
}
