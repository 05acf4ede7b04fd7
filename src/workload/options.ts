/** Values that the command line puts in the place of those in the file. */
import { type Diagnostic, diagnostic, type SourceText } from './diagnostics.js';
import { isMap, pathText, startsWith } from './path.js';
import { resolvePath } from './resolve-path.js';
import { readYaml } from './source.js';
import type { Sweep } from './sweep.js';
import type { View } from './view.js';

/** What the command line can replace. */
export interface Replacements {
  /** Paths and values as written: `tenants.guest.batch`, `32`. Later ones win. */
  readonly overrides?: readonly (readonly [path: string, value: string])[];
  readonly seed?: number;
  readonly replications?: number;
}

/**
 * The view with everything replaced, collecting paths that do not exist and values that cannot be read.
 * @param expand puts the devices of accel-config files in place, so that paths into them exist
 */
export function applyReplacements(
  view: View,
  options: Replacements,
  into: Diagnostic[],
  expand: (view: View) => View,
): View {
  let result = view;
  for (const [path, value] of options.overrides ?? []) {
    if (/^devices[.[]/.test(path) && !path.endsWith('.accel_config')) result = expand(result);
    result = replace(result, { name: '--set', text: `${path}=${value}` }, path, path.length + 1, into);
  }
  const named = {
    '--seed': ['seed', options.seed],
    '--replications': ['measure.replications', options.replications],
  } as const;
  for (const [name, [path, value]] of Object.entries(named)) {
    if (value !== undefined) result = replace(result, { name, text: String(value) }, path, 0, into);
  }
  return result;
}

/**
 * Says of every option what the sweep puts another value in the place of: of its whole, or of a part of it. A sweep is
 * never silently stronger, and the option cannot drop the axis, by whose name gates and conclusions call their points.
 * @param view with the options applied
 */
export function checkAgainstSweep(view: View, sweep: Sweep, into: Diagnostic[]): void {
  const options = view.overlays.filter(({ origin }) => origin === 'option');
  for (const group of sweep.groups) {
    for (const part of group) {
      for (const { path, text, locator } of options) {
        const isLost = startsWith(path, part.path);
        const isPartLost = startsWith(part.path, path) && locator.has(part.path.slice(path.length));
        if (!isLost && !isPartLost) continue;
        const whole = path.length === part.path.length && group.length === 1;
        const written = whole ? locator.written([]) : undefined;
        const values = {
          path: text,
          axis: part.text,
          place: pathText(part.at),
          values: `[${written ?? '…'}]`,
        };
        into.push(diagnostic(isLost ? 'W025' : 'W026', locator.locate([], 'key'), values));
      }
    }
  }
}

/** What YAML reads as nothing at all, not even as `null`. */
const BLANK = /^\s*(#.*)?$/;

function replace(view: View, source: SourceText, path: string, valueAt: number, into: Diagnostic[]): View {
  if (!isMap(view.value)) return view;
  const keySpan = { source, start: 0, end: valueAt === 0 ? source.text.length : path.length };
  const resolved = resolvePath(view.value, path);
  if (!('path' in resolved)) {
    into.push(diagnostic('W023', keySpan, { path, hint: resolved.hint }, resolved.suggestion));
    return view;
  }
  if (valueAt > 0 && BLANK.test(source.text.slice(valueAt))) {
    into.push(diagnostic('W024', keySpan, { path }));
    return view;
  }
  const value = readYaml(source, valueAt, into);
  if (value === null) return view;
  return view.with(value.value, {
    path: resolved.path,
    origin: 'option',
    text: path,
    locator: {
      locate: (inner, part) => (inner.length === 0 && part === 'key' ? keySpan : value.locate(inner, part)),
      has: (inner) => value.has(inner),
      written: (inner) => value.written(inner),
    },
  });
}
