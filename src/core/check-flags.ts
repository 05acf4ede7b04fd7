/** Check 4: reserved, unsupported and missing flags (DSA specification tables 5-3, 5-4, 5-5 and 8-3). */
import type { Capabilities } from './capabilities.js';
import type { WorkQueueRules } from './checks.js';
import type { Descriptor } from './descriptor.js';
import { CACHE_CONTROL_FLAGS, FLAG, OPERATION_FLAG } from './flags.js';
import { COMMON_FLAGS, OPCODE, type OperationRule, operationRules } from './operations.js';

const CRAV = FLAG.completion_record_address_valid;
const NEEDS_RECORD_ADDRESS = FLAG.request_completion_record | FLAG.completion_record_tc_selector;

/** The flag rules of one device. */
export class FlagRules {
  /** Per operation: flags that are never reserved on this device. */
  private readonly allowed = new Uint32Array(256);

  constructor(private readonly capabilities: Capabilities) {
    for (const rule of operationRules()) {
      let flags = COMMON_FLAGS | rule.flags;
      for (const gate of rule.gated) if (capabilities[gate.capability] !== true) flags &= ~gate.flag;
      if (!capabilities.blockOnFault) flags &= ~FLAG.block_on_fault;
      if (capabilities.generation === '1.0') flags &= ~FLAG.cache_control_3;
      this.allowed[rule.opcode] = flags;
    }
  }

  /** The flags that must not be as they are; 0 if all is well. A missing flag is reported by its bit. */
  invalid(d: Descriptor, rule: OperationRule, rules: WorkQueueRules, inBatch: boolean): number {
    const flags = d.flags;
    let bad = flags & ~this.allowed[rule.opcode]!;
    if (!inBatch) bad |= flags & FLAG.fence;
    if (!rules.blockOnFault) bad |= flags & FLAG.block_on_fault;
    if ((flags & CRAV) === 0) bad |= flags & NEEDS_RECORD_ADDRESS;
    if (!rules.userInterrupts && rules.pasidEnable && d.priv === 0) {
      bad |= flags & FLAG.request_completion_interrupt;
    }
    if ((bad & CACHE_CONTROL_FLAGS) === 0) bad |= this.invalidCacheControl(flags, rule);
    bad |= reservedSelectors(flags, rule.opcode);
    bad |= rule.required & ~flags;
    if ((flags & rule.requiredAny) === 0) bad |= rule.requiredAny;
    return bad & 0xff_ffff;
  }

  /** Combinations of cache control 3, 2 and 1 that the device lacks or the specification reserves (8.1.3). */
  private invalidCacheControl(flags: number, rule: OperationRule): number {
    const selected = flags & CACHE_CONTROL_FLAGS & rule.flags;
    const three = selected & FLAG.cache_control_3;
    const two = selected & FLAG.cache_control_2;
    const one = selected & FLAG.cache_control_1;
    const { durableWrite, destinationReadback, cacheControl } = this.capabilities;
    const exists =
      three === 0
        ? (one === 0 || cacheControl) && (two === 0 || destinationReadback)
        : one === 0 && (two === 0 ? durableWrite : destinationReadback);
    return exists ? 0 : selected;
  }
}

/** Traffic class selectors whose address the descriptor does not use. */
function reservedSelectors(flags: number, opcode: number): number {
  if (opcode === OPCODE.drain) {
    let bad = 0;
    if ((flags & OPERATION_FLAG.drain.readback_address_1_valid) === 0)
      bad |= flags & FLAG.address_1_tc_selector;
    if ((flags & OPERATION_FLAG.drain.readback_address_2_valid) === 0)
      bad |= flags & FLAG.address_2_tc_selector;
    return bad;
  }
  const isCrc = opcode === OPCODE.crc || opcode === OPCODE.copy_crc;
  if (isCrc && (flags & OPERATION_FLAG.crc.read_seed) === 0) return flags & FLAG.address_3_tc_selector;
  return 0;
}
