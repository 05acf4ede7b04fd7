/** The MSI-X table, its masks and its pending bits (PCIe 6.1.4; DSA specification 9.4). */
import type { ConfigSpace } from './config-space.js';
import { STRIDE, type TableLayout } from './map.js';

/** Receives a message as it leaves the function. @param vector entry of the table that sent it */
export type MessageHandler = (vector: number, address: number, data: number) => void;

const MASK = 1;

/** Vectors in BAR0: a masked one is pending until it is unmasked. */
export class VectorTable {
  /**
   * @param words storage of BAR0
   * @param layout where table and pending bits lie
   * @param vectors entries of the table
   */
  constructor(
    private readonly words: Uint32Array,
    private readonly layout: TableLayout,
    private readonly vectors: number,
    private readonly configuration: ConfigSpace,
    private readonly onMessage: MessageHandler,
  ) {
    this.reset();
  }

  /** Reset value: no addresses, every entry masked, nothing pending. */
  reset(): void {
    this.words.fill(0, this.entry(0), this.entry(this.vectors));
    for (let vector = 0; vector < this.vectors; vector++) this.words[this.entry(vector) + 3] = MASK;
    const pending = this.layout.pending / 4;
    this.words.fill(0, pending, pending + Math.ceil(this.vectors / 32));
  }

  /** Whether the offset lies in the table. */
  contains(offset: number): boolean {
    return offset >= this.layout.vectors && offset < this.layout.vectors + this.vectors * STRIDE.vector;
  }

  /** A write to a word of the table; unmasking delivers what is pending. */
  write(offset: number, value: number, mask: number): void {
    const index = offset / 4;
    const bits = index % 4 === 0 ? 0xffff_fffc : index % 4 === 3 ? MASK : 0xffff_ffff;
    this.words[index] = (this.words[index]! & ~(mask & bits)) | (value & mask & bits);
    this.deliverPending();
  }

  /** Sends the vector's message, or keeps it pending while it cannot be sent. */
  raise(vector: number): void {
    if (vector >= this.vectors) return;
    if (this.blocked(vector)) this.setPending(vector, true);
    else this.send(vector);
  }

  /** Sends what is pending and no longer masked. */
  deliverPending(): void {
    for (let vector = 0; vector < this.vectors; vector++) {
      if (!this.pending(vector) || this.blocked(vector)) continue;
      this.setPending(vector, false);
      this.send(vector);
    }
  }

  /** Whether the vector's own mask bit is set. */
  masked(vector: number): boolean {
    return (this.words[this.entry(vector) + 3]! & MASK) !== 0;
  }

  /** Whether the vector waits for its mask. */
  pending(vector: number): boolean {
    return ((this.words[this.layout.pending / 4 + (vector >>> 5)]! >>> (vector & 31)) & 1) === 1;
  }

  private blocked(vector: number): boolean {
    return !this.configuration.vectorsEnabled || this.masked(vector);
  }

  private send(vector: number): void {
    const entry = this.entry(vector);
    this.onMessage(vector, this.words[entry]!, this.words[entry + 2]!);
  }

  private setPending(vector: number, on: boolean): void {
    const index = this.layout.pending / 4 + (vector >>> 5);
    const bit = 1 << (vector & 31);
    this.words[index] = on ? this.words[index]! | bit : this.words[index]! & ~bit;
  }

  private entry(vector: number): number {
    return (this.layout.vectors + vector * STRIDE.vector) / 4;
  }
}
