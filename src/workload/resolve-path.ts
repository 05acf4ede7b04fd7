/** From a path as users write it (tenants by name, lists by index) to the place in a workload's value. */
import { nearest } from './nearest.js';
import { isMap, type Path, parsePath, valueAt } from './path.js';

/** The place, or why there is none. */
export type ResolvedPath = { path: Path } | { hint: string; suggestion?: string };

/**
 * Resolves a path. Keys that the file leaves to their defaults are accepted here; whether they exist is for the
 * schema to say once a value stands there.
 * @param root the workload's value
 * @param text such as `tenants.guest.operations[0].size` or `platform.set.engine.bandwidth`
 */
export function resolvePath(root: unknown, text: string): ResolvedPath {
  const parts = parsePath(text);
  if (parts === null) return { hint: 'write keys with dots and indices in brackets' };
  const path: (string | number)[] = [];
  for (const written of parts) {
    const here = valueAt(root, path);
    // `operations.0.size` needs no quotes inside YAML's braces.
    const index = Array.isArray(here) && typeof written === 'string' && /^\d{1,6}$/.test(written);
    const part = index ? Number(written) : written;
    if (path.length === 1 && path[0] === 'tenants' && typeof part === 'string') {
      const names = tenantNames(here);
      const index = names.indexOf(part);
      if (index === -1) return unknownTenant(text, part, names);
      path.push(index);
    } else if (Array.isArray(here)) {
      if (typeof part === 'string') return { hint: `${place(path)} is a list: write ${place(path)}[0]` };
      if (part >= here.length) return { hint: `${place(path)} has ${here.length} entries, counted from 0` };
      path.push(part);
    } else if (typeof part === 'number') {
      // A single operation may be addressed as the only one of a list.
      if (part === 0 && path.at(-1) === 'operations' && isMap(here)) continue;
      return { hint: `${place(path)} is no list` };
    } else if (here !== undefined && here !== null && !isMap(here)) {
      return { hint: `${place(path)} has no keys` };
    } else path.push(part);
  }
  return { path };
}

function place(path: Path): string {
  return path.reduce<string>(
    (text, p) => (typeof p === 'number' ? `${text}[${p}]` : text === '' ? p : `${text}.${p}`),
    '',
  );
}

function tenantNames(tenants: unknown): unknown[] {
  return Array.isArray(tenants) ? tenants.map((t) => (isMap(t) ? t.name : undefined)) : [];
}

function unknownTenant(text: string, name: string, names: readonly unknown[]): ResolvedPath {
  const known = names.filter((n) => typeof n === 'string');
  const near = nearest(name, known);
  const hint = `tenants: ${known.join(', ')}`;
  return near === undefined ? { hint } : { hint, suggestion: text.replace(name, near) };
}
