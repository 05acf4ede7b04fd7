/** Building blocks of the schema: strict maps, quantities with units, counts and names. */
import { z } from 'zod';
import { leastOf, mostOf, type ParameterDeclaration } from '../models/parameter.js';
import type { Code } from './codes.js';
import type { Fill } from './diagnostics.js';
import { internalText } from './internal.js';
import { nearest } from './nearest.js';
import { EXAMPLE, parseQuantity, type QuantityDimension, unitNames } from './units.js';

/** What a custom check of the schema hands to the diagnostics. */
export interface CustomProblem {
  readonly code: Code;
  readonly values: Fill;
  readonly suggestion?: string;
  /** A value that lets the other checks go on; without one the key is left out. */
  readonly repair?: unknown;
  /** Another such value, far above it: what is said of only one of them is no problem of the workload. */
  readonly larger?: unknown;
}

interface Refusal {
  addIssue(issue: {
    code: 'custom';
    message: string;
    params: Record<string, unknown>;
    path?: (string | number)[];
  }): void;
}

/**
 * Raises one of the table's codes from inside the schema.
 * @param repair a value that lets the checks of the rest go on
 * @param more a larger such value, and the path of what is refused within what is checked
 */
export function refuse(
  context: Refusal,
  code: Code,
  values: Fill = {},
  suggestion?: string,
  repair?: unknown,
  more: { larger?: unknown; path?: (string | number)[] } = {},
): void {
  const params: Record<string, unknown> = { code, values, repair, larger: more.larger };
  if (suggestion !== undefined) params.suggestion = suggestion;
  context.addIssue({ code: 'custom', message: code, params, path: more.path ?? [] });
}

/** What a value is, in the words of messages. */
export function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  return String(value);
}

const NAMED: Readonly<Record<QuantityDimension, string>> = {
  time: 'a time',
  size: 'a size',
  bandwidth: 'a bandwidth',
  rate: 'a rate',
  frequency: 'a frequency',
  percent: 'a percentage',
};

/** Stand in for an unreadable quantity while the rest is checked: one that is small, and one that is large. */
const REPAIRS: Readonly<Record<QuantityDimension, readonly [small: string, large: string]>> = {
  time: ['1us', '1s'],
  size: ['64B', '1TiB'],
  bandwidth: ['1GB/s', '1TB/s'],
  rate: ['1K/s', '1G/s'],
  frequency: ['1GHz', '10GHz'],
  percent: ['0%', '100%'],
};

/** The JSON Schema pattern of a dimension: a number and one of its units. */
function patternOf(dimension: QuantityDimension): string {
  return `^\\s*\\d+(\\.\\d+)?([eE][+-]?\\d+)?\\s*(${unitNames(dimension).join('|')})\\s*$`;
}

/** Bounds of a quantity in internal units, with the text that names them. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
  readonly allowed: string;
}

/**
 * A quantity with a mandatory unit, read into internal units.
 * @param dimension what it measures
 * @param description what it means; ends up in the JSON Schema
 */
export function quantity(dimension: QuantityDimension, description: string, bounds?: Bounds) {
  return z
    .unknown()
    .transform((written, context): number => {
      const [small, larger] = REPAIRS[dimension];
      const no = (code: Code, values: Fill, suggestion?: string): never => {
        if (suggestion === undefined) refuse(context, code, values, suggestion, small, { larger });
        else refuse(context, code, values, suggestion, suggestion);
        return z.NEVER;
      };
      if (typeof written !== 'string' && typeof written !== 'number') {
        const expected = `${NAMED[dimension]} such as ${EXAMPLE[dimension]}`;
        if (written === undefined) return no('W011', { expected });
        return no('W013', { expected, found: kindOf(written) });
      }
      const result = parseQuantity(dimension, written);
      if ('value' in result) {
        const { min = 0, max = Number.MAX_SAFE_INTEGER, allowed = '' } = bounds ?? {};
        if (result.value >= min && result.value <= max) return result.value;
        return no('W014', { value: String(written), allowed });
      }
      switch (result.problem) {
        case 'bare':
          return no('W015', { example: result.example });
        case 'unit': {
          const near = result.allowed.find((u) => u.toLowerCase() === result.unit.toLowerCase());
          const suggestion = near === undefined ? undefined : String(written).replace(result.unit, near);
          const values = {
            unit: result.unit,
            dimension: NAMED[dimension],
            allowed: result.allowed.join(' '),
          };
          return no('W016', values, suggestion);
        }
        case 'malformed':
          return no('W017', {
            dimension: NAMED[dimension],
            found: kindOf(written),
            example: result.example,
          });
        case 'range':
          return no('W018', { reason: `${kindOf(written)}: ${result.reason}`, allowed: EXAMPLE[dimension] });
      }
    })
    .meta({ type: 'string', pattern: patternOf(dimension), description, examples: [EXAMPLE[dimension]] });
}

