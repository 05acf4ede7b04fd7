/** What loading a workload gives: everything resolved, each design at each point a machine to simulate. */
import type { MachineConfig } from '../models/config.js';
import type { ParameterValues } from '../models/parameters.js';
import type { Design } from '../models/virtualization/design.js';
import type { Conclusion } from './conclusion.js';
import type { Diagnostic } from './diagnostics.js';
import type { Gate } from './gate.js';
import type { PresetName } from './presets.js';
import type { WorkloadDocument } from './schema.js';
import type { SweepAxis } from './sweep.js';
import type { View } from './view.js';

/** One design at one place of the sweep. */
export interface Point {
  /** Unique in the workload and stable: the design, then where it stands in the sweep. */
  readonly key: string;
  /** The design's id. */
  readonly design: string;
  /** Sweep path to the value's text as written, in the order of the axes. */
  readonly at: Readonly<Record<string, string>>;
  readonly config: MachineConfig;
}

/** What is measured, as the workload asks for it at its first point. */
export interface Measure {
  /** Load before the measurement [ps]; null when it is to be found by a trial run. */
  readonly warmupPs: number | null;
  readonly durationPs: number;
  /** Replications of each point, or the first of them when `until` asks for more. */
  readonly replications: number;
  /** Adds replications until intervals are this narrow; null for a fixed number. */
  readonly until: { readonly relativeHalfWidth: number; readonly max: number } | null;
}

/** A workload that passed all checks. */
export interface Workload {
  /** As it was given to `loadWorkload`. */
  readonly file: string;
  readonly name: string;
  readonly description: string;
  readonly seed: number;
  readonly preset: PresetName;
  readonly semantics: 'bytes' | 'timing';
  readonly measure: Measure;
  /** Axes of the sweep, the outermost first. */
  readonly sweep: readonly SweepAxis[];
  /** Designs in the order in which they are listed. */
  readonly designs: readonly Design[];
  /** Constants of the platform, before a sweep or a design replaces some. */
  readonly parameters: ParameterValues;
  readonly gate: Gate;
  /** What it settles, or null where it does not say. */
  readonly conclusion: Conclusion | null;
  readonly points: readonly Point[];
  readonly warnings: readonly Diagnostic[];
  /** The first point's document and where its values were written, for `describeResolved`. */
  readonly resolved: { readonly document: WorkloadDocument; readonly view: View };
}
