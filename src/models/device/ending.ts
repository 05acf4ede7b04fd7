/** How descriptors end on one engine: what they did, when it is visible, and their completion records. */
import type { AddressSpace } from '../../core/address-space.js';
import { writeCompletion } from '../../core/completion.js';
import { Executor } from '../../core/executor.js';
import { FLAG } from '../../core/flags.js';
import { STATUS } from '../../core/status.js';
import { PRIORITY } from '../../sim/priorities.js';
import type { Placement } from '../config.js';
import { STAGE } from '../descriptor-row.js';
import type { Instance } from '../tenants/instance.js';
import type { DevTlb } from '../translation/devtlb.js';
import type { EngineSurroundings } from './engine.js';
import { planLatency, writtenPs } from './latency.js';
import type { PagePresence } from './page-presence.js';
import type { Transfer } from './transfer.js';

/** The engine on which they end. */
export interface EndingOwner {
  /** Number of the engine in the machine: the payload of its events. */
  readonly index: number;
  readonly tlb: DevTlb;
}

/** See the head of this file. */
export class Ending {
  private readonly executor: Executor;
  private readonly completionPs: number;
  private readonly retireLatencyPs: number;

  constructor(
    private readonly owner: EndingOwner,
    private readonly around: EngineSurroundings,
  ) {
    const p = around.context.parameters;
    this.executor = new Executor(around.capabilities);
    this.completionPs = p['engine.completion_latency'];
    this.retireLatencyPs = p['engine.retire_latency'];
  }

  /** Works out what a transfer of another shape than the one before will take, its data lying in a kind of memory. */
  plan(transfer: Transfer, placement: Placement): void {
    const { dataPath, context } = this.around;
    transfer.memory = dataPath.memoryKind(placement);
    planLatency(transfer, dataPath, context.parameters);
  }

  /** A descriptor failed the checks. */
  reject(transfer: Transfer, nowPs: number): void {
    this.executor.reject(transfer.status, transfer.invalidFlags);
    transfer.record.assign(this.executor.completion);
    this.conclude(transfer, nowPs);
  }

  /**
   * All data has passed the data path at `movedPs`: execute, and work out when it is visible.
   * @param bytesMoved bytes before a fault that ended it, or -1
   * @param presence the pages that its data met
   */
  finish(transfer: Transfer, movedPs: number, bytesMoved: number, presence: PagePresence): void {
    const { context } = this.around;
    const { operands } = transfer;
    const descriptor = context.table.rows[transfer.row]!;
    const instance = context.instances[descriptor.instance]!;
    if (context.executes) this.execute(transfer, instance.space, presence);
    else pretend(transfer, bytesMoved);
    if (instance.dirty !== null) instance.dirty.writtenBy(transfer);
    descriptor.endStage(STAGE.fault, descriptor.ends[STAGE.translate]! + transfer.faultPs);
    let endPs = movedPs;
    if (operands.bytesRead > 0) {
      endPs += transfer.readTailPs;
      descriptor.endStage(STAGE.read, endPs);
    }
    if (operands.bytesWritten > 0) {
      endPs = writtenPs(transfer, endPs);
      descriptor.endStage(STAGE.write, endPs);
    }
    this.conclude(transfer, endPs);
  }

  private execute(transfer: Transfer, space: AddressSpace, presence: PagePresence): void {
    if (transfer.mayFault) presence.execute(transfer, space, this.executor);
    else this.executor.execute(transfer.descriptor, space);
    transfer.record.assign(this.executor.completion);
  }

  /** The outcome is known and in the transfer's record, which follows. */
  private conclude(transfer: Transfer, fromPs: number): void {
    const { context, events, dataPath } = this.around;
    const { record } = transfer;
    const descriptor = context.table.rows[transfer.row]!;
    descriptor.status = record.status;
    descriptor.completedBytes = record.bytesCompleted;
    // The record's page is asked for last, so a miss there shows in full (costs T15 and T16).
    const knownPs = transfer.translateRecord(this.owner.tlb, dataPath.iommu, fromPs);
    const completePs = knownPs + this.completionPs;
    const { index } = this.owner;
    context.simulator.scheduleAt(completePs, PRIORITY.COMPLETION, events.complete, index, transfer.index);
  }

  /** Writes the completion record of a transfer. */
  writeRecord(transfer: Transfer, { keepsRecords, space }: Instance): void {
    if (keepsRecords) writeCompletion(transfer.descriptor, transfer.record, space);
  }

  /** From the completion record until the writes of a transfer are acknowledged [ps]. */
  retirePs(transfer: Transfer): number {
    return this.retireLatencyPs + (transfer.status === 0 ? transfer.acknowledgePs : 0);
  }
}

/** The outcome where only time counts: every operation succeeds that does not end at a fault. */
function pretend({ descriptor, record }: Transfer, bytesMoved: number): void {
  record.reset();
  if (bytesMoved < 0) {
    record.status = STATUS.success;
    return;
  }
  const asked = descriptor.has(FLAG.block_on_fault);
  record.status = asked ? STATUS.page_fault_ir : STATUS.page_fault_nobof;
  record.bytesCompleted = bytesMoved;
}
