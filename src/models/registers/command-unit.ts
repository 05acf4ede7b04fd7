/** Executes administrative commands, one at a time; those that wait for work complete when it has gone. */
import {
  COMMAND,
  COMMAND_ERROR,
  type CommandWord,
  decodeCommand,
  operandMask,
  operandQueues,
} from './commands.js';
import type { HandleAnswer } from './interrupt-handles.js';
import { DEVICE_STATE, QUEUE_STATE, RESET_TYPE } from './map.js';
import type { WorkScope, WorkSink } from './work-sink.js';

/** What commands act upon. */
export interface CommandTarget {
  /** Commands that exist, bit n for command n. */
  readonly commands: number;
  readonly workQueues: number;
  readonly work: WorkSink;
  /** GENSTS 1:0 and 3:2. */
  state(): number;
  resetType(): number;
  setState(state: number): void;
  queueState(queue: number): number;
  setQueueState(queue: number, state: number): void;
  activeQueues(): number[];
  /** Errors of specification 5.1 and 5.2, or 0. */
  checkDevice(): number;
  checkQueue(queue: number): number;
  /** Back to reset values. */
  resetDevice(): void;
  resetQueue(queue: number): void;
  requestHandle(messageStore: boolean, index: number): HandleAnswer;
  releaseHandle(messageStore: boolean, handle: number): boolean;
  /** Writes CMDSTATUS and raises the interrupt that was asked for. */
  complete(command: CommandWord, error: number, result: number): void;
}

/** See the head of this file. */
export class CommandUnit {
  private running: CommandWord | null = null;

  constructor(private readonly target: CommandTarget) {}

  /** A command has been written and has not completed. */
  get active(): boolean {
    return this.running !== null;
  }

  /** Forgets the running command, as a function-level reset does. */
  abandon(): void {
    this.running = null;
  }

  /** Starts the command in a value written to CMD; the caller has made sure that none is active. */
  start(value: number): void {
    const command = decodeCommand(value);
    this.running = command;
    const refused = this.refusal(command);
    if (refused !== COMMAND_ERROR.none) this.finish(command, refused);
    else this.execute(command);
  }

  private refusal({ code, operand, reserved }: CommandWord): number {
    const { target } = this;
    if (((target.commands >>> code) & 1) === 0) return COMMAND_ERROR.unsupported;
    if (reserved !== 0 || (operand & ~operandMask(code)) !== 0) return COMMAND_ERROR.reserved;
    const leavesHalt = code === COMMAND.reset_device && target.resetType() === RESET_TYPE.command;
    return target.state() === DEVICE_STATE.halt && !leavesHalt ? COMMAND_ERROR.halted : COMMAND_ERROR.none;
  }

  private execute(command: CommandWord): void {
    const { target } = this;
    const { code, operand } = command;
    const done = (error: number = COMMAND_ERROR.none, result = 0) => this.finish(command, error, result);
    switch (code) {
      case COMMAND.enable_device:
        done(this.enableDevice());
        return;
      case COMMAND.disable_device:
        this.disableDevice(command);
        return;
      case COMMAND.drain_all:
        target.work.drain(this.everything(), () => done());
        return;
      case COMMAND.abort_all:
        target.work.abort(this.everything(), () => done());
        return;
      case COMMAND.reset_device:
        target.work.abort(this.everything(), () => {
          if (this.running !== command) return;
          target.resetDevice();
          done();
        });
        return;
      case COMMAND.enable_wq:
        done(this.enableQueue(operand));
        return;
      case COMMAND.disable_wq:
      case COMMAND.drain_wq:
      case COMMAND.abort_wq:
      case COMMAND.reset_wq:
        this.onQueues(command);
        return;
      case COMMAND.drain_pasid:
        target.work.drain({ ...this.everything(), pasid: operand }, () => done());
        return;
      case COMMAND.abort_pasid:
        target.work.abort({ ...this.everything(), pasid: operand }, () => done());
        return;
      case COMMAND.request_int_handle: {
        const answer = target.requestHandle(operand >>> 16 === 1, operand & 0xffff);
        done(answer.error, 'handle' in answer ? answer.handle : 0);
        return;
      }
      default: {
        const released = target.releaseHandle(operand >>> 16 === 1, operand & 0xffff);
        done(released ? COMMAND_ERROR.none : COMMAND_ERROR.handle_index);
        return;
      }
    }
  }

  private everything(): WorkScope {
    return { queues: this.target.activeQueues(), pasid: null };
  }

  private enableDevice(): number {
    const { target } = this;
    if (target.state() !== DEVICE_STATE.disabled) return COMMAND_ERROR.device_not_disabled;
    const error = target.checkDevice();
    if (error === COMMAND_ERROR.none) target.setState(DEVICE_STATE.enabled);
    return error;
  }

  private disableDevice(command: CommandWord): void {
    const { target } = this;
    if (target.state() !== DEVICE_STATE.enabled) {
      this.finish(command, COMMAND_ERROR.device_disabled);
      return;
    }
    const queues = target.activeQueues();
    target.setState(DEVICE_STATE.draining);
    for (const queue of queues) target.setQueueState(queue, QUEUE_STATE.draining);
    target.work.drain({ queues, pasid: null }, () => {
      if (this.running !== command) return;
      for (const queue of queues) target.setQueueState(queue, QUEUE_STATE.disabled);
      target.setState(DEVICE_STATE.disabled);
      this.finish(command, COMMAND_ERROR.none);
    });
  }

  private enableQueue(queue: number): number {
    const { target } = this;
    if (queue >= target.workQueues) return COMMAND_ERROR.bad_queue;
    if (target.state() !== DEVICE_STATE.enabled) return COMMAND_ERROR.device_not_enabled;
    if (target.queueState(queue) !== QUEUE_STATE.disabled) return COMMAND_ERROR.queue_not_disabled;
    const error = target.checkQueue(queue);
    if (error === COMMAND_ERROR.none) target.setQueueState(queue, QUEUE_STATE.enabled);
    return error;
  }

  private onQueues(command: CommandWord): void {
    const { target } = this;
    const { code } = command;
    const queues = operandQueues(command.operand);
    if (queues.some((queue) => queue >= target.workQueues)) {
      this.finish(command, COMMAND_ERROR.bad_queue);
      return;
    }
    const enabled = (queue: number) => target.queueState(queue) === QUEUE_STATE.enabled;
    if (code !== COMMAND.reset_wq && !queues.every(enabled)) {
      this.finish(command, COMMAND_ERROR.queue_not_enabled);
      return;
    }
    const leaves = code === COMMAND.disable_wq || code === COMMAND.reset_wq;
    const active = queues.filter(enabled);
    if (leaves) for (const queue of active) target.setQueueState(queue, QUEUE_STATE.draining);
    const then = () => {
      if (this.running !== command) return;
      if (leaves) for (const queue of active) target.setQueueState(queue, QUEUE_STATE.disabled);
      if (code === COMMAND.reset_wq) for (const queue of queues) target.resetQueue(queue);
      this.finish(command, COMMAND_ERROR.none);
    };
    const scope = { queues: active, pasid: null };
    if (code === COMMAND.abort_wq || code === COMMAND.reset_wq) target.work.abort(scope, then);
    else target.work.drain(scope, then);
  }

  private finish(command: CommandWord, error: number, result = 0): void {
    if (this.running !== command) return;
    this.running = null;
    this.target.complete(command, error, result);
  }
}
