/** A workload's points: every combination of its sweep, and in each every design. */
import { OPCODE, operationRule } from '../core/operations.js';
import type { MachineConfig } from '../models/config.js';
import { PARAMETERS, type ParameterValues, parameterValues } from '../models/parameters.js';
import { type Design, userDriver } from '../models/virtualization/design.js';
import { driverMisfit } from '../models/virtualization/driver-fit.js';
import { type ChosenDesign, viewOfDesign } from './designs.js';
import { type Diagnostic, diagnostic } from './diagnostics.js';
import type { Files } from './files.js';
import type { DeviceImporter } from './import-devices.js';
import { type Shaped, shapeOf } from './issues.js';
import { machineConfig } from './machine.js';
import { PointPacker } from './packed-points.js';
import { pathText, startsWith } from './path.js';
import { type DeviceLimits, deviceLimits, type Preset, presetByName } from './presets.js';
import type { WorkloadDocument } from './schema.js';
import { OPERATION_NAMES } from './schema-device.js';
import {
  combinationCount,
  combinations,
  type Substitution,
  type Sweep,
  substitute,
  valueText,
} from './sweep.js';
import { readTrace } from './trace.js';
import { validateConstants, validateLocking } from './validate-constants.js';
import { validateDevices } from './validate-devices.js';
import { validateLifecycle } from './validate-lifecycle.js';
import { validateTenants } from './validate-tenants.js';
import type { View } from './view.js';
import type { Point, Workload } from './workload.js';

/**
 * The points of a workload in their order: combinations of the sweep with the first axis outermost, and in each the
 * designs as listed.
 */
export function expandPoints(workload: Workload): readonly Point[] {
  return workload.points;
}

/** A document's preset with the document's own constants, in internal units. */
export function constantsOf(document: WorkloadDocument): Record<string, number> {
  const { set } = platformOf(document);
  const own = Object.entries(set).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return { ...presetOf(document).constants, ...Object.fromEntries(own) };
}

/** The preset of a document. */
export function presetOf(document: WorkloadDocument): Preset {
  return presetByName(platformOf(document).preset);
}

function platformOf(document: WorkloadDocument) {
  const { platform } = document;
  return typeof platform === 'string' ? { preset: platform, set: {} } : platform;
}

/** How far a sweep is gone through, in points. */
export interface ExpansionStep {
  done: number;
  total: number;
}

/** Points that are kept as they are; more of them are packed. */
const PLAIN_POINTS = 500;

/** Builds and checks all points. */
export class Expander {
  readonly points: Point[] = [];
  /** Packs the points of a large sweep; null while there are few. */
  private packer: PointPacker | null = null;
  private readonly traces = new Map<string, readonly number[]>();
  private readonly parameterSets = new Map<string, ParameterValues>();

  constructor(
    private readonly files: Files,
    private readonly importer: DeviceImporter,
    private readonly into: Diagnostic[],
  ) {}

  /** Expands a sweep over a view, place by place; each problem is collected as often as a point meets it. */
  *expand(view: View, sweep: Sweep, designs: readonly ChosenDesign[]): Generator<ExpansionStep, void> {
    this.warnOfIdleAxes(view, sweep, designs);
    const total = combinationCount(sweep) * designs.length;
    if (total > PLAIN_POINTS) this.packer = new PointPacker(pointKey);
    let done = 0;
    for (const combination of combinations(sweep)) {
      const swept = substitute(view, combination);
      const shared = this.importer.expand(swept);
      const shaped = shapeOf(shared);
      const { document, problems } = shaped;
      this.into.push(...problems);
      const at = Object.fromEntries(
        combination.map(({ part, index }) => [part.text, valueText(part, index, view)]),
      );
      if (designs.length === 0 && document !== null) {
        this.check(shared, shaped, document, null, deviceLimits(this.values(constantsOf(document))));
      }
      for (const chosen of designs) {
        const own = chosen.replaces.length === 0 ? shared : this.importer.expand(viewOfDesign(swept, chosen));
        this.point(own, own === shared ? shaped : this.ownShape(own, problems.length > 0), chosen, at);
      }
      done += designs.length;
      yield { done, total };
    }
  }

  /** The document as a design replaces parts of it; problems of the whole have been reported as such. */
  private ownShape(view: View, reported: boolean): Shaped {
    const shaped = shapeOf(view);
    if (!reported) this.into.push(...shaped.problems);
    return shaped;
  }

