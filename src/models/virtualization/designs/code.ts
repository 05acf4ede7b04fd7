/** Published code that several designs have in common. */
import type { ReferenceCode } from '../design.js';

/** Cost S06. */
export const CHARACTER_DEVICE_CODE: ReferenceCode = {
  lines: 302,
  what: 'cdev.c, the character device as it was merged',
  runsIn: 'the kernel',
  source: '[PATCH v4 9/9] dmaengine: idxd: add char driver, 2020-01',
};
