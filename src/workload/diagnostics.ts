/** Problems of a workload: what they carry, the error that holds them, and their order. */
import { CODES, type Code } from './codes.js';
import { nearest } from './nearest.js';
import { renderDiagnostics } from './render.js';

/** A text that diagnostics point into: a file, or the value of a `--set` option. */
export interface SourceText {
  /** The file's path as the user gave it, or `--set`. */
  readonly name: string;
  readonly text: string;
}

/** A range of characters of a source. */
export interface Span {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

/** One problem. */
export interface Diagnostic {
  /** Stable code, e.g. `DSASIM_W012`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** One line, beginning with the path in the workload where there is one. */
  readonly message: string;
  /** What to do about it; shown behind the caret. */
  readonly remedy: string;
  /** Where; null when no text could be read. */
  readonly span: Span | null;
}

/** What fills the template of a code. */
export type Fill = Readonly<Record<string, string | number>>;

function fill(template: string, values: Fill): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for {${name}} in "${template}"`);
    return String(value);
  });
}

/**
 * Makes a diagnostic from the table of codes.
 * @param code a code of `CODES`
 * @param span where, or null
 * @param values what the message and remedy need
 * @param suggestion replaces the remedy with "did you mean", when there is one
 */
export function diagnostic(
  code: Code,
  span: Span | null,
  values: Fill = {},
  suggestion?: string,
): Diagnostic {
  const entry = CODES[code];
  return {
    code: `DSASIM_${code}`,
    severity: entry.severity,
    message: fill(entry.message, values),
    remedy:
      suggestion === undefined ? fill(entry.remedy, values) : `did you mean ${JSON.stringify(suggestion)}?`,
    span,
  };
}

/** As `diagnostic`, suggesting the candidate nearest to what was written. */
export function diagnosticNear(
  code: Code,
  span: Span | null,
  values: Fill,
  written: string,
  candidates: readonly string[],
): Diagnostic {
  return diagnostic(code, span, values, nearest(written, candidates));
}

/** All problems of a workload at once, in the order of their positions. */
export class WorkloadError extends Error {
  override readonly name = 'WorkloadError';

  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(renderDiagnostics(diagnostics));
  }
}

/** Orders by file (the main one first), position and code, and drops repetitions. */
export function sortDiagnostics(list: readonly Diagnostic[], mainFile: string): Diagnostic[] {
  const rank = (d: Diagnostic): number => (d.span === null || d.span.source.name === mainFile ? 0 : 1);
  const file = (d: Diagnostic): string => d.span?.source.name ?? '';
  const sorted = [...list].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      compare(file(a), file(b)) ||
      (a.span?.start ?? -1) - (b.span?.start ?? -1) ||
      compare(a.code, b.code) ||
      compare(a.message, b.message),
  );
  const seen = new Set<string>();
  return sorted.filter((d) => {
    const key = `${d.code}\n${d.message}\n${file(d)}\n${d.span?.start}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
