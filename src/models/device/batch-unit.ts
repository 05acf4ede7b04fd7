/**
 * The batch unit of one engine: reads the list of a Batch descriptor in pages of 64, hands the members to the same
 * engine's work-descriptor places, and completes the batch after its last member (specification 3.8).
 */

import { DescriptorChecker } from '../../core/checks.js';
import { writeCompletion } from '../../core/completion.js';
import { CompletionRecord } from '../../core/completion-record.js';
import { DESCRIPTOR_BYTES, Descriptor } from '../../core/descriptor.js';
import { endedAtFault, STATUS } from '../../core/status.js';
import { PRIORITY } from '../../sim/priorities.js';
import { STAGE } from '../descriptor-row.js';
import { pageKey } from '../translation/page-key.js';
import { BatchRun, FETCH_DESCRIPTORS } from './batch.js';
import type { Engine, EngineSurroundings } from './engine.js';

/** See the head of this file. */
export class BatchUnit {
  private readonly runs: BatchRun[] = [];
  private readonly freeRuns: number[] = [];
  private taken = 0;
  private readonly descriptor = new Descriptor();
  private readonly record = new CompletionRecord();
  private readonly checker: DescriptorChecker;

  constructor(
    private readonly engine: Engine,
    private readonly around: EngineSurroundings,
  ) {
    const places = around.context.parameters['engine.batch_descriptors'];
    for (let i = 0; i < places; i++) {
      this.runs.push(new BatchRun(i));
      this.freeRuns.push(places - 1 - i);
    }
    this.checker = new DescriptorChecker(around.capabilities);
  }

  /** Whether a Batch descriptor can be taken in. */
  get hasPlace(): boolean {
    return this.freeRuns.length > 0;
  }

  /** Takes a Batch descriptor in. */
  start(row: number, nowPs: number): void {
    const { context, events } = this.around;
    const p = context.parameters;
    const run = this.runs[this.freeRuns.pop()!]!;
    this.around.places.batches++;
    run.take(row, this.taken++);
    context.table.rows[row]!.engine = this.engine.index;
    this.engine.startWorking(nowPs);
    this.decode(row);
    run.listPs = this.translate(this.descriptor.source, row);
    const decodedPs = nowPs + p['device.dispatch_latency'] + p['engine.decode_latency'];
    context.simulator.scheduleAt(
      decodedPs,
      PRIORITY.DEVICE,
      events.batchDecoded,
      this.engine.index,
      run.index,
    );
  }

  /** The Batch descriptor is decoded: check it and fetch the first page of its list. */
  onDecoded(index: number): void {
    const { context } = this.around;
    const { table, simulator } = context;
    const run = this.runs[index]!;
    const { row } = run;
    this.decode(row);
    table.rows[row]!.endStage(STAGE.arbitrate, simulator.nowPs);
    const status = this.checker.check(
      this.descriptor,
      this.around.dataPath.rules(table.rows[row]!.queue),
      false,
    );
    run.begin(this.descriptor.source, status === 0 ? this.descriptor.size : 0);
    if (run.abandoned) this.completeSoon(run);
    else if (status === 0) {
      run.recordPs = this.translate(this.descriptor.completionAddress, row);
      this.fetch(run);
    } else {
      table.rows[row]!.status = status;
      this.completeSoon(run);
    }
  }

  private decode(row: number): void {
    const { table, instances } = this.around.context;
    const { words, instance } = table.rows[row]!;
    this.descriptor.decodeWords(words);
    this.descriptor.bind(instances[instance]!.pasid, 0);
  }

  /** Translates an address of the batch itself, which leaves the DevTLB alone; when it is known [ps]. */
  private translate(address: number, row: number): number {
    const { context, dataPath } = this.around;
    const instance = context.instances[context.table.rows[row]!.instance]!;
    this.engine.tlb.bypassed++;
    const page = pageKey(instance.index, Math.floor(address / instance.pageBytes));
    return dataPath.iommu.request(page, instance.pageBytes, context.simulator.nowPs);
  }

  /** Asks for the next page of the list: one translation and one read. */
  private fetch(run: BatchRun): void {
    const { context, events } = this.around;
    const { simulator, parameters: p } = context;
    run.fetching = true;
    const now = simulator.nowPs;
    const address = run.listAddress + run.fetched * DESCRIPTOR_BYTES;
    // The first page was asked for when the batch was taken in.
    const translatedPs = run.fetched === 0 ? Math.max(now, run.listPs) : this.translate(address, run.row);
    const fetchedPs = translatedPs + p['engine.batch_fetch'];
    simulator.scheduleAt(fetchedPs, PRIORITY.DEVICE, events.fetched, this.engine.index, run.index);
  }

  /** A page of the list is there: its members may start, and the next page is asked for. */
  onFetched(index: number): void {
    const { context } = this.around;
    const run = this.runs[index]!;
    const { space } = context.instances[context.table.rows[run.row]!.instance]!;
    // A fence may have cut the batch short while this page was on its way.
    const pieces = Math.max(0, Math.min(FETCH_DESCRIPTORS, run.count - run.fetched));
    const from = run.listAddress + run.fetched * DESCRIPTOR_BYTES;
    space.read(from, run.list, run.fetched * DESCRIPTOR_BYTES, pieces * DESCRIPTOR_BYTES);
    if (run.fetched === 0) context.table.rows[run.row]!.endStage(STAGE.fetch, context.simulator.nowPs);
    run.fetched += pieces;
    run.fetching = false;
    run.abandonAtFence();
    if (run.isOver()) {
      this.completeSoon(run);
      return;
    }
    if (run.fetched < run.count) this.fetch(run);
    this.around.wakeArbiter();
  }

