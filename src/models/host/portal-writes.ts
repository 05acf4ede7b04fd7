/** What a thread's write to a portal comes to at the device: its queue answers, and the arbiter looks. */
import type { MachineContext } from '../context.js';
import type { DeviceRegistry } from '../device/device-registry.js';
import { ANSWER } from '../device/work-queue.js';

/** See the head of this file. */
export class PortalWrites {
  constructor(
    private readonly context: MachineContext,
    private readonly registry: DeviceRegistry,
  ) {}

  /** The write of a thread that submits a row reaches the device. */
  arrive(thread: number, row: number): void {
    const { context, registry } = this;
    const { simulator, trace } = context;
    const submitter = context.threads[thread]!;
    const { place, unlimited } = submitter.options;
    const { queue } = place;
    // What is submitted again may have been made for a queue that its instance has left since.
    const descriptor = context.table.rows[row]!;
    descriptor.queue = queue.index;
    const answer = queue.submit(descriptor, unlimited, simulator.nowPs);
    submitter.onAnswer(descriptor, answer);
    if (answer !== ANSWER.accepted) return;
    if (trace !== null) trace.occupancy(queue.index, simulator.nowPs, queue.occupancy);
    const group = registry.groupOfQueue[queue.index]!;
    // Mostly nothing else happens at this instant, which the arbiter would have to see first.
    if (simulator.isInstantOver) registry.groups[group]!.dispatch();
    else registry.wake(group);
  }
}
