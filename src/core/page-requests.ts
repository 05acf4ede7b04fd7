/** Page requests: bringing in the absent pages of a descriptor's operands (DSA specification 3.13). */
import type { AddressSpace } from './address-space.js';
import { PAGE_BYTES, pageStart } from './bytes.js';
import type { OperandList } from './operands.js';

/** Where {@link findAbsentPage} stopped. Reusable. */
export class AbsentPage {
  /** Row of the operand list, or -1 if every page is present. */
  operand = -1;
  /** Start of the absent page. */
  address = 0;
}

/**
 * Finds the next absent page of a descriptor, in operand order and then by address.
 * @param found receives the page; start over with operand 0, or go on after a page by passing its position
 * @param fromOperand first row to look at
 * @param fromAddress first address to look at within that row; 0 for its start
 * @returns whether there is one
 */
export function findAbsentPage(
  operands: OperandList,
  space: AddressSpace,
  found: AbsentPage,
  fromOperand = 0,
  fromAddress = 0,
): boolean {
  for (let row = fromOperand; row < operands.count; row++) {
    const start = operands.address[row]!;
    const end = start + operands.bytes[row]!;
    const from = row === fromOperand ? Math.max(start, fromAddress) : start;
    if (from >= end) continue;
    const present = (operands.space[row] ?? space).presentBytes(from, end - from);
    if (from + present < end) {
      found.operand = row;
      found.address = pageStart(from + present);
      return true;
    }
  }
  found.operand = -1;
  return false;
}

/** Start of the first absent page among all operands, or -1. */
export function firstAbsentPage(operands: OperandList, space: AddressSpace): number {
  return findAbsentPage(operands, space, scratch) ? scratch.address : -1;
}

const scratch = new AbsentPage();

/**
 * Requests every absent page of every operand once, in order, before the operation executes.
 * @returns how many requests were sent
 */
export function requestPages(operands: OperandList, space: AddressSpace): number {
  let requests = 0;
  let row = 0;
  let from = 0;
  while (findAbsentPage(operands, space, scratch, row, from)) {
    requests++;
    (operands.space[scratch.operand] ?? space).resolve(scratch.address);
    row = scratch.operand;
    from = scratch.address + PAGE_BYTES;
  }
  return requests;
}
