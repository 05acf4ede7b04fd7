/** Administrative commands: numbers, error codes and operands (DSA specification tables 9-5 and 5-8). */

/** CMD 24:20. */
export const COMMAND = {
  enable_device: 1,
  disable_device: 2,
  drain_all: 3,
  abort_all: 4,
  reset_device: 5,
  enable_wq: 6,
  disable_wq: 7,
  drain_wq: 8,
  abort_wq: 9,
  reset_wq: 10,
  drain_pasid: 11,
  abort_pasid: 12,
  request_int_handle: 13,
  release_int_handle: 14,
} as const;

/** A command's name. */
export type CommandName = keyof typeof COMMAND;

/** CMDSTATUS 7:0. */
export const COMMAND_ERROR = {
  none: 0x00,
  unsupported: 0x01,
  bad_queue: 0x02,
  hardware: 0x03,
  reserved: 0x04,
  halted: 0x05,
  device_not_disabled: 0x10,
  bus_master_off: 0x12,
  total_size: 0x14,
  group_config: 0x15,
  queue_config: 0x16,
  engine_config: 0x17,
  read_buffers: 0x18,
  event_log: 0x19,
  address_translation: 0x1a,
  pasid: 0x1b,
  device_not_enabled: 0x20,
  queue_not_disabled: 0x21,
  queue_size: 0x22,
  queue_priority: 0x23,
  queue_mode: 0x24,
  queue_block_on_fault: 0x25,
  queue_pasid: 0x26,
  queue_max_batch: 0x27,
  queue_max_transfer: 0x28,
  queue_privilege: 0x2a,
  queue_occupancy_interrupt: 0x2b,
  queue_address_translation: 0x2c,
  queue_operations: 0x2d,
  queue_page_requests: 0x2e,
  device_disabled: 0x31,
  queue_not_enabled: 0x32,
  handle_index: 0x41,
  handle_none: 0x42,
} as const;

/** The name of a command error, or its number. */
export function commandErrorName(code: number): string {
  const names = Object.keys(COMMAND_ERROR) as (keyof typeof COMMAND_ERROR)[];
  return names.find((name) => COMMAND_ERROR[name] === code) ?? `0x${code.toString(16)}`;
}

/** The name of a command, or its number. */
export function commandName(code: number): string {
  const names = Object.keys(COMMAND) as CommandName[];
  return names.find((name) => COMMAND[name] === code) ?? `command ${code}`;
}

/** Commands that exist without CMDCAP: 1 to 12. */
export const BASIC_COMMANDS = 0x1ffe;
/** CMDCAP bits of the interrupt handle commands. */
export const HANDLE_COMMANDS = (1 << COMMAND.request_int_handle) | (1 << COMMAND.release_int_handle);

/** A value of CMD taken apart. */
export interface CommandWord {
  readonly code: number;
  /** Bits 19:0. */
  readonly operand: number;
  readonly interrupt: boolean;
  /** Bits 30:25, which must be zero. */
  readonly reserved: number;
}

/** Takes a value written to CMD apart. */
export function decodeCommand(value: number): CommandWord {
  return {
    code: (value >>> 20) & 0x1f,
    operand: value & 0xf_ffff,
    interrupt: value >>> 31 === 1,
    reserved: (value >>> 25) & 0x3f,
  };
}

/** The value to write to CMD. */
export function encodeCommand(code: number, operand: number, interrupt: boolean): number {
  return (((interrupt ? 1 : 0) << 31) | (code << 20) | operand) >>> 0;
}

/** Operand of Disable, Drain, Abort and Reset WQ: a bitmap in a group of sixteen queues. */
export function queueOperand(queue: number): number {
  return (Math.floor(queue / 16) << 16) | (1 << (queue % 16));
}

/** The queues that such an operand names, in ascending order. */
export function operandQueues(operand: number): number[] {
  const first = (operand >>> 16) * 16;
  const queues: number[] = [];
  for (let bit = 0; bit < 16; bit++) if ((operand >>> bit) & 1) queues.push(first + bit);
  return queues;
}

/** Operand bits that a command defines; the others must be zero. */
export function operandMask(code: number): number {
  switch (code) {
    case COMMAND.enable_wq:
      return 0xff;
    case COMMAND.disable_wq:
    case COMMAND.drain_wq:
    case COMMAND.abort_wq:
    case COMMAND.reset_wq:
    case COMMAND.drain_pasid:
    case COMMAND.abort_pasid:
      return 0xf_ffff;
    case COMMAND.request_int_handle:
    case COMMAND.release_int_handle:
      return 0x1_ffff;
    default:
      return 0;
  }
}
