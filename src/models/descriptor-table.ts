/**
 * All descriptors in flight, as a table of numbers: a row is taken when a thread prepares a descriptor and given
 * back when the thread has seen its completion. Rows hold the 64 bytes that travel in the portal write and the
 * end of every stage, whose differences add up to the latency exactly.
 */
import { writeUint16 } from '../core/bytes.js';
import { DESCRIPTOR_BYTES } from '../core/descriptor.js';
import { STAGES } from './metrics.js';

/** Number of stages of a descriptor's latency. */
export const STAGE_COUNT = STAGES.length;

/** Index of each stage in a row of {@link DescriptorTable.ends}. */
// biome-ignore lint/suspicious/noConstEnum: its numbers are to stand in the code, where the optimiser folds them
export const enum STAGE {
  prepare = 0,
  submit = 1,
  trap = 2,
  queue = 3,
  arbitrate = 4,
  fetch = 5,
  translate = 6,
  fault = 7,
  read = 8,
  write = 9,
  complete = 10,
  notify = 11,
}

/** No parent: the descriptor was submitted by itself. */
export const NO_PARENT = -1;

/** No engine has taken the descriptor in. */
export const NO_ENGINE = -1;

/** Words of a row of {@link DescriptorTable.imageWords}. */
export const IMAGE_WORDS = DESCRIPTOR_BYTES / 4;

const INITIAL_ROWS = 256;
const INTERRUPT_HANDLE = 36;

/** Struct of arrays; a row's index is what events and queues carry. */
export class DescriptorTable {
  /** Thread that submitted it. */
  thread = new Int32Array(INITIAL_ROWS);
  /** Tenant instance whose memory it works on. */
  instance = new Int32Array(INITIAL_ROWS);
  /** Submission slot of its thread: which completion record and batch list it uses. */
  slot = new Int32Array(INITIAL_ROWS);
  /** Work queue that it was submitted to. */
  queue = new Int32Array(INITIAL_ROWS);
  /** Engine that took it in last, or NO_ENGINE. */
  engine = new Int32Array(INITIAL_ROWS);
  /** Place in its engine of the batch that it is a member of, or NO_PARENT. */
  parent = new Int32Array(INITIAL_ROWS);
  /** Position in its batch; in the row of a batch, of the member that its thread took further after a fault. */
  member = new Int32Array(INITIAL_ROWS);
  opcode = new Uint8Array(INITIAL_ROWS);
  /** Status as the device wrote it, 0 while it is under way. */
  status = new Uint8Array(INITIAL_ROWS);
  /** Whether the device took it from the portal. */
  accepted = new Uint8Array(INITIAL_ROWS);
  /** Number of the descriptor in its instance's life: the key of its random draws. */
  serial = new Float64Array(INITIAL_ROWS);
  /** Bytes that a completion adds to the throughput; for a batch the sum of its members [B]. */
  payloadBytes = new Float64Array(INITIAL_ROWS);
  /** Bytes Completed of the completion record, for resuming after a fault [B]. */
  completedBytes = new Float64Array(INITIAL_ROWS);
  /** Members of a batch that did not succeed, abandoned ones included; of these, the ones that ended at a fault. */
  failedMembers = new Int32Array(INITIAL_ROWS);
  faultedMembers = new Int32Array(INITIAL_ROWS);
  /** Descriptors that a completion counts for: 1, or the members of a batch. */
  weight = new Int32Array(INITIAL_ROWS);
  /** Start of the latency [ps]. */
  startPs = new Float64Array(INITIAL_ROWS);
  /** Time that earlier attempts of the same work took, counted as fault [ps]. */
  carriedPs = new Float64Array(INITIAL_ROWS);
  /** When a thread that polls can see the completion record, 0 until it is written [ps]. */
  visiblePs = new Float64Array(INITIAL_ROWS);
  /** End of each stage [ps]; 0 where the descriptor did not meet it. */
  ends = new Float64Array(INITIAL_ROWS * STAGE_COUNT);
  /** The 64 bytes of each row. */
  images = new Uint8Array(INITIAL_ROWS * DESCRIPTOR_BYTES);
  /** The same as little-endian words, {@link IMAGE_WORDS} a row. */
  imageWords = new Uint32Array(this.images.buffer);

