/**
 * Accesses that are answered with an error instead of a page fault (DSA specification table 5-6, statuses 0x20 to 0x22):
 * to memory that somebody broke on purpose, and to absent pages while address translation services are off.
 */
import type { AddressSpace } from './address-space.js';
import { PAGE_BYTES, pageStart } from './bytes.js';
import type { OperandList } from './operands.js';
import { STATUS } from './status.js';

/** `poisoned`: takes writes, and answers reads with an error. `untranslatable`: its translation ends in an error. */
export type Breakage = 'poisoned' | 'untranslatable';

/** The broken pages of one address space. */
export class BrokenPages {
  private readonly pages = new Map<number, Breakage>();

  /** Breaks the page of an address. */
  add(address: number, breakage: Breakage): void {
    this.pages.set(pageStart(address), breakage);
  }

  /** Whether a range touches a page that is broken in this way. */
  touches(address: number, bytes: number, breakage: Breakage): boolean {
    if (this.pages.size === 0) return false;
    for (const [page, is] of this.pages) {
      if (is === breakage && page < address + bytes && address < page + PAGE_BYTES) return true;
    }
    return false;
  }
}

/**
 * The error that a read is answered with.
 * @param translates whether address translation services are on: without them an absent page is an error
 * @returns 0, or a status code
 */
export function errorOfRead(
  space: AddressSpace,
  address: number,
  bytes: number,
  translates: boolean,
): number {
  if (space.broken.touches(address, bytes, 'untranslatable')) return STATUS.translation_fail;
  const isAnswered = translates || space.presentBytes(address, bytes) === bytes;
  return isAnswered && !space.broken.touches(address, bytes, 'poisoned') ? 0 : STATUS.hw_err1;
}

/**
 * The error that keeps an operation from executing: that of its first operand that has one.
 * @param operands of a descriptor that passed its checks, in their address spaces
 * @param space address space of those that have none
 * @returns 0, or a status code
 */
export function errorOfOperands(operands: OperandList, space: AddressSpace, translates: boolean): number {
  const movesData = operands.bytesRead > 0;
  for (let row = 0; row < operands.count; row++) {
    const own = operands.space[row] ?? space;
    const address = operands.address[row]!;
    const bytes = operands.bytes[row]!;
    const isRead = movesData && operands.write[row] === 0;
    if (isRead) {
      const error = errorOfRead(own, address, bytes, translates);
      if (error !== 0) return error;
    } else if (own.broken.touches(address, bytes, 'untranslatable')) return STATUS.translation_fail;
  }
  return 0;
}

/** Whether what an operation wrote cannot be read back. */
export function failsReadback(operands: OperandList, space: AddressSpace): boolean {
  for (let row = 0; row < operands.count; row++) {
    if (operands.write[row] === 0) continue;
    const { broken } = operands.space[row] ?? space;
    if (broken.touches(operands.address[row]!, operands.bytes[row]!, 'poisoned')) return true;
  }
  return false;
}
