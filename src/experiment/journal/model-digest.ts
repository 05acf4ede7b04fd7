/** Which model this is: results of two builds that differ in the model must never be mixed. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The built rooms that a result depends on. */
const ROOMS = ['sim', 'core', 'models'];
const DIST = fileURLToPath(new URL('../../../dist/', import.meta.url));

let known: string | undefined;

/** SHA-256 in hexadecimal, shortened to 16 characters, of all code that simulates, as it is built. */
export function modelDigest(): string {
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  for (const room of ROOMS) {
    const files = readdirSync(`${DIST}${room}`, { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => path.endsWith('.js'))
      .sort();
    for (const path of files) hash.update(`${room}/${path}\n`).update(readFileSync(`${DIST}${room}/${path}`));
  }
  known = hash.digest('hex').slice(0, 16);
  return known;
}
