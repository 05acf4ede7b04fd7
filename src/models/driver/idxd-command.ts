/** idxd_cmd_exec and the misc interrupt thread (Linux drivers/dma/idxd/device.c, irq.c). */
import {
  COMMAND,
  COMMAND_ERROR,
  commandErrorName,
  commandName,
  encodeCommand,
} from '../registers/commands.js';
import {
  CAUSE,
  COMMAND_ACTIVE,
  DEVICE_STATE,
  EVENT_LOG_PENDING,
  REGISTER,
  SOFTWARE_ERROR,
} from '../registers/map.js';
import { type Driver, DriverError, read32, read64, waitInterrupt, write32, write64 } from './bus.js';

/** Reads of CMDSTATUS before a polling driver gives up (the limit of DPDK's driver). */
const POLL_LIMIT = 1000;

/** What the misc interrupt thread found. */
export interface MiscInterrupt {
  /** INTCAUSE as it was read. */
  readonly cause: number;
  /** Words of SWERROR if it was valid. */
  readonly softwareError: readonly number[] | null;
  /** Head and tail of the event log if it had entries, before the head was moved. */
  readonly eventLog: { readonly head: number; readonly tail: number } | null;
  /** The device had stopped. */
  readonly halted: boolean;
  /** GENSTS 3:2 of a stopped device: the reset that it needs. */
  readonly resetType: number;
}

/**
 * The misc interrupt thread: what vector 0 was raised for, and the answer to each cause. A software error is read and
 * acknowledged, and the state is looked at after it; the event log's head follows its tail.
 */
export function* serviceMiscInterrupt(): Driver<MiscInterrupt> {
  const cause = yield* read32(REGISTER.intcause);
  const found = { cause, softwareError: null, eventLog: null, halted: false, resetType: 0 };
  if (cause === 0) return found;
  yield* write32(REGISTER.intcause, cause);
  if (cause & CAUSE.halt) return { ...found, ...(yield* readHalt()) };
  const softwareError = cause & CAUSE.software_error ? yield* acknowledgeSoftwareError() : null;
  const eventLog = cause & CAUSE.event_log ? yield* consumeEventLog() : null;
  const halt = softwareError === null ? {} : yield* readHalt();
  return { ...found, softwareError, eventLog, ...halt };
}

function* readHalt(): Driver<{ halted: boolean; resetType: number }> {
  const status = yield* read32(REGISTER.gensts);
  return { halted: (status & 3) === DEVICE_STATE.halt, resetType: (status >>> 2) & 3 };
}

function* acknowledgeSoftwareError(): Driver<number[]> {
  const words: number[] = [];
  for (let i = 0; i < 4; i++) words.push(...(yield* read64(REGISTER.swerror + 8 * i)));
  yield* write64(REGISTER.swerror, words[0]! & (SOFTWARE_ERROR.valid | SOFTWARE_ERROR.overflow), 0);
  return words;
}

function* consumeEventLog(): Driver<{ head: number; tail: number }> {
  yield* write32(REGISTER.evlstatus + 4, EVENT_LOG_PENDING);
  const [low, high] = yield* read64(REGISTER.evlstatus);
  const head = low & 0xffff;
  const tail = high & 0xffff;
  yield* write32(REGISTER.evlstatus, tail);
  return { head, tail };
}

/** What a completed command left in CMDSTATUS. */
export interface CommandAnswer {
  readonly error: number;
  readonly result: number;
}

const answerOf = (status: number): CommandAnswer => ({
  error: status & 0xff,
  result: (status >>> 8) & 0xffff,
});

/** Executes a command and sleeps until its interrupt: three reads, two writes. Returns whatever the device answers. */
export function* execute(code: number, operand: number): Driver<CommandAnswer> {
  const state = (yield* read32(REGISTER.gensts)) & 3;
  if (state === DEVICE_STATE.halt) return { error: COMMAND_ERROR.halted, result: 0 };
  yield* write32(REGISTER.cmd, encodeCommand(code, operand, true));
  let completed = false;
  while (!completed) {
    yield* waitInterrupt();
    completed = ((yield* serviceMiscInterrupt()).cause & CAUSE.command) !== 0;
  }
  return answerOf(yield* read32(REGISTER.cmdstatus));
}

/** Executes a command that must succeed. @returns its result @throws DriverError with the device's reason */
export function* command(code: number, operand = 0): Driver<number> {
  const { error, result } = yield* execute(code, operand);
  if (error !== COMMAND_ERROR.none) throw refused(code, error);
  return result;
}

/** Executes a command without an interrupt: writes it and reads CMDSTATUS until it is no longer active. */
export function* pollCommand(code: number, operand = 0): Driver<CommandAnswer> {
  yield* write32(REGISTER.cmd, encodeCommand(code, operand, false));
  for (let read = 0; read < POLL_LIMIT; read++) {
    const status = yield* read32(REGISTER.cmdstatus);
    if ((status & COMMAND_ACTIVE) === 0) return answerOf(status);
  }
  throw new DriverError(`${commandName(code)} did not complete in ${POLL_LIMIT} reads of its status`);
}

/** A polled command that must succeed. @throws DriverError with the device's reason */
export function* pollChecked(code: number, operand = 0): Driver<number> {
  const { error, result } = yield* pollCommand(code, operand);
  if (error !== COMMAND_ERROR.none) throw refused(code, error);
  return result;
}

/** The device answered a command that must succeed with this error. */
export function refused(code: number, error: number): DriverError {
  const hexadecimal = error.toString(16).padStart(2, '0');
  return new DriverError(
    `the device refused ${commandName(code)} with error 0x${hexadecimal} (${commandErrorName(error)})`,
  );
}

/** Resets the device before interrupts are set up. */
export function* resetPolled(): Driver {
  yield* pollChecked(COMMAND.reset_device);
}
