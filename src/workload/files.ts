/** The files that a workload names. The only place of this room that knows a file system. */
import { readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { type Diagnostic, diagnostic, type SourceText, type Span } from './diagnostics.js';
import { decodeUtf8, EncodingError, refuseNul } from './utf8.js';

/** Reads a file as text; throws when it cannot. */
export type ReadFile = (path: string) => string;

/** A file of UTF-8 as text. @throws EncodingError where it is not, and as the file system does */
export function readText(path: string): string {
  return decodeUtf8(readFileSync(path));
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
};

/** What is wrong with a file, for whoever names it at a place. */
type Unreadable = (span: Span | null) => Diagnostic;

/** A workload's files, each read once. Paths inside the workload are relative to it. */
export class Files {
  private readonly folder: string;
  private readonly texts = new Map<string, SourceText | Unreadable>();

  constructor(
    readonly workload: string,
    private readonly read: ReadFile = readText,
  ) {
    this.folder = dirname(workload);
  }

  /** The workload itself, or null with a problem collected. */
  main(into: Diagnostic[]): SourceText | null {
    return this.text(this.workload, null, into);
  }

  /** A file that the workload names at `span`, or null with a problem collected. */
  named(path: string, span: Span, into: Diagnostic[]): SourceText | null {
    return this.text(isAbsolute(path) ? path : join(this.folder, path), span, into);
  }

  private text(path: string, span: Span | null, into: Diagnostic[]): SourceText | null {
    let found = this.texts.get(path);
    if (found === undefined) {
      found = this.load(path);
      this.texts.set(path, found);
    }
    if (typeof found !== 'function') return found;
    into.push(found(span));
    return null;
  }

  /** The text, or why there is none. */
  private load(path: string): SourceText | Unreadable {
    try {
      return { name: path, text: refuseNul(this.read(path)).replace(/^\ufeff/, '') };
    } catch (error) {
      if (error instanceof EncodingError) {
        const { text, at, message } = error;
        const span = { source: { name: path, text }, start: at, end: at + 1 };
        return () => diagnostic('W009', span, { file: path, reason: message });
      }
      const { code, message } = error as NodeJS.ErrnoException;
      const reason = REASONS[code ?? ''] ?? code ?? message;
      return (span) => diagnostic('W001', span, { file: path, reason });
    }
  }
}

/** A file's name without its folder. */
export function fileName(path: string): string {
  return basename(path);
}
