/** The `designs` of a workload: known ones by name, and variants of them. */
import { parameterDeclaration } from '../models/parameters.js';
import { type Design, userDriver } from '../models/virtualization/design.js';
import { DESIGNS, designById } from '../models/virtualization/designs.js';
import { designVerdict } from '../models/virtualization/validity.js';
import { type Diagnostic, diagnostic, diagnosticNear } from './diagnostics.js';
import { internalText } from './internal.js';
import { isMap, type Path, pathText, valueAt } from './path.js';
import type { DesignVariant, WorkloadDocument } from './schema.js';
import { under, type View } from './view.js';

/** A design of the workload and what it replaces. */
export interface ChosenDesign {
  readonly design: Design;
  /** Constants that this design replaces, in internal units. */
  readonly set: Readonly<Record<string, number>>;
  /** Where it is listed. */
  readonly path: Path;
  /** Paths of the workload that this design replaces, and where its own values stand. */
  readonly replaces: readonly { readonly path: Path; readonly at: Path }[];
}

const AXES = ['guest', 'control', 'data', 'translation', 'lifecycle', 'mapping', 'suspend'] as const;

/** Axes on which every choice that can exist has shipped for a function that is handed out whole, as `driver` has. */
const SHIPPED_CHOICES: ReadonlySet<string> = new Set(['guest', 'mapping']);

/** Reads the designs, collecting unknown, repeated and impossible ones. */
export function readDesigns(document: WorkloadDocument, view: View, into: Diagnostic[]): ChosenDesign[] {
  const listed = typeof document.designs === 'string' ? [document.designs] : document.designs;
  const seen = new Set<string>();
  const chosen: ChosenDesign[] = [];
  listed.forEach((entry, i) => {
    const path: Path = typeof document.designs === 'string' ? ['designs'] : ['designs', i];
    const variant: Partial<DesignVariant> = typeof entry === 'string' ? { like: entry } : entry;
    const base = baseOf(variant, typeof entry === 'string' ? path : [...path, 'like'], path, view, into);
    if (base === null) return;
    const design = designOf(base, variant);
    const idAt = typeof entry === 'string' ? path : [...path, variant.id === undefined ? 'like' : 'id'];
    if (seen.has(design.id)) {
      into.push(diagnostic('W052', view.locate(idAt), { path: pathText(path), id: design.id }));
      return;
    }
    seen.add(design.id);
    const { verdict, reasons } = designVerdict(design);
    if (verdict === 'refused') {
      const values = { path: pathText(path), id: design.id, reason: reasons.join('; ') };
      into.push(diagnostic('W054', view.locate(idAt), values));
      return;
    }
    chosen.push({
      design,
      set: constantsOf(variant.set),
      path,
      replaces: replacements(variant, path, document, view, into),
    });
  });
  return chosen;
}

function constantsOf(set: object | undefined): Record<string, number> {
  return Object.fromEntries(Object.entries(set ?? {}).filter(([, value]) => value !== undefined));
}

function baseOf(
  variant: Partial<DesignVariant>,
  likeAt: Path,
  path: Path,
  view: View,
  into: Diagnostic[],
): Design | null {
  const name = variant.like ?? variant.id;
  const known = DESIGNS.map((d) => d.id);
  if (name === undefined) {
    into.push(
      diagnostic('W011', view.locate(path), {
        path: `${pathText(path)}.like`,
        expected: 'the design it starts from',
      }),
    );
    return null;
  }
  const base = designById(name);
  if (base !== undefined) return base;
  if (variant.like === undefined) {
    into.push(
      diagnosticNear('W053', view.locate([...path, 'id']), { path: pathText(path), id: name }, name, known),
    );
  } else {
    const values = { path: pathText(likeAt), name, known: known.join(', ') };
    into.push(diagnosticNear('W051', view.locate(likeAt), values, name, known));
  }
  return null;
}

/** The design with the variant's mechanisms; one that differs in a mechanism is hypothetical, unless that has shipped too. */
function designOf(base: Design, variant: Partial<DesignVariant>): Design {
  const design: Design = { ...base, id: variant.id ?? base.id };
  const changes: string[] = [];
  let unproven = false;
  for (const axis of AXES) {
    const value = variant[axis];
    if (value === undefined || value === base[axis]) continue;
    Object.assign(design, { [axis]: value });
    changes.push(`${axis} ${value}`);
    if (!SHIPPED_CHOICES.has(axis)) unproven = true;
  }
  const { driver } = variant;
  if (driver !== undefined && driver !== (base.driver ?? 'idxd')) {
    design.driver = driver;
    changes.push(`driver ${driver}`);
  }
  const { interrupts } = variant;
  if (userDriver(design) !== null) {
    // What follows from such a driver need not be written; what is written against it is refused.
    design.modes = ['dedicated'];
    if (interrupts === undefined) design.interrupts = { misc: 'none', completion: 'none' };
  }
  if (interrupts !== undefined) {
    const both = typeof interrupts === 'string' ? { misc: interrupts, completion: interrupts } : interrupts;
    const misc = both.misc ?? base.interrupts.misc;
    const completion = both.completion ?? base.interrupts.completion;
    const moved = misc !== base.interrupts.misc || completion !== base.interrupts.completion;
    if (moved && userDriver(design) === null) unproven = true;
    if (misc !== base.interrupts.misc) changes.push(`interrupts.misc ${misc}`);
    if (completion !== base.interrupts.completion) changes.push(`interrupts.completion ${completion}`);
    design.interrupts = { misc, completion };
  }
  const constants = Object.entries(constantsOf(variant.set)).map(([name, value]) => {
    return `${name} ${internalText(parameterDeclaration(name)!.dimension, value)}`;
  });
  if (changes.length > 0 && (unproven || base.allotment !== 'function')) design.status = 'hypothetical';
  if (changes.length + constants.length > 0) {
    design.summary = `As ${base.id}, but ${[...changes, ...constants].join(', ')}.`;
  }
  return design;
}

function replacements(
  variant: Partial<DesignVariant>,
  path: Path,
  document: WorkloadDocument,
  view: View,
  into: Diagnostic[],
): { path: Path; at: Path }[] {
  const found: { path: Path; at: Path }[] = [];
  if (variant.devices !== undefined) found.push({ path: ['devices'], at: [...path, 'devices'] });
  const names = document.tenants.map((tenant) => tenant.name);
  for (const name of Object.keys(variant.tenants ?? {})) {
    const at = [...path, 'tenants', name];
    const index = names.indexOf(name);
    if (index !== -1) found.push({ path: ['tenants', index, 'work_queue'], at: [...at, 'work_queue'] });
    else {
      const values = { path: pathText(at), name, known: names.join(', ') };
      into.push(diagnosticNear('W055', view.locate(at, 'key'), values, name, names));
    }
  }
  return found;
}

/** The workload as a design sees it: with its own devices and queues. */
export function viewOfDesign(view: View, chosen: ChosenDesign): View {
  return chosen.replaces.reduce((result, { path, at }) => {
    const value = valueAt(view.value, at);
    if (value === undefined || !isMap(view.value)) return result;
    return result.with(value, { path, origin: 'design', text: pathText(path), locator: under(view, at) });
  }, view);
}
