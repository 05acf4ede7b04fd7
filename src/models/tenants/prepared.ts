/**
 * Descriptors as a driver prepares them: all but the addresses is written once, and copied for each submission.
 */
import { DESCRIPTOR_BYTES } from '../../core/descriptor.js';
import { type DescriptorFields, encodeDescriptor } from '../../core/encode-descriptor.js';
import type { Buffers, Layout } from './layout.js';
import type { TenantOperation } from './operations.js';

/** Words of a descriptor that hold its flags, its completion record's address, its source and its interrupt handle. */
// biome-ignore lint/suspicious/noConstEnum: its numbers are to stand in the code, where the optimiser folds them
export const enum Word {
  flags = 1,
  record = 2,
  source = 4,
  handle = 9,
}

const TWO_TO_MINUS_32 = 1 / 4294967296;

/** What the descriptors of one operation of a tenant have in common. */
export interface Prepared {
  readonly operation: TenantOperation;
  /** The sixteen words, without addresses. */
  readonly template: Uint32Array;
  /** Size as the mix says it, and as the descriptor does: a no-op has none [B]. */
  readonly sizeBytes: number;
  readonly bytes: number;
  /** Buffers of each operand, and the word of the descriptor that its address begins in. */
  readonly buffers: readonly Buffers[];
  readonly words: readonly number[];
}

/** Prepares an operation on buffers of a layout that has a region for each of its operands. */
export function prepare(
  operation: TenantOperation,
  layout: Layout,
  { pasid, flags, sizeBytes }: { pasid: number; flags: number; sizeBytes: number },
): Prepared {
  const { opcode, operands, fields } = operation;
  const all = { opcode, pasid, flags, size: sizeBytes, ...fields };
  return {
    operation,
    template: wordsOf(all),
    sizeBytes,
    bytes: all.size,
    buffers: operands.map(([, region]) => layout.buffers(region)!),
    words: operands.map(([byte]) => byte / 4),
  };
}

/** The sixteen words of a descriptor. */
export function wordsOf(fields: DescriptorFields): Uint32Array {
  const bytes = new Uint8Array(DESCRIPTOR_BYTES);
  encodeDescriptor(fields, bytes, 0);
  return new Uint32Array(bytes.buffer);
}

/** Copies the words of a descriptor; written out (docs/speed.md). */
export function copyWords(from: Uint32Array, into: Uint32Array): void {
  into[0] = from[0]!;
  into[1] = from[1]!;
  into[2] = from[2]!;
  into[3] = from[3]!;
  into[4] = from[4]!;
  into[5] = from[5]!;
  into[6] = from[6]!;
  into[7] = from[7]!;
  into[8] = from[8]!;
  into[9] = from[9]!;
  into[10] = from[10]!;
  into[11] = from[11]!;
  into[12] = from[12]!;
  into[13] = from[13]!;
  into[14] = from[14]!;
  into[15] = from[15]!;
}

/** Writes a 64-bit address into two words, the first of which takes the low half of it. */
export function putAddress(words: Uint32Array, at: number, address: number): void {
  words[at] = address;
  words[at + 1] = address * TWO_TO_MINUS_32;
}
