/** Reading of comma-separated tables, as the files under data/ are. */
import { DocumentError } from './errors.js';

/**
 * The rows of a table, by column. Strict: the header must be as expected, every row complete, every id once.
 * @param file for messages
 * @param check what is wrong with a row, or null
 * @throws DocumentError naming the line
 */
export function csvTable<Row extends { readonly id: string }>(
  file: string,
  text: string,
  columns: readonly (keyof Row & string)[],
  check: (row: Row) => string | null,
): Row[] {
  const wrong = (line: number, reason: string): DocumentError =>
    new DocumentError(file, 'DSASIM_D006', `line ${line}: ${reason}`);
  const [head, ...lines] = records(text);
  if (head?.join() !== columns.join()) throw wrong(1, `the columns are not ${columns.join(', ')}`);
  const seen = new Set<string>();
  return lines.map((cells, i) => {
    if (cells.length !== columns.length) {
      throw wrong(i + 2, `${cells.length} cells instead of ${columns.length}`);
    }
    const row = Object.fromEntries(columns.map((name, c) => [name, cells[c]!])) as unknown as Row;
    const reason = seen.has(row.id) ? `${row.id} appears a second time` : check(row);
    if (reason !== null) throw wrong(i + 2, reason);
    seen.add(row.id);
    return row;
  });
}

/** Records of comma-separated text (RFC 4180) without line breaks inside cells. */
function records(text: string): string[][] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map(splitCells);
}

function splitCells(line: string): string[] {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    let cell = '';
    if (line[at] === '"') {
      at++;
      for (; at < line.length; at++) {
        if (line[at] !== '"') cell += line[at];
        else if (line[at + 1] === '"') cell += line[++at];
        else break;
      }
      at++;
    } else {
      const end = line.indexOf(',', at);
      cell = line.slice(at, end === -1 ? line.length : end);
      at += cell.length;
    }
    cells.push(cell);
    if (line[at] !== ',') return cells;
    at++;
  }
}
