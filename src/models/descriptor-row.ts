/** One descriptor in flight: the 64 bytes that travel in the portal write, and what becomes of it. */
import { writeUint16 } from '../core/bytes.js';
import { DESCRIPTOR_BYTES } from '../core/descriptor.js';
import { DOUBLE_ZERO } from '../sim/double-zero.js';
import { STAGES } from './metrics.js';

/** Number of stages of a descriptor's latency. */
export const STAGE_COUNT = STAGES.length;

/** Index of each stage in {@link DescriptorRow.ends}. */
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

/** Byte of the interrupt handle (specification 8.1). */
const INTERRUPT_HANDLE = 36;

/** A row of the descriptor table, used for one descriptor after the other. */
export class DescriptorRow {
  /** Thread that submitted it. */
  thread = 0;
  /** Tenant instance whose memory it works on. */
  instance = 0;
  /** Submission slot of its thread: which completion record and batch list it uses. */
  slot = 0;
  /** Work queue that it was submitted to. */
  queue = 0;
  /** Engine that took it in last, or -1. */
  engine = -1;
  /** Place in its engine of the batch that it is a member of, or -1 where it was submitted by itself. */
  parent = -1;
  /** Position in its batch; in the row of a batch, of the member that its thread took further after a fault. */
  member = 0;
  opcode = 0;
  /** Status as the device wrote it, 0 while it is under way. */
  status = 0;
  /** Whether the device took it from the portal. */
  accepted = false;
  /** Number of the descriptor in its instance's life: the key of its random draws. */
  serial = DOUBLE_ZERO;
  /** Bytes that a completion adds to the throughput; for a batch the sum of its members [B]. */
  payloadBytes = DOUBLE_ZERO;
  /** Bytes Completed of the completion record, for resuming after a fault [B]. */
  completedBytes = DOUBLE_ZERO;
  /** Members of a batch that did not succeed, abandoned ones included; of these, the ones that ended at a fault. */
  failedMembers = 0;
  faultedMembers = 0;
  /** Descriptors that a completion counts for: 1, or the members of a batch. */
  weight = 1;
  /** Start of the latency [ps]. */
  startPs = DOUBLE_ZERO;
  /** Time that earlier attempts of the same work took, counted as fault [ps]. */
  carriedPs = DOUBLE_ZERO;
  /** When a thread that polls can see the completion record, 0 until it is written [ps]. */
  visiblePs = DOUBLE_ZERO;
  /** End of each stage [ps]; 0 where the descriptor did not meet it. */
  readonly ends = new Float64Array(STAGE_COUNT);
  /** The 64 bytes. */
  readonly image = new Uint8Array(DESCRIPTOR_BYTES);
  /** The same as little-endian words. */
  readonly words = new Uint32Array(this.image.buffer);

  /** @param index its number in the table, which events and queues carry */
  constructor(readonly index: number) {}

  /** Whether it is a member of a batch. */
  get isMember(): boolean {
    return this.parent >= 0;
  }

  /** Forgets the descriptor before. */
  begin(): void {
    this.engine = -1;
    this.parent = -1;
    this.member = 0;
    this.status = 0;
    this.accepted = false;
    this.weight = 1;
    this.failedMembers = 0;
    this.faultedMembers = 0;
    this.carriedPs = 0;
    this.visiblePs = 0;
    this.clearStages();
  }

  /** Forgets the ends of all stages. */
  clearStages(): void {
    // Written out: docs/speed.md.
    const { ends } = this;
    ends[STAGE.prepare] = 0;
    ends[STAGE.submit] = 0;
    ends[STAGE.trap] = 0;
    ends[STAGE.queue] = 0;
    ends[STAGE.arbitrate] = 0;
    ends[STAGE.fetch] = 0;
    ends[STAGE.translate] = 0;
    ends[STAGE.fault] = 0;
    ends[STAGE.read] = 0;
    ends[STAGE.write] = 0;
    ends[STAGE.complete] = 0;
    ends[STAGE.notify] = 0;
  }

  /** Writes the interrupt handle into the 64 bytes. */
  nameInterrupt(handle: number): void {
    writeUint16(this.image, INTERRUPT_HANDLE, handle);
  }

  /** Notes the end of a stage; the last note of a stage stands [ps]. */
  endStage(stage: STAGE, timePs: number): void {
    this.ends[stage] = timePs;
  }
}
