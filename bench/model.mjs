/** What the model costs a descriptor. */
import { COMPARISON, machinesOf, SATURATION, simulated } from './machines.mjs';
import { inTurns, processorSeconds, ratio, summary } from './measure.mjs';
import { holdModel } from './models.mjs';

const HOLD_EVENTS = 500_000;
const HOLD_PENDING = 256;

/** Rows: real bytes against timing only, and events and their cost per descriptor. */
export async function benchModel({ rounds }) {
  const [bytes] = machinesOf(SATURATION, 'bytes');
  const [timing] = machinesOf(SATURATION, 'timing');
  const comparison = machinesOf(COMPARISON);
  const perDescriptor = {};
  const note = (name, runs) => {
    const sum = (of) => runs.reduce((total, run) => total + of(run), 0);
    const descriptors = sum((run) => run.descriptors);
    perDescriptor[name] = sum((run) => run.events) / descriptors;
    return descriptors / sum((run) => run.seconds);
  };
  const rates = await inTurns(
    {
      timing: () => note('timing', [simulated(timing)]),
      bytes: () => note('bytes', [simulated(bytes)]),
      comparison: () =>
        note(
          'comparison',
          comparison.map((machine) => simulated(machine)),
        ),
      hold: () => {
        const { run } = holdModel(HOLD_PENDING, HOLD_EVENTS);
        const from = processorSeconds();
        run();
        return HOLD_EVENTS / (processorSeconds() - from);
      },
    },
    rounds,
  );
  const cost = (what, name) => ({
    what: `${what}: a descriptor is ${perDescriptor[name].toFixed(1)} events and costs`,
    against: 'bare kernel events (hold model, 256 pending)',
    ratio: summary(rates[name].map((rate, turn) => rates.hold[turn] / rate)),
    nanoseconds: summary(rates[name].map((rate) => 1e9 / rate)),
  });
  return [
    {
      what: 'saturation, real bytes, 4 KiB',
      against: 'descriptors/s of timing only',
      ratio: ratio(rates, 'bytes', 'timing'),
      atLeast: 0.5,
    },
    cost('saturation, timing only', 'timing'),
    cost('saturation, real bytes', 'bytes'),
    cost('design comparison', 'comparison'),
  ];
}
