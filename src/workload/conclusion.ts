/** The `conclusion` of a workload: a paragraph whose figures the run fills in, and what must hold for it to be true. */
import { METRICS } from '../models/metrics.js';
import { type Diagnostic, diagnostic, diagnosticNear } from './diagnostics.js';
import {
  type Comparison,
  type Expression,
  ExpressionFlaw,
  type Resolve,
  readComparison,
  readSum,
} from './expression.js';
import type { SiUnit } from './format.js';
import { nearest } from './nearest.js';
import { type Path, pathText, startsWith } from './path.js';
import type { WorkloadDocument } from './schema.js';
import type { View } from './view.js';
import type { Point } from './workload.js';

/** A condition; null where this run lacks a point that it speaks of. */
export interface Claim {
  /** As written. */
  readonly text: string;
  readonly comparison: Comparison | null;
}

/** What a workload settles. */
export interface Conclusion {
  /** Words and figures in turn; null where this run lacks a point that they speak of. */
  readonly says: readonly (string | Expression)[] | null;
  readonly holds: readonly Claim[];
}

/** No such point: an error, unless options of the command line left points out. */
class MissingPoint extends Error {
  constructor(
    readonly what: string,
    readonly known: string,
    readonly suggestion: string | undefined,
  ) {
    super(what);
  }
}

/** No such metric. */
class UnknownMetric extends Error {}

/** Reads the conclusion of a workload, collecting what is wrong with it. Points are those of the workload. */
export function readConclusion(
  document: WorkloadDocument,
  points: readonly Pick<Point, 'key' | 'design' | 'at'>[],
  view: View,
  into: Diagnostic[],
): Conclusion | null {
  const { conclusion } = document;
  if (conclusion === undefined) return null;
  const resolve = resolver(document, points);
  // A point may be missing because an option left it out, or because of another mistake, which has been told.
  const narrowed =
    into.some(({ severity }) => severity === 'error') ||
    ['designs', 'sweep', 'tenants'].some((root) =>
      view.overlays.some(({ origin, path }) => origin === 'option' && startsWith(path, [root])),
    );
  /** What `read` makes of a text; null, and a problem told, when it cannot. */
  const attempt = <T>(text: string, path: Path, read: (text: string) => T): T | null => {
    try {
      return read(text);
    } catch (error) {
      const span = view.locate(path);
      const at = pathText(path);
      if (error instanceof UnknownMetric) {
        into.push(diagnosticNear('W090', span, { path: at, name: error.message }, error.message, NAMES));
      } else if (error instanceof MissingPoint) {
        const values = { path: at, what: error.what, known: error.known };
        if (!narrowed) into.push(diagnostic('W093', span, values, error.suggestion));
      } else if (error instanceof ExpressionFlaw) {
        into.push(diagnostic('W092', span, { path: at, text, reason: error.message }));
      } else throw error;
      return null;
    }
  };
  return {
    says: attempt(conclusion.says, ['conclusion', 'says'], (text) => readParagraph(text, resolve)),
    holds: conclusion.holds.map((text, i) => ({
      text,
      comparison: attempt(text, ['conclusion', 'holds', i], (claim) => readComparison(claim, resolve)),
    })),
  };
}

const NAMES = METRICS.map(({ name }) => name);

/** Text with `{expression}` where a figure belongs. */
function readParagraph(text: string, resolve: Resolve): (string | Expression)[] {
  return text.split(/\{([^{}]*)\}/).map((part, i) => (i % 2 === 0 ? part : readSum(part, resolve)));
}

function resolver(
  document: WorkloadDocument,
  points: readonly Pick<Point, 'key' | 'design' | 'at'>[],
): Resolve {
  const designs = [...new Set(points.map(({ design }) => design))];
  const axes = Object.keys(points[0]?.at ?? {});
  return (metric, design, at) => {
    const unit = unitOf(metric, document);
    let found = points.filter((point) => point.design === design);
    if (found.length === 0) {
      throw new MissingPoint(
        `design "${design}"`,
        `designs: ${designs.join(', ')}`,
        nearest(design, designs),
      );
    }
    for (const [name, value] of Object.entries(at)) {
      const ending = axes.filter((axis) => axis === name || axis.endsWith(`.${name}`));
      if (ending.length !== 1) {
        const known = `axes: ${axes.join(', ')}`;
        const what = ending.length === 0 ? `axis "${name}"` : `single axis that ends in "${name}"`;
        throw new MissingPoint(what, known, undefined);
      }
      const axis = ending[0]!;
      const values = [...new Set(points.map((point) => point.at[axis]!))];
      found = found.filter((point) => point.at[axis] === value);
      if (found.length === 0)
        throw new MissingPoint(`${name}=${value}`, `values: ${values.join(', ')}`, undefined);
    }
    if (found.length > 1) {
      throw new ExpressionFlaw(`${metric}(${design}) has ${found.length} points: say which, as ${axes[0]}=…`);
    }
    return { metric, point: found[0]!.key, unit };
  };
}

/** @throws UnknownMetric */
function unitOf(metric: string, document: WorkloadDocument): SiUnit {
  const [root, tenant] = metric.split('.');
  const name = metric.slice(metric.lastIndexOf('.') + 1);
  const known =
    metric === name || (root === 'tenants' && document.tenants.some((each) => each.name === tenant));
  const declaration = known ? METRICS.find((each) => each.name === name) : undefined;
  if (declaration === undefined) throw new UnknownMetric(metric);
  return declaration.unit;
}
