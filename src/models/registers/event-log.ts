/** The event log as registers see it: a ring in memory, head by software, tail by the device (specification 5.9). */
import type { ErrorReport } from '../../core/error-report.js';
import { encodeEventLogEntry } from '../../core/event-log.js';
import { SOFTWARE_ERROR_BYTES, SoftwareError } from '../../core/software-error.js';
import { REGISTER } from './map.js';

const TWO_32 = 4294967296;

/** Memory that holds the ring. Addresses in bytes. */
export interface LogMemory {
  write(address: number, bytes: Uint8Array): void;
  read(address: number, bytes: number): Uint8Array;
}

/** A ring in memory of its own: what a driver allocates where no address space is simulated. */
export class LogBuffer implements LogMemory {
  private readonly store = new Map<number, Uint8Array>();

  write(address: number, bytes: Uint8Array): void {
    this.store.set(address, bytes.slice());
  }

  read(address: number, bytes: number): Uint8Array {
    return this.store.get(address) ?? new Uint8Array(bytes);
  }
}

/** Where the ring lies, as EVLCFG and EVLSTATUS say. */
export interface RingState {
  readonly base: number;
  readonly entries: number;
  readonly head: number;
  readonly tail: number;
}

/** The ring as the words of BAR0 describe it. */
export function ringState(words: Uint32Array): RingState {
  const configuration = REGISTER.evlcfg / 4;
  const status = REGISTER.evlstatus / 4;
  return {
    base: words[configuration + 1]! * TWO_32 + ((words[configuration]! & 0xffff_f000) >>> 0),
    entries: words[configuration + 2]! & 0xffff,
    head: words[status]! & 0xffff,
    tail: words[status + 1]! & 0xffff,
  };
}

/** Whether another entry would meet the head: one place always stays free. */
export function ringFull({ entries, head, tail }: RingState): boolean {
  return (tail + 1) % entries === head;
}

/** Writes a report at the tail. @returns the new tail */
export function appendEntry(
  ring: RingState,
  entryBytes: number,
  report: ErrorReport,
  firstErrorInBatch: boolean,
  memory: LogMemory,
): number {
  const entry = new Uint8Array(entryBytes);
  encodeEventLogEntry(report, firstErrorInBatch, entry, 0);
  memory.write(ring.base + ring.tail * entryBytes, entry);
  return (ring.tail + 1) % ring.entries;
}

/** A report as the eight words of SWERROR. */
export function softwareErrorWords(report: ErrorReport): number[] {
  const error = new SoftwareError();
  error.record(report);
  const bytes = new Uint8Array(SOFTWARE_ERROR_BYTES);
  error.encode(bytes, 0);
  return wordsOf(bytes);
}

/** Little-endian words of some bytes. */
export function wordsOf(bytes: Uint8Array): number[] {
  const words: number[] = [];
  for (let i = 0; i < bytes.length; i += 4) {
    words.push((bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)) >>> 0);
  }
  return words;
}
