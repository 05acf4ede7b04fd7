/** What all engines of a device share. */
import { LoadMeter } from './load-meter.js';
import type { Passage } from './passage.js';
import { SharedPort } from './shared-port.js';

/** See the head of this file. */
export class Fabric {
  readonly read = new SharedPort();
  /** How busy reading keeps the fabric. */
  readonly readLoad = new LoadMeter();
  readonly write = new SharedPort();
  /** The read buffers that no group has reserved. */
  readonly buffers = new SharedPort();
  /** The read buffers of groups that share the device's global limit (GENCFG). */
  readonly limitedBuffers = new SharedPort();
  /** Of the engines, in their order. */
  readonly passages: Passage[] = [];
  /** Number of groups. */
  groups = 0;
}
