/**
 * Arithmetic over the metrics of a run, as a workload's conclusion writes it:
 *
 *     comparison = sum (("<" | "<=" | ">" | ">=" | "==") sum)+        a < b < c compares neighbours
 *     sum        = product (("+" | "-") product)*
 *     product    = factor (("*" | "/") factor)*
 *     factor     = number [unit] | metric "(" design ("," axis "=" value)* ")" | "(" sum ")"
 *
 * A metric's name is that of the catalogue, also as `tenants.<name>.<metric>`; an axis is the end of a sweep's path.
 */
import type { SiUnit } from './format.js';
import { parseQuantity, type QuantityDimension } from './units.js';

export type Expression =
  /** In SI. */
  | { readonly kind: 'number'; readonly value: number; readonly unit: SiUnit }
  /** The mean of a metric at the point with this key. */
  | { readonly kind: 'metric'; readonly metric: string; readonly point: string; readonly unit: SiUnit }
  | {
      readonly kind: 'operation';
      readonly operator: '+' | '-' | '*' | '/';
      readonly left: Expression;
      readonly right: Expression;
      readonly unit: SiUnit;
    };

export type Comparator = '<' | '<=' | '>' | '>=' | '==';

/** Sides of one unit, compared neighbour by neighbour: one comparator less than sides. */
export interface Comparison {
  readonly sides: readonly Expression[];
  readonly comparators: readonly Comparator[];
}

/** What a metric of a point is called and measured in. @throws ExpressionFlaw when there is none */
export type Resolve = (
  metric: string,
  design: string,
  at: Readonly<Record<string, string>>,
) => Pick<Extract<Expression, { kind: 'metric' }>, 'metric' | 'point' | 'unit'>;

/** Why a text is no expression. */
export class ExpressionFlaw extends Error {
  override name = 'ExpressionFlaw';
}

const TOKEN =
  /\s*(?:(?<metric>[A-Za-z_][\w.-]*)\s*\((?<place>[^()]*)\)|(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*(?<unit>(?:[A-Za-zµμ]+(?:\/s)?|\/s|%)?)|(?<sign><=|>=|==|[-<>+*/()]))/y;
const COMPARATORS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '==']);
const DIMENSIONS: readonly (readonly [QuantityDimension, SiUnit, perSi: number])[] = [
  ['time', 's', 1e12],
  ['bandwidth', 'B/s', 1],
  ['size', 'B', 1],
  ['rate', '1/s', 1],
  ['percent', '', 1],
];

/** Reads a whole comparison. @throws ExpressionFlaw */
export function readComparison(text: string, resolve: Resolve): Comparison {
  const reader = new Reader(text, resolve);
  const sides = [reader.sum()];
  const comparators: Comparator[] = [];
  while (COMPARATORS.has(reader.sign)) {
    comparators.push(reader.take() as Comparator);
    const side = reader.sum();
    sameUnit(sides[0]!.unit, side.unit, 'compared');
    sides.push(side);
  }
  reader.end();
  if (comparators.length === 0) throw new ExpressionFlaw('nothing is compared in it');
  return { sides, comparators };
}

/** Reads a whole sum. @throws ExpressionFlaw */
export function readSum(text: string, resolve: Resolve): Expression {
  const reader = new Reader(text, resolve);
  const sum = reader.sum();
  reader.end();
  return sum;
}

function sameUnit(left: SiUnit, right: SiUnit, verb: string): void {
  if (left === right) return;
  const named = (unit: SiUnit): string => (unit === '' ? 'a number' : unit);
  throw new ExpressionFlaw(`${named(left)} cannot be ${verb} with ${named(right)}`);
}

class Reader {
  private at = 0;
  private groups: Record<string, string | undefined> = {};

  constructor(
    private readonly text: string,
    private readonly resolve: Resolve,
  ) {
    this.next();
  }

  /** The operator or parenthesis that comes next, or ''. */
  get sign(): string {
    return this.groups.sign ?? '';
  }

  take(): string {
    const { sign } = this;
    this.next();
    return sign;
  }

  end(): void {
    if (Object.keys(this.groups).length > 0) throw new ExpressionFlaw(`"${this.present()}" is not expected`);
  }

  sum(): Expression {
    let left = this.product();
    while (this.sign === '+' || this.sign === '-') {
      const operator = this.take() as '+' | '-';
      const right = this.product();
      sameUnit(left.unit, right.unit, operator === '+' ? 'added' : 'subtracted');
      left = { kind: 'operation', operator, left, right, unit: left.unit };
    }
    return left;
  }

  private product(): Expression {
    let left = this.factor();
    while (this.sign === '*' || this.sign === '/') {
      const operator = this.take() as '*' | '/';
      const right = this.factor();
      left = { kind: 'operation', operator, left, right, unit: unitOf(operator, left.unit, right.unit) };
    }
    return left;
  }

  private factor(): Expression {
    const { metric, place, number, unit, sign } = this.groups;
    if (metric !== undefined) {
      this.next();
      return { kind: 'metric', ...this.resolve(metric, ...placeOf(place!)) };
    }
    if (number !== undefined) {
      this.next();
      return { kind: 'number', ...numberOf(number, unit ?? '') };
    }
    if (sign !== '(') throw new ExpressionFlaw(`"${this.present()}" is not expected`);
    this.next();
    const inner = this.sum();
    if (this.sign !== ')') throw new ExpressionFlaw('a parenthesis is not closed');
    this.next();
    return inner;
  }

  private present(): string {
    const { metric, number, sign } = this.groups;
    return metric ?? number ?? sign ?? 'the end';
  }

  private next(): void {
    if (this.text.slice(this.at).trim() === '') {
      this.groups = {};
      return;
    }
    TOKEN.lastIndex = this.at;
    const match = TOKEN.exec(this.text);
    if (match === null) throw new ExpressionFlaw(`"${this.text.slice(this.at).trim()}" is not expected`);
    this.at = TOKEN.lastIndex;
    this.groups = Object.fromEntries(
      Object.entries(match.groups!).filter(([, value]) => value !== undefined),
    );
  }
}

function unitOf(operator: '*' | '/', left: SiUnit, right: SiUnit): SiUnit {
  if (right === '') return left;
  if (operator === '*' && left === '') return right;
  if (operator === '/' && left === right) return '';
  throw new ExpressionFlaw(
    `${left === '' ? 'a number' : left} ${operator} ${right} has no unit of the catalogue`,
  );
}

function numberOf(number: string, unit: string): { value: number; unit: SiUnit } {
  if (unit === '') return { value: Number(number), unit: '' };
  for (const [dimension, si, perSi] of DIMENSIONS) {
    const result = parseQuantity(dimension, number + unit);
    if ('value' in result) return { value: result.value / perSi, unit: si };
  }
  throw new ExpressionFlaw(`"${unit}" is no unit`);
}

/** `mdev, threads=16`: the design, and where it stands in the sweep. */
function placeOf(text: string): [design: string, at: Record<string, string>] {
  const [design = '', ...rest] = text.split(',').map((part) => part.trim());
  const at = rest.map((part): [string, string] => {
    const match = /^([\w.[\]-]+)\s*=\s*(\S.*)$/.exec(part);
    if (match === null) throw new ExpressionFlaw(`"${part}" is no place: write axis=value`);
    return [match[1]!, match[2]!];
  });
  return [design, Object.fromEntries(at)];
}
