/**
 * One engine. A work descriptor passes
 *
 *     dispatch -> front end -> decode -> translate -> data path (4 KiB chunks) -> completion record -> retire
 *
 * The front end starts one descriptor per interval; as many as ENGCAP allows are inside at once, held until their
 * writes are acknowledged; the data path moves one descriptor's data at a time, in the order in which their
 * translations arrived, and shares the device's fabric and read buffers with the other engines chunk by chunk.
 */
import type { Capabilities } from '../../core/capabilities.js';
import { DescriptorChecker } from '../../core/checks.js';
import { writeCompletion } from '../../core/completion.js';
import { DESCRIPTOR_BYTES } from '../../core/descriptor.js';
import { Executor } from '../../core/executor.js';
import { STATUS } from '../../core/status.js';
import { exponential } from '../../sim/distributions.js';
import { PRIORITY } from '../../sim/priorities.js';
import { type MachineContext, PURPOSE } from '../context.js';
import { NO_PARENT, STAGE } from '../descriptor-table.js';
import { DevTlb } from '../translation/devtlb.js';
import { BatchUnit } from './batch-unit.js';
import type { DataPath } from './data-path.js';
import type { EngineEvents } from './events.js';
import { CHUNK_BYTES, PREFETCH_CHUNKS, Transfer } from './transfer.js';

