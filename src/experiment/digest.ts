/** Hashes of what is simulated: equal hashes mean that equal numbers are expected of the same model. */
import { createHash } from 'node:crypto';
import type { Measure, Point } from '../workload/workload.js';

/** SHA-256 digests in hexadecimal. */
export interface Digests {
  /** Everything that is simulated. */
  hash: string;
  devices: string;
  parameters: string;
}

/**
 * Hashes points in order. The words of a design (summary, notices, sources) are left out: correcting a sentence does
 * not make old results those of another workload.
 */
export function digests(name: string, points: readonly Point[], measure: Measure): Digests {
  const all = createHash('sha256').update(JSON.stringify([name, measure]));
  const devices = createHash('sha256');
  const parameters = createHash('sha256');
  for (const { key, config } of points) {
    const { design, ...rest } = config;
    const { summary: _, notices: __, sources: ___, status: ____, ...mechanisms } = design;
    all.update(JSON.stringify([key, mechanisms, rest]));
    devices.update(JSON.stringify([key, config.devices]));
    parameters.update(JSON.stringify([key, config.parameters]));
  }
  return { hash: all.digest('hex'), devices: devices.digest('hex'), parameters: parameters.digest('hex') };
}
