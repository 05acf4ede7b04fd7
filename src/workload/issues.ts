/** From what the schema finds to diagnostics: code, place in the source, what is allowed, did you mean. */
import type { z } from 'zod';
import type { Code } from './codes.js';
import { type Diagnostic, diagnostic, type Fill } from './diagnostics.js';
import { type CustomProblem, kindOf, nearestTo } from './fields.js';
import { nearest } from './nearest.js';
import { isMap, type Path, pathText, valueAt } from './path.js';
import { type WorkloadDocument, workloadSchema } from './schema.js';
import type { View } from './view.js';

type Issue = z.core.$ZodIssue;
type UnionIssue = Extract<Issue, { code: 'invalid_union' }>;

const WHOLE = 'whole';

/** Known keys that a message lists. */
const KEYS_LISTED = 16;

const EXPECTED: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

/** The document of a view, as far as its shape allows, and everything wrong with the shape. */
export interface Shaped {
  /** Null when the shape is so broken that nothing more can be checked. */
  readonly document: WorkloadDocument | null;
  /**
   * The same where other values stand in for what was refused; null where nothing was. What is found in only one of the
   * two is about a stand-in.
   */
  readonly other: WorkloadDocument | null;
  readonly problems: readonly Diagnostic[];
}

/**
 * Checks the shape of a workload. Where it is broken in places that can be left out, the rest is still returned, so
 * that all problems can be reported at once.
 */
export function shapeOf(view: View): Shaped {
  const first = parse(view.value);
  if (first.success) return { document: first.data, other: null, problems: [] };
  const issues = first.error.issues.flatMap((issue) => flatten(issue, []));
  const problems = issues.flatMap((issue) => describe(issue, view));
  const document = repaired(view.value, issues, 'small');
  return { document, other: document === null ? null : repaired(view.value, issues, 'large'), problems };
}

/** Whether a refused number is replaced by one that is small or large, or by the bound that a stand-in went beyond. */
type Size = 'small' | 'large' | 'bound';

/** Stand-ins for counts. */
const SMALL = 1;
const LARGE = 1e6;

/** The times that stand-ins are replaced, which may themselves not suit their place. */
const MOST_REPAIRS = 3;

function repaired(value: unknown, issues: readonly Issue[], size: Size): WorkloadDocument | null {
  let left = issues;
  let better = structuredClone(value);
  for (let i = 0; i < MOST_REPAIRS; i++) {
    better = left.reduce((root, issue) => repair(root, issue, i === 0 ? size : 'bound'), better);
    const result = parse(better);
    if (result.success) return result.data;
    left = result.error.issues.flatMap((issue) => flatten(issue, []));
  }
  return null;
}

function parse(value: unknown) {
  return workloadSchema.safeParse(value, { error: note });
}

/** Messages carry what an issue does not tell: which keys are known there, and that a number must be whole. */
function note(issue: z.core.$ZodRawIssue): string | undefined {
  const definition = (issue.inst as { _zod?: { def?: { shape?: object; format?: string } } } | undefined)
    ?._zod?.def;
  if (issue.code === 'unrecognized_keys') return Object.keys(definition?.shape ?? {}).join(' ');
  if (issue.code === 'invalid_type' && definition?.format === 'safeint') return WHOLE;
  return undefined;
}

/** Issues with whole paths; of a union, those of the alternative that was meant. */
function flatten(issue: Issue, prefix: Path): Issue[] {
  const path = [...prefix, ...(issue.path as (string | number)[])];
  if (issue.code !== 'invalid_union') return [{ ...issue, path } as Issue];
  const branch = meant(issue);
  if (branch === undefined) {
    const expected = [...new Set(issue.errors.flatMap((e) => e.map(expectation)))].join(' or ');
    return [{ ...issue, code: 'invalid_type', expected, path } as unknown as Issue];
  }
  return branch.flatMap((inner) => flatten(inner, path));
}

/** The alternative of a union whose outermost type fits what was written. */
function meant(issue: UnionIssue): Issue[] | undefined {
  return (
    issue.errors.find(
      (errors) =>
        !errors.some((e) => e.path.length === 0 && (e.code === 'invalid_type' || e.code === 'invalid_value')),
    ) ?? issue.errors.find((errors) => errors.some((e) => e.path.length === 0 && e.code === 'invalid_value'))
  );
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_type')
    return issue.message === WHOLE ? 'a whole number' : (EXPECTED[issue.expected] ?? issue.expected);
  if (issue.code === 'invalid_value') return issue.values.map((v) => JSON.stringify(v)).join(', ');
  return 'another value';
}

