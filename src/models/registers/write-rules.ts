/** Which bits of a register software may store and which it clears by writing 1 (DSA specification 9.2). */
import type { DeviceShape } from './capabilities.js';
import { GRPCFG_WORDS, grpcfgBits } from './grpcfg.js';
import { EVENT_LOG_PENDING, GENCFG, REGISTER, SOFTWARE_ERROR, STRIDE } from './map.js';

/** Bits that are stored, and bits that are cleared where 1 is written. */
export interface WriteRule {
  readonly store: number;
  readonly clear: number;
}

const READ_ONLY: WriteRule = { store: 0, clear: 0 };
const PERMISSION_BITS = 0xffff_f00c;
const CAUSE_BITS = 0x8000_003f;
/** EVLCFG: PASID enable, privilege and base; size and PASID. */
const EVLCFG_BITS = [0xffff_f003, 0xffff_ffff, 0xffff_ffff, 0xf];

const store = (bits: number): WriteRule => ({ store: bits, clear: 0 });
const clear = (bits: number): WriteRule => ({ store: 0, clear: bits });

/**
 * The rule of a word that is neither CMD, nor WQCFG, nor in the MSI-X table.
 * @param disabled whether the device is disabled
 */
export function writeRule(offset: number, shape: DeviceShape, disabled: boolean): WriteRule {
  const { layout, configurable } = shape;
  const hasLog = shape.capabilities.eventLogEntryBytes > 0;
  switch (offset) {
    case REGISTER.gencfg: {
      const bits = GENCFG.read_buffer_limit | GENCFG.user_interrupts | (hasLog ? GENCFG.event_log : 0);
      return disabled ? store(bits) : READ_ONLY;
    }
    case REGISTER.genctrl:
      return store(hasLog ? 7 : 3);
    case REGISTER.intcause:
      return clear(CAUSE_BITS);
    case REGISTER.swerror:
      return clear(SOFTWARE_ERROR.valid | SOFTWARE_ERROR.overflow);
    case REGISTER.evlstatus:
      return hasLog ? store(0xffff) : READ_ONLY;
    case REGISTER.evlstatus + 4:
      return clear(EVENT_LOG_PENDING);
  }
  if (inTable(offset, REGISTER.evlcfg, 16)) {
    return hasLog && disabled ? store(EVLCFG_BITS[(offset - REGISTER.evlcfg) / 4]!) : READ_ONLY;
  }
  if (inTable(offset, layout.permissions, shape.vectors * STRIDE.permission)) {
    return (offset - layout.permissions) % STRIDE.permission === 0 ? store(PERMISSION_BITS) : READ_ONLY;
  }
  if (inTable(offset, layout.groups, shape.groups * STRIDE.group) && disabled && configurable) {
    return store(grpcfgBits(((offset - layout.groups) / 4) % GRPCFG_WORDS));
  }
  return READ_ONLY;
}

/** Whether an offset lies in a table. */
export function inTable(offset: number, start: number, bytes: number): boolean {
  return offset >= start && offset < start + bytes;
}
