/**
 * One engine. A work descriptor passes
 *
 *     dispatch -> front end -> decode -> translate -> first read -> data path (4 KiB chunks) -> record -> retire
 *
 * The front end starts one descriptor per interval. As many as ENGCAP allows are inside at once; of these, a smaller
 * number is active, from the start of their data until their writes are acknowledged, so that the latency of
 * translation and of the first read hides behind the descriptors before them. The data path moves one descriptor's
 * data at a time, in the order in which it became ready, and shares the device's fabric and read buffers with the
 * other engines line by line.
 */
import type { Capabilities } from '../../core/capabilities.js';
import { DescriptorChecker } from '../../core/checks.js';
import { writeCompletion } from '../../core/completion.js';
import { Executor } from '../../core/executor.js';
import { FLAG } from '../../core/flags.js';
import { STATUS } from '../../core/status.js';
import { exponential } from '../../sim/distributions.js';
import { PRIORITY } from '../../sim/priorities.js';
import { type MachineContext, PURPOSE } from '../context.js';
import { IMAGE_WORDS, NO_PARENT, STAGE } from '../descriptor-table.js';
import { DevTlb } from '../translation/devtlb.js';
import { refusalPs } from '../translation/page-relay.js';
import { ActivePlaces } from './active-places.js';
import { BatchUnit } from './batch-unit.js';
import type { DataPath } from './data-path.js';
import type { Drains } from './drains.js';
import type { EngineEvents } from './events.js';
import { acknowledgePs, readTailPs, writtenPs } from './latency.js';
import { MET, PagePresence } from './page-presence.js';
import { PREFETCH_CHUNKS, Transfer } from './transfer.js';

/** The parts of the device that an engine works with. */
export interface EngineSurroundings {
  readonly context: MachineContext;
  readonly events: EngineEvents;
  readonly capabilities: Capabilities;
  /** Of the engine in its device. */
  readonly number: number;
  /** Fabric, read buffers and IOMMU, as this engine's group reaches them. */
  readonly dataPath: DataPath;
  /** Drain descriptors of its group. */
  readonly drains: Drains;
  /** Asks the group's arbiter to look again. */
  wakeArbiter(): void;
}

const NOT_TURNING = -1;

/** See the head of this file. */
export class Engine {
  readonly tlb = new DevTlb();
  readonly batches: BatchUnit;
  /** Page faults met since the last reset. */
  pageFaults = 0;
  /** Work descriptors held. */
  inside = 0;
  /** Whether the next free place is a batch member's turn. */
  memberTurn = false;
  private readonly transfers: Transfer[] = [];
  private readonly freeTransfers: number[] = [];
  private readonly streamQueue: Int32Array;
  private streamHead = 0;
  private streamCount = 0;
  private streaming = false;
  /** When the data path is free again, if nobody has asked for that yet, or NOT_TURNING [ps]. */
  private turnedPs = NOT_TURNING;
  private readonly places: ActivePlaces;
  private frontFreePs = 0;
  private working = 0;
  private workingSincePs = 0;
  private busyPs = 0;
  private readonly checker: DescriptorChecker;
  private readonly executor: Executor;
  private readonly presence = new PagePresence();

  /** @param index number of the engine in the machine */
  constructor(
    readonly index: number,
    private readonly around: EngineSurroundings,
  ) {
    const places = around.context.parameters['engine.work_descriptors'];
    for (let i = 0; i < places; i++) {
      this.transfers.push(new Transfer(i));
      this.freeTransfers.push(places - 1 - i);
    }
    this.places = new ActivePlaces(around.dataPath, around.context.parameters);
    this.streamQueue = new Int32Array(places);
    this.checker = new DescriptorChecker(around.capabilities);
    this.executor = new Executor(around.capabilities);
    this.batches = new BatchUnit(this, around);
  }

  /** Rows of the descriptors held whose record is not written yet, members of batches aside. */
  rows(): number[] {
    const { table } = this.around.context;
    const direct = this.transfers
      .filter(({ row }) => row >= 0 && table.parent[row] === NO_PARENT)
      .map(({ row }) => row);
    return [...direct, ...this.batches.rows()];
  }

  /** Whether a work descriptor can be taken in. */
  get hasPlace(): boolean {
    return this.freeTransfers.length > 0;
  }

