/** Sizes that the DIF flags byte selects (DSA specification 8.3.14, table of block sizes). */

/** Size of a data integrity field [B]. */
export const DIF_BYTES = 8;

const BLOCK_BYTES = [512, 520, 4096, 4104] as const;

/** Block size that DIF flags 1:0 select, without the field behind it [B]. */
export function difBlockBytes(difFlags: number): number {
  return BLOCK_BYTES[(difFlags & 3) as 0 | 1 | 2 | 3];
}
