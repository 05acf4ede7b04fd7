/** Reading of comma-separated text, as the files under data/ are. */

/** Records of comma-separated text (RFC 4180) without line breaks inside cells. */
export function csvRecords(text: string): string[][] {
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
