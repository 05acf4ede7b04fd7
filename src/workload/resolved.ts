/** What a workload amounts to, value by value, each with where it comes from. */
import { PARAMETERS, parameterDeclaration } from '../models/parameters.js';
import { constantsOf, presetOf } from './expand.js';
import { internalText } from './internal.js';
import { isMap, type Path, pathText } from './path.js';
import { quantityText } from './units.js';
import type { Workload } from './workload.js';

/** One resolved value. */
export interface ResolvedValue {
  /** Place in the workload, e.g. `tenants[0].load.closed.depth`. */
  readonly path: string;
  /** With its unit, as a workload would write it. */
  readonly value: string;
  /** `file:line`, `--set`, `default`, `preset spr` or `model`. */
  readonly origin: string;
}

/** Keys whose resolved value is a quantity in internal units. */
const QUANTITIES = {
  warmup: 'time',
  duration: 'time',
  at: 'time',
  for: 'time',
  max_transfer_size: 'size',
  alignment: 'size',
  page_size: 'size',
  backing: 'size',
  rate: 'rate',
} as const;

/**
 * Every value of the workload at its first point, in the order of the schema, and then every constant of the model.
 * Values that a sweep or a design replaces are listed as the first point has them.
 */
export function describeResolved(workload: Workload): ResolvedValue[] {
  const { document, view } = workload.resolved;
  const lines: ResolvedValue[] = [];
  const visit = (value: unknown, path: Path): void => {
    if (Array.isArray(value) && value.some((item) => typeof item === 'object')) {
      for (const [i, item] of value.entries()) visit(item, [...path, i]);
    } else if (isMap(value)) {
      for (const key of Object.keys(value)) visit(value[key], [...path, key]);
    } else if (value !== undefined) {
      lines.push({
        path: pathText(path),
        value: textOf(value, path),
        origin: view.originOf(path) ?? 'default',
      });
    }
  };
  for (const key of Object.keys(document)) {
    if (key !== 'platform' && key !== 'sweep') visit(document[key as keyof typeof document], [key]);
  }
  workload.sweep.forEach(({ path, values }) => {
    lines.push({
      path: `sweep.${path}`,
      value: `[${values.join(', ')}]`,
      origin: view.originOf(['sweep', path]) ?? 'file',
    });
  });
  const preset = presetOf(document);
  const origin = view.originOf(['platform', 'preset']) ?? 'default';
  lines.push({ path: 'platform.preset', value: preset.name, origin });
  const constants = constantsOf(document);
  for (const { name, dimension, nominal } of PARAMETERS) {
    const path = ['platform', 'set', name];
    const set = view.originOf(path) ?? (name in preset.constants ? `preset ${preset.name}` : 'model');
    lines.push({
      path: pathText(path),
      value: internalText(dimension, constants[name] ?? nominal),
      origin: set,
    });
  }
  return lines;
}

function textOf(value: unknown, path: Path): string {
  const key = path.at(-1);
  const constant = path.at(-2) === 'set' ? parameterDeclaration(String(key)) : undefined;
  if (constant !== undefined && typeof value === 'number') return internalText(constant.dimension, value);
  if (typeof value === 'number' && typeof key === 'string') {
    if (key in QUANTITIES) return quantityText(QUANTITIES[key as keyof typeof QUANTITIES], value);
    // `size` is bytes of a transfer or of memory, and entries of a work queue.
    if (key === 'size' && path[0] === 'tenants') return quantityText('size', value);
    if (key === 'tolerance') return quantityText('percent', value);
  }
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  return value === '' ? '""' : String(value);
}
