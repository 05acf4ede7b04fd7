import { bigEndian, toBigEndian } from './bytes.js';
import { t10Guard } from './crc-bitwise.js';

/** Protection information and its rules (specification 8.3.14 to 8.3.18), one block at a time. */

export const BLOCK_SIZES = [512, 520, 4096, 4104] as const;

/** Block size [B] that the DIF flags select. */
export function blockBytes(difFlags: number): number {
  return BLOCK_SIZES[difFlags & 3]!;
}

/** Seeds and rules of one side; the tags advance as blocks are processed. */
export interface TagState {
  flags: number;
  reference: number;
  application: number;
  applicationMask: number;
}

export interface DifTuple {
  guard: number;
  application: number;
  reference: number;
}

export function parseTuple(bytes: ArrayLike<number>): DifTuple {
  return {
    guard: bigEndian(bytes, 0, 2),
    application: bigEndian(bytes, 2, 2),
    reference: bigEndian(bytes, 4, 4),
  };
}

export function tupleBytes(tuple: DifTuple): number[] {
  return [
    ...toBigEndian(tuple.guard, 2),
    ...toBigEndian(tuple.application, 2),
    ...toBigEndian(tuple.reference, 4),
  ];
}

/** Tags of the next block: the reference tag counts unless fixed (bit 7), the application tag only if bit 4 asks. */
export function advance(state: TagState): void {
  if (!(state.flags & 0x80)) state.reference = (state.reference + 1) % 2 ** 32;
  if (state.flags & 0x10) state.application = (state.application + 1) % 2 ** 16;
}

const masked = (tag: number, mask: number): number => tag & ~mask & 0xffff;

/** DIF status of one source block: 0 when it passes, else bit 0 guard, 1 application, 2 reference, 3 all-F. */
export function checkBlock(
  block: Iterable<number>,
  tuple: DifTuple,
  source: TagState,
  difFlags: number,
): number {
  const guardAllF = tuple.guard === 0xffff;
  const applicationAllF = tuple.application === 0xffff;
  const referenceAllF = tuple.reference === 0xffffffff;
  const allF = guardAllF && applicationAllF && referenceAllF;
  if (source.flags & 0x02 && source.flags & 0x01 && allF) return 8;
  if (source.flags & 0x02 && allF) return 0;
  if (source.flags & 0x04 && applicationAllF) return 0;
  if (source.flags & 0x08 && applicationAllF && referenceAllF) return 0;
  let error = 0;
  if (!(source.flags & 0x20) && tuple.guard !== t10Guard(block, difFlags)) error |= 1;
  const mask = source.applicationMask;
  if (mask !== 0xffff && masked(tuple.application, mask) !== masked(source.application, mask)) error |= 2;
  if (!(source.flags & 0x40) && tuple.reference !== source.reference) error |= 4;
  return error;
}

/** Tuple written behind an output block; `original` lends the passed-through fields (DIF Update only). */
export function makeTuple(
  block: Iterable<number>,
  destination: TagState,
  difFlags: number,
  original?: DifTuple,
): DifTuple {
  const pass = original === undefined ? 0 : destination.flags;
  return {
    guard: pass & 0x20 ? original!.guard : t10Guard(block, difFlags),
    application:
      pass & 0x08 ? original!.application : masked(destination.application, destination.applicationMask),
    reference: pass & 0x40 ? original!.reference : destination.reference,
  };
}
