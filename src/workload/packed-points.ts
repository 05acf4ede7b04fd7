/**
 * The points of a large sweep in a few bytes each. What points have in common (constants, designs, devices, tenants,
 * values of the axes) is kept once; a point is a row of small numbers and becomes a machine when it is asked.
 */
import type { MachineConfig } from '../models/config.js';
import { PackedColumn } from './packed-columns.js';
import { PackedPart, takeApart } from './packed-parts.js';
import type { Point } from './workload.js';

/** Parts of a configuration beside constants and design, in the order in which `machineConfig` builds them. */
const PARTS = ['devices', 'tenants', 'measure', 'lifecycle', 'semantics', 'seed'] as const;
/** Fails to compile when a configuration has a part that is not listed. */
const _allParts: Exclude<keyof MachineConfig, 'parameters' | 'design' | (typeof PARTS)[number]> extends never
  ? true
  : never = true;
void _allParts;

/** Makes the key of a point. */
type KeyOf = (design: string, at: Point['at']) => string;

/** Takes points and gives them back packed. */
export class PointPacker {
  /** By the shape of the points in them; a sweep has few. */
  readonly #tables = new Map<string, PointTable>();

  constructor(private readonly keyOf: KeyOf) {}

  /** Packs a point. */
  pack({ at, config }: Point): Point {
    const leaves: unknown[] = [];
    const shapes = PARTS.map((name) => takeApart(config[name], leaves));
    const shape = JSON.stringify([shapes, Object.keys(at)]);
    let table = this.#tables.get(shape);
    if (table === undefined) {
      table = new PointTable(this.keyOf, shapes, Object.keys(at));
      this.#tables.set(shape, table);
    }
    return new PackedPoint(table, table.add(config, leaves, at));
  }
}

/** Points of one shape, a row each. */
class PointTable {
  readonly #designs = new PackedColumn();
  readonly #parameters = new PackedColumn();
  readonly #parts: readonly PackedPart[];
  readonly #places: readonly PackedColumn[];
  #rows = 0;

  constructor(
    private readonly keyOf: KeyOf,
    shapes: readonly string[],
    private readonly axes: readonly string[],
  ) {
    this.#parts = shapes.map((shape) => new PackedPart(shape));
    this.#places = axes.map(() => new PackedColumn());
  }

  /** @returns the row of the point */
  add({ design, parameters }: MachineConfig, leaves: readonly unknown[], at: Point['at']): number {
    this.#designs.push(design);
    this.#parameters.push(parameters);
    this.#parts.reduce((from, part) => part.push(leaves, from), 0);
    for (const [i, axis] of this.axes.entries()) this.#places[i]!.push(at[axis]);
    return this.#rows++;
  }

  designOf(row: number): MachineConfig['design'] {
    return this.#designs.at(row) as MachineConfig['design'];
  }

  atOf(row: number): Point['at'] {
    return Object.fromEntries(this.axes.map((axis, i) => [axis, this.#places[i]!.at(row) as string]));
  }

  keyAt(row: number): string {
    return this.keyOf(this.designOf(row).id, this.atOf(row));
  }

  configOf(row: number): MachineConfig {
    const rest: Record<string, unknown> = {};
    for (const [i, name] of PARTS.entries()) {
      const part = this.#parts[i]!.at(row);
      if (part !== undefined) rest[name] = part;
    }
    const { devices, ...others } = rest;
    // In the order in which `machineConfig` builds it, on which digests depend.
    return {
      parameters: this.#parameters.at(row),
      devices,
      design: this.designOf(row),
      ...others,
    } as MachineConfig;
  }
}

class PackedPoint implements Point {
  constructor(
    private readonly table: PointTable,
    private readonly row: number,
  ) {}

  get key(): string {
    return this.table.keyAt(this.row);
  }

  get design(): string {
    return this.table.designOf(this.row).id;
  }

  get at(): Point['at'] {
    return this.table.atOf(this.row);
  }

  get config(): MachineConfig {
    return this.table.configOf(this.row);
  }
}
