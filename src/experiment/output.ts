/** Whether a folder can take files, asked before hours are spent on what it is to hold. */
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
