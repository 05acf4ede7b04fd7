/** The calibration set: numbers that others measured on DSA 1.0 hardware, one a row of data/hardware/measured.csv. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { csvTable } from '../csv.js';
import { unreadable } from '../errors.js';

/** One measured number, its cells as the file has them. */
export interface MeasuredRow {
  readonly id: string;
  readonly platform: string;
  readonly queue: string;
  readonly engines: string;
  readonly devices: string;
  readonly operation: string;
  readonly submission: string;
  readonly concurrency: string;
  readonly batch: string;
  readonly size_bytes: string;
  readonly dst_alignment_bytes: string;
  readonly quantity: string;
  readonly value: string;
  readonly unit: string;
  readonly note: string;
  readonly source: string;
}

const COLUMNS: readonly (keyof MeasuredRow)[] = [
  'id',
  'platform',
  'queue',
  'engines',
  'devices',
  'operation',
  'submission',
  'concurrency',
  'batch',
  'size_bytes',
  'dst_alignment_bytes',
  'quantity',
  'value',
  'unit',
  'note',
  'source',
];

/** The committed file, seen from src/experiment/validation and from dist/experiment/validation alike. */
export const MEASURED_FILE = fileURLToPath(new URL('../../../data/hardware/measured.csv', import.meta.url));

/** The text of the committed file. @throws DocumentError when it cannot be read */
export function measuredText(): string {
  try {
    return readFileSync(MEASURED_FILE, 'utf8');
  } catch (error) {
    throw unreadable(MEASURED_FILE, error as NodeJS.ErrnoException);
  }
}

/**
 * Reads the table. Strict: the header must be as expected, every row complete, every id once, every value a number
 * or, where the unit says so, a formula.
 * @throws DocumentError naming the line
 */
export function parseMeasured(text: string): MeasuredRow[] {
  return csvTable<MeasuredRow>(MEASURED_FILE, text, COLUMNS, ({ id, value, unit, source }) => {
    if (!/^\w+$/.test(id)) return `"${id}" is no id`;
    const isNumber = value !== '' && Number.isFinite(Number(value));
    if (unit !== 'formula' && !isNumber) return `"${value}" is no number`;
    return unit === '' || source === '' ? `${id} lacks a unit or a source` : null;
  });
}

/** The number of a row that has one. @throws RangeError for a formula */
export function measuredValue(row: MeasuredRow): number {
  if (row.unit === 'formula') throw new RangeError(`${row.id} is a formula`);
  return Number(row.value);
}

/** A cell that must be a whole number. @throws RangeError when it is none */
export function wholeCell(row: MeasuredRow, column: keyof MeasuredRow): number {
  const text = row[column];
  if (!/^\d+$/.test(text)) throw new RangeError(`${row.id}: ${column} is "${text}", not a whole number`);
  return Number(text);
}
