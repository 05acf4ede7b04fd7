import { dirname, join, normalize, sep } from 'node:path';
import { type Token, tokenize } from './tokens.js';

/** The rooms of src/, each of which may import from itself and from those after it. */
export const ROOMS = ['cli', 'report', 'experiment', 'analysis', 'workload', 'models', 'core', 'sim'];
/** The rooms whose results must be the same bytes everywhere. */
export const DETERMINISTIC = ['models', 'core', 'sim'];
/** Imports what it is told by whoever starts the thread; the file that is told, a worker, is looked at as any other. */
const WORKER_LOADER = 'experiment/load-worker.cts';

/** Names that read a clock, the environment, the garbage collector, or that wait. */
const BANNED_WORDS = new Set(
  [
    'Date',
    'Temporal',
    'Intl',
    'performance',
    'process',
    'globalThis',
    'global',
    'crypto',
    'fetch',
    'require',
  ].concat(
    ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Promise', 'async', 'await'],
    ['WeakRef', 'FinalizationRegistry', 'eval', 'Function', 'Atomics', 'SharedArrayBuffer'],
  ),
);
/** Methods whose answer depends on where the program runs. */
const BANNED_MEMBERS = new Set(['toLocaleString', 'toLocaleLowerCase', 'toLocaleUpperCase', 'localeCompare']);
/** Functions of Math that are exact, or were found to agree bit for bit on Node 20, 22, 24 and 26. */
const MATH = new Set(
  ['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc'].concat(
    ['cbrt', 'cos', 'exp', 'expm1', 'hypot', 'log', 'log10', 'log1p', 'log2', 'sin', 'tanh', 'atan2'],
    ['E', 'LN2', 'LN10', 'LOG2E', 'LOG10E', 'PI', 'SQRT2', 'SQRT1_2'],
  ),
);

export interface Import {
  /** The specifier, or undefined when it is computed at run time. */
  readonly specifier: string | undefined;
  readonly line: number;
}

/** Everything that a file imports: statically, by re-export, dynamically, by require, or as a module's URL. */
export function importsOf(tokens: readonly Token[]): Import[] {
  const found: Import[] = [];
  const at = (i: number): string => (tokens[i]?.type === 'string' ? '' : (tokens[i]?.text ?? ''));
  const literal = (i: number): string | undefined => {
    const token = tokens[i];
    const whole = token?.type === 'string' || (token?.type === 'template' && /^[),]$/.test(at(i + 1)));
    return whole ? token.text : undefined;
  };
  tokens.forEach(({ type, text, line }, i) => {
    if (type !== 'word' || at(i - 1) === '.') return;
    if ((text === 'import' || text === 'require') && at(i + 1) === '(') {
      found.push({ specifier: literal(i + 2), line });
    } else if (text === 'import' && tokens[i + 1]?.type === 'string') {
      found.push({ specifier: literal(i + 1), line });
    } else if (text === 'from' && tokens[i + 1]?.type === 'string') {
      found.push({ specifier: literal(i + 1), line });
    } else if (text === 'URL' && at(i + 1) === '(' && at(i + 3) === ',' && at(i + 4) === 'import') {
      const specifier = literal(i + 2);
      if (specifier === undefined || /\.[cm]?[jt]s$/.test(specifier)) found.push({ specifier, line });
    }
  });
  return found;
}

/** What a file does against the order of the rooms; `path` is relative to src/. */
export function importViolations(path: string, source: string): string[] {
  const room = roomOf(path);
  if (room === undefined) return [`${path}: lies in no room`];
  const violations: string[] = [];
  for (const { specifier, line } of importsOf(scan(path, source))) {
    const where = `${path}:${line}`;
    if (specifier === undefined) {
      if (path !== WORKER_LOADER) violations.push(`${where}: imports something that only a run would tell`);
    } else if (!/^[./]/.test(specifier)) {
      if (DETERMINISTIC.includes(room)) violations.push(`${where}: ${room} may not import ${specifier}`);
    } else {
      // A worker is started from its built file, whether its starter was built or not.
      const target = roomOf(normalize(join(dirname(path), specifier)).replace(/^\.\.[\\/]dist[\\/]/, ''));
      if (target === undefined) violations.push(`${where}: ${specifier} leaves the rooms`);
      else if (ROOMS.indexOf(target) < ROOMS.indexOf(room)) {
        violations.push(`${where}: ${room} may not import from ${target}`);
      }
    }
  }
  return violations;
}

