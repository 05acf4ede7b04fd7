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
import { exponential } from '../../sim/distributions.js';
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import { PRIORITY } from '../../sim/priorities.js';
import { type MachineContext, PURPOSE } from '../context.js';
import { type DescriptorRow, STAGE } from '../descriptor-row.js';
import { DevTlb } from '../translation/devtlb.js';
import { BatchUnit } from './batch-unit.js';
import type { DataPath } from './data-path.js';
import { DataStream, type StreamOwner } from './data-stream.js';
import type { Drains } from './drains.js';
import { Ending } from './ending.js';
import type { EngineEvents } from './events.js';
import type { GroupPlaces } from './group-places.js';
import { Chunk, Transfer, type TransferOwner } from './transfer.js';

/** The parts of the device that an engine works with. */
export interface EngineSurroundings {
  readonly context: MachineContext;
  readonly events: EngineEvents;
  readonly capabilities: Capabilities;
  /** Fabric, read buffers and IOMMU, as this engine's group reaches them. */
  readonly dataPath: DataPath;
  /** Places of its group's engines. */
  readonly places: GroupPlaces;
  /** Drain descriptors of its group. */
  readonly drains: Drains;
  /** Asks the group's arbiter to look again. */
  wakeArbiter(): void;
}

/** See the head of this file. */
export class Engine implements StreamOwner, TransferOwner {
  readonly tlb = new DevTlb();
  readonly batches: BatchUnit;
  /** Page faults met since the last reset. */
  pageFaults = 0;
  /** Work descriptors held, as of the last time that places were given back. */
  inside = 0;
  /** The engine after it in its group, and the first after the last. */
  next: Engine = this;
  /** Whether the next free place is a batch member's turn. */
  memberTurn = false;
  private readonly transfers: Transfer[] = [];
  /** The first of the free ones. */
  private free: Transfer | null = null;
  private readonly stream: DataStream;
  private readonly ending: Ending;
  private frontFreePs = DOUBLE_ZERO;
  private working = 0;
  private workingSincePs = DOUBLE_ZERO;
  private busyPs = DOUBLE_ZERO;
  private readonly checker: DescriptorChecker;
  private readonly dispatchPs: number;
  private readonly intervalPs: number;
  private readonly decodePs: number;
  private readonly jitterPs: number;

  /** @param index number of the engine in the machine */
  constructor(
    readonly index: number,
    private readonly around: EngineSurroundings,
  ) {
    const p = around.context.parameters;
    const places = p['engine.work_descriptors'];
    for (let i = 0; i < places; i++) this.transfers.push(new Transfer(i, this));
    for (const transfer of this.transfers.toReversed()) this.giveBack(transfer);
    around.places.join(this, this.transfers.length);
    this.checker = new DescriptorChecker(around.capabilities);
    this.stream = new DataStream(this, around);
    this.ending = new Ending(this, around);
    this.batches = new BatchUnit(this, around);
    this.dispatchPs = p['device.dispatch_latency'];
    this.intervalPs = p['engine.descriptor_interval'];
    this.decodePs = p['engine.decode_latency'];
    this.jitterPs = p['memory.jitter'];
  }

  /** Rows of the descriptors held whose record is not written yet, members of batches aside. */
  rows(): number[] {
    const { table } = this.around.context;
    const direct = this.transfers
      .filter(({ row }) => row >= 0 && !table.rows[row]!.isMember)
      .map(({ row }) => row);
    return [...direct, ...this.batches.rows()];
  }

  /** Whether a work descriptor can be taken in, as of the last time that places were given back. */
  get hasPlace(): boolean {
    return this.free !== null;
  }

