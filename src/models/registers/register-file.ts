/** What a physical and a virtual BAR0 have in common: storage, widths of access, causes, errors, vectors. */
import { capabilityWords, type DeviceShape } from './capabilities.js';
import type { ConfigSpace } from './config-space.js';
import {
  CAUSE,
  COMMAND_ACTIVE,
  DEVICE_STATE,
  GENCTRL,
  QUEUE_STATE,
  REGISTER,
  SOFTWARE_ERROR,
  STRIDE,
} from './map.js';
import { type MessageHandler, VectorTable } from './msix.js';
import { queueState, withQueueState } from './wqcfg.js';

/** A value of up to 64 bits: its low and its high word, unsigned. */
export type RegisterValue = readonly [low: number, high: number];

/** Width of an access [B]. */
export type AccessBytes = 1 | 2 | 4 | 8;

const widthMask = (bytes: number): number => (bytes >= 4 ? 0xffff_ffff : (1 << (bytes * 8)) - 1);

/** See the head of this file. Subclasses say what a write to each register does. */
export abstract class RegisterFile {
  readonly vectors: VectorTable;
  protected readonly words: Uint32Array;

  /**
   * @param shape what the capability registers report
   * @param configuration configuration space of the function
   * @param bytes size of BAR0
   * @param onMessage receives the interrupts that leave the function
   */
  constructor(
    readonly shape: DeviceShape,
    readonly configuration: ConfigSpace,
    bytes: number,
    onMessage: MessageHandler,
  ) {
    this.words = new Uint32Array(bytes / 4);
    this.vectors = new VectorTable(this.words, shape.layout, shape.vectors, configuration, onMessage);
    for (const [offset, value] of capabilityWords(shape)) this.set(offset, value);
    configuration.onVectorsEnabled = () => this.vectors.deliverPending();
  }

  /** A read of an aligned register; anything else reads as ones, as an aborted one does. */
  read(offset: number, bytes: AccessBytes): RegisterValue {
    if (offset % bytes !== 0 || offset + bytes > this.words.length * 4) return [0xffff_ffff, 0xffff_ffff];
    const first = offset - (offset % 4);
    if (bytes === 8) return [this.readWord(first), this.readWord(first + 4)];
    return [((this.readWord(first) >>> ((offset % 4) * 8)) & widthMask(bytes)) >>> 0, 0];
  }

  /** A write to an aligned register; anything else, and every read-only bit, is ignored silently. */
  write(offset: number, bytes: AccessBytes, low: number, high = 0): void {
    if (offset % bytes !== 0 || offset + bytes > this.words.length * 4) return;
    if (bytes === 8) {
      this.writeWord(offset, low >>> 0, 0xffff_ffff);
      this.writeWord(offset + 4, high >>> 0, 0xffff_ffff);
      return;
    }
    const shift = (offset % 4) * 8;
    const mask = (widthMask(bytes) << shift) >>> 0;
    this.writeWord(offset - (offset % 4), ((low << shift) & mask) >>> 0, mask);
  }

  /** GENSTS 1:0. */
  get state(): number {
    return this.get(REGISTER.gensts) & 3;
  }

  /** CMDSTATUS 31: a command was written and has not completed. */
  get commandPending(): boolean {
    return (this.get(REGISTER.cmdstatus) & COMMAND_ACTIVE) !== 0;
  }

  /** State of a work queue (QUEUE_STATE). */
  queueState(queue: number): number {
    return queueState(this.get(this.queueOffset(queue) + 24));
  }

  /** Words of a queue's WQCFG. */
  wqcfgWords(queue: number): number[] {
    const first = this.queueOffset(queue) / 4;
    return Array.from(this.words.subarray(first, first + this.queueStride / 4));
  }

  /** Words of a group's GRPCFG. */
  grpcfgWords(group: number): number[] {
    const first = (this.shape.layout.groups + group * STRIDE.group) / 4;
    return Array.from(this.words.subarray(first, first + STRIDE.group / 4));
  }

  /** The first word of SWERROR and the three that follow it, in eight words. */
  softwareError(): number[] {
    return Array.from(this.words.subarray(REGISTER.swerror / 4, REGISTER.swerror / 4 + 8));
  }

  /** Sets a cause and raises vector 0. */
  raiseCause(cause: number): void {
    this.set(REGISTER.intcause, this.get(REGISTER.intcause) | cause);
    this.vectors.raise(0);
  }

  /**
   * Records an error: the first stays until software clears Valid, later ones only set Overflow (specification 5.8).
   * @param words eight words as SWERROR holds them, with Valid set
   */
  recordError(words: readonly number[]): void {
    const first = this.get(REGISTER.swerror);
    if (first & SOFTWARE_ERROR.valid) this.set(REGISTER.swerror, first | SOFTWARE_ERROR.overflow);
    else this.words.set(words, REGISTER.swerror / 4);
    if (this.get(REGISTER.genctrl) & GENCTRL.software_error) this.raiseCause(CAUSE.software_error);
  }

  /** Records an error that belongs to no descriptor. @param code STATUS 0x51 or 0x52 */
  recordDeviceError(code: number): void {
    this.recordError([SOFTWARE_ERROR.valid | (code << 8), 0, 0, 0, 0, 0, 0, 0]);
  }

  /** Stops the device until a reset of the given type (RESET_TYPE). */
  protected halt(resetType: number): void {
    this.set(REGISTER.gensts, DEVICE_STATE.halt | (resetType << 2));
    if (this.get(REGISTER.genctrl) & GENCTRL.halt) this.raiseCause(CAUSE.halt);
  }

  /** Sets GENSTS 1:0 and clears the reset type. */
  protected setState(state: number): void {
    this.set(REGISTER.gensts, state);
  }

  protected setQueueState(queue: number, state: number): void {
    const at = this.queueOffset(queue) + 24;
    this.set(at, withQueueState(this.get(at), state));
  }

  /** Queues that are not disabled, ascending. */
  protected activeQueues(): number[] {
    const all = Array.from({ length: this.shape.workQueues }, (_, queue) => queue);
    return all.filter((queue) => this.queueState(queue) !== QUEUE_STATE.disabled);
  }

  /** Bytes from one WQCFG to the next. */
  protected get queueStride(): number {
    return this.shape.capabilities.operationConfig ? 64 : 32;
  }

  protected queueOffset(queue: number): number {
    return this.shape.layout.workQueues + queue * this.queueStride;
  }

  /** The word as software reads it. */
  protected readWord(offset: number): number {
    return this.words[offset / 4]!;
  }

  /** What a write does. @param mask bytes of the word that the access covers */
  protected abstract writeWord(offset: number, value: number, mask: number): void;

  protected get(offset: number): number {
    return this.words[offset / 4]!;
  }

  protected set(offset: number, value: number): void {
    this.words[offset / 4] = value;
  }

  /** Stores the writable bits of a word. */
  protected merge(offset: number, value: number, mask: number): void {
    this.set(offset, (this.get(offset) & ~mask) | (value & mask));
  }

  /** Clears the bits that are written as 1. */
  protected clear(offset: number, value: number, mask: number): void {
    this.set(offset, this.get(offset) & ~(value & mask));
  }
}
