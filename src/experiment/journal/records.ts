/**
 * The lines of a journal: a header, then one line a result, each with the checksum of what it holds. A line that was
 * torn by a crash, or damaged since, is told from a whole one and counts as if it were not there.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import type { RunResult } from '../../models/run-result.js';
import { DocumentError, unreadable } from '../errors.js';
import { isSystemError } from '../files.js';
import { KEY_LENGTH } from './content-key.js';
import type { Place } from './run-index.js';

/** Raised when lines change; a reader refuses other versions. */
const JOURNAL_SCHEMA_VERSION = 1;
const KIND = 'dsasim-journal';

/** What a workload was loaded from, so that it can be loaded again where its files are not. */
export const sourceSchema = z.strictObject({
  path: z.string(),
  /** Text of every file that was read, by its path. */
  files: z.record(z.string(), z.string()),
  overrides: z.array(z.tuple([z.string(), z.string()])),
  seed: z.int().nullable(),
  replications: z.int().nullable(),
  /** The command that makes the results on one machine. */
  command: z.string(),
});

const headerSchema = z.strictObject({
  kind: z.literal(KIND),
  schema_version: z.literal(JOURNAL_SCHEMA_VERSION),
  /** Version of dsasim that wrote it. */
  version: z.string(),
  /** Digest of the model that simulated. */
  model: z.string(),
  /** The part of a plan that this is, or null for the whole of one. */
  shard: z.strictObject({ index: z.int(), of: z.int(), hash: z.string(), source: sourceSchema }).nullable(),
});

export type Source = z.infer<typeof sourceSchema>;
export type JournalHeader = z.infer<typeof headerSchema>;

/** The first line. */
export function headerLine(header: Omit<JournalHeader, 'kind' | 'schema_version'>): Buffer {
  const { version, model, shard } = header;
  return line({ kind: KIND, schema_version: JOURNAL_SCHEMA_VERSION, version, model, shard });
}

