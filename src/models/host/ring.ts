/** A growing first-in first-out queue of numbers without an allocation per entry. */
export class Ring {
  private values = new Float64Array(16);
  private head = 0;
  private count = 0;

  get length(): number {
    return this.count;
  }

  push(value: number): void {
    if (this.count === this.values.length) this.grow();
    this.values[(this.head + this.count++) & (this.values.length - 1)] = value;
  }

  /** The oldest value; the ring must not be empty. */
  peek(): number {
    return this.values[this.head]!;
  }

  /** Removes and returns the oldest value; the ring must not be empty. */
  shift(): number {
    const value = this.values[this.head]!;
    this.head = (this.head + 1) & (this.values.length - 1);
    this.count--;
    return value;
  }

  private grow(): void {
    const wide = new Float64Array(this.values.length * 2);
    for (let i = 0; i < this.count; i++) wide[i] = this.values[(this.head + i) % this.values.length]!;
    this.values = wide;
    this.head = 0;
  }
}
