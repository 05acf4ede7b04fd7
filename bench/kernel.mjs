/** The event kernel and the model on it, against kernels that people use. */
import { inTurns, ratio } from './measure.mjs';
import { ours } from './peers.mjs';

/** Pending events of the hold model. */
const PENDING = [16, 256, 4096, 65_536];
/** Descriptors in flight in the pipelines, as in bench/saturation.yaml. */
const SLOTS = 32;
/** SimPy gets fewer events, since it takes so much longer for one. */
const SIMPY_SHARE = 0.1;

const HOLD_TARGETS = { 'C++ std::priority_queue': 1.3, SystemC: 2, SimPy: 30 };
/** The peers' pipelines, by peer, where not every peer has the one: how each is told, and what is asked of the model against it. */
const PIPELINES = {
  SystemC: [{ model: 'pipeline', how: '', atLeast: 0.5 }],
  SimPy: [
    { model: 'pipeline', how: ", made of SimPy's Resources and Store", atLeast: 20 },
    { model: 'pipeline-by-hand', how: ', made without them' },
  ],
};
const PIPELINE = [{ model: 'pipeline', how: '' }];

/** Counts and checksums of a peer must be those of dsasim's kernel for the same model and amount. */
function checked(peer, name, size, amount, ownName = name) {
  const expected = ours(ownName, size, amount);
  const got = peer.run(name, size, amount);
  for (const key of ['events', 'checksum', 'done']) {
    if (got[key] !== expected[key]) {
      throw new Error(`${peer.name}, ${name} ${size}: ${key} ${got[key]} instead of ${expected[key]}`);
    }
  }
}

/** Rows of the hold model, one a size and peer, then the kernel against itself. */
export async function benchHold(peers, { rounds, events }) {
  const present = peers.filter((peer) => peer.skipped === undefined);
  const rows = [];
  const subjects = {};
  for (const pending of PENDING) {
    subjects[`dsasim ${pending}`] = () => events / ours('hold', pending, events).seconds;
    for (const peer of present) {
      const amount = peer.name === 'SimPy' ? Math.max(events * SIMPY_SHARE, 2 * pending) : events;
      checked(peer, 'hold', pending, amount);
      subjects[`${peer.name} ${pending}`] = () => amount / peer.run('hold', pending, amount).seconds;
    }
  }
  const rates = await inTurns(subjects, rounds);
  for (const pending of PENDING) {
    for (const peer of peers) {
      const what = `hold model, ${pending} pending`;
      const against = `events/s of ${peer.name}`;
      if (peer.skipped !== undefined) rows.push({ what, against, skipped: peer.skipped });
      else {
        const target = pending === 256 ? HOLD_TARGETS[peer.name] : undefined;
        rows.push({
          what,
          against,
          ratio: ratio(rates, `dsasim ${pending}`, `${peer.name} ${pending}`),
          ...(target === undefined ? {} : { atLeast: target }),
        });
      }
    }
  }
  rows.push({
    what: 'hold model, 65536 pending',
    against: 'events/s of itself at 16 pending',
    ratio: ratio(rates, 'dsasim 65536', 'dsasim 16'),
    atLeast: 0.6,
  });
  return rows;
}

/** Rows of the pipeline: the real model, and the stripped pipeline on dsasim's kernel, against the peers' stripped one. */
export async function benchPipeline(peers, { rounds, descriptors }) {
  const subjects = {
    model: () => {
      const { done, seconds } = ours('saturation');
      return done / seconds;
    },
    stripped: () => descriptors / ours('pipeline', SLOTS, descriptors).seconds,
  };
  const pipelines = peers.flatMap((peer) =>
    (PIPELINES[peer.name] ?? PIPELINE).map((pipeline) => ({ ...pipeline, peer })),
  );
  const key = ({ peer, model }) => `${peer.name} ${model}`;
  for (const pipeline of pipelines) {
    const { peer, model } = pipeline;
    if (peer.skipped !== undefined) continue;
    const amount = peer.name === 'SimPy' ? descriptors * SIMPY_SHARE : descriptors;
    checked(peer, model, SLOTS, amount, 'pipeline');
    subjects[key(pipeline)] = () => amount / peer.run(model, SLOTS, amount).seconds;
  }
  const rates = await inTurns(subjects, rounds);
  return pipelines.flatMap((pipeline) => {
    const { peer, how, atLeast } = pipeline;
    const against = `descriptors/s of ${peer.name}'s stripped pipeline${how}`;
    const what = 'closed pipeline, the whole model, timing only';
    if (peer.skipped !== undefined) return [{ what, against, skipped: peer.skipped }];
    return [
      {
        what,
        against,
        ratio: ratio(rates, 'model', key(pipeline)),
        ...(atLeast === undefined ? {} : { atLeast }),
      },
      {
        what: 'closed pipeline, stripped as theirs',
        against,
        ratio: ratio(rates, 'stripped', key(pipeline)),
      },
    ];
  });
}