/** A quantity that may be left out; `written` is what then stands for it. */
export function quantityOr(
  dimension: QuantityDimension,
  written: string,
  description: string,
  bounds?: Bounds,
) {
  return quantity(dimension, description, bounds).prefault(written);
}

/** A quantity, or a word that stands for a choice made later. */
export function quantityOrWord<Word extends string>(
  dimension: QuantityDimension,
  word: Word,
  written: string,
  description: string,
) {
  const own = quantity(dimension, description);
  return z
    .unknown()
    .transform((value, context): number | Word => {
      if (value === word) return word;
      const result = own.safeParse(value);
      if (result.success) return result.data;
      for (const issue of result.error.issues) {
        if (issue.code === 'custom') context.addIssue({ ...issue });
      }
      return z.NEVER;
    })
    .meta({
      type: 'string',
      pattern: `${patternOf(dimension)}|^${word}$`,
      description,
      examples: [written, word],
    })
    .prefault(written);
}

/** A plain number or a percentage: `0.999`, `99.9%`. */
export function ratio(description: string, min: number, max: number) {
  return z
    .unknown()
    .transform((written, context): number => {
      let value = Number.NaN;
      if (typeof written === 'number') value = written;
      else if (typeof written === 'string') {
        const result = parseQuantity('percent', written);
        if ('value' in result) value = result.value;
      }
      const allowed = `${min} to ${max === Number.MAX_SAFE_INTEGER ? 'any number' : max}, or a percentage`;
      if (Number.isNaN(value))
        refuse(context, 'W013', { expected: 'a number or a percentage', found: kindOf(written) });
      else if (value >= min && value <= max) return value;
      else refuse(context, 'W014', { value: String(written), allowed });
      return z.NEVER;
    })
    .meta({ type: ['number', 'string'], description });
}

/** A whole number between two bounds. */
export function count(min: number, max: number, description: string) {
  return z.int().min(min).max(max).meta({ description });
}

const NAME_FORM = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

/** A name that paths and file names can hold. */
export function name(description: string) {
  return z
    .unknown()
    .transform((written, context): string => {
      if (typeof written === 'string' && NAME_FORM.test(written) && written.length <= 64) return written;
      const repair = String(written ?? 'unnamed')
        .replace(/[^A-Za-z0-9_-]+/g, '-')
        .slice(0, 64);
      if (written === undefined) refuse(context, 'W011', { expected: 'a name' }, undefined, repair);
      else refuse(context, 'W019', { found: kindOf(written) }, undefined, repair);
      return z.NEVER;
    })
    .meta({ type: 'string', pattern: NAME_FORM.source, maxLength: 64, description });
}

/** The value of a model constant, in the units of its dimension and within what the model can bear. */
export function constant(declaration: ParameterDeclaration) {
  const { dimension, sentence, nominal, trust } = declaration;
  const min = leastOf(declaration);
  const max = mostOf(declaration);
  const allowed =
    declaration.most === undefined
      ? `${internalText(dimension, min)} or more`
      : `${internalText(dimension, min)} to ${internalText(dimension, max)}`;
  const bound = min > 0 && dimension !== 'count' ? ` Allowed: ${allowed}.` : '';
  const description = `${sentence} Nominal: ${internalText(dimension, nominal)} (${trust}).${bound}`;
  if (dimension === 'count') return count(min, max, description);
  if (dimension === 'ratio') return ratio(description, min, max);
  return quantity(dimension, description, { min, max, allowed });
}

/** The candidate for a misspelt choice, when what was written is text. */
export function nearestTo(written: unknown, candidates: readonly string[]): string | undefined {
  return typeof written === 'string' ? nearest(written, candidates) : undefined;
}
