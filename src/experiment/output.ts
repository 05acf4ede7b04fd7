/** Whether files can be written, asked before hours are spent on what they are to hold. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { OutputError } from './errors.js';
import { isSystemError } from './files.js';

/**
 * Checks that `folder` exists or could be made, and may be written to. Changes nothing.
 * @throws OutputError when it could not
 */
export async function checkFolder(folder: string): Promise<void> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    try {
      if (!(await stat(path)).isDirectory()) {
        throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR', syscall: 'stat' });
      }
      await access(path, constants.W_OK | constants.X_OK);
      return;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.code !== 'ENOENT' || path === dirname(path)) throw new OutputError(folder, error);
    }
  }
}

/**
 * Checks that a file could be written, new or in place of an old one. Changes nothing.
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