  /**
   * Takes a work descriptor in: its 64 bytes are in the row. Its translations are asked for at once, beside the way
   * to the front end and the decoding; only what they take longer shows.
   */
  start(row: number, nowPs: number): void {
    const { context, events, dataPath } = this.around;
    const { table, parameters: p } = context;
    const transfer = this.transfers[this.freeTransfers.pop()!]!;
    const { descriptor } = transfer;
    transfer.row = row;
    this.inside++;
    table.engine[row] = this.index;
    this.startWorking(nowPs);
    const instance = context.instances[table.instance[row]!]!;
    descriptor.decodeWords(table.imageWords, row * IMAGE_WORDS);
    descriptor.bind(instance.pasid, 0);
    const isMember = table.parent[row] !== NO_PARENT;
    transfer.status = this.checker.check(descriptor, dataPath.rules(table.queue[row]!), isMember);
    transfer.invalidFlags = this.checker.invalidFlags;
    transfer.begin(instance.index, instance.pageBytes, instance.placement);
    if (transfer.status === 0) {
      for (let chunk = 0; chunk < Math.min(PREFETCH_CHUNKS, transfer.chunks); chunk++) {
        transfer.translate(chunk, this.tlb, dataPath.iommu, nowPs);
      }
    }
    // A batch member is in the engine already.
    const arrivesPs = isMember ? nowPs : nowPs + p['device.dispatch_latency'];
    const entersPs = Math.max(arrivesPs, this.frontFreePs);
    this.frontFreePs = entersPs + p['engine.descriptor_interval'];
    const decodedPs = entersPs + p['engine.decode_latency'];
    if (!isMember) table.endStage(row, STAGE.arbitrate, decodedPs);
    if (transfer.status !== 0) {
      context.simulator.scheduleAt(decodedPs, PRIORITY.DEVICE, events.rejected, this.index, transfer.index);
      return;
    }
    if (transfer.isDrain) {
      this.around.drains.begin(this, transfer.index, row, decodedPs);
      return;
    }
    // Nothing can change any more when it will be decoded, and when its first read, which waits for its translations, is back.
    let ready = transfer.chunks > 0 ? Math.max(decodedPs, transfer.translatedPs(0)) : decodedPs;
    table.endStage(row, STAGE.translate, ready);
    if (transfer.operands.bytesRead > 0) ready += this.firstReadPs(transfer);
    context.simulator.scheduleAt(ready, PRIORITY.TRANSLATION, events.ready, this.index, transfer.index);
  }

  /** A descriptor that fails the checks is decoded, and goes no further. */
  onRejected(index: number): void {
    const transfer = this.transfers[index]!;
    this.executor.reject(transfer.status, transfer.invalidFlags);
    this.conclude(transfer, this.around.context.simulator.nowPs);
  }

  /** All that a drain has waited for is complete at `fromPs`; what was written is read back, so that it is visible. */
  drained(index: number, fromPs: number): void {
    const { context, events } = this.around;
    const { simulator, table } = context;
    const { row } = this.transfers[index]!;
    table.endStage(row, STAGE.arbitrate, fromPs);
    table.endStage(row, STAGE.translate, fromPs);
    const readyPs = fromPs + context.parameters['engine.readback_latency'];
    simulator.scheduleAt(readyPs, PRIORITY.TRANSLATION, events.ready, this.index, index);
  }

  /** Latency of the first line of the source, with its spread [ps]. */
  private firstReadPs(transfer: Transfer): number {
    const { context, dataPath } = this.around;
    const { row } = transfer;
    const instance = context.instances[context.table.instance[row]!]!;
    const draw = context.random.uniform(instance.index, context.table.serial[row]!, PURPOSE.memoryJitter);
    const jitterPs = Math.round(exponential(draw, context.parameters['memory.jitter']));
    return dataPath.readLatencyPs(instance.placement) + jitterPs;
  }

  /** The first pages are translated and the first line is here: queue for the data path. */
  onReady(index: number): void {
    this.streamQueue[(this.streamHead + this.streamCount++) % this.streamQueue.length] = index;
    if (this.turnedPs !== NOT_TURNING) this.endTurn();
    else if (!this.streaming) this.onStream();
  }

  /** Somebody wants the data path, which nobody wanted when it began to turn around. */
  private endTurn(): void {
    const { context, events } = this.around;
    const { turnedPs } = this;
    this.turnedPs = NOT_TURNING;
    if (turnedPs < context.simulator.nowPs) this.onStream();
    else context.simulator.scheduleAt(turnedPs, PRIORITY.DEVICE, events.stream, this.index);
  }

