/** The registers of a physical DSA: every rule that an access to BAR0 meets, executed. */
import type { ErrorReport } from '../../core/error-report.js';
import type { InterruptTable } from '../../core/interrupt-table.js';
import { STATUS } from '../../core/status.js';
import type { DeviceShape } from './capabilities.js';
import { CommandUnit } from './command-unit.js';
import { COMMAND, type CommandWord } from './commands.js';
import { BUS_MASTER, ConfigSpace, powerOfTwo } from './config-space.js';
import { checkDevice, checkQueue, type DeviceConfiguration } from './enable-checks.js';
import { appendEntry, type LogMemory, ringFull, ringState, softwareErrorWords } from './event-log.js';
import { decodeGrpcfg } from './grpcfg.js';
import { InterruptHandles } from './interrupt-handles.js';
import {
  CAUSE,
  COMMAND_ACTIVE,
  DEVICE_STATE,
  EVENT_LOG_PENDING,
  GENCFG,
  GENCTRL,
  QUEUE_STATE,
  REGISTER,
  RESET_TYPE,
  STRIDE,
} from './map.js';
import { MessageStore } from './message-store.js';
import type { MessageHandler } from './msix.js';
import { permittedHandles } from './permissions.js';
import { RegisterFile } from './register-file.js';
import { clearStickyRegisters, resetQueueWords, writeResetValues } from './reset-values.js';
import { NO_WORK, type WorkSink } from './work-sink.js';
import { decodeWqcfg, OCCUPANCY_ENABLE, OCCUPANCY_GENERATED, wqcfgWritable } from './wqcfg.js';
import { inTable, writeRule } from './write-rules.js';

/** What a register file is connected to. */
export interface RegisterConnections {
  readonly work?: WorkSink;
  /** Where the event log lies; without it entries go nowhere. */
  readonly memory?: LogMemory;
  /** Receives MSI-X messages. */
  readonly onMessage?: MessageHandler;
  /** Receives messages of the interrupt message store. */
  readonly onStoredMessage?: MessageHandler;
}

/** See the head of this file. */
export class PhysicalRegisters extends RegisterFile {
  readonly messageStore: MessageStore;
  readonly handles: { readonly vectors: InterruptHandles; readonly messageStore: InterruptHandles };
  private readonly unit: CommandUnit;
  private readonly work: WorkSink;
  private readonly memory: LogMemory | undefined;

  constructor(shape: DeviceShape, connections: RegisterConnections = {}) {
    const { layout, vectors, workQueues } = shape;
    const bar0Bytes = powerOfTwo(layout.messageStore + shape.messageStoreEntries * STRIDE.messageStore);
    const options = { layout, vectors, workQueues, bar0Bytes, sharedVirtualMemory: true };
    super(shape, new ConfigSpace(options), layout.bytes, connections.onMessage ?? (() => {}));
    this.work = connections.work ?? NO_WORK;
    this.memory = connections.memory;
    this.messageStore = new MessageStore(
      shape.messageStoreEntries,
      connections.onStoredMessage ?? (() => {}),
    );
    this.handles = {
      vectors: new InterruptHandles(vectors),
      messageStore: new InterruptHandles(shape.messageStoreEntries),
    };
    this.unit = new CommandUnit(this.commandTarget());
    this.configuration.onCommand = (before, after) => this.busMasterChanged(before, after);
    this.configuration.onFunctionLevelReset = () => this.functionLevelReset();
    this.resetConfiguration();
  }

  /** Whether a command is being executed. */
  get commandActive(): boolean {
    return this.unit.active;
  }

  /** The configuration of all queues and groups, decoded. */
  decoded(): DeviceConfiguration {
    const gencfg = this.get(REGISTER.gencfg);
    const { shape } = this;
    return {
      queues: indices(shape.workQueues).map((queue) => decodeWqcfg(this.wqcfgWords(queue))),
      groups: indices(shape.groups).map((group) => decodeGrpcfg(this.grpcfgWords(group))),
      readBufferLimit: gencfg & GENCFG.read_buffer_limit,
      log: {
        enabled: (gencfg & GENCFG.event_log) !== 0,
        base: ringState(this.words).base,
        entries: ringState(this.words).entries,
        pasidEnable: (this.get(REGISTER.evlcfg) & 1) !== 0,
      },
    };
  }

