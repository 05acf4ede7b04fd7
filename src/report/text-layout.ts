/** Fitting plain text into the columns of a terminal. */

/** Cuts a text that is too long, with an ellipsis at its end. */
export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`;
}

/**
 * Breaks a text at blanks, behind a mark on its first line; the following lines are indented by the mark's length.
 * Words longer than a line are cut.
 */
export function wrap(text: string, width: number, mark: string): string[] {
  const room = width - mark.length;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').map((each) => clip(each, room))) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((each, i) => (i === 0 ? mark : ' '.repeat(mark.length)) + each);
}
