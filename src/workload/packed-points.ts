/**
 * The points of a large sweep in a few dozen bytes each. What points have in common (constants, designs, devices,
 * tenants, values of the axes) is kept once; a point is a handful of numbers and becomes a machine when it is asked.
 */
import type { MachineConfig } from '../models/config.js';
import type { Point } from './workload.js';

/** Parts of configurations that are made again from their text and kept for the next point that has them. */
const REMEMBERED = 256;

/** Parts of a configuration beside constants and design, in the order in which `machineConfig` builds them. */
const PARTS = ['devices', 'tenants', 'measure', 'lifecycle', 'semantics', 'seed'] as const;
/** Fails to compile when a configuration has a part that is not listed. */
const _allParts: Exclude<keyof MachineConfig, 'parameters' | 'design' | (typeof PARTS)[number]> extends never
  ? true
  : never = true;
void _allParts;

/** Distinct values under numbers. */
class Interned<T> {
  readonly values: T[] = [];
  readonly #numbers = new Map<T, number>();

  numberOf(value: T): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    this.#numbers.set(value, this.values.length);
    return this.values.push(value) - 1;
  }
}

/** Takes points and gives them back packed, in the same order. */
export class PointPacker {
  readonly #parameters = new Interned<MachineConfig['parameters']>();
  readonly #designs = new Interned<MachineConfig['design']>();
  /** All other parts of configurations, as JSON; undefined where a configuration lacks one. */
  readonly #parts = new Interned<string | undefined>();
  /** Arrivals of traces: long, and shared by many tenants. */
  readonly #arrivals = new Interned<readonly number[]>();
  readonly #texts = new Interned<string>();
  readonly #remembered = new Map<number, unknown>();
  #axes: string[] = [];
  /** By point: number of the design, of the constants, of each other part, and of the value on each axis. */
  #numbers = new Uint32Array(1024);
  #points = 0;

  /** @param keyOf makes the key of a point */
  constructor(private readonly keyOf: (design: string, at: Point['at']) => string) {}

  /** Packs the next point. */
  pack({ at, config }: Point): Point {
    const { parameters, design } = config;
    if (this.#points === 0) this.#axes = Object.keys(at);
    const width = this.#width;
    const from = this.#points * width;
    if (from + width > this.#numbers.length) {
      const larger = new Uint32Array(this.#numbers.length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    const numbers = [
      this.#designs.numberOf(design),
      this.#parameters.numberOf(parameters),
      ...PARTS.map((name) => this.#parts.numberOf(this.#text(config[name]))),
      ...this.#axes.map((axis) => this.#texts.numberOf(at[axis]!)),
    ];
    this.#numbers.set(numbers, from);
    return new PackedPoint(this, this.#points++);
  }

  designOf(point: number): string {
    return this.#designs.values[this.#numbers[point * this.#width]!]!.id;
  }

  atOf(point: number): Point['at'] {
    const from = point * this.#width + 2 + PARTS.length;
    return Object.fromEntries(
      this.#axes.map((axis, i) => [axis, this.#texts.values[this.#numbers[from + i]!]!]),
    );
  }

  keyOfPoint(point: number): string {
    return this.keyOf(this.designOf(point), this.atOf(point));
  }

  configOf(point: number): MachineConfig {
    const from = point * this.#width;
    const rest: Record<string, unknown> = {};
    PARTS.forEach((name, i) => {
      const part = this.#part(this.#numbers[from + 2 + i]!);
      if (part !== undefined) rest[name] = part;
    });
    const { devices, ...others } = rest;
    // In the order in which `machineConfig` builds it, on which digests depend.
    return {
      parameters: this.#parameters.values[this.#numbers[from + 1]!]!,
      devices,
      design: this.#designs.values[this.#numbers[from]!]!,
      ...others,
    } as MachineConfig;
  }

  get #width(): number {
    return 2 + PARTS.length + this.#axes.length;
  }

  #text(part: unknown): string | undefined {
    return JSON.stringify(part, (key, value: unknown) =>
      key === 'arrivalsPs' ? this.#arrivals.numberOf(value as readonly number[]) : value,
    );
  }

  #part(number: number): unknown {
    if (this.#remembered.has(number)) return this.#remembered.get(number);
    const text = this.#parts.values[number];
    const part: unknown =
      text === undefined
        ? undefined
        : JSON.parse(text, (key, value: unknown) =>
            key === 'arrivalsPs' ? this.#arrivals.values[value as number] : value,
          );
    if (this.#remembered.size >= REMEMBERED) this.#remembered.clear();
    this.#remembered.set(number, part);
    return part;
  }
}

class PackedPoint implements Point {
  constructor(
    private readonly packer: PointPacker,
    private readonly index: number,
  ) {}

  get key(): string {
    return this.packer.keyOfPoint(this.index);
  }

  get design(): string {
    return this.packer.designOf(this.index);
  }

  get at(): Point['at'] {
    return this.packer.atOf(this.index);
  }

  get config(): MachineConfig {
    return this.packer.configOf(this.index);
  }
}
