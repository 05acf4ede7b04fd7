/** Writing whole files: beside and then renamed, so that a reader meets the old file or the new one, never half. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OutputError } from './errors.js';

/** Characters gathered before they are handed to the system. */
const CHUNK_CHARACTERS = 1 << 16;

/**
 * Writes a file in pieces under a temporary name in the same folder, flushes it to the disk, and renames it.
 * The folder is made when it does not exist. On any failure the temporary file is removed and the file that was
 * there before stays as it was.
 * @throws OutputError when the system refuses (full disk, no permission, a folder in the way)
 */
export async function writeWhole(path: string, pieces: Iterable<string>): Promise<void> {
  const folder = dirname(path);
  const beside = join(folder, `.${basename(path)}.${process.pid}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    const file = await open(beside, 'w');
    try {
      let chunk = '';
      for (const piece of pieces) {
        chunk += piece;
        if (chunk.length >= CHUNK_CHARACTERS) {
          await file.writeFile(chunk);
          chunk = '';
        }
      }
      await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    if (isSystemError(error)) throw new OutputError(path, error);
    throw error;
  }
}

/** Whether an error comes from the system rather than from a mistake in this program. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}
