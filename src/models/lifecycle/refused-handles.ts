/**
 * A descriptor whose interrupt handle was refused gets its record, but nobody is told by interrupt: the device reports it
 * through SWERROR and vector 0 (specification 5.4), and the host hands the error on to the guest whose queue it is.
 */
import { Descriptor } from '../../core/descriptor.js';
import { reportOf } from '../../core/error-report.js';
import { STATUS } from '../../core/status.js';
import type { DescriptorRow } from '../descriptor-row.js';
import { waitInterrupt } from '../driver/bus.js';
import { serviceMiscInterrupt } from '../driver/idxd-command.js';
import { drive, type Script, type Stage } from './script.js';
import type { Seat } from './seat.js';

const descriptor = new Descriptor();

/** The device reports a refused handle; the host's interrupt thread runs unless it already does. */
export function reportRefusedHandle(seat: Seat, { words }: DescriptorRow, stage: Stage): void {
  const { configured, queue, instance } = seat.parts;
  descriptor.decodeWords(words);
  descriptor.bind(instance.pasid, 0);
  configured.registers.reportError(reportOf(descriptor, STATUS.int_handle_inval, queue, null, true));
  if (seat.forwarding) return;
  seat.forwarding = true;
  stage.begin(forward(seat));
}

function* forward(seat: Seat): Script {
  const { host, parts } = seat;
  while (host.interrupts.pending) {
    yield* drive(waitInterrupt(), host);
    const { softwareError } = yield* drive(serviceMiscInterrupt(), host);
    if (softwareError !== null) parts.started.virtual?.forwardError(softwareError);
  }
  seat.forwarding = false;
}
