/** Where the registers of BAR0 lie and what their fields are called (DSA specification 9.2). */

/** Offsets of the registers whose place is architectural [B]. */
export const REGISTER = {
  version: 0x00,
  gencap: 0x10,
  wqcap: 0x20,
  grpcap: 0x30,
  engcap: 0x38,
  opcap: 0x40,
  offsets: 0x60,
  gencfg: 0x80,
  genctrl: 0x88,
  gensts: 0x90,
  intcause: 0x98,
  cmd: 0xa0,
  cmdstatus: 0xa8,
  cmdcap: 0xb0,
  swerror: 0xc0,
  evlcfg: 0xe0,
  evlstatus: 0xf0,
} as const;

/** Where a device puts its tables: what OFFSETS and the MSI-X capability report [B]. */
export interface TableLayout {
  readonly permissions: number;
  readonly groups: number;
  readonly workQueues: number;
  readonly vectors: number;
  readonly pending: number;
  readonly messageStore: number;
  /** Size of BAR0 without the message store's entries [B]. */
  readonly bytes: number;
}

/** The example of figure 9-1, with the message store above the dummy portal page. */
export const PHYSICAL_LAYOUT: TableLayout = {
  permissions: 0x400,
  groups: 0x600,
  workQueues: 0x800,
  vectors: 0x4000,
  pending: 0x5000,
  messageStore: 0x10000,
  bytes: 0x10000,
};

/** The virtual device of the v6 mdev series: everything in two pages. */
export const VIRTUAL_LAYOUT: TableLayout = {
  permissions: 0x300,
  groups: 0x400,
  workQueues: 0x500,
  vectors: 0x600,
  pending: 0x700,
  messageStore: 0x1000,
  bytes: 0x2000,
};

/** Strides of the tables [B]. */
export const STRIDE = { permission: 8, group: 64, vector: 16, messageStore: 16 } as const;

/** GENCFG. */
export const GENCFG = { read_buffer_limit: 0xff, user_interrupts: 1 << 12, event_log: 1 << 13 } as const;

/** GENCTRL: which causes raise an interrupt. */
export const GENCTRL = { software_error: 1, halt: 2, event_log: 4 } as const;

/** INTCAUSE: why vector 0 was raised. */
export const CAUSE = {
  software_error: 0x01,
  command: 0x02,
  occupancy: 0x04,
  performance: 0x08,
  halt: 0x10,
  event_log: 0x20,
  handles_revoked: 0x8000_0000,
} as const;

/** GENSTS 1:0. */
export const DEVICE_STATE = { disabled: 0, enabled: 1, draining: 2, halt: 3 } as const;

/** GENSTS 3:2: the reset that leaves the halt state. */
export const RESET_TYPE = { command: 0, function_level: 1, warm: 2, cold: 3 } as const;

/** WQCFG state, bits 31:30 of bytes 24-27. */
export const QUEUE_STATE = { disabled: 0, enabled: 1, draining: 2 } as const;

/** CMDSTATUS 31. */
export const COMMAND_ACTIVE = 0x8000_0000;

/** SWERROR bits 7:0. */
export const SOFTWARE_ERROR = { valid: 1, overflow: 2 } as const;

/** EVLSTATUS 62, in its upper word: an interrupt is pending. */
export const EVENT_LOG_PENDING = 0x4000_0000;

/** MSIXPERM and the control word of a message store entry. */
export const PERMISSION = {
  /** Message store only. */
  mask: 1,
  /** Message store only. */
  pending: 2,
  ignore: 4,
  pasid_enable: 8,
  pasid_shift: 12,
} as const;
