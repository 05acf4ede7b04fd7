/**
 * Canonical JSON: one text for one value. Keys keep the order in which they were built, numbers take the shortest
 * text that reads back as the same double, and a record of numbers stays on one line, so that a diff shows what moved.
 * The text comes in pieces: V8 cannot hold a string above 536,870,888 characters, which a document of about
 * 1.5 million points would need.
 */
import { Stream, StreamedRecord } from './stream.js';

/** A JSON value, parts of which may be made only while it is written. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }
  | Stream<Json>
  | StreamedRecord<Json>;

type AnyStream = Stream<Json> | StreamedRecord<Json>;

/** Longest text that is kept on one line [characters]. */
const LINE_WIDTH = 120;
/** Items of a stream that cannot be all on one line, however short they are. */
const LINE_ITEMS = 64;

/**
 * The text of a value in pieces, each at most a line long. No newline at the end.
 * @throws RangeError for a number that JSON cannot hold
 */
export function* canonicalPieces(value: Json, indent = ''): Generator<string> {
  if (isStream(value)) {
    const list = shortened(value);
    if (isStream(list)) yield* streamPieces(list, indent);
    else yield* canonicalPieces(list, indent);
    return;
  }
  // A document is never short, and what its streams give may depend on those before: they wait for their turn.
  const known = indent === '' ? value : withShortStreams(value);
  const line = inline(known, isRecord(known) ? Number.POSITIVE_INFINITY : LINE_WIDTH - indent.length);
  if (line !== null) {
    yield line;
    return;
  }
  const inner = `${indent}  `;
  if (Array.isArray(known)) {
    yield '[\n';
    for (let i = 0; i < known.length; i++) {
      yield i === 0 ? inner : `,\n${inner}`;
      yield* canonicalPieces(known[i], inner);
    }
    yield `\n${indent}]`;
    return;
  }
  if (typeof known === 'object' && known !== null) {
    const keys = Object.keys(known);
    yield '{\n';
    for (let i = 0; i < keys.length; i++) {
      yield `${i === 0 ? '' : ',\n'}${inner}${labelOf(keys[i]!)}`;
      yield* canonicalPieces((known as Readonly<Record<string, Json>>)[keys[i]!]!, inner);
    }
    yield `\n${indent}}`;
    return;
  }
}

/** A list or record too long for a line, item by item. */
function* streamPieces(value: AnyStream, indent: string): Generator<string> {
  const inner = `${indent}  `;
  const isList = value instanceof Stream;
  yield isList ? '[\n' : '{\n';
  let between = inner;
  for (const item of value.items()) {
    yield between;
    between = `,\n${inner}`;
    if (isList) yield* canonicalPieces(item as Json, inner);
    else {
      const [key, child] = item as readonly [string, Json];
      yield labelOf(key);
      yield* canonicalPieces(child, inner);
    }
  }
  yield `\n${indent}${isList ? ']' : '}'}`;
}

/** What a stream makes, if that could be on one line; else the stream. */
function shortened(value: AnyStream): Json {
  const items: (Json | readonly [string, Json])[] = [];
  for (const item of value.items()) {
    if (items.length === LINE_ITEMS) return value;
    items.push(item);
  }
  return value instanceof Stream ? (items as Json[]) : Object.fromEntries(items as [string, Json][]);
}

/** A record in whose place of short streams stands what they make. */
function withShortStreams(value: Json): Json {
  if (isScalar(value) || Array.isArray(value)) return value;
  const entries = Object.entries(value as Readonly<Record<string, Json>>);
  if (!entries.some(([, child]) => isStream(child))) return value;
  return Object.fromEntries(entries.map(([key, child]) => [key, isStream(child) ? shortened(child) : child]));
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
  if (isStream(value)) return false;
  return Object.values(value as object).every(
    (child: Json) => isScalar(child) || (Array.isArray(child) && child.every(isScalar)),
  );
}

function isStream(value: Json): value is AnyStream {
  return value instanceof Stream || value instanceof StreamedRecord;
}

function isScalar(value: Json): boolean {
  return typeof value !== 'object' || value === null;
}

function scalar(value: Json): string {
  if (typeof value !== 'number') return JSON.stringify(value);
  if (!Number.isFinite(value)) throw new RangeError(`JSON cannot hold ${value}`);
  // What JSON.stringify gives as well, in a third of the time.
  return String(value);
}

/** Texts of keys that are kept: a document of many points has some hundred keys, and names of points. */
const LABELS_KEPT = 1024;

const labels = new Map<string, string>();

/** A key as it stands before its value. */
function labelOf(key: string): string {
  let label = labels.get(key);
  if (label === undefined) {
    label = `${JSON.stringify(key)}: `;
    if (labels.size < LABELS_KEPT) labels.set(key, label);
  }
  return label;
}

/** The text on one line, or null when it is longer than `room`. Stops as soon as the room is used up. */
function inline(value: Json, room: number): string | null {
  if (isScalar(value)) {
    const text = scalar(value);
    return text.length <= room ? text : null;
  }
  if (isStream(value)) return null;
  const isArray = Array.isArray(value);
  const keys = isArray ? null : Object.keys(value as object);
  const count = isArray ? value.length : keys!.length;
  if (count === 0) return isArray ? '[]' : '{}';
  const parts: string[] = [];
  let used = 4;
  for (let i = 0; i < count; i++) {
    const key = keys?.[i];
    const label = key === undefined ? '' : labelOf(key);
    const child = key === undefined ? (value as readonly Json[])[i]! : (value as Record<string, Json>)[key]!;
    const text = inline(child, room - used - label.length);
    if (text === null) return null;
    parts.push(label + text);
    used += label.length + text.length + 2;
    if (used > room + 2) return null;
  }
  return isArray ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`;
}
