/**
 * The registers of a virtual DSA with one work queue: what the v6 mdev series emulates in the kernel, and what a VMM or
 * a device server emulates in a process. Only the way to it differs; the registers are the same.
 */
import { STATUS } from '../../core/status.js';
import type { DeviceShape } from './capabilities.js';
import { BUS_MASTER, ConfigSpace } from './config-space.js';
import { ENGINE_WORD, FLAGS_WORD, GRPCFG_WORDS } from './grpcfg.js';
import {
  CAUSE,
  COMMAND_ACTIVE,
  DEVICE_STATE,
  GENCFG,
  QUEUE_STATE,
  REGISTER,
  RESET_TYPE,
  SOFTWARE_ERROR,
  STRIDE,
} from './map.js';
import type { MessageHandler } from './msix.js';
import type { QueueBackend } from './queue-backend.js';
import { RegisterFile } from './register-file.js';
import { VirtualCommands } from './virtual-commands.js';
import { type VirtualQueue, virtualShape } from './virtual-shape.js';
import { decodeWqcfg, encodeWqcfg, MODE_SUPPORT, withQueueState, wqcfgWritable } from './wqcfg.js';
import { inTable } from './write-rules.js';

const GENCTRL_BITS = 7;
const CAUSE_BITS = 0x1f;
const PERMISSION_BITS = 0xffff_f00c;

/** What is saved of a virtual device and loaded elsewhere: its shadow of BAR0 and its configuration space. */
export interface VirtualState {
  readonly words: Uint32Array;
  readonly configuration: Uint32Array;
}

/** See the head of this file. */
export class VirtualDevice extends RegisterFile {
  private readonly commands: VirtualCommands;

  /**
   * @param queue what the host hands out
   * @param backend the physical queue behind it
   * @param onMessage delivers the guest's interrupts: vector 0 by whoever emulates; vector 1 only where no physical
   *   interrupt is wired through
   */
  constructor(
    readonly queue: VirtualQueue,
    private readonly backend: QueueBackend,
    onMessage: MessageHandler,
  ) {
    const shape = virtualShape(queue);
    super(shape, configurationOf(shape, queue), shape.layout.bytes, onMessage);
    this.commands = new VirtualCommands({
      queue,
      shape,
      backend,
      configuration: this.configuration,
      state: () => this.state,
      setState: (state) => this.setState(state),
      queueState: () => this.queueState(0),
      setQueueState: (state) => this.setQueueState(0, state),
      fields: () => decodeWqcfg(this.wqcfgWords(0)),
      initialize: () => this.initialize(),
      complete: (error, result, interrupt) => {
        this.set(REGISTER.cmdstatus, error | (result << 8));
        if (interrupt) this.raiseCause(CAUSE.command);
      },
    });
    this.configuration.onCommand = (before, after) => {
      const cleared = (before & BUS_MASTER) !== 0 && (after & BUS_MASTER) === 0;
      if (cleared && this.state === DEVICE_STATE.enabled) {
        this.fail(STATUS.pci_config);
      }
    };
    this.configuration.onFunctionLevelReset = () => this.resetFunction();
    this.initialize();
  }

  /** VFIO's reset, and the guest's function-level reset: the queue is taken back, everything starts anew. */
  resetFunction(done: () => void = () => {}): void {
    this.backend.reset(() => {
      this.initialize();
      this.vectors.reset();
      done();
    });
  }

  /** The state of the device, as a migration sends it. */
  save(): VirtualState {
    return { words: this.words.slice(), configuration: this.configuration.save() };
  }

  /**
   * Takes the state of an equal device elsewhere, whose guest goes on with this one. The physical queue behind it is
   * the caller's to enable; the physical interrupt is masked as the guest's vector is.
   */
  load({ words, configuration }: VirtualState): void {
    this.words.set(words);
    this.configuration.load(configuration);
    this.backend.maskInterrupt(this.vectors.masked(1));
  }

  /** A software error of the physical queue is the guest's: it is copied and vector 0 raised. */
  forwardError(words: readonly number[]): void {
    const queueOfGuest = words.slice();
    // The guest's only queue has number 0.
    queueOfGuest[0] = words[0]! & ~0x00ff_0000;
    this.recordError(queueOfGuest);
  }

  /** The device beneath has stopped: the guest's stops with it, as after an error of its own. @param code of the error */
  fail(code: number): void {
    this.recordDeviceError(code);
    this.halt(RESET_TYPE.function_level);
  }

