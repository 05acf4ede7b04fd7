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
import { LastMade } from './last-made.js';
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
  const common = new Common();
  const own = new Map<string, Common>();
  const taking = new PartByPart((flat, part, design) => {
    common.take(flat, part);
    let its = own.get(design);
    if (its === undefined) {
      its = new Common();
      own.set(design, its);
    }
    its.take(flat, part);
  });
  for (const point of points) taking.of(point);
  const shared = common.settings();
  const byDesign: Settings['designs'] = {};
  for (const [id, its] of own) {
    const rest = without(its.settings(), shared);
    if (Object.keys(rest).length > 0) byDesign[id] = rest;
  }
  const known = Object.assign({}, ...designs.map(mechanisms));
  return {
    common: { ...shared, ...known },
    designs: byDesign,
    points: new StreamedRecord(function* () {
      const remaining = new PartByPart((flat, _, design) => without(flat, shared, byDesign[design]));
      for (const point of points) {
        const rest: FlatSettings = Object.assign({}, ...remaining.of(point));
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

/** Parts of a configuration, in the order in which their settings stand. */
const PARTS = ['parameters', 'devices', 'tenants', 'measure', 'lifecycle', 'semantics'] as const;
type Part = (typeof PARTS)[number];

function flatten(part: Part, config: MachineConfig): FlatSettings {
  const flat: FlatSettings = {};
  if (part === 'parameters') constants(config.parameters, flat);
  else if (part === 'tenants') {
    for (const { name, ...tenant } of config.tenants) visit(tenant, `tenants.${name}`, flat);
  } else visit(config[part], part, flat);
  return flat;
}

/**
 * Makes something of each part of points that pass by. A part that the design's point before had as well (the very
 * object, as points of a large sweep share them) is not gone through again.
 */
class PartByPart<T> {
  readonly #made = new LastMade<T>();

  constructor(private readonly make: (flat: FlatSettings, part: Part, design: string) => T) {}

  /** What was made of the point's parts, in their order. */
  of({ design, config }: Point): T[] {
    return PARTS.map((part) =>
      this.#made.of(`${part} ${design}`, config[part], () => this.make(flatten(part, config), part, design)),
    );
  }
}

/** What all of the settings that it took have in common. */
class Common {
  readonly #parts = new Map<Part, FlatSettings>();

  take(flat: FlatSettings, part: Part): void {
    const known = this.#parts.get(part);
    if (known === undefined) this.#parts.set(part, { ...flat });
    else keepShared(known, flat);
  }

  settings(): FlatSettings {
    return Object.assign({}, ...PARTS.map((part) => this.#parts.get(part)));
  }
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
