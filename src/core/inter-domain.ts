/**
 * The inter-domain permissions table of revision 2.0: operands in another PASID's address space, by handle
 * (DSA specification 3.14 and 8.3.21 to 8.3.25).
 */
import type { AddressSpace } from './address-space.js';
import { ADDRESS_LIMIT } from './bytes.js';
import type { Descriptor } from './descriptor.js';
import { OPERAND, type OperandList } from './operands.js';
import { STATUS } from './status.js';

/** One entry: who may reach whose memory, where and how. */
export interface InterDomainEntry {
  usable: boolean;
  /** PASID that may name the entry in an inter-domain operation. */
  submitterPasid: number;
  /** PASID whose address space it opens; its owner may send Update Window. */
  accessPasid: number;
  /** Whether Update Window may change the entry. */
  allowUpdate: boolean;
  read: boolean;
  write: boolean;
  windowEnable: boolean;
  /** Operand addresses are offsets into the window. */
  offsetMode: boolean;
  /** [B] */
  windowBase: number;
  windowBytes: number;
}

/** Flags of Update Window, byte 61 of the descriptor. */
const WINDOW_FLAG = { read: 1, write: 2, enable: 4, offset_mode: 8 } as const;

/** The table of one device, and the way to the address spaces behind it. */
export class InterDomainTable {
  /** Handle of the operand that {@link InterDomainTable.place} refused. */
  refusedHandle = 0;

  /**
   * @param entries by handle; a hole is an unusable entry
   * @param spaceOf address space of a PASID, or undefined where none is bound
   */
  constructor(
    private readonly entries: readonly (InterDomainEntry | undefined)[],
    private readonly spaceOf: (pasid: number) => AddressSpace | undefined,
  ) {}

  /**
   * Moves the alternate operands of a list to their address space: fills `space`, and in offset mode `address`.
   * @returns 0, or the status of the first operand that is refused
   */
  place(operands: OperandList, descriptor: Descriptor): number {
    for (let row = 0; row < operands.count; row++) {
      if (operands.alternate[row] === 0) continue;
      const isSource = operands.field[row] === OPERAND.source;
      const handle = isSource ? descriptor.sourceHandle : descriptor.destinationHandle;
      const status = this.placeOne(operands, row, handle, descriptor.pasid);
      if (status === 0) continue;
      this.refusedHandle = handle;
      return status;
    }
    return 0;
  }

  private placeOne(operands: OperandList, row: number, handle: number, pasid: number): number {
    const entry = this.entries[handle];
    if (entry === undefined || !entry.usable || entry.submitterPasid !== pasid)
      return STATUS.idpt_entry_invalid;
    const bytes = operands.bytes[row]!;
    let address = operands.address[row]!;
    if (entry.windowEnable) {
      const start = entry.offsetMode ? 0 : entry.windowBase;
      if (address < start || address + bytes > start + entry.windowBytes)
        return STATUS.inter_domain_window_range;
      if (entry.offsetMode) address += entry.windowBase;
    }
    if (!(operands.write[row] === 1 ? entry.write : entry.read)) return STATUS.inter_domain_permission;
    const space = this.spaceOf(entry.accessPasid);
    if (space === undefined) return STATUS.inter_domain_inaccessible;
    operands.address[row] = address;
    operands.space[row] = space;
    return 0;
  }

  /**
   * Update Window: the owner of the memory moves the window of an entry, or closes it.
   * @returns the status of the descriptor
   */
  updateWindow(descriptor: Descriptor): number {
    const entry = this.entries[descriptor.destinationHandle];
    if (
      entry === undefined ||
      !entry.usable ||
      !entry.allowUpdate ||
      entry.accessPasid !== descriptor.pasid
    ) {
      return STATUS.update_window_entry_invalid;
    }
    const flags = descriptor.windowFlags;
    const enable = (flags & WINDOW_FLAG.enable) !== 0;
    const offsetMode = (flags & WINDOW_FLAG.offset_mode) !== 0;
    const base = descriptor.source;
    const bytes = descriptor.destination;
    if (enable ? bytes === 0 || base + bytes > ADDRESS_LIMIT : offsetMode)
      return STATUS.update_window_control;
    entry.read = (flags & WINDOW_FLAG.read) !== 0;
    entry.write = (flags & WINDOW_FLAG.write) !== 0;
    entry.windowEnable = enable;
    entry.offsetMode = offsetMode;
    entry.windowBase = base;
    entry.windowBytes = bytes;
    return STATUS.success;
  }
}

/** Whether an operation code is one of the inter-domain data operations. */
export function isInterDomain(opcode: number): boolean {
  return opcode >= 0x23 && opcode <= 0x26;
}
