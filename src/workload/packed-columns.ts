/** Values by row, most of which repeat: each value is kept once, and of a row a number of as few bytes as will do. */

const FIRST_ROWS = 1024;

/** Numbers by row. They take no room while all are zero. */
class Numbers {
  #numbers: Uint8Array | Uint16Array | Uint32Array | null = null;
  #rows = 0;

  at(row: number): number {
    return this.#numbers === null ? 0 : this.#numbers[row]!;
  }

  push(number: number): void {
    const row = this.#rows++;
    if (this.#numbers === null && number === 0) return;
    if (this.#numbers === null || row >= this.#numbers.length || number >= roomOf(this.#numbers)) {
      this.#enlarge(number);
    }
    this.#numbers![row] = number;
  }

  #enlarge(number: number): void {
    const old = this.#numbers;
    const rows = old !== null && this.#rows <= old.length ? old.length : Math.max(FIRST_ROWS, this.#rows * 2);
    const room = Math.max(number + 1, old === null ? 0 : roomOf(old));
    const List = room <= ROOM[1] ? Uint8Array : room <= ROOM[2] ? Uint16Array : Uint32Array;
    this.#numbers = new List(rows);
    if (old !== null) this.#numbers.set(old);
  }
}

/** By bytes of a number: how many numbers there are. */
const ROOM = { 1: 0x100, 2: 0x10000, 4: 0x100000000 } as const;

function roomOf(list: Uint8Array | Uint16Array | Uint32Array): number {
  return ROOM[list.BYTES_PER_ELEMENT as keyof typeof ROOM];
}

/** Values by row, told apart by identity. */
export class PackedColumn {
  readonly #values: unknown[] = [];
  readonly #numberOf = new Map<unknown, number>();
  readonly #numbers = new Numbers();

  /** Puts a value into the next row. */
  push(value: unknown): void {
    let number = this.#numberOf.get(value);
    if (number === undefined) {
      number = this.#values.push(value) - 1;
      this.#numberOf.set(value, number);
    }
    this.#numbers.push(number);
  }

  at(row: number): unknown {
    return this.#values[this.#numbers.at(row)];
  }

  /** Whether two rows have the same value. */
  same(row: number, other: number): boolean {
    return this.#numbers.at(row) === this.#numbers.at(other);
  }

  /** Whether all rows have the same value. */
  get uniform(): boolean {
    return this.#values.length <= 1;
  }
}