  /** Whether a member of any batch could start. */
  hasMember(): boolean {
    if (this.freeRuns.length === this.runs.length) return false;
    for (const run of this.runs) if (run.hasMember()) return true;
    return false;
  }

  /**
   * Starts the next member of the oldest batch that has one. Call only when {@link hasMember} and the engine has a
   * place. Members of one batch stay together, so that their completion records share a DevTLB entry.
   */
  startMember(nowPs: number): void {
    let oldest: BatchRun | undefined;
    for (const run of this.runs) {
      if (run.hasMember() && (oldest === undefined || run.order < oldest.order)) oldest = run;
    }
    if (oldest === undefined) return;
    this.engine.start(this.memberRow(oldest), nowPs);
    oldest.started++;
  }

  private memberRow(run: BatchRun): number {
    const { table } = this.around.context;
    const batch = table.rows[run.row]!;
    const member = table.allocate();
    const from = run.started * DESCRIPTOR_BYTES;
    for (let i = 0; i < DESCRIPTOR_BYTES; i++) member.image[i] = run.list[from + i]!;
    member.instance = batch.instance;
    member.thread = batch.thread;
    member.queue = batch.queue;
    member.serial = batch.serial + run.started;
    member.parent = run.index;
    member.member = run.started;
    member.startPs = this.around.context.simulator.nowPs;
    return member.index;
  }

  /** A member's completion record is written; its row is given back here. */
  memberFinished(row: number, faultPs: number): void {
    const { table } = this.around.context;
    const { parent, status, ends } = table.rows[row]!;
    const run = this.runs[parent]!;
    run.finished++;
    if (status !== STATUS.success) {
      run.failed++;
      if (endedAtFault(status)) table.rows[run.row]!.faultedMembers += 1;
    }
    const translatedPs = ends[STAGE.translate]!;
    // Only the first member's translation is exposed: the later ones wait for the data path anyway.
    if (run.translatedPs === 0) run.translatedPs = translatedPs;
    run.readPs = Math.max(run.readPs, ends[STAGE.read]!);
    run.writtenPs = Math.max(run.writtenPs, ends[STAGE.write]!);
    run.faultPs += faultPs;
    const { trace } = this.around.context;
    if (trace !== null) trace.memberFinished(row);
    table.release(row);
    run.abandonAtFence();
    if (run.isOver()) this.completeSoon(run);
    else this.around.wakeArbiter();
  }

  /** Rows of the batches held. */
  rows(): number[] {
    return this.runs.filter((run) => run.row >= 0).map((run) => run.row);
  }

  /** Abandons what has not started of the batches that an abort covers. */
  abandon(covers: (row: number) => boolean): void {
    for (const run of this.runs) {
      if (run.row < 0 || !covers(run.row) || !run.abandonRest()) continue;
      if (run.begun && run.isOver()) this.completeSoon(run);
    }
  }

  private completeSoon(run: BatchRun): void {
    const { context, events } = this.around;
    if (run.ending) return;
    run.ending = true;
    if (run.translatedPs > 0) {
      const descriptor = context.table.rows[run.row]!;
      descriptor.endStage(STAGE.translate, run.translatedPs);
      descriptor.endStage(STAGE.fault, run.translatedPs + run.faultPs);
      descriptor.endStage(STAGE.read, run.readPs);
      descriptor.endStage(STAGE.write, run.writtenPs);
    }
    const readyPs = Math.max(context.simulator.nowPs, run.recordPs);
    context.simulator.scheduleAt(
      readyPs + context.parameters['engine.batch_completion'],
      PRIORITY.COMPLETION,
      events.batchComplete,
      this.engine.index,
      run.index,
    );
  }

  /** The batch's own completion record is written; its place is free. */
  onComplete(index: number): void {
    const { context } = this.around;
    const { table, simulator } = context;
    const run = this.runs[index]!;
    const { row } = run;
    const batch = table.rows[row]!;
    if (run.abandoned) {
      this.free(run);
      batch.failedMembers = run.failed;
      context.abandoned(row, run.finished);
      this.around.drains.left(row);
      this.around.wakeArbiter();
      return;
    }
    this.decode(row);
    this.record.reset();
    if (batch.status === 0) batch.status = run.failed > 0 ? STATUS.batch_fail : STATUS.success;
    this.record.status = batch.status;
    this.record.bytesCompleted = run.finished;
    batch.failedMembers = batch.weight - (run.finished - run.failed);
    const { keepsRecords, space } = context.instances[batch.instance]!;
    if (keepsRecords) writeCompletion(this.descriptor, this.record, space);
    batch.endStage(STAGE.complete, simulator.nowPs);
    this.free(run);
    context.completed(row, simulator.nowPs);
    this.around.drains.left(row);
    this.around.wakeArbiter();
  }

  private free(run: BatchRun): void {
    run.row = -1;
    this.freeRuns.push(run.index);
    this.around.places.batches--;
    this.engine.stopWorking(this.around.context.simulator.nowPs);
  }
}
