/** How a driver reaches a device: what it asks for, one access at a time, and who answers. */
import type { AccessBytes, RegisterValue } from '../registers/register-file.js';

/** BAR0, or configuration space. */
export type AccessSpace = 'registers' | 'configuration';

/** One thing that a driver does: an access, or a wait for vector 0. */
export type DriverRequest =
  | {
      readonly kind: 'read';
      readonly space: AccessSpace;
      readonly offset: number;
      readonly bytes: AccessBytes;
    }
  | {
      readonly kind: 'write';
      readonly space: AccessSpace;
      readonly offset: number;
      readonly bytes: AccessBytes;
      readonly value: RegisterValue;
    }
  | { readonly kind: 'interrupt' };

/**
 * A driver's routine: it yields requests, receives what was read, and goes on by that. Whoever runs it decides how long
 * each request takes, and may let others run in between.
 */
export type Driver<T = void> = Generator<DriverRequest, T, RegisterValue>;

/** A device that answers at once. */
export interface RegisterBus {
  read(offset: number, bytes: AccessBytes): RegisterValue;
  write(offset: number, bytes: AccessBytes, value: RegisterValue): void;
  readConfiguration(offset: number, bytes: 1 | 2 | 4): number;
  writeConfiguration(offset: number, bytes: 1 | 2 | 4, value: number): void;
  /** Returns when vector 0 has been raised since the last wait. @throws DriverError if it never will be */
  waitInterrupt(): void;
}

/** A driver cannot go on: the device refused, never answered, or cannot do what was asked. */
export class DriverError extends RangeError {
  override readonly name = 'DriverError';
}

/** Runs a routine on somebody's behalf, at once or over simulated time, and tells when it has ended. */
export type Perform = <T>(driver: Driver<T>, done: (value: T) => void) => void;

/** What a register access that is not a read gives back. */
export const NOTHING: RegisterValue = [0, 0];

/** Performs everything at once, on a device that answers at once. */
export function atOnce(bus: RegisterBus): Perform {
  return (driver, done) => done(run(driver, bus));
}

/** Runs a driver's routine to its end on a device that answers at once. */
export function run<T>(driver: Driver<T>, bus: RegisterBus): T {
  let step = driver.next(NOTHING);
  while (!step.done) step = driver.next(answer(step.value, bus));
  return step.value;
}

/** Answers one request. */
export function answer(request: DriverRequest, bus: RegisterBus): RegisterValue {
  if (request.kind === 'interrupt') {
    bus.waitInterrupt();
    return NOTHING;
  }
  const { offset, bytes } = request;
  if (request.space === 'registers') {
    if (request.kind === 'read') return bus.read(offset, bytes);
    bus.write(offset, bytes, request.value);
    return NOTHING;
  }
  const width = bytes as 1 | 2 | 4;
  if (request.kind === 'read') return [bus.readConfiguration(offset, width), 0];
  bus.writeConfiguration(offset, width, request.value[0]);
  return NOTHING;
}

/** The request to read a register, for loops that yield it themselves: a routine of its own for each word is dear. */
export function reading(offset: number, bytes: AccessBytes): DriverRequest {
  return { kind: 'read', space: 'registers', offset, bytes };
}

/** The request to write a register. */
export function writing(offset: number, bytes: AccessBytes, low: number, high = 0): DriverRequest {
  return { kind: 'write', space: 'registers', offset, bytes, value: [low >>> 0, high >>> 0] };
}

/** Reads a register of 32 bits. */
export function* read32(offset: number): Driver<number> {
  return (yield reading(offset, 4))[0];
}

/** Reads a register of 64 bits. */
export function* read64(offset: number): Driver<RegisterValue> {
  return yield reading(offset, 8);
}

/** Writes a register of 32 bits. */
export function* write32(offset: number, value: number): Driver {
  yield writing(offset, 4, value);
}

/** Writes a register of 64 bits. */
export function* write64(offset: number, low: number, high: number): Driver {
  yield writing(offset, 8, low, high);
}

/** Reads 32 bits of configuration space. */
export function* readConfiguration(offset: number): Driver<number> {
  return (yield { kind: 'read', space: 'configuration', offset, bytes: 4 })[0];
}

/** Writes 32 bits of configuration space. */
export function* writeConfiguration(offset: number, value: number): Driver {
  yield { kind: 'write', space: 'configuration', offset, bytes: 4, value: [value >>> 0, 0] };
}

/** Sleeps until vector 0 is raised. */
export function* waitInterrupt(): Driver {
  yield { kind: 'interrupt' };
}
