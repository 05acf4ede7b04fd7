/** The `gate` section: metrics that are compared, and limits that must hold, in SI. */
import { METRICS, type MetricDeclaration } from '../models/metrics.js';
import { type Diagnostic, diagnostic, diagnosticNear, type Span } from './diagnostics.js';
import { kindOf } from './fields.js';
import { nearest } from './nearest.js';
import { pathText } from './path.js';
import type { WorkloadDocument } from './schema.js';
import { EXAMPLE, parseQuantity, type QuantityDimension } from './units.js';
import type { View } from './view.js';

/** How one metric is compared with a baseline. */
export interface GateMetric {
  /** Name, also as `tenants.<name>.<metric>`. */
  readonly metric: string;
  readonly better: 'higher' | 'lower' | 'neither';
  /** Relative change that is accepted, as a ratio. */
  readonly tolerance: number;
  /** Change that is accepted, in the metric's SI unit; the larger of the two counts. */
  readonly absolute: number;
  /** Confidence level of the interval of the difference. */
  readonly level: number;
}

/** A bound such as `latency_p99 < 8us`. */
export interface GateBound {
  /** As written. */
  readonly text: string;
  readonly metric: string;
  readonly operator: '<' | '<=' | '>' | '>=';
  /** In the metric's SI unit. */
  readonly value: number;
}

/** What a workload is held to. */
export interface Gate {
  /** Whether the workload has a gate of its own. */
  readonly declared: boolean;
  readonly metrics: readonly GateMetric[];
  readonly limits: readonly GateBound[];
}

const DIMENSION: Readonly<Record<Exclude<MetricDeclaration['unit'], ''>, QuantityDimension>> = {
  s: 'time',
  'B/s': 'bandwidth',
  '1/s': 'rate',
  B: 'size',
};

const LIMIT = /^\s*([\w.-]+)\s*(<=|>=|<|>)\s*(\S.*?)\s*$/;

/** Reads the gate of a workload, collecting what is wrong with it. */
export function readGate(document: WorkloadDocument, view: View, into: Diagnostic[]): Gate {
  if (document.gate === undefined) return { declared: false, metrics: [], limits: [] };
  const reader = new GateReader(document, into);
  const metrics: GateMetric[] = [];
  for (const [name, rule] of Object.entries(document.gate.metrics)) {
    const path = ['gate', 'metrics', name];
    const declaration = reader.metric(name, pathText(path), view.locate(path, 'key'));
    if (declaration === undefined) continue;
    const better = rule.better ?? declaration.better;
    const at = [...path, 'abs'];
    const absolute =
      rule.abs === undefined ? 0 : (reader.value(rule.abs, declaration, pathText(at), view.locate(at)) ?? 0);
    metrics.push({ metric: name, better, tolerance: rule.tolerance, absolute, level: rule.level });
  }
  const limits = document.gate.limits.flatMap((text, i) => {
    const path = ['gate', 'limits', i];
    return reader.limit(text, pathText(path), view.locate(path));
  });
  return { declared: true, metrics, limits };
}

class GateReader {
  private readonly names: readonly string[];

  constructor(
    document: WorkloadDocument,
    private readonly into: Diagnostic[],
  ) {
    const plain = METRICS.map((m) => m.name);
    this.names = [
      ...plain,
      ...document.tenants.flatMap((t) => plain.map((name) => `tenants.${t.name}.${name}`)),
    ];
  }

  metric(name: string, path: string, span: Span): MetricDeclaration | undefined {
    if (this.names.includes(name)) return METRICS.find((m) => m.name === name.split('.').at(-1));
    this.into.push(diagnosticNear('W090', span, { path, name }, name, this.names));
    return undefined;
  }

  /** A value in the unit of a metric [SI]. */
  value(written: string | number, metric: MetricDeclaration, path: string, span: Span): number | undefined {
    if (metric.unit === '') {
      const percent = parseQuantity('percent', written);
      const value = 'value' in percent ? percent.value : Number(written);
      if (Number.isFinite(value)) return value;
      const values = { path, expected: 'a number or a percentage', found: kindOf(written) };
      this.into.push(diagnostic('W013', span, values));
      return undefined;
    }
    const dimension = DIMENSION[metric.unit];
    const result = parseQuantity(dimension, written);
    if ('value' in result) return dimension === 'time' ? result.value / 1e12 : result.value;
    if (result.problem === 'bare')
      this.into.push(diagnostic('W015', span, { path, example: result.example }));
    else if (result.problem === 'unit') {
      const near = nearest(result.unit, result.allowed);
      const values = { path, unit: result.unit, dimension: metric.name, allowed: result.allowed.join(' ') };
      this.into.push(diagnostic('W016', span, values, near));
    } else {
      const values = { path, dimension: metric.name, found: kindOf(written), example: EXAMPLE[dimension] };
      this.into.push(diagnostic('W017', span, values));
    }
    return undefined;
  }

  limit(text: string, path: string, span: Span): GateBound[] {
    const match = LIMIT.exec(text);
    if (match === null) {
      this.into.push(diagnostic('W091', span, { path, text }));
      return [];
    }
    const [, metric, operator, written] = match;
    const declaration = this.metric(metric!, path, span);
    const value = declaration === undefined ? undefined : this.value(written!, declaration, path, span);
    if (value === undefined) return [];
    return [{ text, metric: metric!, operator: operator as GateBound['operator'], value }];
  }
}
