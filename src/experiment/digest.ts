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
  const texts = new Texts();
  for (const { key, config } of points) {
    const { design, ...rest } = config;
    const quoted = JSON.stringify(key);
    const mechanisms = texts.of('design', design, mechanismsOf);
    const others = Object.entries(rest)
      .filter(([, value]) => value !== undefined)
      .map(([part, value]) => `"${part}":${texts.of(part, value)}`);
    all.update(`[${quoted},${mechanisms},{${others.join()}}]`);
    devices.update(`[${quoted},${texts.of('devices', config.devices)}]`);
    parameters.update(`[${quoted},${texts.of('parameters', config.parameters)}]`);
  }
  return { hash: all.digest('hex'), devices: devices.digest('hex'), parameters: parameters.digest('hex') };
}

/** Parts of configurations as JSON. One that is the very object of the point before, as in a large sweep, is known. */
class Texts {
  readonly #last = new Map<string, { readonly of: unknown; readonly text: string }>();

  of<T>(part: string, value: T, shown: (value: T) => unknown = (same) => same): string {
    const last = this.#last.get(part);
    if (last !== undefined && last.of === value) return last.text;
    const text = JSON.stringify(shown(value));
    this.#last.set(part, { of: value, text });
    return text;
  }
}
