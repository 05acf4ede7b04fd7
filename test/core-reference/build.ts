import { putLittleEndian } from './bytes.js';
import { FLAG, OP, ReferenceDescriptor } from './descriptor.js';

/** Named fields of any operation, as [offset, width] in the descriptor (specification 8.3). */
const FIELDS = {
  completion: [8, 8],
  source: [16, 8],
  pattern: [16, 8],
  destination: [24, 8],
  comparePattern: [24, 8],
  size: [32, 4],
  handle: [36, 2],
  patternUpper: [40, 8],
  destination2: [40, 8],
  expected: [40, 1],
  recordAddress: [40, 8],
  recordBytes: [40, 4],
  sourceDifFlags: [40, 1],
  destinationDifFlags: [41, 1],
  difFlags: [42, 1],
  maxRecordBytes: [48, 4],
  stride: [48, 4],
  sourceReference: [48, 4],
  sourceMask: [52, 2],
  sourceApplication: [54, 2],
  expectedMask: [56, 1],
  destinationReference: [56, 4],
  destinationMask: [60, 2],
  destinationApplication: [62, 2],
  sourceHandle: [60, 2],
  destinationHandle: [62, 2],
  windowFlags: [61, 1],
  crcSeed: [40, 8],
  seedAddress: [48, 8],
} as const satisfies Record<string, readonly [number, number]>;

export type FieldName = keyof typeof FIELDS;
export type Fields = Partial<Record<FieldName, bigint | number>>;

/** A 64-byte descriptor image from an operation, flags and fields. */
export function image(operation: keyof typeof OP | number, flags: number, fields: Fields = {}): Uint8Array {
  const bytes = new Uint8Array(64);
  putLittleEndian(bytes, 4, 3, BigInt(flags));
  bytes[7] = typeof operation === 'number' ? operation : OP[operation];
  for (const [name, value] of Object.entries(fields)) {
    const [offset, width] = FIELDS[name as FieldName];
    putLittleEndian(bytes, offset, width, BigInt(value as bigint | number));
  }
  return bytes;
}

export function descriptor(
  operation: keyof typeof OP | number,
  flags: number,
  fields: Fields = {},
): ReferenceDescriptor {
  return new ReferenceDescriptor(image(operation, flags, fields));
}

/** Flags of a descriptor that asks for its completion record. */
export const WITH_RECORD = FLAG.completionAddressValid | FLAG.requestCompletion;
