/** Places in a workload: `tenants.guest.operations[0].size`, `platform.set.engine.bandwidth`. */

/** Keys and indices from the root. */
export type Path = readonly (string | number)[];

/** A path as it is printed: `devices[0].groups[0].work_queues[1].mode`. */
export function pathText(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text === '' ? 'workload' : text;
}

/**
 * Reads a path as written in a sweep or in `--set`. Constants' names contain dots, so all that follows
 * `platform.set.` is one key, and so is the path of an axis behind `sweep.` and `sweep.zip.`.
 * @returns the parts, or null when the text is no path
 */
export function parsePath(text: string): (string | number)[] | null {
  const constant = /^platform\.set\.([a-z0-9_.]+)$/.exec(text);
  if (constant !== null) return ['platform', 'set', constant[1]!];
  const axis = /^sweep\.(?:(zip)(?:\[(\d{1,6})\])?\.)?([A-Za-z_][\w.[\]-]*)$/.exec(text);
  if (axis !== null && !/^zip\b/.test(axis[3]!) && axis[3] !== '__proto__') {
    const [, zip, index, own] = axis;
    return [
      'sweep',
      ...(zip === undefined ? [] : [zip]),
      ...(index === undefined ? [] : [Number(index)]),
      own!,
    ];
  }
  if (!/^[A-Za-z_][\w-]*(\.[\w-]+|\[\d{1,6}\])*$/.test(text)) return null;
  const parts: (string | number)[] = [];
  for (const match of text.matchAll(/\[(\d+)\]|([\w-]+)/g)) {
    if (match[1] !== undefined) parts.push(Number(match[1]));
    else if (match[2] === '__proto__') return null;
    else parts.push(match[2]!);
  }
  return parts;
}

/** Whether `path` is `prefix` or lies under it. */
export function startsWith(path: Path, prefix: Path): boolean {
  return prefix.length <= path.length && prefix.every((part, i) => part === path[i]);
}

/** Whether a value is a map of keys. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path, or undefined. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    if (Array.isArray(value)) value = typeof part === 'number' ? value[part] : undefined;
    else if (isMap(value) && Object.hasOwn(value, part)) value = value[part];
    else return undefined;
  }
  return value;
}

/** A copy of `root` in which the value at `path` is `value`; maps that are missing on the way are made. */
export function withValue(root: unknown, path: Path, value: unknown): unknown {
  if (path.length === 0) return value;
  const [part, ...rest] = path;
  if (typeof part === 'number') {
    const list = Array.isArray(root) ? [...root] : [];
    list[part] = withValue(list[part], rest, value);
    return list;
  }
  const map = isMap(root) ? root : {};
  const inner = Object.hasOwn(map, part!) ? map[part!] : undefined;
  return { ...map, [part!]: withValue(inner, rest, value) };
}
