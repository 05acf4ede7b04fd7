/** The interrupt message store: message, mask and permission of each entry (DSA specification 9.2.29). */
import { PERMISSION, STRIDE } from './map.js';
import type { MessageHandler } from './msix.js';
import type { RegisterValue } from './register-file.js';

/** Reset value of a message address. */
const NO_ADDRESS = 0xfee0_0000;
const WORDS = STRIDE.messageStore / 4;
const CONTROL = 3;
const CONTROL_BITS = 0xffff_f00d;

/** Entries are made when they are first touched: most of the two thousand never are. */
export class MessageStore {
  private readonly entries = new Map<number, number[]>();

  /** @param size entries that exist */
  constructor(
    readonly size: number,
    private readonly onMessage: MessageHandler,
  ) {}

  /** Back to reset values. */
  reset(): void {
    this.entries.clear();
  }

  /** A read at an offset from the start of the store [B]. */
  read(offset: number, bytes: number): RegisterValue {
    if (offset >= this.size * STRIDE.messageStore || offset % Math.min(bytes, 4) !== 0)
      return [0xffff_ffff, 0xffff_ffff];
    const word = this.entry(offset)[((offset / 4) % WORDS) | 0]!;
    if (bytes === 8) return [word, this.entry(offset)[((offset / 4) % WORDS) + 1]!];
    const part = word >>> ((offset % 4) * 8);
    return [bytes === 4 ? word : part & ((1 << (bytes * 8)) - 1), 0];
  }

  /** A write of four or eight bytes; unmasking delivers what is pending. Narrower ones are ignored. */
  write(offset: number, bytes: number, low: number, high: number): void {
    if (offset >= this.size * STRIDE.messageStore || bytes < 4 || offset % bytes !== 0) return;
    this.writeWord(offset, low >>> 0);
    if (bytes === 8) this.writeWord(offset + 4, high >>> 0);
  }

  /** Sends an entry's message, drops it if it is to be ignored, or keeps it pending while masked. */
  raise(index: number): void {
    if (index >= this.size) return;
    const words = this.entry(index * STRIDE.messageStore);
    if (words[CONTROL]! & PERMISSION.ignore) return;
    if (words[CONTROL]! & PERMISSION.mask) words[CONTROL]! |= PERMISSION.pending;
    else this.onMessage(index, words[0]!, words[2]!);
  }

  /** Whether a descriptor with this PASID may name the entry. @param pasid null on a queue without one */
  permits(index: number, pasid: number | null): boolean {
    if (index >= this.size) return false;
    const control = this.entry(index * STRIDE.messageStore)[CONTROL]!;
    if (!(control & PERMISSION.pasid_enable)) return pasid === null;
    return pasid === control >>> PERMISSION.pasid_shift;
  }

  private writeWord(offset: number, value: number): void {
    const words = this.entry(offset);
    const index = (offset / 4) % WORDS;
    if (index !== CONTROL) {
      words[index] = value;
      return;
    }
    const pending = words[CONTROL]! & PERMISSION.pending;
    words[CONTROL] = ((value & CONTROL_BITS) | pending) >>> 0;
    if (pending === 0 || value & PERMISSION.mask) return;
    words[CONTROL] = (words[CONTROL]! & ~PERMISSION.pending) >>> 0;
    this.onMessage((offset / STRIDE.messageStore) | 0, words[0]!, words[2]!);
  }

  private entry(offset: number): number[] {
    const index = Math.floor(offset / STRIDE.messageStore);
    let words = this.entries.get(index);
    if (words === undefined) {
      words = [NO_ADDRESS, 0, 0, PERMISSION.mask];
      this.entries.set(index, words);
    }
    return words;
  }
}
