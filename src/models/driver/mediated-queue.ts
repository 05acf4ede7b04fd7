/** The mediated device driver's side of a virtual queue: what it does to the physical one (the v6 mdev series). */
import { COMMAND, COMMAND_ERROR, queueOperand } from '../registers/commands.js';
import { STRIDE } from '../registers/map.js';
import type { BackendAnswer, QueueBackend } from '../registers/queue-backend.js';
import type { VirtualVariant } from '../registers/virtual-shape.js';
import { modeWord, type WqcfgFields, withPasid, withPrivilege } from '../registers/wqcfg.js';
import { atOnce, type Driver, type Perform, type RegisterBus, read32, run, write32 } from './bus.js';
import { execute } from './idxd-command.js';
import { type IdxdDevice, queueOffset } from './idxd-probe.js';

const CONTROL = 12;
const MASK = 1;

/** What is behind one virtual device. */
export interface MediatedOptions {
  /** The physical device, as its driver probed it. */
  readonly device: IdxdDevice;
  readonly index: number;
  /** How the host reaches the registers. */
  readonly bus: RegisterBus;
  readonly variant: VirtualVariant;
  /** The queue as the host's driver configured it. */
  readonly fields: WqcfgFields;
  /** PASID of the guest's memory: the auxiliary domain's, or the host's for a guest PASID. */
  readonly pasid: number;
  /** Entry of the interrupt message store that is wired to the guest; null when all are taken. */
  readonly slot: number | null;
}

/** See the head of this file. A guest's command waits here until the physical one has completed. */
export class MediatedQueue implements QueueBackend {
  perform: Perform;
  private slot: number | null;

  constructor(private readonly options: MediatedOptions) {
    this.perform = atOnce(options.bus);
    this.slot = options.slot;
  }

  enable(fields: WqcfgFields, done: BackendAnswer): void {
    if (this.options.variant === 'shared') done(COMMAND_ERROR.none);
    else this.command(this.enableDedicated(fields), done);
  }

  disable(done: BackendAnswer): void {
    this.onQueue(COMMAND.disable_wq, COMMAND.drain_pasid, done);
  }

  drain(done: BackendAnswer): void {
    this.onQueue(COMMAND.drain_wq, COMMAND.drain_pasid, done);
  }

  abort(done: BackendAnswer): void {
    this.onQueue(COMMAND.abort_wq, COMMAND.abort_pasid, done);
  }

  reset(done: BackendAnswer): void {
    this.abort((error) => {
      if (error !== COMMAND_ERROR.none || this.options.variant === 'shared') done(error);
      else this.disable(done);
    });
  }

  drainPasid(_pasid: number, done: BackendAnswer): void {
    this.command(execute(COMMAND.drain_pasid, this.options.pasid), done);
  }

  abortPasid(_pasid: number, done: BackendAnswer): void {
    this.command(execute(COMMAND.abort_pasid, this.options.pasid), done);
  }

  interruptHandle(): number | null {
    return this.slot;
  }

  /** The guest's interrupt moves to another entry: the handle that its descriptors name means nothing any more. */
  moveInterrupt(slot: number): void {
    this.slot = slot;
  }

  maskInterrupt(masked: boolean): void {
    if (this.slot !== null) run(this.writeMask(this.slot, masked), this.options.bus);
  }

  /** PASID first, then privilege: two writes of the same word, as the series does it. */
  private *enableDedicated(guest: WqcfgFields) {
    const { device, index, pasid, variant } = this.options;
    const at = queueOffset(device, index);
    const host = this.options.fields;
    let fields = host;
    if (variant === 'writable') {
      fields = { ...guest, size: host.size, dedicated: true };
      yield* write32(at + 4, fields.threshold);
      yield* write32(at + 12, fields.maxTransferShift | (fields.maxBatchShift << 5));
    }
    const word = withPasid(modeWord(fields), pasid);
    yield* write32(at + 8, word);
    yield* write32(at + 8, withPrivilege(word));
    return yield* execute(COMMAND.enable_wq, index);
  }

  private *writeMask(slot: number, masked: boolean): Driver {
    const at = this.options.device.offsets.messageStore + slot * STRIDE.messageStore + CONTROL;
    const control = yield* read32(at);
    yield* write32(at, masked ? control | MASK : control & ~MASK);
    // Read back, so that the write has arrived before the guest goes on.
    yield* read32(at);
  }

  private onQueue(dedicated: number, shared: number, done: BackendAnswer): void {
    const { variant, index, pasid } = this.options;
    const isShared = variant === 'shared';
    this.command(isShared ? execute(shared, pasid) : execute(dedicated, queueOperand(index)), done);
  }

  private command(driver: Driver<{ error: number }>, done: BackendAnswer): void {
    this.perform(driver, ({ error }) => done(error));
  }
}
