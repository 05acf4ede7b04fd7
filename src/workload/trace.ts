/** Arrival times from a CSV file. */
import { type Diagnostic, diagnostic, type SourceText, type Span } from './diagnostics.js';
import { EXAMPLE, parseQuantity, unitNames } from './units.js';

/** One line of a file with its place. */
interface Line {
  readonly text: string;
  readonly start: number;
}

/**
 * Reads arrival times [ps], counted from the start of the load: a column of numbers under a header that ends in its
 * unit (`arrival_us`, `arrival [us]`, `time(us)`), or one time with its unit a line. Empty lines and lines that begin
 * with `#` are left out; of several columns the first counts.
 * @param source the file
 * @param path place in the workload, for messages
 * @param into collects the first problem of the file
 */
export function readTrace(source: SourceText, path: string, into: Diagnostic[]): number[] {
  const lines = contentLines(source.text);
  const refuse = (line: Line, reason: string): number[] => {
    const cell = firstCell(line.text);
    const start = line.start + line.text.indexOf(cell);
    const span: Span = { source, start, end: start + Math.max(1, cell.length) };
    into.push(diagnostic('W075', span, { path, reason }));
    return [];
  };
  const unit = lines.length === 0 ? null : headerUnit(firstCell(lines[0]!.text));
  const arrivals: number[] = [];
  for (const line of unit === null ? lines : lines.slice(1)) {
    const cell = firstCell(line.text);
    const result = parseQuantity('time', unit === null ? cell : `${cell}${unit}`);
    if (!('value' in result)) {
      if (result.problem === 'range') return refuse(line, `"${cell}": ${result.reason}`);
      return refuse(line, `"${cell}" is no time such as ${unit === null ? EXAMPLE.time : '12.5'}`);
    }
    const last = arrivals.at(-1);
    if (last !== undefined && result.value < last)
      return refuse(line, `"${cell}" lies before the arrival above it`);
    arrivals.push(result.value);
  }
  if (arrivals.length === 0) into.push(diagnostic('W076', { source, start: 0, end: 1 }, { path }));
  return arrivals;
}

function contentLines(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    if (line.trim() !== '' && !line.trimStart().startsWith('#')) lines.push({ text: line, start });
    start += line.length + 1;
  }
  return lines;
}

function firstCell(line: string): string {
  return line
    .split(/[,;\t]/, 1)[0]!
    .trim()
    .replace(/^"(.*)"$/, '$1');
}

/** The unit at the end of a header, or null when the line is no header. */
function headerUnit(cell: string): string | null {
  const match = /^[A-Za-z][\w ]*?[ _]*[_[( ]\s*([a-zµμ]+)\s*[\])]?$/.exec(cell);
  const unit = match?.[1];
  return unit !== undefined && unitNames('time').includes(unit) ? unit : null;
}
