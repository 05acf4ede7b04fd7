/** A workload's text as YAML: its value, the place of every key and value in it, and what is wrong with the text. */
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  visit,
} from 'yaml';
import { type Diagnostic, diagnostic, type SourceText, type Span } from './diagnostics.js';
import { type Path, pathText } from './path.js';

/** Finds places in a text. */
export interface Locator {
  /** The span of the key or value at a path; of the deepest part of the path that exists, when not all does. */
  locate(path: Path, part: 'key' | 'value'): Span;
  /** Whether the text has a value at this path. */
  has(path: Path): boolean;
  /** A scalar as it is written there, without quotes; undefined for lists, maps and missing values. */
  written(path: Path): string | undefined;
}

/** A text read as YAML. */
export interface YamlText extends Locator {
  readonly source: SourceText;
  readonly value: unknown;
}

/** Copies that aliases may make of a node. */
const ALIAS_LIMIT = 100;

/**
 * Reads a text as one YAML document.
 * @param source where it comes from; spans point into it
 * @param from where in the source's text the YAML begins, for the value of a `--set`
 * @param into collects the problems
 * @returns null when the text cannot be used
 */
export function readYaml(source: SourceText, from: number, into: Diagnostic[]): YamlText | null {
  const text = source.text.slice(from);
  const at = (start: number, end: number): Span => ({ source, start: from + start, end: from + end });
  const documents = parseAllDocuments(text, { prettyErrors: false, logLevel: 'silent' });
  const [document, second] = Array.isArray(documents) ? documents : [];
  if (document === undefined || document.contents === null) {
    into.push(diagnostic('W002', at(0, Math.min(1, text.length)), { file: source.name }));
    return null;
  }
  if (second !== undefined) {
    const start = second.range[0];
    into.push(diagnostic('W003', at(start, start + 3), { file: source.name, count: documents.length }));
    return null;
  }
  for (const problem of document.errors) {
    const word = /^[\w.-]+/.exec(text.slice(problem.pos[0]))?.[0] ?? ' ';
    const span = at(problem.pos[0], Math.max(problem.pos[1], problem.pos[0] + word.length));
    if (problem.code !== 'DUPLICATE_KEY') {
      into.push(syntaxProblem(problem, span, text));
      // What follows a mistake in the syntax is mostly its echo.
      break;
    }
    const key = text.slice(problem.pos[0]).match(/^["']?([\w.[\]$-]+)/)?.[1] ?? '?';
    into.push(diagnostic('W005', { ...span, end: span.start + key.length }, { key }));
  }
  const root = document.contents as Node;
  const problems = checkNodes(document as Document, at);
  into.push(...problems);
  if (document.errors.length > 0 || problems.some((p) => p.severity === 'error')) return null;
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: ALIAS_LIMIT });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    into.push(diagnostic('W006', firstAlias(document as Document, at), { limit: ALIAS_LIMIT }));
    return null;
  }
  return { source, value, ...locator(document as Document, root, text, at) };
}

type At = (start: number, end: number) => Span;

/** A mistake in the syntax; an index in a plain key is the one that paths invite. */
function syntaxProblem(
  problem: { message: string; pos: [number, number] },
  span: Span,
  text: string,
): Diagnostic {
  const found = diagnostic('W004', span, { reason: lowerFirst(problem.message) });
  if (text[problem.pos[0]] !== '[' || !/^\[\d+\]/.test(text.slice(problem.pos[0]))) return found;
  return { ...found, remedy: 'inside { } put a path with brackets in quotes' };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
}