  /**
   * An error that no completion record can report: to the event log where it is on, otherwise to SWERROR.
   * @param firstErrorInBatch bit 51 of the entry
   * @returns false if the log is full and the device must hold the descriptor
   */
  reportError(report: ErrorReport, firstErrorInBatch = false): boolean {
    if ((this.get(REGISTER.gencfg) & GENCFG.event_log) === 0 || this.memory === undefined) {
      this.recordError(softwareErrorWords(report));
      return true;
    }
    const ring = ringState(this.words);
    if (ringFull(ring)) return false;
    const { eventLogEntryBytes } = this.shape.capabilities;
    const tail = appendEntry(ring, eventLogEntryBytes, report, firstErrorInBatch, this.memory);
    const status = this.get(REGISTER.evlstatus + 4);
    const notify = (this.get(REGISTER.genctrl) & GENCTRL.event_log) !== 0 && !(status & EVENT_LOG_PENDING);
    this.set(REGISTER.evlstatus + 4, (status & ~0xffff) | tail | (notify ? EVENT_LOG_PENDING : 0));
    if (notify) this.raiseCause(CAUSE.event_log);
    return true;
  }

  /** Revokes all interrupt handles: drivers must request new ones (INTCAUSE 31). */
  revokeHandles(): void {
    this.handles.vectors.revoke();
    this.handles.messageStore.revoke();
    this.raiseCause(CAUSE.handles_revoked);
  }

  /** Stops the device with an error of its own. @param resetType what leaves the halt state (RESET_TYPE) */
  fail(code: number, resetType: number): void {
    this.recordDeviceError(code);
    this.halt(resetType);
  }

  /** A queue's occupancy fell: raises its occupancy interrupt where one is armed (specification 3.7.2). */
  occupancyFell(queue: number): void {
    const at = this.queueOffset(queue);
    const control = this.get(at + 20);
    const generated = this.get(at + 24) & OCCUPANCY_GENERATED;
    if (!(control & OCCUPANCY_ENABLE) || generated) return;
    if (this.work.occupancy(queue) > (control & 0xffff)) return;
    this.set(at + 24, this.get(at + 24) | OCCUPANCY_GENERATED);
    this.set(REGISTER.intcause, this.get(REGISTER.intcause) | CAUSE.occupancy);
    const handle = this.get(at + 16);
    const entry = this.entryOfHandle(handle & 0xffff, handle >>> 16 === 1);
    if (entry === undefined) return;
    if (handle >>> 16 === 1) this.messageStore.raise(entry);
    else this.vectors.raise(entry);
  }

  /** Table entry that a handle stands for, or undefined: without handle commands the handle is the index. */
  entryOfHandle(handle: number, messageStore: boolean): number | undefined {
    const entries = messageStore ? this.shape.messageStoreEntries : this.shape.vectors;
    if (!this.handlesRequested) return handle < entries ? handle : undefined;
    return (messageStore ? this.handles.messageStore : this.handles.vectors).entryOf(handle);
  }

  /** What descriptor checks know of MSI-X handles: the permissions as they are now. */
  interruptTable(): InterruptTable {
    const handles = this.handlesRequested ? this.handles.vectors.numbers : this.shape.vectors;
    return permittedHandles(handles, (handle) => {
      const entry = this.entryOfHandle(handle, false);
      if (entry === undefined) return undefined;
      return this.get(this.shape.layout.permissions + entry * STRIDE.permission);
    });
  }

  private get handlesRequested(): boolean {
    return ((this.shape.commands >>> COMMAND.request_int_handle) & 1) === 1;
  }

  protected override readWord(offset: number): number {
    if (offset === REGISTER.cmd) return 0;
    const { workQueues } = this.shape.layout;
    const within = offset - workQueues;
    if (within < 0 || within >= this.shape.workQueues * this.queueStride) return super.readWord(offset);
    const word = super.readWord(offset);
    if (within % this.queueStride !== 24) return word;
    return ((word & 0xffff_0000) | this.work.occupancy(Math.floor(within / this.queueStride))) >>> 0;
  }

  override read(offset: number, bytes: 1 | 2 | 4 | 8) {
    const store = offset - this.shape.layout.messageStore;
    return store < 0 ? super.read(offset, bytes) : this.messageStore.read(store, bytes);
  }

  override write(offset: number, bytes: 1 | 2 | 4 | 8, low: number, high = 0): void {
    const store = offset - this.shape.layout.messageStore;
    if (store < 0) super.write(offset, bytes, low, high);
    else this.messageStore.write(store, bytes, low, high);
  }

  protected override writeWord(offset: number, value: number, mask: number): void {
    const queues = this.shape.workQueues * this.queueStride;
    if (offset === REGISTER.cmd) {
      if (mask === 0xffff_ffff) this.command(value);
    } else if (this.vectors.contains(offset)) {
      this.vectors.write(offset, value, mask);
    } else if (inTable(offset, this.shape.layout.workQueues, queues)) {
      this.writeQueue(offset, value, mask);
    } else {
      const rule = writeRule(offset, this.shape, this.state === DEVICE_STATE.disabled);
      this.merge(offset, value, mask & rule.store);
      this.clear(offset, value, mask & rule.clear);
    }
  }