/** The value with what an issue complains of replaced by something harmless, or left out. */
function repair(root: unknown, issue: Issue, size: Size): unknown {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') {
    const map = valueAt(root, path) as Record<string, unknown>;
    for (const key of issue.keys) delete map?.[key];
    return root;
  }
  const holder = valueAt(root, path.slice(0, -1));
  const key = path.at(-1);
  if (typeof holder !== 'object' || holder === null || key === undefined) return root;
  // A constant has a nominal value, which suits all others.
  const better = path.at(-2) === 'set' ? undefined : substitute(issue, valueAt(root, path), size);
  if (better !== undefined) Object.assign(holder, { [key]: better });
  else if (isMap(holder)) delete holder[key];
  return root;
}

function substitute(issue: Issue, written: unknown, size: Size): unknown {
  if (issue.code === 'custom') {
    const { repair: small, larger } = customProblem(issue);
    return size === 'large' ? (larger ?? small) : small;
  }
  if (issue.code === 'invalid_value') return nearestTo(written, issue.values.map(String));
  if (issue.code !== 'too_small' && issue.code !== 'too_big') return undefined;
  if (typeof written !== 'number') return undefined;
  const bound = Number(issue.code === 'too_small' ? issue.minimum : issue.maximum);
  if (size === 'bound') return bound;
  return size === 'small' ? Math.min(bound, SMALL) : Math.max(bound, LARGE);
}

function describe(issue: Issue, view: View): Diagnostic[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey(path, key, issue.message, view));
  const written = valueAt(view.value, path);
  const span = view.locate(path);
  const say = (code: Code, values: Fill, suggestion?: string): Diagnostic[] => [
    diagnostic(code, span, { path: pathText(path), ...values }, suggestion),
  ];
  if (issue.code === 'custom') {
    const { code, values, suggestion } = customProblem(issue);
    return say(code, values, suggestion);
  }
  if (written === undefined) return say('W011', { expected: expectation(issue) });
  switch (issue.code) {
    case 'invalid_value':
      return say('W012', { expected: choices(issue.values) }, nearestTo(written, issue.values.map(String)));
    case 'invalid_type':
      return say('W013', { expected: expectation(issue), found: kindOf(written) });
    case 'too_small':
    case 'too_big':
      if (Array.isArray(written)) return say('W021', {});
      return say('W014', { value: kindOf(written), allowed: bound(issue) });
    default:
      return say('W013', { expected: 'another value', found: kindOf(written) });
  }
}

/** What a check of `fields.ts` handed over. */
function customProblem(issue: Extract<Issue, { code: 'custom' }>): CustomProblem {
  return issue.params as unknown as CustomProblem;
}

function choices(values: readonly unknown[]): string {
  if (values.length > 8) return `one of ${values.join(', ')}`;
  const all = values.map((v) => JSON.stringify(v));
  return all.length === 1 ? all[0]! : `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
}

function bound(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  return issue.code === 'too_small' ? `${issue.minimum} or more` : `${issue.maximum} or less`;
}

/** An unknown key, of the file or of a path in a sweep or option that leads nowhere. */
function unknownKey(parent: Path, key: string, known: string, view: View): Diagnostic {
  const path = [...parent, key];
  const keys = known === '' ? [] : known.split(' ');
  const near = nearest(key, keys);
  const overlay = view.overlayUnder(path);
  const listed = keys.length > KEYS_LISTED ? `${keys.slice(0, KEYS_LISTED).join(', ')} …` : keys.join(', ');
  if (overlay !== undefined && (overlay.origin === 'sweep' || overlay.origin === 'option')) {
    const span = overlay.locator.locate([], 'key');
    const suggestion = near === undefined ? undefined : overlay.text.replace(key, near);
    const values = { path: overlay.text, hint: `known keys: ${listed}` };
    return diagnostic(overlay.origin === 'sweep' ? 'W081' : 'W023', span, values, suggestion);
  }
  return diagnostic('W010', view.locate(path, 'key'), { path: pathText(path), known: listed }, near);
}
