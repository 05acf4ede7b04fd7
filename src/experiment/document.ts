/** Reading and writing `results.json`. */
import { constants } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { canonicalPieces, type Json } from './canonical.js';
import { DocumentError, unreadable } from './errors.js';
import { isSystemError, writeWhole } from './files.js';
import { RESULTS_SCHEMA_VERSION, type Results, resultsSchema, type StreamedResults } from './results.js';

/** Problems of shape that an error message lists. */
const ISSUES_SHOWN = 5;

/** The text of a result document in pieces, newline at the end. */
export function* resultPieces(results: Results | StreamedResults): Generator<string> {
  yield* canonicalPieces(results as unknown as Json);
  yield '\n';
}

/**
 * Writes a result document whole or not at all.
 * @throws OutputError when the system refuses
 */
export function writeResults(path: string, results: Results | StreamedResults): Promise<void> {
  return writeWhole(path, resultPieces(results));
}

/**
 * Reads a result document.
 * @throws DocumentError when it is unreadable, truncated, of another kind, or written by a newer version
 */
export async function readResults(path: string): Promise<Results> {
  const value = parseDocument(path, await readText(path), {
    kind: 'run',
    version: RESULTS_SCHEMA_VERSION,
    what: 'a results.json of dsasim run',
  });
  return checkShape(path, resultsSchema, value);
}

/** The text of a file. @throws DocumentError when the system would not give it */
export async function readText(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > constants.MAX_STRING_LENGTH) {
      throw new DocumentError(path, 'DSASIM_D010', 'is larger than one text can be');
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isSystemError(error)) throw unreadable(path, error);
    throw error;
  }
}

/**
 * Parses the text of a document and checks its kind and version, before its shape: a newer document is told by its
 * version, not by the keys that it has and this version does not know.
 * @throws DocumentError D002 truncated, D003 not JSON, D004 another kind, D005 newer, D007 older
 */
export function parseDocument(
  path: string,
  text: string,
  expected: { kind: string; version: number; what: string },
): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const trimmed = text.trimEnd();
    if (trimmed === '') throw new DocumentError(path, 'DSASIM_D002', 'is empty');
    if (trimmed.startsWith('{') && !trimmed.endsWith('}')) {
      throw new DocumentError(
        path,
        'DSASIM_D002',
        `is truncated: it ends after ${text.length} characters in the middle of the document`,
        { cause: error },
      );
    }
    throw new DocumentError(
      path,
      'DSASIM_D003',
      `is not JSON: ${(error as Error).message.replaceAll('\n', ' ')}`,
      {
        cause: error,
      },
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DocumentError(path, 'DSASIM_D004', `is not ${expected.what}`);
  }
  const document = value as Record<string, unknown>;
  if (document.kind !== expected.kind || typeof document.schema_version !== 'number') {
    const kind = typeof document.kind === 'string' ? ` (its kind is "${document.kind}")` : '';
    throw new DocumentError(path, 'DSASIM_D004', `is not ${expected.what}${kind}`);
  }
  if (document.schema_version > expected.version) {
    throw new DocumentError(
      path,
      'DSASIM_D005',
      `has schema version ${document.schema_version}, written by a newer dsasim; this one reads version ${expected.version}`,
    );
  }
  if (document.schema_version < expected.version) {
    throw new DocumentError(
      path,
      'DSASIM_D007',
      `has schema version ${document.schema_version}; this dsasim reads version ${expected.version}: make it again`,
    );
  }
  return document;
}

/**
 * The value as its schema types it.
 * @throws DocumentError D006 with the first problems
 */
export function checkShape<T>(path: string, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues;
  const shown = issues
    .slice(0, ISSUES_SHOWN)
    .map((issue) => `${issue.path.map(String).join('.') || 'document'}: ${issue.message}`);
  if (issues.length > ISSUES_SHOWN) shown.push(`and ${issues.length - ISSUES_SHOWN} more`);
  throw new DocumentError(path, 'DSASIM_D006', `does not have the expected shape: ${shown.join('; ')}`);
}
