/** Hashes of what is simulated: equal hashes mean that equal numbers are expected of the same model. */
import { createHash } from 'node:crypto';
import type { Design } from '../models/virtualization/design.js';
import type { Measure, Point } from '../workload/workload.js';

/** SHA-256 digests in hexadecimal. */
export interface Digests {
  /** Everything that is simulated. */
  hash: string;
  devices: string;
  parameters: string;
}

/** A design without its words (summary, notices, sources): correcting a sentence changes no result. */
export function mechanismsOf(design: Design): Partial<Design> {
  const { summary: _, notices: __, sources: ___, status: ____, code: _____, ...mechanisms } = design;
  return mechanisms;
}

/** Hashes points in order, designs without their words. */
export function digests(name: string, points: readonly Point[], measure: Measure): Digests {
  const all = createHash('sha256').update(JSON.stringify([name, measure]));
  const devices = createHash('sha256');
  const parameters = createHash('sha256');
  for (const { key, config } of points) {
    const { design, ...rest } = config;
    all.update(JSON.stringify([key, mechanismsOf(design), rest]));
    devices.update(JSON.stringify([key, config.devices]));
    parameters.update(JSON.stringify([key, config.parameters]));
  }
  return { hash: all.digest('hex'), devices: devices.digest('hex'), parameters: parameters.digest('hex') };
}
