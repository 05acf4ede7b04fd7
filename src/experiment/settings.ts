/**
 * What was simulated, value by value: constants, devices, tenants and mechanisms of every point as flat paths, so that
 * two runs can say what differs between them with the old value and the new one. Values that all points share are kept
 * once, those of a design once, and only the rest with its point.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { MachineConfig } from '../models/config.js';
import { PARAMETERS, type ParameterValues } from '../models/parameters.js';
import type { Design } from '../models/virtualization/design.js';
import { SI_UNIT, toSi } from '../workload/internal.js';
import type { Point } from '../workload/workload.js';
import { StreamedRecord, whole } from './stream.js';

/** A value with the SI unit that it is in; '' for numbers without one and for words. */
export const settingSchema = z.strictObject({
  value: z.union([z.number(), z.string(), z.boolean(), z.null()]),
  unit: z.string(),
});

const flatSchema = z.record(z.string(), settingSchema);

/** Settings of all points; a point has those of `common`, of its design and of its key. */
export const settingsSchema = z.strictObject({
  common: flatSchema,
  designs: z.record(z.string(), flatSchema),
  points: z.record(z.string(), flatSchema),
});

export type Setting = z.infer<typeof settingSchema>;
/** Path to value. */
export type FlatSettings = Record<string, Setting>;
export type Settings = z.infer<typeof settingsSchema>;
/** The same, with what belongs to single points made when it is read. */
export type StreamedSettings = Omit<Settings, 'points'> & { points: StreamedRecord<FlatSettings> };

/** Longest list of plain values that is written out; a longer one (a trace) is told by its digest. */
const LIST_SHOWN = 16;

/** The settings of points, in the order of their machines' configuration. */
export function settingsOf(points: readonly Point[], designs: readonly Design[]): Settings {
  return whole<Settings>(streamedSettings(points, designs));
}

/** The same, with what belongs to single points made as it is read. */
export function streamedSettings(points: readonly Point[], designs: readonly Design[]): StreamedSettings {
  let common: FlatSettings | null = null;
  const own = new Map<string, FlatSettings>();
  for (const point of points) {
    const flat = flatten(point.config);
    const its = own.get(point.design);
    if (its === undefined) own.set(point.design, { ...flat });
    else keepShared(its, flat);
    if (common === null) common = flat;
    else keepShared(common, flat);
  }
  const shared = common ?? {};
  const byDesign: Settings['designs'] = {};
  for (const [id, its] of own) {
    const rest = without(its, shared);
    if (Object.keys(rest).length > 0) byDesign[id] = rest;
  }
  const known = Object.assign({}, ...designs.map(mechanisms));
  return {
    common: { ...shared, ...known },
    designs: byDesign,
    points: new StreamedRecord(function* () {
      for (const point of points) {
        const rest = without(flatten(point.config), shared, byDesign[point.design]);
        if (Object.keys(rest).length > 0) yield [point.key, rest];
      }
    }),
  };
}

/** Everything that holds at one point. */
export function settingsAt(settings: Settings, design: string, key: string): FlatSettings {
  return { ...settings.common, ...settings.designs[design], ...settings.points[key] };
}

/** The design's axes; the words about it are left out, since correcting a sentence changes no result. */
function mechanisms(design: Design): FlatSettings {
  const {
    summary: _,
    notices: __,
    sources: ___,
    status: ____,
    family: _____,
    code: ______,
    id,
    ...axes
  } = design;
  const flat: FlatSettings = {};
  visit(axes, `designs.${id}`, flat);
  return flat;
}

function flatten(config: MachineConfig): FlatSettings {
  const flat: FlatSettings = {};
  const { parameters, devices, tenants, measure, lifecycle, semantics } = config;
  constants(parameters, flat);
  visit(devices, 'devices', flat);
  for (const { name, ...tenant } of tenants) visit(tenant, `tenants.${name}`, flat);
  visit({ ...measure }, 'measure', flat);
  visit(lifecycle, 'lifecycle', flat);
  visit(semantics, 'semantics', flat);
  return flat;
}

function constants(values: ParameterValues, flat: FlatSettings): void {
  for (const { name, dimension } of PARAMETERS) {
    flat[`platform.set.${name}`] = { value: toSi(dimension, values[name]), unit: SI_UNIT[dimension] };
  }
}

/** Writes a value under its path; a list of plain values is one text. */
function visit(value: unknown, path: string, flat: FlatSettings): void {
  if (value === undefined) return;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object')) flat[path] = { value: listText(value), unit: '' };
    else for (const [i, item] of value.entries()) visit(item, `${path}[${i}]`, flat);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      const { name, unit, scale } = quantityOf(key);
      const scaled = typeof child === 'number' ? child / scale : child;
      if (typeof child === 'object' && child !== null) visit(child, `${path}.${name}`, flat);
      else if (child !== undefined) flat[`${path}.${name}`] = { value: scaled as Setting['value'], unit };
    }
  } else flat[path] = { value: value as Setting['value'], unit: '' };
}

/** A name as workloads spell it, and the unit of its values, which are `scale` times as large inside. */
interface Quantity {
  readonly name: string;
  readonly unit: string;
  readonly scale: number;
}

/** By the names that configurations have inside, of which there are some dozens, asked for at every point. */
const quantities = new Map<string, Quantity>();

/** The workload's spelling of a name and the SI unit that its ending tells: `durationPs`, `maxTransferBytes`. */
function quantityOf(key: string): Quantity {
  const known = quantities.get(key);
  if (known !== undefined) return known;
  const quantity = readQuantity(key);
  quantities.set(key, quantity);
  return quantity;
}

function readQuantity(key: string): Quantity {
  const [, stem, ending] = /^(.*?)(Ps|Bytes|PerSecond)?$/.exec(key)!;
  const name = (stem === '' ? key : stem!).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (ending === 'Ps') return { name, unit: 's', scale: 1e12 };
  if (ending === 'Bytes') return { name, unit: 'B', scale: 1 };
  return { name, unit: ending === 'PerSecond' ? '1/s' : '', scale: 1 };
}

function listText(items: readonly unknown[]): string {
  if (items.length <= LIST_SHOWN) return items.join(', ');
  const digest = createHash('sha256').update(JSON.stringify(items)).digest('hex').slice(0, 16);
  return `${items.length} values, ${digest}`;
}

/** Removes what another does not have, or has with another value. */
function keepShared(from: FlatSettings, other: FlatSettings): void {
  for (const path of Object.keys(from)) {
    if (other[path]?.value !== from[path]!.value) delete from[path];
  }
}

/** What of some settings does not stand in others. */
function without(all: FlatSettings, some: FlatSettings, more: FlatSettings = {}): FlatSettings {
  const rest: FlatSettings = {};
  for (const path of Object.keys(all)) {
    if (some[path] === undefined && more[path] === undefined) rest[path] = all[path]!;
  }
  return rest;
}