  private writeQueue(offset: number, value: number, mask: number): void {
    const within = offset - this.shape.layout.workQueues;
    const queue = Math.floor(within / this.queueStride);
    const index = (within % this.queueStride) / 4;
    if (index === 6) {
      if (this.shape.occupancyInterrupt) this.clear(offset, value, mask & OCCUPANCY_GENERATED);
      return;
    }
    const bits = wqcfgWritable(index, {
      configurable: this.shape.configurable,
      modeSupport: this.shape.modeSupport,
      deviceDisabled: this.state === DEVICE_STATE.disabled,
      state: this.queueState(queue),
      occupancyInterrupt: this.shape.occupancyInterrupt,
      occupancyEnabled: (this.get(this.queueOffset(queue) + 20) & OCCUPANCY_ENABLE) !== 0,
    });
    this.merge(offset, value, mask & bits);
  }

  private command(value: number): void {
    if (this.unit.active) {
      this.recordDeviceError(STATUS.command_register);
      return;
    }
    this.set(REGISTER.cmdstatus, COMMAND_ACTIVE);
    this.unit.start(value);
  }

  private commandTarget() {
    return {
      commands: this.shape.commands,
      workQueues: this.shape.workQueues,
      work: this.work,
      state: () => this.state,
      resetType: () => (this.get(REGISTER.gensts) >>> 2) & 3,
      setState: (state: number) => this.setState(state),
      queueState: (queue: number) => this.queueState(queue),
      setQueueState: (queue: number, state: number) => this.setQueueState(queue, state),
      activeQueues: () => this.activeQueues(),
      checkDevice: () => checkDevice(this.shape, this.configuration, this.decoded()),
      checkQueue: (queue: number) => this.checkQueue(queue),
      resetDevice: () => this.resetConfiguration(),
      resetQueue: (queue: number) => this.resetQueue(queue),
      requestHandle: (store: boolean, index: number) =>
        (store ? this.handles.messageStore : this.handles.vectors).request(index),
      releaseHandle: (store: boolean, handle: number) =>
        (store ? this.handles.messageStore : this.handles.vectors).release(handle),
      complete: (command: CommandWord, error: number, result: number) => {
        this.set(REGISTER.cmdstatus, error | (result << 8));
        if (command.interrupt) this.raiseCause(CAUSE.command);
      },
    };
  }

  private checkQueue(queue: number): number {
    const at = this.queueOffset(queue);
    const handle = this.get(at + 16);
    return checkQueue(decodeWqcfg(this.wqcfgWords(queue)), {
      shape: this.shape,
      pci: this.configuration,
      occupancyHandleValid: this.entryOfHandle(handle & 0xffff, handle >>> 16 === 1) !== undefined,
      occupancyWord: this.get(at + 20),
    });
  }

  protected override setState(state: number): void {
    super.setState(state);
    this.publish();
  }

  protected override setQueueState(queue: number, state: number): void {
    super.setQueueState(queue, state);
    this.publish();
  }

  protected override halt(resetType: number): void {
    super.halt(resetType);
    this.publish();
  }

  /** Tells the device which portals take descriptors, and whether it may dispatch. */
  private publish(): void {
    const enabled = this.state === DEVICE_STATE.enabled;
    for (let queue = 0; queue < this.shape.workQueues; queue++) {
      this.work.accepts(queue, enabled && this.queueState(queue) === QUEUE_STATE.enabled);
    }
    this.work.halted(this.state === DEVICE_STATE.halt);
  }

  /** Reset Device: CMDSTATUS, SWERROR, EVLSTATUS and the MSI-X table stay (specification 9.1). */
  private resetConfiguration(): void {
    writeResetValues(this.words, this.shape);
    this.messageStore.reset();
    this.handles.vectors.revoke();
    this.handles.messageStore.revoke();
    this.publish();
  }

  /** Reset WQ: everything but the size, which belongs to the device's configuration. */
  private resetQueue(queue: number): void {
    resetQueueWords(this.words, this.shape, queue);
  }

  /** A function-level reset: nothing survives, and what was outstanding is abandoned. */
  private functionLevelReset(): void {
    this.unit.abandon();
    this.work.abort({ queues: this.activeQueues(), pasid: null }, () => {});
    clearStickyRegisters(this.words);
    this.resetConfiguration();
    this.vectors.reset();
  }

  private busMasterChanged(before: number, after: number): void {
    const cleared = (before & BUS_MASTER) !== 0 && (after & BUS_MASTER) === 0;
    if (cleared && this.state !== DEVICE_STATE.disabled)
      this.fail(STATUS.pci_config, RESET_TYPE.function_level);
  }
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
