/** Whether files can be written, asked before hours are spent on what they are to hold. */
import { constants, mkdtempSync, rmdirSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { OutputError } from './errors.js';
import { isSystemError, notMade } from './files.js';

/**
 * Checks that `folder` exists or could be made, and may be written to. Leaves everything as it was.
 * @throws OutputError when it could not
 */
export async function checkFolder(folder: string): Promise<void> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    try {
      if (!(await stat(path)).isDirectory()) {
        throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR', syscall: 'stat' });
      }
      await access(path, constants.W_OK | constants.X_OK);
      if (path !== resolve(folder)) tryToMake(path);
      return;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.code !== 'ENOENT' || path === dirname(path)) throw new OutputError(folder, error);
    }
  }
}

/** Makes a folder in another one and removes it: permissions do not tell whether the system makes any there. */
function tryToMake(within: string): void {
  const path = join(within, '.dsasim-');
  try {
    rmdirSync(mkdtempSync(path));
  } catch (error) {
    throw notMade(error, path);
  }
}

/**
 * Checks that a file could be written, new or in place of an old one. Leaves everything as it was.
 * @throws OutputError when it could not
 */
export async function checkFile(path: string): Promise<void> {
  await checkFolder(dirname(path));
  const found = await stat(path).catch(() => null);
  if (found === null || found.isFile()) return;
  // A device or a pipe would be replaced by a file, not written to.
  const code = found.isDirectory() ? 'EISDIR' : 'EINVAL';
  throw new OutputError(path, Object.assign(new Error('it is no regular file'), { code, syscall: 'open' }));
}

/** Whether two paths lead to one existing file. */
export async function sameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all(
    [a, b].map((path) => stat(path, { bigint: true }).catch(() => null)),
  );
  return one != null && other != null && one.dev === other.dev && one.ino === other.ino;
}