/** The parts of the device that an engine works with. */
export interface EngineSurroundings {
  readonly context: MachineContext;
  readonly events: EngineEvents;
  readonly capabilities: Capabilities;
  /** Fabric, read buffers and IOMMU, as this engine's group reaches them. */
  readonly dataPath: DataPath;
  /** Asks the group's arbiter to look again. */
  wakeArbiter(): void;
}

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
  private frontFreePs = 0;
  private working = 0;
  private workingSincePs = 0;
  private busyPs = 0;
  private readonly checker: DescriptorChecker;
  private readonly executor: Executor;

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
    this.streamQueue = new Int32Array(places);
    this.checker = new DescriptorChecker(around.capabilities);
    this.executor = new Executor(around.capabilities);
    this.batches = new BatchUnit(this, around);
  }

  /** Whether a work descriptor can be taken in. */
  get hasPlace(): boolean {
    return this.freeTransfers.length > 0;
  }

  /** Takes a work descriptor in: its 64 bytes are in the row. Its stage before this one ends now. */
  start(row: number, nowPs: number): void {
    const { context, events } = this.around;
    const p = context.parameters;
    const transfer = this.transfers[this.freeTransfers.pop()!]!;
    transfer.row = row;
    context.table.engine[row] = this.index;
    this.inside++;
    this.startWorking(nowPs);
    const entersPs = Math.max(nowPs + p['device.dispatch_latency'], this.frontFreePs);
    this.frontFreePs = entersPs + p['engine.descriptor_interval'];
    const decodedPs = entersPs + p['engine.decode_latency'];
    context.simulator.scheduleAt(decodedPs, PRIORITY.DEVICE, events.decoded, this.index, transfer.index);
  }

  /** The descriptor is decoded: check it and ask for its translations. */
  onDecoded(index: number): void {
    const { context, events, dataPath } = this.around;
    const { table, simulator } = context;
    const now = simulator.nowPs;
    const transfer = this.transfers[index]!;
    const { row, descriptor } = transfer;
    const instance = context.instances[table.instance[row]!]!;
    descriptor.decode(table.images, row * DESCRIPTOR_BYTES);
    descriptor.bind(instance.pasid, 0);
    if (table.parent[row] === NO_PARENT) table.endStage(row, STAGE.arbitrate, now);
    const rules = dataPath.rules(table.queue[row]!);
    const status = this.checker.check(descriptor, rules, table.parent[row] !== NO_PARENT);
    transfer.begin(instance.index, instance.pageBytes);
    if (status !== 0) {
      this.executor.reject(status, this.checker.invalidFlags);
      this.conclude(transfer, now);
      return;
    }
    let ready = transfer.translateRecord(this.tlb, dataPath.iommu, now);
    for (let chunk = 0; chunk < Math.min(PREFETCH_CHUNKS, transfer.chunks); chunk++) {
      transfer.translate(chunk, this.tlb, dataPath.iommu, now);
    }
    if (transfer.chunks > 0) ready = Math.max(ready, transfer.translatedPs(0));
    simulator.scheduleAt(ready, PRIORITY.TRANSLATION, events.translated, this.index, index);
  }

  /** The first pages are translated: queue for the data path, or finish when no data moves. */
  onTranslated(index: number): void {
    const { table, simulator } = this.around.context;
    const transfer = this.transfers[index]!;
    table.endStage(transfer.row, STAGE.translate, simulator.nowPs);
    if (transfer.chunks === 0) {
      this.finish(transfer, simulator.nowPs);
      return;
    }
    this.streamQueue[(this.streamHead + this.streamCount++) % this.streamQueue.length] = index;
    if (!this.streaming) this.onStream();
  }

  /** The data path is free: move the next chunk of the oldest descriptor. */
  onStream(): void {
    this.streaming = this.streamCount > 0;
    if (!this.streaming) return;
    const { context, events, dataPath } = this.around;
    const { simulator, parameters: p } = context;
    const now = simulator.nowPs;
    const transfer = this.transfers[this.streamQueue[this.streamHead]!]!;
    const { chunk } = transfer;
    const translatedPs = transfer.translatedPs(chunk);
    if (translatedPs > now) {
      simulator.scheduleAt(translatedPs, PRIORITY.DEVICE, events.stream, this.index);
      return;
    }
    const pausePs = this.meetAbsentPages(transfer);
    if (pausePs !== 0) {
      if (pausePs > 0) simulator.schedule(pausePs, PRIORITY.DEVICE, events.stream, this.index);
      return;
    }
    const nextTranslation = chunk + PREFETCH_CHUNKS;
    if (nextTranslation < transfer.chunks) {
      transfer.translate(nextTranslation, this.tlb, dataPath.iommu, now);
    }
    const instance = context.instances[context.table.instance[transfer.row]!]!;
    const movedPs = dataPath.move(transfer, chunk, instance.placement, now);
    transfer.chunk++;
    if (transfer.chunk < transfer.chunks) {
      simulator.scheduleAt(movedPs, PRIORITY.DEVICE, events.stream, this.index);
      return;
    }
    this.leaveStream();
    this.finish(transfer, movedPs);
    const freePs = movedPs + p['engine.descriptor_overhead'];
    simulator.scheduleAt(freePs, PRIORITY.DEVICE, events.stream, this.index);
  }

  /**
   * Page faults of the next chunk. Under Block On Fault every absent page costs a page request and the data path
   * stands still; otherwise the operation ends there.
   * @returns 0 to go on, the time to stand still [ps], or -1 when the descriptor ended
   */
  private meetAbsentPages(transfer: Transfer): number {
    const { context } = this.around;
    const instance = context.instances[context.table.instance[transfer.row]!]!;
    if (!instance.mayFault) return 0;
    const { space } = instance;
    const { operands, chunk } = transfer;
    const blocks = this.around.dataPath.rules(context.table.queue[transfer.row]!).blockOnFault;
    let pausePs = 0;
    for (let i = 0; i < operands.count; i++) {
      const bytes = transfer.chunkBytes(i, chunk);
      if (bytes === 0) continue;
      const first = operands.address[i]! + chunk * CHUNK_BYTES;
      for (let page = Math.floor(first / 4096); page <= Math.floor((first + bytes - 1) / 4096); page++) {
        if (space.isPresent(page * 4096)) continue;
        this.pageFaults++;
        if (!blocks) {
          this.endAtFault(transfer, chunk * CHUNK_BYTES);
          return -1;
        }
        space.setPresent(page * 4096);
        pausePs += context.parameters['translation.page_request'];
      }
    }
    transfer.faultPs += pausePs;
    return pausePs;
  }

  private endAtFault(transfer: Transfer, bytesMoved: number): void {
    const { context, events } = this.around;
    const { simulator, parameters: p } = context;
    transfer.chunks = transfer.chunk;
    this.leaveStream();
    this.finish(transfer, simulator.nowPs, bytesMoved);
    simulator.schedule(p['engine.descriptor_overhead'], PRIORITY.DEVICE, events.stream, this.index);
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
    if (context.executes) this.executor.execute(transfer.descriptor, instance.space);
    else {
      completion.reset();
      completion.status = bytesMoved < 0 ? STATUS.success : STATUS.page_fault_nobof;
      completion.bytesCompleted = Math.max(0, bytesMoved);
    }
    let endPs = movedPs;
    const lines = Math.min(64, Math.ceil(Math.max(operands.bytesRead, operands.bytesWritten) / 64));
    const growthPs = lines > 1 ? Math.round(p['memory.line_growth'] * Math.log2(lines)) : 0;
    table.endStage(row, STAGE.fault, table.stageEnd(row, STAGE.translate) + transfer.faultPs);
    if (operands.bytesRead > 0) {
      const draw = context.random.uniform(instance.index, table.serial[row]!, PURPOSE.memoryJitter);
      const jitterPs = Math.round(exponential(draw, p['memory.jitter']));
      endPs +=
        p['engine.read_setup'] + this.around.dataPath.readLatencyPs(instance.placement) + growthPs + jitterPs;
      table.endStage(row, STAGE.read, endPs);
    }
    if (operands.bytesWritten > 0) {
      endPs += p['engine.write_latency'] + growthPs;
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
    const completePs = fromPs + context.parameters['engine.completion_latency'];
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
    this.stopWorking(now);
    if (table.parent[row] === NO_PARENT) context.completed(row, now);
    else this.batches.memberFinished(row, transfer.faultPs);
    transfer.row = -1;
    const p = context.parameters;
    const acknowledgePs = transfer.operands.bytesWritten > 0 ? p['engine.write_acknowledge'] : 0;
    const retiredPs = now + p['engine.retire_latency'] + acknowledgePs;
    simulator.scheduleAt(retiredPs, PRIORITY.COMPLETION, events.retired, this.index, index);
  }

  /** The writes are acknowledged: the place is free. */
  onRetired(index: number): void {
    this.freeTransfers.push(index);
    this.inside--;
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
  }
}
