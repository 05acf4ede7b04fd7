/** The files that a workload names. The only place of this room that knows a file system. */
import { readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { type Diagnostic, diagnostic, type SourceText, type Span } from './diagnostics.js';

/** Reads a file as text; throws when it cannot. */
export type ReadFile = (path: string) => string;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
};

/** A workload's files, each read once. Paths inside the workload are relative to it. */
export class Files {
  private readonly folder: string;
  private readonly texts = new Map<string, SourceText | string>();

  constructor(
    readonly workload: string,
    private readonly read: ReadFile = (path) => readFileSync(path, 'utf8'),
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
    if (typeof found !== 'string') return found;
    into.push(diagnostic('W001', span, { file: path, reason: found }));
    return null;
  }

  /** The text, or the reason why there is none. */
  private load(path: string): SourceText | string {
    try {
      return { name: path, text: this.read(path).replace(/^\ufeff/, '') };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return REASONS[code ?? ''] ?? code ?? message;
    }
  }
}

/** A file's name without its folder. */
export function fileName(path: string): string {
  return basename(path);
}