function line(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

/** Most results have less; the memory of a line grows where one has more. */
const FIRST_LINE_BYTES = 1 << 16;

/** Makes the lines of results, one after the other in the same memory. */
export class ResultLines {
  #bytes = Buffer.allocUnsafe(FIRST_LINE_BYTES);

  /**
   * The line of a result, valid until the next one is made.
   * @param name key and replication, as `runName` joins them
   */
  of(name: string, text: string): Buffer {
    const head = (crc: number): string =>
      `{"run":"${name}","crc32":"${crc.toString(16).padStart(8, '0')}","result":`;
    const result = head(0).length;
    // A character of a text takes at most three bytes of UTF-8.
    const most = result + 3 * text.length + 2;
    if (most > this.#bytes.length) this.#bytes = Buffer.allocUnsafe(2 * most);
    const bytes = this.#bytes;
    const end = result + bytes.write(text, result);
    bytes.write(head(crc32(bytes.subarray(result, end))), 'latin1');
    return bytes.subarray(0, end + bytes.write('}\n', end, 'latin1'));
  }
}

/** The last line of a shard that is finished. @param results lines of results before it */
export function endLine(results: number): Buffer {
  return line({ end: results });
}

/** How many results a last line says there are, or null for another line. */
export function endOf(bytes: Buffer): number | null {
  const end = bytes.length > END_LENGTH ? null : /^\{"end":(\d+)\}$/.exec(bytes.toString('latin1'));
  return end === null ? null : Number(end[1]);
}

/** Key and replication in one word. */
export function runName(key: string, replication: number): string {
  return `${key}.${replication}`;
}

/** Replications have at most as many digits. */
const HEAD_LENGTH = KEY_LENGTH + 64;
/** A last line is at most as long. */
const END_LENGTH = 32;
const HEAD = /^\{"run":"([\w-]+\.\d+)","crc32":"([0-9a-f]{8})","result":/;

/** The name of a result's line, or null for a line that is not whole. @param bytes the line without its end */
function nameOf(bytes: Buffer): string | null {
  const head = HEAD.exec(bytes.toString('latin1', 0, Math.min(bytes.length, HEAD_LENGTH)));
  if (head === null || bytes.at(-1) !== CLOSING) return null;
  const result = bytes.subarray(head[0].length, bytes.length - 1);
  return crc32(result) === Number.parseInt(head[2]!, 16) ? head[1]! : null;
}

/** The result of this name in an open file, or null where its line is no longer what it was. */
export function resultAt(file: number, { offset, length }: Place, name: string): RunResult | null {
  const bytes = Buffer.allocUnsafe(length);
  readSync(file, bytes, 0, length, offset);
  if (nameOf(bytes) !== name) return null;
  return (JSON.parse(bytes.toString('utf8')) as { result: RunResult }).result;
}

const NEWLINE = 0x0a;
const CLOSING = 0x7d;
/** Bytes that are read at once; a longer line makes the buffer grow. */
const CHUNK_BYTES = 1 << 20;

/** A whole line of a file: where it begins, and its bytes without the end. Valid until the next one is asked for. */
interface Line {
  offset: number;
  bytes: Buffer;
}

/**
 * The lines of a file in order, in constant memory. What stands behind the last line end is left out.
 * @throws DocumentError when the system would not read it
 */
export function* linesOf(path: string): Generator<Line> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (isSystemError(error)) throw unreadable(path, error);
    throw error;
  }
  try {
    let buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    let filled = 0;
    let base = 0;
    for (;;) {
      if (filled === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
      const read = readSync(file, buffer, filled, buffer.length - filled, base + filled);
      if (read === 0) return;
      const scanned = filled;
      filled += read;
      let from = 0;
      for (
        let end = buffer.subarray(0, filled).indexOf(NEWLINE, scanned);
        end >= 0;
        end = buffer.subarray(0, filled).indexOf(NEWLINE, from)
      ) {
        yield { offset: base + from, bytes: buffer.subarray(from, end) };
        from = end + 1;
      }
      buffer.copy(buffer, 0, from, filled);
      base += from;
      filled -= from;
    }
  } finally {
    closeSync(file);
  }
}

/** What a file says about itself and what is in it. */
export interface Scanned {
  /** Null for a file without a whole line. */
  header: JournalHeader | null;
  /** Lines that were torn or damaged. */
  damaged: number;
  /** Results that the last line says there are; null when the last line is another one. */
  ended: number | null;
  /** Behind the last whole line [B]. */
  end: number;
}

/**
 * Reads a journal from its beginning to its end.
 * @param found takes the name of each result and where its line stands
 * @throws DocumentError as {@link linesOf} and {@link readHeader}
 */
export function scan(path: string, found: (name: string, offset: number, length: number) => void): Scanned {
  const result: Scanned = { header: null, damaged: 0, ended: null, end: 0 };
  for (const { offset, bytes } of linesOf(path)) {
    result.end = offset + bytes.length + 1;
    if (result.header === null) {
      result.header = readHeader(path, bytes);
      continue;
    }
    result.ended = endOf(bytes);
    if (result.ended !== null) continue;
    const name = nameOf(bytes);
    if (name === null) result.damaged++;
    else {
      found(name, offset, bytes.length);
    }
  }
  return result;
}

/**
 * The header that a journal's first line is.
 * @throws DocumentError D003 for what is no journal, D005 or D007 for one of another version
 */
export function readHeader(path: string, first: Buffer): JournalHeader {
  let value: unknown;
  try {
    value = JSON.parse(first.toString('utf8'));
  } catch (cause) {
    throw new DocumentError(path, 'DSASIM_D003', 'is no journal of dsasim', { cause });
  }
  const { kind, schema_version } = (value ?? {}) as Partial<JournalHeader>;
  if (kind !== KIND) throw new DocumentError(path, 'DSASIM_D004', 'is no journal of dsasim');
  if (schema_version !== JOURNAL_SCHEMA_VERSION) {
    const newer = Number(schema_version) > JOURNAL_SCHEMA_VERSION;
    throw new DocumentError(
      path,
      newer ? 'DSASIM_D005' : 'DSASIM_D007',
      `is a journal of version ${schema_version}; this dsasim reads version ${JOURNAL_SCHEMA_VERSION}`,
    );
  }
  const parsed = headerSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DocumentError(path, 'DSASIM_D006', 'has a header that this dsasim does not understand');
}
