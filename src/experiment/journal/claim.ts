/** Files that one process alone may write: whoever claims one first has it until it ends, however it ends. */
import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * Claims a file for the rest of this process. The claim is a socket of Linux' abstract namespace, which the kernel takes back
 * from a process that is killed: there is nothing to clean up, and nothing that may be out of date. Other systems, other
 * machines and other network namespaces (containers that share a folder) do not see it.
 * @param path need not exist
 * @returns false when another process has claimed it
 */
export async function claim(path: string): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const folder = await realpath(dirname(path)).catch(() => resolve(dirname(path)));
  const name = createHash('sha256')
    .update(join(folder, basename(path)))
    .digest('hex');
  const server = createServer();
  server.unref();
  return new Promise((settle) => {
    // Whatever else refuses a socket is no reason not to simulate.
    server.once('error', (error: NodeJS.ErrnoException) => settle(error.code !== 'EADDRINUSE'));
    server.listen({ path: `\0dsasim-${name}` }, () => settle(true));
  });
}
