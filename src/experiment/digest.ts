/** Hashes of what is simulated: equal hashes mean that equal numbers are expected of the same model. */
import { createHash } from 'node:crypto';
import type { Design } from '../models/virtualization/design.js';
import type { Measure, Point } from '../workload/workload.js';
import { LastMade } from './last-made.js';

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
  const texts = new LastMade<string>();
  for (const { key, config } of points) {
    const { design, ...rest } = config;
    // Designs take turns, each with constants of its own.
    const textOf = (part: string, value: unknown): string =>
      texts.of(`${part} ${design.id}`, value, () => JSON.stringify(value));
    const quoted = JSON.stringify(key);
    const mechanisms = texts.of(`design ${design.id}`, design, () => JSON.stringify(mechanismsOf(design)));
    const others = Object.entries(rest)
      .filter(([, value]) => value !== undefined)
      .map(([part, value]) => `"${part}":${textOf(part, value)}`);
    all.update(`[${quoted},${mechanisms},{${others.join()}}]`);
    devices.update(`[${quoted},${textOf('devices', config.devices)}]`);
    parameters.update(`[${quoted},${textOf('parameters', config.parameters)}]`);
  }
  return { hash: all.digest('hex'), devices: devices.digest('hex'), parameters: parameters.digest('hex') };
}
