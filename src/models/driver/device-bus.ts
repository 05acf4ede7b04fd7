/** A register file and its configuration space as a bus: no cost, but interrupts are counted. */
import type { AccessBytes, RegisterFile, RegisterValue } from '../registers/register-file.js';
import { DriverError, type RegisterBus } from './bus.js';

/** Counts the messages of a device's vector 0. */
export class InterruptCounter {
  private raised = 0;
  private seen = 0;

  /** To be given to the registers as their receiver of messages. */
  readonly onMessage = (vector: number): void => {
    if (vector === 0) this.raised++;
  };

  /** Whether an interrupt waits to be taken. */
  get pending(): boolean {
    return this.raised !== this.seen;
  }

  /** Takes one interrupt, with all that were raised before. @returns whether there was one */
  take(): boolean {
    if (this.raised === this.seen) return false;
    this.seen = this.raised;
    return true;
  }
}

/** See the head of this file. */
export class DeviceBus implements RegisterBus {
  constructor(
    readonly device: RegisterFile,
    readonly interrupts: InterruptCounter,
  ) {}

  read(offset: number, bytes: AccessBytes): RegisterValue {
    return this.device.read(offset, bytes);
  }

  write(offset: number, bytes: AccessBytes, value: RegisterValue): void {
    this.device.write(offset, bytes, value[0], value[1]);
  }

  readConfiguration(offset: number, bytes: 1 | 2 | 4): number {
    return this.device.configuration.read(offset, bytes);
  }

  writeConfiguration(offset: number, bytes: 1 | 2 | 4, value: number): void {
    this.device.configuration.write(offset, bytes, value);
  }

  waitInterrupt(): void {
    if (!this.interrupts.take()) throw new DriverError('the driver waits for an interrupt that never comes');
  }
}
