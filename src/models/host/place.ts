/** Where an instance submits: a work queue of a device. All its threads share one, which a migration changes. */
import type { Device } from '../device/device.js';
import type { LoadMeter } from '../device/load-meter.js';
import type { WorkQueue } from '../device/work-queue.js';

/** See the head of this file. */
export interface Place {
  queue: WorkQueue;
  /** The device of the queue, whose caches lose what is unmapped. */
  device: Device;
  /** How busy reading keeps the fabric of the device. */
  readLoad: LoadMeter;
}
