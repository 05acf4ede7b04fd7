/** One kind of memory, as a device reaches it. */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import { Port } from './port.js';

/** See the head of this file. */
export class MemoryKind {
  /** How long a read of one line holds a read buffer [ps]. */
  readonly latencyPs: number = DOUBLE_ZERO;
  /** What a write takes longer to be visible than one to local memory [ps]. */
  readonly writeExtraPs: number = DOUBLE_ZERO;
  readonly psPerByte: number = DOUBLE_ZERO;

  /** @param isRead whether what is read comes from memory, and not from the cache */
  constructor(
    latencyPs: number,
    writeExtraPs: number,
    psPerByte: number,
    readonly isRead: boolean,
    readonly port: Port,
  ) {
    this.latencyPs = latencyPs;
    this.writeExtraPs = writeExtraPs;
    this.psPerByte = psPerByte;
  }
}

/** Stands where it is not known yet which one it will be, so that a field for it is there from the beginning. */
export const NO_MEMORY = new MemoryKind(0, 0, 0, false, new Port());
