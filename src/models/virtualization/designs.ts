/** The designs that dsasim knows: mechanism records, no results. Facts: docs/designs.md and the sources named. */
import type { Design } from './design.js';
import { KERNEL_EMULATION_DESIGNS } from './designs/kernel-emulation.js';
import { NATIVE_DESIGNS } from './designs/native.js';
import { PARAVIRTUAL_DESIGNS } from './designs/paravirtual.js';
import { PASSTHROUGH_DESIGNS } from './designs/passthrough.js';
import { USERSPACE_DESIGNS } from './designs/userspace.js';

/** All designs, in the order in which lists show them. */
export const DESIGNS: readonly Design[] = [
  ...NATIVE_DESIGNS,
  ...KERNEL_EMULATION_DESIGNS,
  ...USERSPACE_DESIGNS,
  ...PASSTHROUGH_DESIGNS,
  ...PARAVIRTUAL_DESIGNS,
];

/** The design with this id, or undefined. */
export function designById(id: string): Design | undefined {
  return DESIGNS.find((design) => design.id === id);
}
