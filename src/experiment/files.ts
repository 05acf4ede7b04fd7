/** Writing whole files: beside and then renamed, so that a reader meets the old file or the new one, never half. */
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { OutputError } from './errors.js';

/** Characters or bytes gathered before they are handed to the system. */
const CHUNK_CHARACTERS = 1 << 16;

/** Temporary files that are being written. */
const unfinished = new Set<string>();

/** Removes what is being written, for a process that ends at once. @returns how many files that were */
export function discardUnfinished(): number {
  const count = unfinished.size;
  for (const path of unfinished) rmSync(path, { force: true });
  unfinished.clear();
  return count;
}

/**
 * Writes a file in pieces under a temporary name in the same folder, flushes it to the disk, and renames it.
 * The folder is made when it does not exist. On any failure the temporary file is removed and the file that was
 * there before stays as it was.
 * @throws OutputError when the system refuses (full disk, no permission, a folder in the way)
 */
export async function writeWhole(path: string, pieces: Iterable<string | Uint8Array>): Promise<void> {
  const folder = dirname(path);
  const beside = join(folder, `.${basename(path)}.${process.pid}.tmp`);
  try {
    makeFolder(folder);
    unfinished.add(beside);
    const file = await open(beside, 'w');
    try {
      for (const chunk of chunks(pieces)) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    if (isSystemError(error)) throw new OutputError(path, error);
    throw error;
  } finally {
    unfinished.delete(beside);
  }
}

/**
 * Makes a folder, and those above it that are missing. Node's own call for that never returns where the system makes no
 * folders in one that exists, as in /proc.
 * @throws an error of the system
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at) && at !== dirname(at); at = dirname(at)) missing.unshift(at);
  for (const each of missing) {
    try {
      mkdirSync(each);
    } catch (error) {
      // Another process may have been faster.
      if (statSync(each, { throwIfNoEntry: false })?.isDirectory() !== true) throw notMade(error, each);
    }
  }
}

/** Why a folder could not be made in one that exists: there the system says no more than that it is not there. */
export function notMade(error: unknown, path: string): unknown {
  if (!isSystemError(error) || error.code !== 'ENOENT') return error;
  const { syscall } = error;
  const reason = new Error(`no folder can be made in ${dirname(path)}`, { cause: error });
  return Object.assign(reason, { code: 'ENOTSUP', syscall });
}

/** Pieces gathered into chunks; a document is all text or all bytes. */
function* chunks(pieces: Iterable<string | Uint8Array>): Generator<string | Uint8Array> {
  let text = '';
  let bytes: Uint8Array[] = [];
  let length = 0;
  for (const piece of pieces) {
    if (typeof piece === 'string') text += piece;
    else bytes.push(piece);
    length += piece.length;
    if (length < CHUNK_CHARACTERS) continue;
    yield text === '' ? Buffer.concat(bytes) : text;
    text = '';
    bytes = [];
    length = 0;
  }
  yield text === '' ? Buffer.concat(bytes) : text;
}

/** Whether an error comes from the system rather than from a mistake in this program. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}
