/** A small valid workload whose sections a test replaces, and what loading the result says. */
import { type Diagnostic, WorkloadError } from '../../src/workload/diagnostics.js';
import { type LoadOptions, loadWorkload } from '../../src/workload/load.js';
import type { Workload } from '../../src/workload/workload.js';

const FILE = 'probe.yaml';

const SECTIONS = {
  name: 'name: probe',
  platform: 'platform: spr',
  devices: 'devices: [{ groups: [{ engines: 1, work_queues: [{ name: q, mode: shared, size: 16 }] }] }]',
  designs: 'designs: [native-cdev]',
  tenants:
    'tenants: [{ name: guest, work_queue: q, load: { closed: { depth: 4 } }, operations: { op: memmove, size: 4KiB } }]',
  measure: 'measure: { warmup: 1us, duration: 10us, replications: 2 }',
};

/** Sections by name; an empty text leaves one out. Names that the base does not have go to the end. */
export type Sections = Readonly<Record<string, string>>;

export function yaml(changes: Sections = {}): string {
  return Object.values({ ...SECTIONS, ...changes })
    .filter((section) => section !== '')
    .map((section) => `${section}\n`)
    .join('');
}

/** One device with the work queues written as flow maps. */
export function queues(...list: string[]): string {
  return `devices: [{ groups: [{ engines: 1, work_queues: [${list.join(', ')}] }] }]`;
}

/** One tenant: the base one with keys replaced or added. */
export function tenant(keys: Readonly<Record<string, string>> = {}): string {
  const all = {
    name: 'guest',
    work_queue: 'q',
    load: '{ closed: { depth: 4 } }',
    operations: '{ op: memmove, size: 4KiB }',
    ...keys,
  };
  const pairs = Object.entries(all).filter(([, value]) => value !== '');
  return `tenants: [{ ${pairs.map(([key, value]) => `${key}: ${value}`).join(', ')} }]`;
}

export type Files = Readonly<Record<string, string>>;

function readerOf(text: string, files: Files) {
  return (path: string): string => {
    const found = path === FILE ? text : files[path];
    if (found !== undefined) return found;
    throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
  };
}

export function load(text: string, files: Files = {}, options: LoadOptions = {}): Workload {
  return loadWorkload(FILE, { ...options, readFile: readerOf(text, files) });
}

/** Everything that loading finds, errors and warnings. */
export function problemsOf(
  text: string,
  files: Files = {},
  options: LoadOptions = {},
): readonly Diagnostic[] {
  try {
    return load(text, files, options).warnings;
  } catch (error) {
    if (error instanceof WorkloadError) return error.diagnostics;
    throw error;
  }
}

/** The text that a diagnostic points at. */
export function pointedAt(d: Diagnostic): string {
  return d.span === null ? '' : d.span.source.text.slice(d.span.start, d.span.end);
}