/** Values that mean something else than they look like: `010`, keys that are no text, tags that nothing defines. */
function checkNodes(document: Document, at: At): Diagnostic[] {
  const found: Diagnostic[] = [];
  const pathOf = (node: unknown, parents: readonly unknown[]): string => {
    const chain = [...parents, node];
    const path = chain.flatMap((p, i): (string | number)[] => {
      if (isPair(p)) return isScalar(p.key) ? [String(p.key.value)] : [];
      return isSeq(p) && i + 1 < chain.length ? [p.items.indexOf(chain[i + 1])] : [];
    });
    return pathText(path);
  };
  visit(document, {
    Scalar(_key, node, parents) {
      const { range, source } = node;
      if (range == null) return;
      const span = at(range[0], range[1]);
      if (typeof node.value === 'number' && /^[+-]?0\d+$/.test(source ?? '')) {
        found.push(
          diagnostic('W007', span, { path: pathOf(node, parents), text: source!, value: node.value }),
        );
      }
      if (node.tag !== undefined && !node.tag.startsWith('tag:yaml.org,2002:')) {
        found.push(diagnostic('W008', span, { path: pathOf(node, parents), text: node.tag }));
      }
    },
    Collection(_key, node, parents) {
      if (node.tag === undefined || ['tag:yaml.org,2002:map', 'tag:yaml.org,2002:seq'].includes(node.tag))
        return;
      const span = at(node.range![0], node.range![0] + 1);
      found.push(diagnostic('W008', span, { path: pathOf(node, parents), text: node.tag }));
    },
    Pair(_key, pair, parents) {
      if (isScalar(pair.key)) return;
      const range = (pair.key as Node | null)?.range;
      const span = range == null ? at(0, 1) : at(range[0], range[1]);
      found.push(diagnostic('W008', span, { path: pathOf(pair, parents), text: 'a key that is no text' }));
    },
  });
  return found;
}

function firstAlias(document: Document, at: At): Span {
  let span = at(0, 1);
  visit(document, {
    Alias(_key, node) {
      span = at(node.range![0], node.range![1]);
      return visit.BREAK;
    },
  });
  return span;
}

/** One step of a walk: the node, and the key that led to it. */
interface Step {
  node: Node | null;
  key: Node | null;
}

function locator(document: Document, root: Node, text: string, at: At): Locator {
  const resolve = (node: unknown): Node | null =>
    isAlias(node) ? ((node.resolve(document) as Node | undefined) ?? null) : (node as Node | null);

  /** Steps along a path as far as it exists. */
  const walk = (path: Path): Step[] => {
    const steps: Step[] = [{ node: root, key: null }];
    for (const part of path) {
      const node = resolve(steps.at(-1)!.node);
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === part);
        if (pair === undefined) break;
        steps.push({ node: pair.value as Node | null, key: pair.key as Node });
      } else if (isSeq(node) && typeof part === 'number' && part < node.items.length) {
        steps.push({ node: node.items[part] as Node, key: null });
      } else break;
    }
    return steps;
  };

  /** The first line of a node. */
  const firstLine = (node: Node): Span => {
    const [start, end] = node.range!;
    const newline = text.indexOf('\n', start);
    const stop = newline === -1 || newline >= end ? end : newline;
    return at(start, start + Math.max(1, text.slice(start, stop).trimEnd().length));
  };

  return {
    locate(path, part) {
      const steps = walk(path);
      const { node, key } = steps.at(-1)!;
      const whole = steps.length === path.length + 1;
      // Of a collection, and of a map that lacks something, the key is the better place to point at.
      const pointAtKey = (part === 'key' && whole) || node === null || !isScalar(resolve(node));
      if (pointAtKey && key !== null) return firstLine(key);
      if (node === null || node.range == null) return at(0, 1);
      if (!whole && isMap(node) && node.items.length > 0) return firstLine(node.items[0]!.key as Node);
      return firstLine(node);
    },
    has: (path) => walk(path).length === path.length + 1,
    written(path) {
      const steps = walk(path);
      const node = steps.length === path.length + 1 ? resolve(steps.at(-1)!.node) : null;
      return isScalar(node) ? (node.source ?? String(node.value)) : undefined;
    },
  };
}
