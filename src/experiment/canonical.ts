/**
 * Canonical JSON: one text for one value. Keys keep the order in which they were built, numbers take the shortest
 * text that reads back as the same double, and a record of numbers stays on one line, so that a diff shows what moved.
 * The text comes in pieces: V8 cannot hold a string above 536,870,888 characters, which a document of about
 * 1.5 million points would need.
 */

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Longest text that is kept on one line [characters]. */
const LINE_WIDTH = 120;

/**
 * The text of a value in pieces, each at most a line long. No newline at the end.
 * @throws RangeError for a number that JSON cannot hold
 */
export function* canonicalPieces(value: Json, indent = ''): Generator<string> {
  const line = inline(value, isRecord(value) ? Number.POSITIVE_INFINITY : LINE_WIDTH - indent.length);
  if (line !== null) {
    yield line;
    return;
  }
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    yield '[\n';
    for (let i = 0; i < value.length; i++) {
      yield i === 0 ? inner : `,\n${inner}`;
      yield* canonicalPieces(value[i], inner);
    }
    yield `\n${indent}]`;
    return;
  }
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    yield '{\n';
    for (let i = 0; i < keys.length; i++) {
      yield `${i === 0 ? '' : ',\n'}${inner}${JSON.stringify(keys[i])}: `;
      yield* canonicalPieces((value as Readonly<Record<string, Json>>)[keys[i]!]!, inner);
    }
    yield `\n${indent}}`;
    return;
  }
}

/** The text of a small value in one string, newline included. */
export function canonicalText(value: Json): string {
  return `${[...canonicalPieces(value)].join('')}\n`;
}

/**
 * A copy with every object's keys in ascending order and every number rounded to `digits` significant digits:
 * what a committed baseline holds, so that it does not depend on the last bits of a sum.
 */
export function sortedRounded(value: Json, digits: number): Json {
  if (typeof value === 'number') return Number(value.toPrecision(digits));
  if (Array.isArray(value)) return value.map((item: Json) => sortedRounded(item, digits));
  if (typeof value === 'object' && value !== null) {
    const object = value as Readonly<Record<string, Json>>;
    const sorted: Record<string, Json> = {};
    for (const key of Object.keys(object).sort()) sorted[key] = sortedRounded(object[key]!, digits);
    return sorted;
  }
  return value;
}

/** Whether nothing but scalars and lists of scalars are inside: a metric, a step, a constant. Such stay on one line. */
function isRecord(value: Json): boolean {
  if (isScalar(value)) return true;
  return Object.values(value as object).every(
    (child: Json) => isScalar(child) || (Array.isArray(child) && child.every(isScalar)),
  );
}

function isScalar(value: Json): boolean {
  return typeof value !== 'object' || value === null;
}

function scalar(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`JSON cannot hold ${value}`);
  return JSON.stringify(value);
}

/** The text on one line, or null when it is longer than `room`. Stops as soon as the room is used up. */
function inline(value: Json, room: number): string | null {
  if (isScalar(value)) {
    const text = scalar(value);
    return text.length <= room ? text : null;
  }
  const isArray = Array.isArray(value);
  const keys = isArray ? null : Object.keys(value as object);
  const count = isArray ? value.length : keys!.length;
  if (count === 0) return isArray ? '[]' : '{}';
  const parts: string[] = [];
  let used = 4;
  for (let i = 0; i < count; i++) {
    const key = keys?.[i];
    const label = key === undefined ? '' : `${JSON.stringify(key)}: `;
    const child = key === undefined ? (value as readonly Json[])[i]! : (value as Record<string, Json>)[key]!;
    const text = inline(child, room - used - label.length);
    if (text === null) return null;
    parts.push(label + text);
    used += label.length + text.length + 2;
    if (used > room + 2) return null;
  }
  return isArray ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`;
}
