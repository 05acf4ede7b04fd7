/**
 * The interrupt messages of one thread: what they announce, and the handler that runs on its core, before anything else that
 * the core does.
 */
import { PRIORITY } from '../../sim/priorities.js';
import type { DescriptorRow } from '../descriptor-row.js';
import type { InterruptTimes } from '../interrupts/completion-interrupt.js';
import { PostedDescriptor } from '../interrupts/posted-descriptor.js';
import type { HostContext } from './host-context.js';
import { Ring } from './ring.js';
import type { ThreadCore } from './thread-core.js';

/** See the head of this file. */
export class Messages {
  readonly vector = new PostedDescriptor();
  /** Finished rows that the thread has not looked at, in the order in which they ended. */
  private readonly finished = new Ring();
  /** Of these, how many a handler has announced. */
  private announced = 0;
  /** Times that the handler that runs has looked for another message. */
  private loop = 0;

  /** @param thread its number, the payload of notifications */
  constructor(
    private readonly thread: number,
    private readonly times: InterruptTimes,
    private readonly core: ThreadCore,
    private readonly host: HostContext,
  ) {}

  /** The device sends a message of a record that was written at `writtenPs`. */
  send(descriptor: DescriptorRow, writtenPs: number): void {
    const { runningPs, blockedPs, elsewherePs } = this.times;
    this.finished.push(descriptor.index);
    this.core.cpuPs += elsewherePs;
    if (this.vector.post()) this.notifyAt(writtenPs + (this.core.waiting ? blockedPs : runningPs));
  }

  /** The next that was announced, or null. */
  takeAnnounced(): DescriptorRow | null {
    if (this.announced === 0) return null;
    this.announced--;
    return this.takeFinished();
  }

  /** All that nobody will look at any more. */
  takeAll(): DescriptorRow[] {
    return Array.from({ length: this.finished.length }, () => this.takeFinished());
  }

  private takeFinished(): DescriptorRow {
    return this.host.table.rows[this.finished.shift()]!;
  }

  /** A notification arrives, or the handler looks for another message; {@link handle} or {@link miss} follows. */
  arrive(): void {
    this.vector.outstanding = false;
  }

  /** The thread has no processor: the request is seen when it has one again. */
  miss(): void {
    this.loop = 0;
  }

  /** The handler runs, if there is a request. @param isIdle whether the thread waits and nothing has ended that yet */
  handle(isIdle: boolean): void {
    const { times, core, host, loop } = this;
    const { simulator, trace } = host;
    this.loop = 0;
    if (!this.vector.take()) return;
    const { nowPs } = simulator;
    const handlerPs = loop === 0 ? times.handlerPs : times.loopPs;
    if (loop < times.loops) {
      this.loop = loop + 1;
      this.vector.outstanding = true;
      this.notifyAt(nowPs + handlerPs);
    }
    core.exits += isIdle ? times.blockedExits : times.runningExits;
    this.announced = this.finished.length;
    core.cpuPs += handlerPs;
    trace?.interrupt(this.thread, nowPs, handlerPs);
    if (isIdle) core.wake(nowPs + handlerPs);
    else core.steal(handlerPs);
  }

  /** The processor is another thread's: no message may notify this one. */
  suppress(): void {
    this.vector.suppressed = true;
  }

  /** The thread has a processor again from `atPs` on, and looks for messages before anything else. */
  resume(atPs: number): void {
    const { vector } = this;
    vector.suppressed = false;
    if (!vector.requested || vector.outstanding) return;
    vector.outstanding = true;
    this.notifyAt(atPs);
  }

  private notifyAt(atPs: number): void {
    const { simulator, events } = this.host;
    simulator.scheduleAt(atPs, PRIORITY.HOST, events.interrupt, this.thread);
  }
}
