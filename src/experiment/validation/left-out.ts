/**
 * Constants that the calibration chooses when it may not look at one operation, starting from the middle of every
 * range: the output of `npm run calibrate -- --left-out`. With them the rows of that operation are predicted rather
 * than fitted.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unreadable } from '../errors.js';

/** The operations that are left out in turn. */
export const LEFT_OUT_OPERATIONS = ['memmove', 'fill', 'compare'] as const;

const FILE = fileURLToPath(new URL('../../../data/calibration/left-out.json', import.meta.url));

/**
 * The constants chosen without each operation, in internal units.
 * @throws DocumentError when the committed file cannot be read
 */
export function leftOutConstants(): Readonly<Record<string, Readonly<Record<string, number>>>> {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Record<string, number>>;
  } catch (error) {
    throw unreadable(FILE, error as NodeJS.ErrnoException);
  }
}
