/** Data integrity fields: tags, their checks and their continuation (DSA specification 8.3.14 to 8.3.18). */
import { DIF_BYTES } from './dif-format.js';

/** Source DIF flags, byte 40 of the descriptor. */
const SOURCE_DIF_FLAG = {
  /** With `all_f_detect`: a field of all ones is an error instead of a skipped check. */
  all_f_error: 0x01,
  all_f_detect: 0x02,
  application_f_detect: 0x04,
  application_and_reference_f_detect: 0x08,
  /** The application tag grows from block to block; the reference tag's flag has the opposite sense. */
  application_incrementing: 0x10,
  guard_check_disable: 0x20,
  reference_check_disable: 0x40,
  reference_fixed: 0x80,
} as const;

/** Destination DIF flags, byte 41; the pass-through ones matter to DIF Update only. */
export const DESTINATION_DIF_FLAG = {
  application_pass_through: 0x08,
  application_incrementing: 0x10,
  guard_pass_through: 0x20,
  reference_pass_through: 0x40,
  reference_fixed: 0x80,
} as const;

/** Result bits of a failed check (DIF status). */
const DIF_ERROR = { guard: 1, application: 2, reference: 4, all_f: 8 } as const;

/** The tags of one side, advancing from block to block. Flags 7 and 4 mean the same on both sides. */
export class DifTags {
  flags = 0;
  reference = 0;
  application = 0;
  /** Bits of the application tag that are forced to 0, or left unchecked. */
  mask = 0;

  begin(flags: number, reference: number, mask: number, application: number): void {
    this.flags = flags;
    this.reference = reference;
    this.mask = mask;
    this.application = application;
  }

  /** Application tag of this block; the mask applies after the increment. */
  get maskedApplication(): number {
    return this.application & ~this.mask & 0xffff;
  }

  /** Goes on to the next block. */
  advance(): void {
    if ((this.flags & SOURCE_DIF_FLAG.reference_fixed) === 0) this.reference = (this.reference + 1) >>> 0;
    if ((this.flags & SOURCE_DIF_FLAG.application_incrementing) !== 0) {
      this.application = (this.application + 1) & 0xffff;
    }
  }
}

/** One data integrity field: guard, application tag and reference tag, big-endian in memory. */
export class DifField {
  /** The eight bytes as they lie in memory. */
  readonly bytes = new Uint8Array(DIF_BYTES);

  get guard(): number {
    return (this.bytes[0]! << 8) | this.bytes[1]!;
  }

  get application(): number {
    return (this.bytes[2]! << 8) | this.bytes[3]!;
  }

  get reference(): number {
    const b = this.bytes;
    return ((b[4]! << 24) | (b[5]! << 16) | (b[6]! << 8) | b[7]!) >>> 0;
  }

  set(guard: number, application: number, reference: number): void {
    const b = this.bytes;
    b[0] = guard >>> 8;
    b[1] = guard;
    b[2] = application >>> 8;
    b[3] = application;
    b[4] = reference >>> 24;
    b[5] = reference >>> 16;
    b[6] = reference >>> 8;
    b[7] = reference;
  }
}

/** Whether the field's all-ones values say that its block is not to be checked. */
function isSkipped(field: DifField, flags: number): boolean {
  if (field.application !== 0xffff) return false;
  if ((flags & SOURCE_DIF_FLAG.application_f_detect) !== 0) return true;
  if (field.reference !== 0xffffffff) return false;
  if ((flags & SOURCE_DIF_FLAG.application_and_reference_f_detect) !== 0) return true;
  return (flags & SOURCE_DIF_FLAG.all_f_detect) !== 0 && field.guard === 0xffff;
}

/**
 * Checks a field against the expected tags.
 * @param guard CRC of the block
 * @returns bits of {@link DIF_ERROR}, 0 if the block is good
 */
export function checkField(field: DifField, expected: DifTags, guard: number): number {
  const flags = expected.flags;
  const reportsAllF = SOURCE_DIF_FLAG.all_f_detect | SOURCE_DIF_FLAG.all_f_error;
  const isAllF = field.guard === 0xffff && field.application === 0xffff && field.reference === 0xffffffff;
  if (isAllF && (flags & reportsAllF) === reportsAllF) return DIF_ERROR.all_f;
  if (isSkipped(field, flags)) return 0;
  let error = 0;
  if ((flags & SOURCE_DIF_FLAG.guard_check_disable) === 0 && field.guard !== guard) error |= DIF_ERROR.guard;
  // A mask of all ones leaves nothing to compare, which is how the check is switched off.
  if ((field.application & ~expected.mask & 0xffff) !== expected.maskedApplication)
    error |= DIF_ERROR.application;
  if ((flags & SOURCE_DIF_FLAG.reference_check_disable) === 0 && field.reference !== expected.reference) {
    error |= DIF_ERROR.reference;
  }
  return error;
}
