/** A validation as text for a terminal: one line a family, then the worst rows of those that were asked for. */
import type { FamilyResult, RowResult, Validation } from '../experiment/validation/validation.js';

/** How the table is drawn. */
export interface ValidationTextOptions {
  /** Rows listed below each family, the largest errors first. */
  worst: number;
}

/** The table. */
export function validationText(validation: Validation, options: ValidationTextOptions): string {
  const head = ['family', 'rows', 'median', 'p90', 'bounds', 'roofline', 'worst row'];
  const body = validation.families.map((result) => [
    result.family.id,
    String(result.rows.length),
    result.score === null ? '-' : percent(result.score.median),
    result.score === null ? '-' : percent(result.score.p90),
    boundsText(result),
    result.roofline === null
      ? '-'
      : `${percent(result.roofline.roofline.median)} / ${percent(result.roofline.roofline.p90)}`,
    result.score === null ? '-' : rowText(result.rows[result.score.worst]!),
  ]);
  const lines = columns([head, ...body]);
  const details = validation.families.flatMap((result) => worstRows(result, options.worst));
  return `${[...lines, ...details].join('\n')}\n`;
}

/** A ratio in percent, two significant digits or so. */
export function percent(ratio: number): string {
  const value = ratio * 100;
  return `${Math.abs(value) < 9.95 ? value.toFixed(2) : value.toFixed(1)} %`;
}

/** Bounds of a family and whether they hold. */
export function boundsText({ family, held, score }: FamilyResult): string {
  if (family.medianBound === null && family.p90Bound === null) return 'printed';
  const text = [family.medianBound, family.p90Bound]
    .map((bound) => (bound === null ? '-' : `${+(bound * 100).toFixed(2)} %`))
    .join(' / ');
  if (score === null) return text;
  return `${text} ${held ? 'held' : 'BROKEN'}`;
}

/** A row with its measured and its simulated number. */
export function rowText({ row, pair, error, problem }: RowResult): string {
  if (pair === null) return `${row.id}: ${problem}`;
  const sign = error >= 0 ? '+' : '';
  return `${row.id} ${significant(pair.measured)} -> ${significant(pair.simulated)} ${row.unit} (${sign}${percent(error)})`;
}

function worstRows({ family, rows }: FamilyResult, count: number): string[] {
  if (count === 0 || family.id === 'software') return [];
  const ordered = [...rows].sort((a, b) => Math.abs(b.error) - Math.abs(a.error)).slice(0, count);
  return ['', family.title, ...ordered.map((row) => `  ${rowText(row)}`)];
}

/** Five significant digits. */
export function significant(value: number): string {
  return String(Number(value.toPrecision(5)));
}

/** Left-aligned columns, two blanks apart. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  return rows.map((row) =>
    row
      .map((cell, c) => cell.padEnd(widths[c]!))
      .join('  ')
      .trimEnd(),
  );
}
