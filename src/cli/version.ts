/** The version of dsasim, from package.json beside src and dist. */
import { readFileSync } from 'node:fs';

/** The version, such as `0.1.0`. */
export function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