/** What a file uses that would make results depend on time, place or version; empty for other rooms. */
export function determinismViolations(path: string, source: string): string[] {
  if (!DETERMINISTIC.includes(roomOf(path) ?? '')) return [];
  const tokens = scan(path, source);
  const violations: string[] = [];
  tokens.forEach(({ type, text, line }, i) => {
    const before = tokens[i - 1]?.text ?? '';
    const after = tokens[i + 1]?.text ?? '';
    const refuse = (what: string) => violations.push(`${path}:${line}: ${what}`);
    if (type === 'sign' && (text === '**' || text === '**=')) refuse(`operator ${text}`);
    if (type !== 'word') return;
    const isMember = (before === '.' || before === '?.') && tokens[i - 1]?.type === 'sign';
    const isKey = /^[{,;]$/.test(before) && /^[?:]$/.test(after);
    if (isMember) {
      if (BANNED_MEMBERS.has(text)) refuse(`.${text}`);
    } else if (text === 'Math') {
      const name = after === '.' ? (tokens[i + 2]?.text ?? '') : '';
      if (!MATH.has(name)) refuse(name === '' ? 'Math as a value' : `Math.${name}`);
    } else if (BANNED_WORDS.has(text) && !isKey && !isMethodName(tokens, i) && !isEnumMember(tokens, i)) {
      refuse(text);
    } else if (text === 'for' && loopsOverKeys(tokens, i + 1)) refuse('for ... in');
    else if (text === 'import' && after === '.') refuse('import.meta');
  });
  return violations;
}

/** Whether the parenthesis that opens at `open` holds an `in` of its own: `for (const k in o)`. */
function loopsOverKeys(tokens: readonly Token[], open: number): boolean {
  const close = closing(tokens, open);
  let depth = 0;
  const words: string[] = [];
  for (const { type, text } of tokens.slice(open, close)) {
    if (type === 'sign' && /^[([{]$/.test(text)) depth++;
    if (type === 'sign' && /^[)\]}]$/.test(text)) depth--;
    if (depth === 1 && (type === 'word' || text === ';')) words.push(text);
  }
  return !words.includes(';') && words.find((word) => word === 'in' || word === 'of') === 'in';
}

/** Whether the word at `i` names a method that is being declared here: `private fetch(slot: number): void {`. */
function isMethodName(tokens: readonly Token[], i: number): boolean {
  const begins = /^([{};]|private|protected|public|static|override|get|set)$/.test(tokens[i - 1]?.text ?? '');
  return (
    begins && tokens[i + 1]?.text === '(' && /^[{:]$/.test(tokens[closing(tokens, i + 1) + 1]?.text ?? '')
  );
}

/** Whether the word at `i` is a member of an enum: `enum STAGE { queue = 3, fetch = 5 }`. */
function isEnumMember(tokens: readonly Token[], i: number): boolean {
  if (!/^[{,]$/.test(tokens[i - 1]?.text ?? '')) return false;
  const open = tokens.findLastIndex(({ type, text }, at) => at < i && type === 'sign' && /^[{}]$/.test(text));
  return tokens[open]?.text === '{' && tokens[open - 2]?.text === 'enum';
}

/** The index of the bracket that closes the one at `open`. */
function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    const { type, text } = tokens[i]!;
    if (type === 'sign' && /^[([{]$/.test(text)) depth++;
    if (type === 'sign' && /^[)\]}]$/.test(text) && --depth === 0) return i;
  }
  return tokens.length;
}

/** The tokens of a file; an error of the lexer names the file. */
function scan(path: string, source: string): Token[] {
  try {
    return tokenize(source);
  } catch (error) {
    throw new Error(`${path}: cannot be scanned`, { cause: error });
  }
}

function roomOf(path: string): string | undefined {
  const [room, ...rest] = path.split(sep);
  return rest.length > 0 && ROOMS.includes(room!) ? room : undefined;
}
