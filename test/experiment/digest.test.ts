import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { digests, mechanismsOf } from '../../src/experiment/digest.js';
import type { MachineConfig } from '../../src/models/config.js';
import { parameterValues } from '../../src/models/parameters.js';
import type { Measure, Point } from '../../src/workload/workload.js';
import { machine } from './fixtures/config.js';

const base = machine();
const measure: Measure = { warmupPs: 0, durationPs: 1e9, replications: 1, until: null };
const points = [
  base,
  { ...base, seed: 2 },
  { ...base, parameters: parameterValues({ 'host.enqcmd': 1_000_000 }) },
  { ...base, lifecycle: [] },
  base,
].map((config: MachineConfig, i): Point => ({ key: `point "${i}"`, design: 'a', at: {}, config }));

const sha256 = (texts: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  return hash.digest('hex');
};

it('hashes the JSON of points one after the other, designs without their words', () => {
  const { hash, devices, parameters } = digests('sweep', points, measure);
  const whole = points.map(({ key, config: { design, ...rest } }) =>
    JSON.stringify([key, mechanismsOf(design), rest]),
  );
  expect(hash).toBe(sha256([JSON.stringify(['sweep', measure]), ...whole]));
  expect(devices).toBe(sha256(points.map(({ key, config }) => JSON.stringify([key, config.devices]))));
  expect(parameters).toBe(sha256(points.map(({ key, config }) => JSON.stringify([key, config.parameters]))));
});

it('gives the same whether points share the parts that they have alike or each have their own', () => {
  const apart = points.map((point) => ({ ...point, config: structuredClone(point.config) }));
  expect(digests('sweep', apart, measure)).toEqual(digests('sweep', points, measure));
});