  private point(view: View, shaped: Shaped, chosen: ChosenDesign, at: Record<string, string>): void {
    const { document } = shaped;
    if (document === null) return;
    const { design } = chosen;
    const values = this.values({ ...constantsOf(document), ...chosen.set });
    const limits = deviceLimits(values);
    this.check(view, shaped, document, design, limits);
    const arrivals = (path: string): readonly number[] => this.traces.get(path) ?? [];
    const config = machineConfig(document, { design, values, limits, arrivals });
    this.into.push(...validateConstants(config, chosen, view));
    // Of what was refused something else stands in its place.
    if (shaped.other === null) this.into.push(...validateLocking(config, chosen, view));
    this.checkFit(view, config);
    const point = { key: pointKey(design.id, at), design: design.id, at, config };
    this.points.push(this.packer?.pack(point) ?? point);
  }

  /** Collects what is wrong with a document, whatever stands in for what was refused before. */
  private check(
    view: View,
    { other }: Shaped,
    document: WorkloadDocument,
    design: Design | null,
    limits: DeviceLimits,
  ): void {
    const found = this.problemsOf(document, view, limits, design);
    if (other === null) this.into.push(...found);
    else {
      const again = this.problemsOf(other, view, limits, design).map(({ code, message }) => code + message);
      this.into.push(...found.filter(({ code, message }) => again.includes(code + message)));
    }
    document.tenants.forEach((tenant, i) => {
      if (tenant.load.trace !== undefined) this.trace(tenant.load.trace, view, i);
    });
  }

  private problemsOf(
    document: WorkloadDocument,
    view: View,
    limits: DeviceLimits,
    design: Design | null,
  ): Diagnostic[] {
    const preset = presetOf(document);
    const { devices, tenants } = document;
    const operations = OPERATION_NAMES.filter(
      (name) => operationRule(OPCODE[name])!.generation <= preset.generation,
    );
    const incomplete = this.importer.failed || devices.some((device) => device.groups === undefined);
    return [
      ...validateDevices(devices, { view, preset, limits, operations }),
      ...validateTenants(tenants, { view, preset, design, devices, incomplete }),
      ...validateLifecycle(document, view),
    ];
  }

  /** A driver that configures the device by itself may make another of it; only what can be a device is tried. */
  private checkFit(view: View, { design, devices, parameters }: MachineConfig): void {
    if (userDriver(design) === null || this.into.some(({ severity }) => severity === 'error')) return;
    devices.forEach((device, i) => {
      const reason = driverMisfit(device, design, parameters);
      if (reason === null) return;
      const path = ['devices', i];
      const values = { path: pathText(path), design: design.id, reason };
      this.into.push(diagnostic('W056', view.locate(path), values));
    });
  }

  private trace(path: string, view: View, tenant: number): void {
    if (this.traces.has(path)) return;
    const at = ['tenants', tenant, 'load', 'trace'];
    const source = this.files.named(path, view.locate(at), this.into);
    this.traces.set(path, source === null ? [] : readTrace(source, pathText(at), this.into));
  }

  /** Points with equal constants share one record. */
  private values(constants: Readonly<Record<string, number>>): ParameterValues {
    const key = PARAMETERS.map((p) => constants[p.name] ?? '').join(' ');
    let values = this.parameterSets.get(key);
    if (values === undefined) {
      values = parameterValues(constants);
      this.parameterSets.set(key, values);
    }
    return values;
  }

  /** A design with devices of its own does not follow an axis that moves those of the workload. */
  private warnOfIdleAxes(view: View, sweep: Sweep, designs: readonly ChosenDesign[]): void {
    for (const part of sweep.groups.flat()) {
      for (const { design, replaces } of designs) {
        const replaced = replaces.find(({ path }) => startsWith(part.path, path));
        if (replaced === undefined) continue;
        const values = { path: part.text, design: design.id, part: pathText(replaced.path) };
        this.into.push(diagnostic('W087', view.locate(part.at, 'key'), values));
      }
    }
  }
}

/** The key of a point: `mdev`, or `mdev @ tenants.guest.batch=8, platform.set.engine.bandwidth=30GB/s`. */
function pointKey(design: string, at: Readonly<Record<string, string>>): string {
  const places = Object.entries(at).map(([path, text]) => `${path}=${text}`);
  return places.length === 0 ? design : `${design} @ ${places.join(', ')}`;
}

/** The combination that stands first, for what does not depend on the sweep. */
export function firstCombination(sweep: Sweep): readonly Substitution[] {
  return combinations(sweep).next().value ?? [];
}