  /** The data path is free: move the next chunk of the oldest descriptor. */
  onStream(): void {
    this.streaming = false;
    if (this.streamCount === 0) return;
    const { context, events, dataPath } = this.around;
    const { simulator, parameters: p } = context;
    const now = simulator.nowPs;
    const transfer = this.transfers[this.streamQueue[this.streamHead]!]!;
    const { chunk } = transfer;
    if (chunk === 0 && transfer.faultPs === 0 && !this.places.hasPlace(transfer)) return;
    this.streaming = true;
    const waitPs = this.waitForChunk(transfer);
    if (waitPs !== 0) {
      if (waitPs > 0) simulator.schedule(waitPs, PRIORITY.DEVICE, events.stream, this.index);
      return;
    }
    if (chunk === 0) this.places.take(transfer, now);
    if (transfer.chunks === 0) {
      this.leaveStream();
      this.finish(transfer, now);
      this.onStream();
      return;
    }
    let movedPs = dataPath.move(this.around.number, transfer, chunk, now);
    const later = chunk + PREFETCH_CHUNKS;
    if (later < transfer.chunks) {
      const requests = transfer.translate(later, this.tlb, dataPath.iommu, now);
      // One request is issued beside the data; a second one of the same chunk holds it up.
      if (requests > 1) {
        const heldPs = (requests - 1) * p['translation.request_interval'];
        movedPs += heldPs;
        transfer.ownEndPs += heldPs;
      }
    }
    transfer.chunk++;
    if (transfer.chunk < transfer.chunks) {
      simulator.scheduleAt(movedPs, PRIORITY.DEVICE, events.stream, this.index);
      return;
    }
    this.leaveStream();
    this.places.moved(transfer, movedPs);
    this.finish(transfer, movedPs);
    const turnaroundPs = transfer.operands.bytesWritten > 0 ? p['engine.write_turnaround'] : 0;
    // The engine turns around while the fabric may still be busy with its last chunk.
    const turnedPs = transfer.ownEndPs + p['engine.descriptor_overhead'] + turnaroundPs;
    const freePs = Math.max(movedPs, turnedPs);
    if (this.streamCount > 0) simulator.scheduleAt(freePs, PRIORITY.DEVICE, events.stream, this.index);
    else this.turnedPs = freePs;
  }

  /**
   * What the next chunk must wait for: its translations, earlier partial writes, its pages.
   * @returns 0 to go on, the time to wait [ps], or -1 when the descriptor ended at a fault
   */
  private waitForChunk(transfer: Transfer): number {
    if (transfer.chunks === 0) return 0;
    const now = this.around.context.simulator.nowPs;
    const translatedPs = transfer.translatedPs(transfer.chunk);
    if (translatedPs > now) return translatedPs - now;
    const partialPs = transfer.chunk === 0 ? this.places.waitPs(transfer, now) : 0;
    if (partialPs > 0) return partialPs;
    return this.meetAbsentPages(transfer);
  }

  /**
   * Page faults of the next chunk. Under Block On Fault every absent page costs a page request and the data path
   * stands still; otherwise, or if the answer is that the page is invalid, the operation ends there.
   * @returns 0 to go on, the time to stand still [ps], or -1 when the descriptor ended
   */
  private meetAbsentPages(transfer: Transfer): number {
    const { context } = this.around;
    const instance = context.instances[context.table.instance[transfer.row]!]!;
    if (!instance.mayFault) return 0;
    const { iommu } = this.around.dataPath;
    const p = context.parameters;
    const blocks = transfer.descriptor.has(FLAG.block_on_fault);
    const refused = blocks && iommu.guestAnswers && instance.answersNothing;
    const met = this.presence.meet(transfer, instance.space, blocks && !refused);
    if (met === MET.all) return 0;
    if (met === MET.ended) {
      this.pageFaults++;
      if (refused) instance.refusedFaults++;
      this.endAtFault(transfer, this.presence.bytesMoved, refused ? refusalPs(p) : 0);
      return -1;
    }
    const storagePs = instance.config.buffers.faults === 'major' ? p['translation.storage_read'] : 0;
    const now = context.simulator.nowPs;
    const answeredPs = iommu.requestPages(this.presence.requests, storagePs, now);
    const pausePs = answeredPs - now;
    this.pageFaults += this.presence.requests;
    transfer.faultPs += pausePs;
    return pausePs;
  }

  /** @param waitedPs how long the data path stands still for an answer first [ps] */
  private endAtFault(transfer: Transfer, bytesMoved: number, waitedPs: number): void {
    const { context, events } = this.around;
    const { simulator, parameters: p } = context;
    transfer.faultPs += waitedPs;
    if (transfer.chunk === 0) this.places.take(transfer, simulator.nowPs);
    transfer.chunks = transfer.chunk;
    this.leaveStream();
    this.finish(transfer, simulator.nowPs + waitedPs + p['translation.fault_report'], bytesMoved);
    simulator.schedule(
      waitedPs + p['engine.descriptor_overhead'],
      PRIORITY.DEVICE,
      events.stream,
      this.index,
    );
  }

