/**
 * JSON as accel-config's parser (json-c, not strict) takes it, with the place of every key and value: trailing
 * commas and comments are accepted, of a repeated key the last one counts.
 */
import { type Diagnostic, diagnostic, type SourceText, type Span } from './diagnostics.js';

/** A value with its place. */
export type JsonNode =
  | { readonly kind: 'object'; readonly span: Span; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly span: Span; readonly items: readonly JsonNode[] }
  | { readonly kind: 'scalar'; readonly span: Span; readonly value: string | number | boolean | null };

/** A key of an object and its value. */
export interface JsonMember {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: JsonNode;
}

/** json-c's own limit. */
const MAX_DEPTH = 32;

class JsonProblem extends Error {
  constructor(
    readonly reason: string,
    readonly start: number,
    readonly end: number,
  ) {
    super(reason);
  }
}

/**
 * Reads a text.
 * @param into collects the problem that stops the reading
 * @returns null when it cannot be read
 */
export function readJson(source: SourceText, into: Diagnostic[]): JsonNode | null {
  try {
    return new JsonReader(source).document();
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    const span = { source, start: error.start, end: error.end };
    into.push(diagnostic('W100', span, { reason: error.reason }));
    return null;
  }
}

const TOKEN = /[\w.+-]+/y;
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const GAP = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

class JsonReader {
  private at = 0;

  constructor(private readonly source: SourceText) {}

  document(): JsonNode {
    this.gap();
    const node = this.value(0);
    this.gap();
    if (this.at < this.source.text.length) this.fail('expected the end of the file');
    return node;
  }

  private value(depth: number): JsonNode {
    if (depth > MAX_DEPTH) this.fail(`nested deeper than ${MAX_DEPTH}`);
    const start = this.at;
    const first = this.source.text[start];
    if (first === '{') {
      const members = this.list('}', () => this.member(depth));
      return { kind: 'object', span: this.span(start), members };
    }
    if (first === '[') {
      const items = this.list(']', () => this.value(depth + 1));
      return { kind: 'array', span: this.span(start), items };
    }
    const value = first === '"' ? this.string() : this.word();
    return { kind: 'scalar', span: this.span(start), value };
  }

  private member(depth: number): JsonMember {
    const start = this.at;
    if (this.source.text[start] !== '"') this.fail('expected a key in double quotes');
    const key = this.string();
    const keySpan = this.span(start);
    this.gap();
    if (this.source.text[this.at] !== ':') this.fail('expected ":"');
    this.at++;
    this.gap();
    return { key, keySpan, value: this.value(depth + 1) };
  }

  private list<T>(close: string, read: () => T): T[] {
    const opened = this.at++;
    const entries: T[] = [];
    this.gap();
    while (this.source.text[this.at] !== close) {
      if (this.at >= this.source.text.length) {
        throw new JsonProblem(`"${this.source.text[opened]}" is never closed`, opened, opened + 1);
      }
      entries.push(read());
      this.gap();
      const next = this.source.text[this.at];
      if (next === ',') {
        this.at++;
        this.gap();
      } else if (next !== close && next !== undefined) this.fail(`expected "," or "${close}"`);
    }
    this.at++;
    return entries;
  }

  private string(): string {
    const start = this.at;
    for (this.at++; this.source.text[this.at] !== '"'; this.at++) {
      const c = this.source.text[this.at];
      if (c === undefined || c === '\n') throw new JsonProblem('the text is never closed', start, this.at);
      if (c === '\\') this.at++;
    }
    this.at++;
    const written = this.source.text.slice(start, this.at);
    try {
      return JSON.parse(written) as string;
    } catch {
      throw new JsonProblem('a text with an escape that JSON does not have', start, this.at);
    }
  }

  private word(): number | boolean | null {
    const start = this.at;
    TOKEN.lastIndex = start;
    const word = TOKEN.exec(this.source.text)?.[0] ?? '';
    this.at += word.length;
    const constant = WORDS.get(word);
    if (constant !== undefined) return constant;
    if (NUMBER.test(word)) return Number(word);
    if (word === '')
      this.fail(start < this.source.text.length ? 'expected a value' : 'the file ends too early');
    throw new JsonProblem(`"${word}" is no value`, start, this.at);
  }

  private gap(): void {
    GAP.lastIndex = this.at;
    GAP.exec(this.source.text);
    this.at = GAP.lastIndex;
  }

  private span(start: number): Span {
    return { source: this.source, start, end: this.at };
  }

  private fail(reason: string): never {
    throw new JsonProblem(reason, this.at, this.at + 1);
  }
}
