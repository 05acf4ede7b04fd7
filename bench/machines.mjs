/** What the bench simulates with the real model. */
import { fileURLToPath } from 'node:url';
import { setV8Options } from '../dist/experiment/v8.js';
import { simulate } from '../dist/models/machine.js';
import { loadWorkload } from '../dist/workload/load.js';
import { processorSeconds } from './measure.mjs';

// As the command does.
setV8Options();

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

/** One tenant saturates a device of four engines with copies of 4 KiB. */
export const SATURATION = file('./saturation.yaml');
/** The comparison of designs that the README shows. */
export const COMPARISON = file('../workloads/design-comparison.yaml');

/** Configurations of all points of a workload. @param semantics 'bytes' or 'timing'; what the file says unless told */
export function machinesOf(path, semantics) {
  const { points } = loadWorkload(path);
  return points.map(({ config }) => (semantics === undefined ? config : { ...config, semantics }));
}

/** Simulates once; returns what it took and gave. */
export function simulated(machine, replication = 0) {
  const from = processorSeconds();
  const { conservation, events } = simulate(machine, replication);
  return { seconds: processorSeconds() - from, descriptors: conservation.submitted, events };
}