  private leaveStream(): void {
    this.streamHead = (this.streamHead + 1) % this.streamQueue.length;
    this.streamCount--;
  }

  /** All data has passed the data path at `movedPs`: execute, and work out when it is visible. */
  private finish(transfer: Transfer, movedPs: number, bytesMoved = -1): void {
    const { context } = this.around;
    const { table, parameters: p } = context;
    const { row, operands } = transfer;
    const instance = context.instances[table.instance[row]!]!;
    const { completion } = this.executor;
    if (context.executes && instance.mayFault) {
      this.presence.execute(transfer, instance.space, this.executor);
    } else if (context.executes) this.executor.execute(transfer.descriptor, instance.space);
    else {
      completion.reset();
      const asked = transfer.descriptor.has(FLAG.block_on_fault);
      const fault = asked ? STATUS.page_fault_ir : STATUS.page_fault_nobof;
      completion.status = bytesMoved < 0 ? STATUS.success : fault;
      completion.bytesCompleted = Math.max(0, bytesMoved);
    }
    instance.dirty?.writtenBy(transfer);
    table.endStage(row, STAGE.fault, table.stageEnd(row, STAGE.translate) + transfer.faultPs);
    let endPs = movedPs;
    if (operands.bytesRead > 0) {
      endPs += readTailPs(operands, p);
      table.endStage(row, STAGE.read, endPs);
    }
    if (operands.bytesWritten > 0) {
      endPs = writtenPs(transfer, endPs, this.around.dataPath, p);
      table.endStage(row, STAGE.write, endPs);
    }
    this.conclude(transfer, endPs);
  }

  /** The outcome is known and in the executor's record; the completion record follows. */
  private conclude(transfer: Transfer, fromPs: number): void {
    const { context, events } = this.around;
    const { completion } = this.executor;
    const { row } = transfer;
    context.table.status[row] = completion.status;
    context.table.completedBytes[row] = completion.bytesCompleted;
    transfer.record.assign(completion);
    // The record's page is asked for last, so a miss there shows in full (costs T15 and T16).
    const knownPs = transfer.translateRecord(this.tlb, this.around.dataPath.iommu, fromPs);
    const completePs = knownPs + context.parameters['engine.completion_latency'];
    context.simulator.scheduleAt(
      completePs,
      PRIORITY.COMPLETION,
      events.complete,
      this.index,
      transfer.index,
    );
  }

  /** The completion record is written and visible. */
  onComplete(index: number): void {
    const { context, events } = this.around;
    const { table, simulator } = context;
    const now = simulator.nowPs;
    const transfer = this.transfers[index]!;
    const { row } = transfer;
    const instance = context.instances[table.instance[row]!]!;
    writeCompletion(transfer.descriptor, transfer.record, instance.space);
    table.endStage(row, STAGE.complete, now);
    if (this.places.recorded(transfer) && !this.streaming) this.onStream();
    this.stopWorking(now);
    if (table.parent[row] === NO_PARENT) {
      context.completed(row, now);
      this.around.drains.left(row);
    } else this.batches.memberFinished(row, transfer.faultPs);
    transfer.row = -1;
    const p = context.parameters;
    const retiredPs =
      now + p['engine.retire_latency'] + (transfer.status === 0 ? acknowledgePs(transfer.operands, p) : 0);
    simulator.scheduleAt(retiredPs, PRIORITY.COMPLETION, events.retired, this.index, index);
  }

  /** The writes are acknowledged: the place is free. */
  onRetired(index: number): void {
    const transfer = this.transfers[index]!;
    this.freeTransfers.push(index);
    this.inside--;
    if (this.places.retired(transfer) && !this.streaming) this.onStream();
    this.around.wakeArbiter();
  }

  /** Counts the engine as at work, for utilisation. */
  startWorking(nowPs: number): void {
    if (this.working++ === 0) this.workingSincePs = nowPs;
  }

  /** The counterpart of {@link startWorking}. */
  stopWorking(nowPs: number): void {
    if (--this.working === 0) this.busyPs += nowPs - this.workingSincePs;
  }

  /** Time at work since the last reset [ps]. */
  busy(nowPs: number): number {
    return this.busyPs + (this.working > 0 ? nowPs - this.workingSincePs : 0);
  }

  /** Starts the measured phase. */
  reset(nowPs: number): void {
    this.busyPs = 0;
    this.workingSincePs = nowPs;
    this.pageFaults = 0;
    this.tlb.hits = 0;
    this.tlb.misses = 0;
    this.tlb.bypassed = 0;
  }
}
