/** The sweep: its axes, what each value is as text and as a number, and the combinations they form. */
import { type Diagnostic, diagnostic, type Span } from './diagnostics.js';
import { kindOf } from './fields.js';
import type { SiUnit } from './format.js';
import { isMap, type Path, pathText } from './path.js';
import { resolvePath } from './resolve-path.js';
import { parseQuantity, type QuantityDimension } from './units.js';
import { under, type View } from './view.js';

/** An axis as results show it. */
export interface SweepAxis {
  /** As the workload writes it. */
  readonly path: string;
  /** SI unit of `numbers`; '' for plain numbers and for what is no number. */
  readonly unit: SiUnit;
  /** The values as written. */
  readonly values: readonly string[];
  /** The values in SI, or null for one that is no number. */
  readonly numbers: readonly (number | null)[];
}

/** One path of a sweep with its values. */
interface Part {
  readonly text: string;
  readonly path: Path;
  readonly values: readonly unknown[];
  /** Where the list of values stands in the workload. */
  readonly at: Path;
}

/** A value that a point puts at a path. */
export interface Substitution {
  readonly part: Part;
  readonly index: number;
}

/** The sweep of a workload. */
export interface Sweep {
  readonly axes: readonly SweepAxis[];
  /** Paths that move together, in order of writing, the outermost first. */
  readonly groups: readonly (readonly Part[])[];
}

/** Points that a workload may have. */
export const POINT_LIMIT = 100_000;

const SWEEPABLE = ['platform', 'devices', 'tenants', 'measure', 'lifecycle', 'semantics'];

/** Reads the `sweep` of a workload; whatever is wrong with it is collected and left out. */
export function readSweep(view: View, into: Diagnostic[]): Sweep {
  const written = isMap(view.value) ? view.value.sweep : undefined;
  const groups: Part[][] = [];
  const used = new Set<string>();
  const read = (map: unknown, at: Path): Part[] => {
    if (!isMap(map)) {
      const values = { path: pathText(at), expected: 'a map of paths to lists', found: kindOf(map) };
      into.push(diagnostic('W013', view.locate(at), values));
      return [];
    }
    return Object.keys(map).flatMap((key) => readPart(view, key, map[key], [...at, key], used, into));
  };
  if (written === undefined) return { axes: [], groups };
  if (!isMap(written)) {
    read(written, ['sweep']);
    return { axes: [], groups };
  }
  for (const key of Object.keys(written)) {
    const value = written[key];
    if (key !== 'zip') groups.push(...read({ [key]: value }, ['sweep']).map((part) => [part]));
    else if (Array.isArray(value))
      for (const [i, map] of value.entries()) groups.push(zip(view, read(map, ['sweep', 'zip', i]), into));
    else groups.push(zip(view, read(value, ['sweep', 'zip']), into));
  }
  const filled = groups.filter((group) => group.length > 0);
  for (const group of filled) checkRepeats(view, group, into);
  return { axes: filled.flat().map((part) => axisOf(part, view)), groups: filled };
}

