/** The side of a VMM or device server that emulates registers in front of a character device. */
import { COMMAND_ERROR } from '../registers/commands.js';
import type { BackendAnswer, QueueBackend } from '../registers/queue-backend.js';
import { atOnce, type Driver, type Perform, type RegisterBus } from './bus.js';
import type { IdxdDevice } from './idxd-probe.js';
import { closeCharacterDevice, openCharacterDevice } from './idxd-queue.js';

/** Vector of the virtual device that completions use: user space cannot have a physical handle. */
const COMPLETION_VECTOR = 1;

/** What the process holds. */
export interface CharacterDeviceOptions {
  readonly device: IdxdDevice;
  readonly index: number;
  readonly mode: 'shared' | 'dedicated';
  /** How the host kernel reaches the registers on the process's behalf. */
  readonly bus: RegisterBus;
  readonly pasid: number;
  /** MSI-X vector of the device whose eventfd the process was given; null when all are taken. */
  readonly vector: number | null;
}

/**
 * A queue that a process has open. The character device offers no commands: enabling and disabling is opening and
 * closing the file, and draining is waiting for one's own completion records, which touches no register.
 */
export class CharacterDeviceQueue implements QueueBackend {
  perform: Perform;
  private isOpen = false;

  constructor(private readonly options: CharacterDeviceOptions) {
    this.perform = atOnce(options.bus);
  }

  /** The process opens the file. */
  open(): Driver {
    this.isOpen = true;
    const { device, index, mode, pasid } = this.options;
    return openCharacterDevice(device, index, mode, pasid);
  }

  /** The process closes it. */
  close(): Driver {
    this.isOpen = false;
    const { device, index, mode, pasid } = this.options;
    return closeCharacterDevice(device, index, mode, pasid);
  }

  enable(_fields: unknown, done: BackendAnswer): void {
    if (this.isOpen) done(COMMAND_ERROR.none);
    else this.perform(this.open(), () => done(COMMAND_ERROR.none));
  }

  disable(done: BackendAnswer): void {
    if (!this.isOpen) done(COMMAND_ERROR.none);
    else this.perform(this.close(), () => done(COMMAND_ERROR.none));
  }

  drain(done: BackendAnswer): void {
    done(COMMAND_ERROR.none);
  }

  /** There is no abort: the file is closed, which waits, and opened again. */
  abort(done: BackendAnswer): void {
    this.disable(() => this.enable(undefined, done));
  }

  reset(done: BackendAnswer): void {
    this.disable(done);
  }

  drainPasid(_pasid: number, done: BackendAnswer): void {
    done(COMMAND_ERROR.none);
  }

  abortPasid(_pasid: number, done: BackendAnswer): void {
    this.abort(done);
  }

  interruptHandle(): number | null {
    return this.options.vector === null ? null : COMPLETION_VECTOR;
  }

  /** Completions reach the guest by an eventfd, which the emulation does not signal while the vector is masked. */
  maskInterrupt(): void {}
}