  private next = new Int32Array(INITIAL_ROWS);
  private free = -1;
  private rows = 0;
  private used = 0;

  /** Rows in use. */
  get size(): number {
    return this.used;
  }

  /** Takes a row with all its stage ends at 0. */
  allocate(): number {
    let row = this.free;
    if (row >= 0) this.free = this.next[row]!;
    else {
      row = this.rows++;
      if (row === this.thread.length) this.grow();
    }
    this.used++;
    this.engine[row] = NO_ENGINE;
    this.parent[row] = NO_PARENT;
    this.member[row] = 0;
    this.status[row] = 0;
    this.accepted[row] = 0;
    this.weight[row] = 1;
    this.failedMembers[row] = 0;
    this.faultedMembers[row] = 0;
    this.carriedPs[row] = 0;
    this.visiblePs[row] = 0;
    this.clearStages(row);
    return row;
  }

  /** Gives a row back. */
  release(row: number): void {
    this.next[row] = this.free;
    this.free = row;
    this.used--;
  }

  /** Writes the interrupt handle of a row's 64 bytes (specification 8.1: bytes 36 and 37). */
  nameInterrupt(row: number, handle: number): void {
    writeUint16(this.images, row * DESCRIPTOR_BYTES + INTERRUPT_HANDLE, handle);
  }

  /** Forgets the ends of all stages. */
  clearStages(row: number): void {
    // Written out for the reason that `Descriptor.decodeNext` gives.
    const { ends } = this;
    const first = row * STAGE_COUNT;
    ends[first] = 0;
    ends[first + 1] = 0;
    ends[first + 2] = 0;
    ends[first + 3] = 0;
    ends[first + 4] = 0;
    ends[first + 5] = 0;
    ends[first + 6] = 0;
    ends[first + 7] = 0;
    ends[first + 8] = 0;
    ends[first + 9] = 0;
    ends[first + 10] = 0;
    ends[first + 11] = 0;
  }

  /** Notes the end of a stage; the last note of a stage stands [ps]. */
  endStage(row: number, stage: number, timePs: number): void {
    this.ends[row * STAGE_COUNT + stage] = timePs;
  }

  /** The end of a stage, or 0 [ps]. */
  stageEnd(row: number, stage: number): number {
    return this.ends[row * STAGE_COUNT + stage]!;
  }

  private grow(): void {
    const rows = this.thread.length * 2;
    const wider = <T extends Int32Array | Uint8Array | Float64Array>(old: T, length: number): T => {
      const wide = new (old.constructor as new (length: number) => T)(length);
      wide.set(old);
      return wide;
    };
    this.thread = wider(this.thread, rows);
    this.instance = wider(this.instance, rows);
    this.slot = wider(this.slot, rows);
    this.queue = wider(this.queue, rows);
    this.engine = wider(this.engine, rows);
    this.parent = wider(this.parent, rows);
    this.member = wider(this.member, rows);
    this.opcode = wider(this.opcode, rows);
    this.status = wider(this.status, rows);
    this.accepted = wider(this.accepted, rows);
    this.serial = wider(this.serial, rows);
    this.payloadBytes = wider(this.payloadBytes, rows);
    this.completedBytes = wider(this.completedBytes, rows);
    this.failedMembers = wider(this.failedMembers, rows);
    this.faultedMembers = wider(this.faultedMembers, rows);
    this.weight = wider(this.weight, rows);
    this.startPs = wider(this.startPs, rows);
    this.carriedPs = wider(this.carriedPs, rows);
    this.visiblePs = wider(this.visiblePs, rows);
    this.ends = wider(this.ends, rows * STAGE_COUNT);
    this.images = wider(this.images, rows * DESCRIPTOR_BYTES);
    this.imageWords = new Uint32Array(this.images.buffer);
    this.next = wider(this.next, rows);
  }
}