  /** After a migration the handles of the source mean nothing: the guest must request new ones. */
  revokeHandles(): void {
    this.raiseCause(CAUSE.handles_revoked);
  }

  protected override readWord(offset: number): number {
    return offset === REGISTER.cmd ? 0 : super.readWord(offset);
  }

  protected override writeWord(offset: number, value: number, mask: number): void {
    const { layout, workQueues, groups, vectors } = this.shape;
    switch (offset) {
      case REGISTER.gencfg: {
        const bits = GENCFG.read_buffer_limit | GENCFG.user_interrupts;
        if (this.state === DEVICE_STATE.disabled) this.merge(offset, value, mask & bits);
        return;
      }
      case REGISTER.genctrl:
        this.merge(offset, value, mask & GENCTRL_BITS);
        return;
      case REGISTER.intcause:
        this.clear(offset, value, mask & (CAUSE_BITS | CAUSE.handles_revoked));
        return;
      case REGISTER.cmd:
        if (mask === 0xffff_ffff) this.command(value);
        return;
      case REGISTER.swerror:
        this.clear(offset, value, mask & (SOFTWARE_ERROR.valid | SOFTWARE_ERROR.overflow));
        return;
    }
    if (this.vectors.contains(offset)) this.writeVector(offset, value, mask);
    else if (inTable(offset, layout.permissions, vectors * STRIDE.permission)) {
      this.merge(offset, value, mask & PERMISSION_BITS);
    } else if (inTable(offset, layout.workQueues, workQueues * this.queueStride)) {
      this.writeQueue(offset, value, mask);
    } else if (inTable(offset, layout.groups, groups * STRIDE.group)) {
      const writable = this.shape.configurable && this.state === DEVICE_STATE.disabled;
      if (writable) this.merge(offset, value, mask);
    }
  }

  /** Masking vector 1 masks the physical interrupt that is delivered straight to the guest. */
  private writeVector(offset: number, value: number, mask: number): void {
    const before = this.vectors.masked(1);
    this.vectors.write(offset, value, mask);
    const after = this.vectors.masked(1);
    if (after !== before) this.backend.maskInterrupt(after);
  }

  private writeQueue(offset: number, value: number, mask: number): void {
    const index = (offset - this.shape.layout.workQueues) / 4;
    const bits = wqcfgWritable(index, {
      configurable: this.shape.configurable,
      modeSupport: this.shape.modeSupport,
      deviceDisabled: this.state === DEVICE_STATE.disabled,
      state: this.queueState(0),
      occupancyInterrupt: false,
      occupancyEnabled: false,
    });
    this.merge(offset, value, mask & bits);
  }

  /** One command at a time: while one is active another is an error (0x52), whichever virtual CPU writes it. */
  private command(value: number): void {
    if (this.get(REGISTER.cmdstatus) & COMMAND_ACTIVE) {
      this.recordDeviceError(STATUS.command_register);
      return;
    }
    this.set(REGISTER.cmdstatus, COMMAND_ACTIVE);
    this.commands.execute(value);
  }

  /** The state in which the guest finds the device. */
  private initialize(): void {
    const { layout } = this.shape;
    for (const offset of [REGISTER.genctrl, REGISTER.gensts, REGISTER.intcause, REGISTER.gencfg]) {
      this.set(offset, 0);
    }
    this.words.fill(0, REGISTER.swerror / 4, REGISTER.swerror / 4 + 8);
    this.words.fill(0, layout.permissions / 4, layout.permissions / 4 + 2 * this.shape.vectors);
    const group = layout.groups / 4;
    this.words.fill(0, group, group + GRPCFG_WORDS);
    this.words[group] = 1;
    // Engines are numbered anew, as many as the group has.
    this.words[group + ENGINE_WORD] = (1 << this.shape.engines) - 1;
    this.words.set(this.queue.group.slice(FLAGS_WORD, FLAGS_WORD + 2), group + FLAGS_WORD);
    const before = new Array<number>(this.queueStride / 4).fill(0);
    const words = encodeWqcfg(this.queue.fields, before);
    words[6] = withQueueState(this.shape.modeSupport ? MODE_SUPPORT : 0, QUEUE_STATE.disabled);
    this.words.set(words, layout.workQueues / 4);
  }
}

function configurationOf(shape: DeviceShape, queue: VirtualQueue): ConfigSpace {
  return new ConfigSpace({
    layout: shape.layout,
    vectors: shape.vectors,
    bar0Bytes: shape.layout.bytes,
    workQueues: 1,
    portalBytes: 0x2000,
    sharedVirtualMemory: queue.variant === 'shared',
  });
}