function readPart(
  view: View,
  text: string,
  values: unknown,
  at: Path,
  used: Set<string>,
  into: Diagnostic[],
): Part[] {
  const key = (): Span => view.locate(at, 'key');
  const before = into.length;
  if (!Array.isArray(values)) {
    const expected = 'a list of values';
    into.push(diagnostic('W013', view.locate(at), { path: pathText(at), expected, found: kindOf(values) }));
  } else if (values.length === 0) {
    into.push(diagnostic('W080', view.locate(at), { path: pathText(at) }));
  }
  const root = text.split(/[.[]/, 1)[0]!;
  const resolved = resolvePath(view.value, text);
  if (!('path' in resolved)) {
    into.push(diagnostic('W081', key(), { path: text, hint: resolved.hint }, resolved.suggestion));
    return [];
  }
  // How often, and until when, is asked once for all points.
  const once =
    /^measure\.(replications|until)\b/.test(text) ||
    (text === 'measure.warmup' && Array.isArray(values) && values.includes('auto'));
  if (!SWEEPABLE.includes(root) || once) {
    into.push(diagnostic('W085', key(), { path: text }));
  }
  const canonical = pathText(resolved.path);
  if (used.has(canonical)) into.push(diagnostic('W084', key(), { path: text }));
  used.add(canonical);
  return into.length > before ? [] : [{ text, path: resolved.path, values: values as unknown[], at }];
}

/** Lists that are walked together need one length. */
function zip(view: View, parts: Part[], into: Diagnostic[]): Part[] {
  const expected = parts[0]?.values.length ?? 0;
  return parts.filter((part) => {
    const found = part.values.length;
    if (found === expected) return true;
    into.push(diagnostic('W083', view.locate(part.at, 'key'), { path: pathText(part.at), found, expected }));
    return false;
  });
}

function checkRepeats(view: View, group: readonly Part[], into: Diagnostic[]): void {
  const seen = new Set<string>();
  group[0]!.values.forEach((_, index) => {
    const key = JSON.stringify(group.map((part) => part.values[index]));
    if (seen.has(key)) {
      const part = group[0]!;
      const at = [...part.at, index];
      into.push(
        diagnostic('W082', view.locate(at), { path: pathText(at), text: valueText(part, index, view) }),
      );
    }
    seen.add(key);
  });
}

/** A value as written: scalars as they stand, lists and maps in flow style. */
export function valueText(part: Part, index: number, view: View): string {
  return view.written([...part.at, index]) ?? flow(part.values[index]);
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (!isMap(value)) return String(value);
  const entries = Object.keys(value).map((key) => `${key}: ${flow(value[key])}`);
  return `{ ${entries.join(', ')} }`;
}

const NUMERIC: readonly (readonly [QuantityDimension, SiUnit, perSi: number])[] = [
  ['time', 's', 1e12],
  ['size', 'B', 1],
  ['bandwidth', 'B/s', 1],
  ['rate', '1/s', 1],
  ['frequency', 'Hz', 1],
  ['percent', '', 1],
];

function numberOf(value: unknown): { number: number; unit: SiUnit } | null {
  if (typeof value === 'number') return { number: value, unit: '' };
  if (typeof value !== 'string') return null;
  for (const [dimension, unit, perSi] of NUMERIC) {
    const result = parseQuantity(dimension, value);
    if ('value' in result) return { number: result.value / perSi, unit };
  }
  return null;
}

function axisOf(part: Part, view: View): SweepAxis {
  const read = part.values.map(numberOf);
  const unit = read.find((r) => r !== null)?.unit ?? '';
  return {
    path: part.text,
    unit,
    values: part.values.map((_, i) => valueText(part, i, view)),
    numbers: read.map((r) => (r !== null && r.unit === unit ? r.number : null)),
  };
}

/** How many combinations a sweep has. */
export function combinationCount(sweep: Sweep): number {
  return sweep.groups.reduce((product, group) => product * group[0]!.values.length, 1);
}

/** All combinations, the last axis turning fastest. */
export function* combinations(sweep: Sweep): Generator<readonly Substitution[]> {
  const { groups } = sweep;
  const indices = groups.map(() => 0);
  for (;;) {
    yield groups.flatMap((group, g) => group.map((part) => ({ part, index: indices[g]! })));
    let g = groups.length - 1;
    while (g >= 0 && ++indices[g]! === groups[g]![0]!.values.length) indices[g--] = 0;
    if (g < 0) return;
  }
}

/** The view of one combination. Files of accel-config are put in place first, so that paths into them exist. */
export function substitute(view: View, combination: readonly Substitution[]): View {
  return combination.reduce((result, { part, index }) => {
    const values = under(view, [...part.at, index]);
    return result.with(part.values[index], {
      path: part.path,
      origin: 'sweep',
      text: part.text,
      // The key of the whole is the path in the sweep; all else is inside the value.
      locator: {
        ...values,
        locate: (path, side) =>
          path.length === 0 && side === 'key' ? view.locate(part.at, 'key') : values.locate(path, side),
      },
    });
  }, view);
}
