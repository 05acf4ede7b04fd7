/** Parts of configurations taken apart: a shape that many of them have, and a column for each value in it. */
import { PackedColumn } from './packed-columns.js';

/** What stands where in a part: a value, or a list or record of shapes. */
type Shape = null | readonly Shape[] | { readonly [key: string]: Shape };

/** Whether a value is kept as it is: everything but lists and records, and the arrivals of a trace, which are long. */
function isLeaf(value: unknown, key: string): boolean {
  return typeof value !== 'object' || value === null || key === 'arrivalsPs';
}

/**
 * Takes a part apart.
 * @param leaves takes its values, in order
 * @returns its shape as JSON; parts that differ in their values only have the same
 */
export function takeApart(part: unknown, leaves: unknown[], key = ''): string {
  if (isLeaf(part, key)) {
    leaves.push(part);
    return 'null';
  }
  if (Array.isArray(part)) return `[${part.map((item) => takeApart(item, leaves)).join()}]`;
  const fields: string[] = [];
  for (const [name, child] of Object.entries(part as object)) {
    if (child !== undefined) fields.push(`${JSON.stringify(name)}:${takeApart(child, leaves, name)}`);
  }
  return `{${fields.join()}}`;
}

/** A part of all configurations that have it in one shape, a row each. */
export class PackedPart {
  readonly #shape: Shape;
  readonly #columns: PackedColumn[] = [];
  /** The part that was put together last, and its row: rows that follow often have the same. */
  #last: unknown;
  #lastRow = -1;

  /** @param shape as {@link takeApart} gives it */
  constructor(shape: string) {
    this.#shape = JSON.parse(shape) as Shape;
    putTogether(this.#shape, () => this.#columns.push(new PackedColumn()));
  }

  /** Puts the values of a part into the next row, the first of them at `from`. @returns where the next part begins */
  push(leaves: readonly unknown[], from: number): number {
    for (const [i, column] of this.#columns.entries()) column.push(leaves[from + i]);
    return from + this.#columns.length;
  }

  /** The part of a row. */
  at(row: number): unknown {
    const same = (column: PackedColumn): boolean => column.uniform || column.same(row, this.#lastRow);
    if (this.#lastRow < 0 || !this.#columns.every(same)) {
      let column = 0;
      this.#last = putTogether(this.#shape, () => this.#columns[column++]!.at(row));
      this.#lastRow = row;
    }
    return this.#last;
  }
}

/** Makes what has a shape, its values in order. */
function putTogether(shape: Shape, leaf: () => unknown): unknown {
  if (shape === null) return leaf();
  if (Array.isArray(shape)) return shape.map((item: Shape) => putTogether(item, leaf));
  const record: Record<string, unknown> = {};
  for (const [name, child] of Object.entries(shape)) record[name] = putTogether(child, leaf);
  return record;
}
