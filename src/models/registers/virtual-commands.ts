/** The commands of a virtual DSA: their checks, their effect on the virtual registers, and what they cost physically. */
import type { DeviceShape } from './capabilities.js';
import { COMMAND, COMMAND_ERROR, type CommandWord, decodeCommand, operandQueues } from './commands.js';
import type { ConfigSpace } from './config-space.js';
import { checkQueue } from './enable-checks.js';
import { DEVICE_STATE, QUEUE_STATE } from './map.js';
import type { BackendAnswer, QueueBackend } from './queue-backend.js';
import type { VirtualQueue } from './virtual-shape.js';
import type { WqcfgFields } from './wqcfg.js';

/** Vector that completions of the guest use. */
const COMPLETION_VECTOR = 1;

/** What the commands act upon. */
export interface VirtualTarget {
  readonly queue: VirtualQueue;
  readonly shape: DeviceShape;
  readonly backend: QueueBackend;
  readonly configuration: ConfigSpace;
  state(): number;
  setState(state: number): void;
  queueState(): number;
  setQueueState(state: number): void;
  fields(): WqcfgFields;
  initialize(): void;
  complete(error: number, result: number, interrupt: boolean): void;
}

/** Executes one command inside the exit of the virtual CPU that wrote it. */
export class VirtualCommands {
  constructor(private readonly target: VirtualTarget) {}

  /** See above; completes through the target when the physical side has. */
  execute(value: number): void {
    const { target } = this;
    const command = decodeCommand(value);
    const complete = (error: number, result = 0) => target.complete(error, result, command.interrupt);
    const { code, operand } = command;
    const shared = target.queue.variant === 'shared';
    if (target.state() === DEVICE_STATE.halt && code !== COMMAND.reset_device) {
      complete(COMMAND_ERROR.halted);
      return;
    }
    switch (code) {
      case COMMAND.enable_device:
        complete(this.enableDevice());
        return;
      case COMMAND.disable_device:
        this.disableDevice(complete);
        return;
      case COMMAND.drain_all:
        this.whileEnabled((done) => target.backend.drain(done), complete);
        return;
      case COMMAND.abort_all:
        this.whileEnabled((done) => target.backend.abort(done), complete);
        return;
      case COMMAND.reset_device:
        this.resetDevice(complete);
        return;
      case COMMAND.enable_wq:
        this.enableQueue(operand, complete);
        return;
      case COMMAND.disable_wq:
      case COMMAND.drain_wq:
      case COMMAND.abort_wq:
      case COMMAND.reset_wq:
        this.onQueue(command, complete);
        return;
      case COMMAND.request_int_handle:
        this.requestHandle(operand, complete);
        return;
      case COMMAND.release_int_handle:
        complete((operand & 0xffff) === target.backend.interruptHandle() ? 0 : COMMAND_ERROR.handle_index);
        return;
      case COMMAND.drain_pasid:
        // The v6 series lists the PASID commands in CMDCAP and does not implement them.
        if (shared) target.backend.drainPasid(operand, complete);
        else complete(COMMAND_ERROR.unsupported);
        return;
      case COMMAND.abort_pasid:
        if (shared) target.backend.abortPasid(operand, complete);
        else complete(COMMAND_ERROR.unsupported);
        return;
      default:
        complete(COMMAND_ERROR.unsupported);
    }
  }

  private requestHandle(operand: number, complete: (error: number, result?: number) => void): void {
    const handle = this.target.backend.interruptHandle();
    if ((operand & 0xffff) !== COMPLETION_VECTOR) complete(COMMAND_ERROR.handle_index);
    else if (handle === null) complete(COMMAND_ERROR.handle_none);
    else complete(COMMAND_ERROR.none, handle);
  }

  private enableDevice(): number {
    const { target } = this;
    const pci = target.configuration;
    if (target.state() === DEVICE_STATE.enabled) return COMMAND_ERROR.device_not_disabled;
    if (!pci.busMaster) return COMMAND_ERROR.bus_master_off;
    if (target.queue.variant === 'shared') {
      if (pci.pasid !== pci.pageRequests) return COMMAND_ERROR.pasid;
      if (!pci.addressTranslation) return COMMAND_ERROR.address_translation;
    }
    target.setState(DEVICE_STATE.enabled);
    return COMMAND_ERROR.none;
  }

  private disableDevice(complete: BackendAnswer): void {
    const { target } = this;
    if (target.state() !== DEVICE_STATE.enabled) {
      complete(COMMAND_ERROR.device_disabled);
      return;
    }
    this.whileEnabled(
      (done) => target.backend.disable(done),
      (error) => {
        if (error === COMMAND_ERROR.none) {
          target.setQueueState(QUEUE_STATE.disabled);
          target.setState(DEVICE_STATE.disabled);
        }
        complete(error);
      },
    );
  }

  private resetDevice(complete: BackendAnswer): void {
    const { target } = this;
    this.whileEnabled(
      (done) => target.backend.reset(done),
      (error) => {
        target.initialize();
        complete(error);
      },
    );
  }

  private enableQueue(index: number, complete: BackendAnswer): void {
    const { target } = this;
    const refused = this.queueRefusal(index);
    if (refused !== COMMAND_ERROR.none) {
      complete(refused);
      return;
    }
    target.backend.enable(target.fields(), (error) => {
      if (error === COMMAND_ERROR.none) target.setQueueState(QUEUE_STATE.enabled);
      complete(error);
    });
  }

  private queueRefusal(index: number): number {
    const { target } = this;
    if (index !== 0) return COMMAND_ERROR.bad_queue;
    if (target.state() !== DEVICE_STATE.enabled) return COMMAND_ERROR.device_not_enabled;
    if (target.queueState() !== QUEUE_STATE.disabled) return COMMAND_ERROR.queue_not_disabled;
    const { shape, configuration: pci } = target;
    const situation = { shape, pci, occupancyHandleValid: false, occupancyWord: 0 };
    return checkQueue(target.fields(), situation);
  }

  private onQueue({ code, operand }: CommandWord, complete: BackendAnswer): void {
    const { target } = this;
    if (operandQueues(operand).some((queue) => queue !== 0)) {
      complete(COMMAND_ERROR.bad_queue);
      return;
    }
    if (target.queueState() !== QUEUE_STATE.enabled) {
      complete(code === COMMAND.reset_wq ? COMMAND_ERROR.none : COMMAND_ERROR.queue_not_enabled);
      return;
    }
    const { backend } = target;
    const left = (error: number) => {
      if (error === COMMAND_ERROR.none) target.setQueueState(QUEUE_STATE.disabled);
      complete(error);
    };
    if (code === COMMAND.drain_wq) backend.drain(complete);
    else if (code === COMMAND.abort_wq) backend.abort(complete);
    else if (code === COMMAND.disable_wq) backend.disable(left);
    else backend.reset(left);
  }

  /** Does something to the physical queue if it is enabled; otherwise there is nothing to do. */
  private whileEnabled(action: (done: BackendAnswer) => void, complete: BackendAnswer): void {
    if (this.target.queueState() === QUEUE_STATE.enabled) action(complete);
    else complete(COMMAND_ERROR.none);
  }
}