  /**
   * Takes a work descriptor in: its 64 bytes are in the row. Its translations are asked for at once, beside the way
   * to the front end and the decoding; only what they take longer shows.
   */
  start(row: number, nowPs: number): void {
    const { context } = this.around;
    const { table } = context;
    const descriptor = table.rows[row]!;
    const transfer = this.free!;
    this.free = transfer.next;
    const instance = context.instances[descriptor.instance]!;
    const { isMember } = descriptor;
    this.inside++;
    this.startWorking(nowPs);
    descriptor.engine = this.index;
    transfer.row = row;
    const rules = this.around.dataPath.rules(descriptor.queue);
    transfer.take(descriptor, instance, rules, this.checker);
    if (transfer.isNew) this.ending.plan(transfer, instance.placement);
    if (transfer.status === 0) this.translateFirst(transfer, nowPs);
    // A batch member is in the engine already.
    const arrivesPs = isMember ? nowPs : nowPs + this.dispatchPs;
    const entersPs = Math.max(arrivesPs, this.frontFreePs);
    this.frontFreePs = entersPs + this.intervalPs;
    const decodedPs = entersPs + this.decodePs;
    if (!isMember) descriptor.endStage(STAGE.arbitrate, decodedPs);
    if (transfer.status !== 0) {
      const { events } = this.around;
      context.simulator.scheduleAt(decodedPs, PRIORITY.DEVICE, events.rejected, this.index, transfer.index);
    } else if (transfer.isDrain) this.around.drains.begin(this, transfer.index, row, decodedPs);
    else {
      // Nothing can change any more when it will be decoded, and when its first read, which waits for its translations, is back.
      const translatedPs = transfer.chunks > 0 ? Math.max(decodedPs, transfer.translatedPs(0)) : decodedPs;
      descriptor.endStage(STAGE.translate, translatedPs);
      const readPs = transfer.operands.bytesRead > 0 ? this.firstReadPs(transfer, descriptor) : 0;
      this.stream.add(transfer, translatedPs + readPs);
    }
  }

  private translateFirst(transfer: Transfer, nowPs: number): void {
    const chunks = Math.min(Chunk.prefetched, transfer.chunks);
    for (let chunk = 0; chunk < chunks; chunk++) this.translate(transfer, chunk, nowPs);
  }

  translate(transfer: Transfer, chunk: number, nowPs: number): number {
    return transfer.translate(chunk, this.tlb, this.around.dataPath.iommu, nowPs);
  }

  /** A descriptor that fails the checks is decoded, and goes no further. */
  onRejected(index: number): void {
    this.ending.reject(this.transfers[index]!, this.around.context.simulator.nowPs);
  }

  /** All that a drain has waited for is complete at `fromPs`; what was written is read back, so that it is visible. */
  drained(index: number, fromPs: number): void {
    const { table, parameters } = this.around.context;
    const transfer = this.transfers[index]!;
    const descriptor = table.rows[transfer.row]!;
    descriptor.endStage(STAGE.arbitrate, fromPs);
    descriptor.endStage(STAGE.translate, fromPs);
    this.stream.add(transfer, fromPs + parameters['engine.readback_latency']);
  }

  /** Latency of the first line of the source, with its spread [ps]. */
  private firstReadPs(transfer: Transfer, { instance, serial }: DescriptorRow): number {
    const draw = this.around.context.random.uniform(instance, serial, PURPOSE.memoryJitter);
    return transfer.memory.latencyPs + Math.round(exponential(draw, this.jitterPs));
  }

  /** The data path looks for something to move. */
  onLook(look: number): void {
    this.stream.onLook(look);
  }

  finish(transfer: Transfer, movedPs: number, bytesMoved: number): void {
    this.ending.finish(transfer, movedPs, bytesMoved, this.stream.presence);
  }

  /** The completion record is written and visible. */
  onComplete(index: number): void {
    const { context, drains } = this.around;
    const { table, simulator } = context;
    const now = simulator.nowPs;
    const transfer = this.transfers[index]!;
    const { row } = transfer;
    const descriptor = table.rows[row]!;
    this.ending.writeRecord(transfer, context.instances[descriptor.instance]!);
    descriptor.endStage(STAGE.complete, now);
    if (this.stream.places.recorded(transfer)) this.stream.roomMade();
    this.stopWorking(now);
    if (!descriptor.isMember) {
      context.completed(row, now);
      drains.left(row);
    } else this.batches.memberFinished(row, transfer.faultPs);
    transfer.row = -1;
    this.around.places.retire(transfer, now + this.ending.retirePs(transfer));
  }

  private giveBack(transfer: Transfer): void {
    transfer.next = this.free;
    this.free = transfer;
  }

  release(transfer: Transfer): void {
    this.giveBack(transfer);
    this.inside--;
    this.stream.places.retired(transfer);
  }

  /** Places were given back. */
  roomMade(): void {
    this.stream.roomMade();
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
