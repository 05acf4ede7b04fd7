/**
 * dsasim's side of the comparison with other kernels, in a process of its own as the peers have: runs that warm up, then
 * one that counts.
 *
 *   node bench/own.mjs hold <pending> <events>
 *   node bench/own.mjs pipeline <slots> <descriptors>
 *   node bench/own.mjs saturation                     the whole model, timing only
 *
 * Prints what the peers print: events, checksum, units done, processor seconds of the run itself.
 */
import { machinesOf, SATURATION, simulated } from './machines.mjs';
import { processorSeconds } from './measure.mjs';
import { holdModel, pipelineModel } from './models.mjs';

const WARM_UP_RUNS = 4;

const [name, size, amount] = process.argv.slice(2);
const once = name === 'saturation' ? saturation() : kernel(name === 'hold' ? holdModel : pipelineModel);
for (let i = 0; i < WARM_UP_RUNS; i++) once();
const { events, checksum, done, seconds } = once();
console.log(events, checksum, done, seconds);

function kernel(model) {
  return () => {
    const { counted, run } = model(Number(size), Number(amount));
    const from = processorSeconds();
    run();
    return { ...counted, seconds: processorSeconds() - from };
  };
}

function saturation() {
  const [machine] = machinesOf(SATURATION, 'timing');
  return () => {
    const { events, descriptors, seconds } = simulated(machine);
    return { events, checksum: 0, done: descriptors, seconds };
  };
}
