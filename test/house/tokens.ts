/** A lexer just good enough to tell code from comments, strings, templates and regular expressions. */

export interface Token {
  readonly type: 'word' | 'number' | 'string' | 'template' | 'regex' | 'sign';
  /** The text; of a string or template, what is between the quotes. */
  readonly text: string;
  readonly line: number;
}

const SIGNS = ['>>>=', '...', '>>>', '**=', '===', '!==', '<<=', '>>=', '&&=', '||=', '??='].concat(
  ['**', '=>', '==', '!=', '<=', '>=', '&&', '||', '??', '?.', '++', '--', '+=', '-=', '*=', '/=', '%='],
  ['&=', '|=', '^=', '<<'],
);
/** Words after which a slash begins a regular expression and not a division. */
const BEFORE_REGEX = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'do',
  'else',
  'void',
  'delete',
  'throw',
]);
/** The text of a `!` after a value, which asserts it to be there, to tell it from the negation before one. */
const POSTFIX_BANG = 'postfix !';

/**
 * The tokens of a source text. An expression inside a template yields its tokens in place.
 * @throws Error when a string, comment or template does not end: then the lexer has lost its way
 */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  /** For each template that is being read, how many braces are open in its current expression. */
  const templates: number[] = [];
  let at = 0;
  let line = 1;

  const add = (type: Token['type'], text: string, from = line) => tokens.push({ type, text, line: from });
  const lost = (what: string): never => {
    throw new Error(`line ${line}: ${what} does not end`);
  };
  /** Reads up to an unescaped `end`; strings may not span lines. */
  const quoted = (end: string): string => {
    const start = ++at;
    while (source[at] !== end) {
      if (at >= source.length || source[at] === '\n') lost(`a string that begins with ${end}`);
      at += source[at] === '\\' ? 2 : 1;
    }
    return source.slice(start, at++);
  };
  const templatePart = (): void => {
    const start = at;
    const from = line;
    while (at < source.length) {
      const c = source[at]!;
      if (c === '`' || (c === '$' && source[at + 1] === '{')) {
        add('template', source.slice(start, at), from);
        if (c === '`') templates.pop();
        at += c === '`' ? 1 : 2;
        return;
      }
      if (c === '\n') line++;
      at += c === '\\' ? 2 : 1;
    }
    lost('a template');
  };
  const regex = (): void => {
    const start = at++;
    for (let inClass = false; source[at] !== '/' || inClass; at++) {
      if (at >= source.length || source[at] === '\n') lost('a regular expression');
      if (source[at] === '\\') at++;
      else if (source[at] === '[') inClass = true;
      else if (source[at] === ']') inClass = false;
    }
    at++;
    while (/[a-z]/.test(source[at] ?? '')) at++;
    add('regex', source.slice(start, at));
  };
  const regexMayBegin = (): boolean => {
    const last = tokens.at(-1);
    if (last === undefined) return true;
    if (last.type === 'word') return BEFORE_REGEX.has(last.text);
    return last.type === 'sign' && ![')', ']', '}', '++', '--', POSTFIX_BANG].includes(last.text);
  };

  while (at < source.length) {
    const c = source[at]!;
    if (c === '\n') {
      line++;
      at++;
    } else if (/\s/.test(c)) at++;
    else if (source.startsWith('//', at) || (at === 0 && source.startsWith('#!'))) {
      const end = source.indexOf('\n', at);
      at = end < 0 ? source.length : end;
    } else if (source.startsWith('/*', at)) {
      const end = source.indexOf('*/', at + 2);
      if (end < 0) lost('a comment');
      line += source.slice(at, end).split('\n').length - 1;
      at = end + 2;
    } else if (c === "'" || c === '"') add('string', quoted(c));
    else if (c === '`') {
      at++;
      templates.push(0);
      templatePart();
    } else if (c === '}' && templates.at(-1) === 0) {
      at++;
      templatePart();
    } else if (c === '/' && regexMayBegin()) regex();
    else if (/[\p{ID_Start}$_#@]/u.test(c)) {
      const word = /^[#@]?[\p{ID_Continue}$]*/u.exec(source.slice(at))![0];
      add('word', word);
      at += word.length;
    } else if (/[0-9]/.test(c) || (c === '.' && /[0-9]/.test(source[at + 1] ?? ''))) {
      const number = /^(?:0[xob][\da-f_]+|[\d_]*\.?[\d_]*(?:e[+-]?\d+)?)n?/i.exec(source.slice(at))![0];
      add('number', number);
      at += number.length;
    } else {
      if (templates.length > 0 && c === '{') templates[templates.length - 1]!++;
      if (templates.length > 0 && c === '}') templates[templates.length - 1]!--;
      const sign = SIGNS.find((s) => source.startsWith(s, at)) ?? c;
      add('sign', sign === '!' && !regexMayBegin() ? POSTFIX_BANG : sign);
      at += sign.length;
    }
  }
  if (templates.length > 0) lost('a template');
  return tokens;
}
