/** A bus that counts every access and adds what its path costs: the rows of a control step. */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import { wakeByInterruptPs } from '../interrupts/completion-interrupt.js';
import type { ParameterValues } from '../parameters.js';
import { REGISTER } from '../registers/map.js';
import type { AccessBytes, RegisterValue } from '../registers/register-file.js';
import type { ControlStepResult } from '../run-result.js';
import { type AccessCost, configurationAccess, registerAccess } from '../virtualization/access.js';
import type { ControlPath, InterruptPath } from '../virtualization/design.js';
import { TrappedSurface } from '../virtualization/surface.js';
import { type Driver, type RegisterBus, run } from './bus.js';
import { DeviceBus } from './device-bus.js';

const PAGE_BYTES = 4096;
const COMMAND_SHIFT = 20;
const COMMAND_MASK = 0x1f;

/** Who handles the accesses, and how vector 0 comes back. */
export interface BusPath {
  readonly control: ControlPath;
  readonly misc: InterruptPath;
  /** The accesses come from a guest: configuration space and the page of the MSI-X table always leave it. */
  readonly inGuest: boolean;
  /** Commands are executed by hardware, which takes its time; an emulated one takes what its handler does. */
  readonly hardware: boolean;
}

/** See the head of this file. */
export class CostedBus implements RegisterBus {
  reads = 0;
  writes = 0;
  /** Accesses that left the guest. */
  trapped = 0;
  commands = 0;
  interrupts = 0;
  timePs = DOUBLE_ZERO;
  /** What left the guest since the bus was made. */
  readonly surface = new TrappedSurface();

  /** Page of BAR0 that holds the MSI-X table [B]; 0 where all of BAR0 is emulated. */
  private readonly vectorPage: number;
  /** When the server has done all writes that were posted to it by an ioeventfd [ps since the step began]. */
  private postedPs = DOUBLE_ZERO;
  private readonly costs: Readonly<Record<'read' | 'write', Readonly<Record<AccessBytes, AccessCost>>>>;

  constructor(
    private readonly bus: RegisterBus,
    private readonly path: BusPath,
    private readonly p: ParameterValues,
  ) {
    const vectors = bus instanceof DeviceBus ? bus.device.shape.layout.vectors : 0;
    this.vectorPage = vectors - (vectors % PAGE_BYTES);
    const cost = (kind: 'read' | 'write') => {
      const of = (bytes: AccessBytes) => registerAccess(path.control, kind, bytes, p);
      return { 1: of(1), 2: of(2), 4: of(4), 8: of(8) };
    };
    this.costs = { read: cost('read'), write: cost('write') };
  }

  read(offset: number, bytes: AccessBytes): RegisterValue {
    this.reads++;
    this.charge('read', offset, bytes);
    return this.bus.read(offset, bytes);
  }

  write(offset: number, bytes: AccessBytes, value: RegisterValue): void {
    this.writes++;
    this.charge('write', offset, bytes);
    if (offset === REGISTER.cmd) {
      this.commands++;
      if (this.path.hardware) this.timePs += this.p.command_time;
      if (this.costs.write[bytes].trapped) this.surface.command((value[0] >>> COMMAND_SHIFT) & COMMAND_MASK);
    }
    this.bus.write(offset, bytes, value);
  }

  readConfiguration(offset: number, bytes: 1 | 2 | 4): number {
    this.reads++;
    this.chargeConfiguration('read', offset, bytes);
    return this.bus.readConfiguration(offset, bytes);
  }

  writeConfiguration(offset: number, bytes: 1 | 2 | 4, value: number): void {
    this.writes++;
    this.chargeConfiguration('write', offset, bytes);
    this.bus.writeConfiguration(offset, bytes, value);
  }

  waitInterrupt(): void {
    this.bus.waitInterrupt();
    this.interrupts++;
    this.timePs = Math.max(this.timePs, this.postedPs);
    this.timePs += wakeByInterruptPs(this.path.misc, this.p);
  }

  /** Runs a driver's routine and reports it as a step; counts start anew. */
  step<T>(
    phase: ControlStepResult['phase'],
    step: string,
    driver: Driver<T>,
  ): { value: T; row: ControlStepResult } {
    this.take(phase, step);
    const value = run(driver, this);
    return { value, row: this.take(phase, step) };
  }

  /** What was counted since the last step, as a row; counts start anew. */
  take(phase: ControlStepResult['phase'], step: string): ControlStepResult {
    const { reads, writes, trapped, commands, timePs } = this;
    this.reads = 0;
    this.writes = 0;
    this.trapped = 0;
    this.commands = 0;
    this.interrupts = 0;
    this.timePs = 0;
    this.postedPs = Math.max(0, this.postedPs - timePs);
    return { phase, step, reads, writes, trapped, commands, timePs };
  }

  private charge(kind: 'read' | 'write', offset: number, bytes: AccessBytes): void {
    const mapped = this.path.inGuest && this.vectorPage > 0;
    if (mapped && offset >= this.vectorPage && offset < this.vectorPage + PAGE_BYTES) {
      if (this.emulatedCost(kind, bytes)) this.surface.register(offset, bytes);
      return;
    }
    const { trapped, timePs } = this.costs[kind][bytes];
    if (trapped) {
      this.trapped++;
      this.surface.register(offset, bytes);
    }
    const posts = this.path.control === 'ioeventfd';
    // What was written must have been done before a register can be read.
    if (posts && kind === 'read') this.timePs = Math.max(this.timePs, this.postedPs);
    this.timePs += timePs;
    if (posts && kind === 'write') this.post();
  }

  /** The server wakes for a posted write, or goes on with the next one, and handles it off the guest's core. */
  private post(): void {
    const idle = this.postedPs <= this.timePs;
    const fromPs = idle ? this.timePs + this.p.backend_wake : this.postedPs;
    this.postedPs = fromPs + this.p.vmm_handler;
  }

  private chargeConfiguration(kind: 'read' | 'write', offset: number, bytes: AccessBytes): void {
    if (this.emulatedCost(kind, bytes)) this.surface.configuration(offset, bytes);
  }

  /** Charges what is emulated for every guest. @returns whether the access left it */
  private emulatedCost(kind: 'read' | 'write', bytes: AccessBytes): boolean {
    const { control, inGuest } = this.path;
    const { trapped, timePs } = inGuest
      ? configurationAccess(control, bytes, this.p)
      : this.costs[kind][bytes];
    if (trapped) this.trapped++;
    this.timePs += timePs;
    return trapped;
  }
}
