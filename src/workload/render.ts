/** Diagnostics as text: code, message, file:line:column, the line, a caret under the token, what to do. */
import type { Diagnostic, Span } from './diagnostics.js';

/** Where a span begins, 1-based, and the line it stands on. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly lineText: string;
}

/** Characters of a long line that are shown. */
const EXCERPT = 120;

const RESET = '\u001b[0m';
const STYLE = {
  error: '\u001b[1;31m',
  warning: '\u001b[1;33m',
  bold: '\u001b[1m',
  gutter: '\u001b[34m',
} as const;
type Style = keyof typeof STYLE;

/** Line, column and text of the line in which a span begins. */
export function positionOf(span: Span): Position {
  const { text } = span.source;
  const start = Math.min(span.start, text.length);
  let line = 1;
  let lineStart = 0;
  for (let i = text.indexOf('\n'); i !== -1 && i < start; i = text.indexOf('\n', i + 1)) {
    line++;
    lineStart = i + 1;
  }
  const lineEnd = text.indexOf('\n', lineStart);
  const lineText = text.slice(lineStart, lineEnd === -1 ? text.length : lineEnd).replace(/\r$/, '');
  return { line, column: start - lineStart + 1, lineText };
}

/** Text that cannot drive a terminal: control characters other than tab become `?`. */
function harmless(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, '?');
}

/** The line, cut around the span when it is very long, with the span's place and width in what is left. */
function excerpt(position: Position, length: number): { text: string; at: number; width: number } {
  const { lineText } = position;
  const from = position.column - 1;
  const width = Math.max(1, Math.min(length, lineText.length - from));
  if (lineText.length <= EXCERPT) return { text: lineText, at: from, width };
  const first = Math.max(0, from - EXCERPT / 3);
  const head = first > 0 ? '…' : '';
  const cut = lineText.slice(first, first + EXCERPT);
  const tail = first + EXCERPT < lineText.length ? '…' : '';
  const at = from - first + head.length;
  return { text: head + cut + tail, at, width: Math.max(1, Math.min(width, head.length + cut.length - at)) };
}

/** How a rendering may look. */
export interface RenderOptions {
  /** Whether to write colour codes. */
  color?: boolean;
}

/** One diagnostic over several lines, without a final newline. */
export function renderDiagnostic(d: Diagnostic, options: RenderOptions = {}): string {
  const paint = (style: Style, text: string): string =>
    options.color === true ? `${STYLE[style]}${text}${RESET}` : text;
  const tone = d.severity === 'error' ? 'error' : 'warning';
  const head = `${paint(tone, `${d.severity}[${d.code}]`)}: ${paint('bold', harmless(d.message))}`;
  if (d.span === null) return `${head}\n  = ${harmless(d.remedy)}`;
  const position = positionOf(d.span);
  const { text, at, width } = excerpt(position, d.span.end - d.span.start);
  const number = String(position.line);
  const margin = ' '.repeat(number.length);
  const bar = paint('gutter', '|');
  // The indent repeats the line's own tabs, so that the caret stands under the token at any tab width.
  const indent = text.slice(0, at).replace(/[^\t]/g, ' ');
  return [
    head,
    `${margin} ${paint('gutter', '-->')} ${harmless(d.span.source.name)}:${position.line}:${position.column}`,
    `${margin}  ${bar}`,
    ` ${paint('gutter', number)} ${bar} ${harmless(text)}`,
    `${margin}  ${bar} ${indent}${paint(tone, `${'^'.repeat(width)} ${harmless(d.remedy)}`)}`,
  ].join('\n');
}

/** All of them, an empty line between two. */
export function renderDiagnostics(list: readonly Diagnostic[], options: RenderOptions = {}): string {
  return list.map((d) => renderDiagnostic(d, options)).join('\n\n');
}
