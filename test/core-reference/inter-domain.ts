import { FLAG, OP, type ReferenceDescriptor } from './descriptor.js';
import { ADDRESS_LIMIT, type ReferenceMemory } from './memory.js';
import type { Operand } from './operands.js';

/** Inter-domain permissions (specification 3.14): operands in the address space of another PASID, by handle. */

export interface WindowEntry {
  usable: boolean;
  submitterPasid: number;
  accessPasid: number;
  allowUpdate: boolean;
  read: boolean;
  write: boolean;
  windowEnable: boolean;
  offsetMode: boolean;
  windowBase: bigint;
  windowBytes: bigint;
}

/** Where an operand really lies: its memory, and what is added to the addresses that the descriptor gives. */
export interface Place {
  memory: ReferenceMemory;
  shift: bigint;
}

export class RefusedOperand {
  constructor(
    readonly status: number,
    readonly handle: number,
  ) {}
}

interface Alternate {
  operand: Operand;
  flag: number;
  handleOffset: number;
  address: bigint;
  write: boolean;
}

/** Operands that the descriptor places in another address space, source first. */
function alternates(d: ReferenceDescriptor): Alternate[] {
  const first = {
    operand: 'source',
    flag: FLAG.op16,
    handleOffset: 60,
    address: d.source,
    write: false,
  } as const;
  const target = { flag: FLAG.op17, handleOffset: 62, address: d.destination } as const;
  const all: Record<number, Alternate[]> = {
    [OP.interDomainCopy]: [first, { ...target, operand: 'destination', write: true }],
    [OP.interDomainFill]: [{ ...target, operand: 'destination', write: true }],
    [OP.interDomainCompare]: [first, { ...target, operand: 'source2', write: false }],
    [OP.interDomainComparePattern]: [first],
  };
  return (all[d.operation] ?? []).filter(({ flag }) => d.has(flag));
}

const isInterDomain = (d: ReferenceDescriptor): boolean =>
  d.operation >= OP.interDomainCopy && d.operation <= OP.interDomainComparePattern;

/** Places every alternate operand, or names the first that is refused. */
export function placeOperands(
  d: ReferenceDescriptor,
  submitter: { pasid: number; pasidEnable: boolean },
  entries: ReadonlyMap<number, WindowEntry>,
  memoryOf: (pasid: number) => ReferenceMemory | undefined,
): Map<Operand, Place> | RefusedOperand {
  const places = new Map<Operand, Place>();
  if (isInterDomain(d) && !submitter.pasidEnable) return new RefusedOperand(0x28, 0);
  for (const { operand, handleOffset, address, write } of alternates(d)) {
    const handle = d.u16(handleOffset);
    const refuse = (status: number): RefusedOperand => new RefusedOperand(status, handle);
    const entry = entries.get(handle);
    if (!entry?.usable || entry.submitterPasid !== submitter.pasid) return refuse(0x29);
    let shift = 0n;
    if (entry.windowEnable) {
      const start = entry.offsetMode ? 0n : entry.windowBase;
      if (address < start || address + BigInt(d.size) > start + entry.windowBytes) return refuse(0x2b);
      if (entry.offsetMode) shift = entry.windowBase;
    }
    if (!(write ? entry.write : entry.read)) return refuse(0x2a);
    const memory = memoryOf(entry.accessPasid);
    if (memory === undefined) return refuse(0x2e);
    places.set(operand, { memory, shift });
  }
  return places;
}

/** Update Window: the owner of the memory sets or closes the window of an entry; answers the status. */
export function updateWindow(
  d: ReferenceDescriptor,
  submitter: { pasid: number; pasidEnable: boolean },
  entries: ReadonlyMap<number, WindowEntry>,
): number {
  if (!submitter.pasidEnable) return 0x28;
  const entry = entries.get(d.u16(62));
  if (!entry?.usable || !entry.allowUpdate || entry.accessPasid !== submitter.pasid) return 0x2c;
  const flags = d.u8(61);
  const [read, write, windowEnable, offsetMode] = [1, 2, 4, 8].map((bit) => (flags & bit) !== 0);
  const [windowBase, windowBytes] = [d.source, d.destination];
  if (windowEnable && (windowBytes === 0n || windowBase + windowBytes > ADDRESS_LIMIT)) return 0x2d;
  if (!windowEnable && offsetMode) return 0x2d;
  Object.assign(entry, { read, write, windowEnable, offsetMode, windowBase, windowBytes });
  return 1;
}
