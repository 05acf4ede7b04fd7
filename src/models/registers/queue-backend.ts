/** What a virtual device does to the physical queue behind it. */
import type { WqcfgFields } from './wqcfg.js';

/** Called when the physical side has finished, with a code of COMMAND_ERROR. */
export type BackendAnswer = (error: number) => void;

/** The physical queue of a virtual device, as the program that emulates it can reach it. */
export interface QueueBackend {
  /** The guest enables its queue, configured so. */
  enable(fields: WqcfgFields, done: BackendAnswer): void;
  disable(done: BackendAnswer): void;
  drain(done: BackendAnswer): void;
  abort(done: BackendAnswer): void;
  /** Aborts and disables, whatever the state. */
  reset(done: BackendAnswer): void;
  drainPasid(pasid: number, done: BackendAnswer): void;
  abortPasid(pasid: number, done: BackendAnswer): void;
  /** The handle by which the guest's descriptors name their interrupt, or null where it was given none. */
  interruptHandle(): number | null;
  /** The guest masks or unmasks vector 1. */
  maskInterrupt(masked: boolean): void;
}
