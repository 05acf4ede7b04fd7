/** Published costs of virtual machines, interrupts, translation and drivers: rows of data/costs/costs.csv. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { csvTable } from './csv.js';
import { DocumentError, unreadable } from './errors.js';

/** One published number or fact, its cells as the file has them; data/costs/README.md tells what they mean. */
export interface CostRow {
  readonly id: string;
  readonly what: string;
  readonly value: string;
  /** '' where the value is no quantity. */
  readonly unit: string;
  readonly conditions: string;
  readonly source: string;
  readonly trust: CostTrust;
}

/** How a row is known; the sentences are those of data/costs/README.md. */
export type CostTrust = (typeof COST_TRUST)[number];

const COST_TRUST = ['read', 'quoted', 'derived', 'measured', 'recalled', 'assumed'] as const;
const COLUMNS = ['id', 'what', 'value', 'unit', 'conditions', 'source', 'trust'] as const;
/** The committed file, seen from src/experiment and from dist/experiment alike. */
const COSTS_FILE = fileURLToPath(new URL('../../data/costs/costs.csv', import.meta.url));

/** The committed rows, in order of their ids. @throws DocumentError when the file cannot be read, naming a line that is wrong */
export function costRows(): CostRow[] {
  try {
    return parseCosts(readFileSync(COSTS_FILE, 'utf8'));
  } catch (error) {
    throw error instanceof DocumentError ? error : unreadable(COSTS_FILE, error as NodeJS.ErrnoException);
  }
}

/** Reads the table; every cell but unit and conditions must hold something. @throws DocumentError naming the line */
export function parseCosts(text: string): CostRow[] {
  return csvTable<CostRow>(COSTS_FILE, text, COLUMNS, ({ id, what, value, source, trust }) => {
    if (!/^[A-Z]\d\d$/.test(id)) return `"${id}" is no id`;
    if (what === '' || value === '' || source === '') return `${id} lacks what, value or source`;
    return COST_TRUST.includes(trust) ? null : `trust is "${trust}", not ${COST_TRUST.join(', ')}`;
  });
}
