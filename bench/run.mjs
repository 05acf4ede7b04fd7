#!/usr/bin/env node
/**
 * npm run bench -- [--only core|kernel|model|workers|sweep] [--quick] [--out FILE]
 *
 * Measures, prints and, when everything was measured in full, writes docs/bench.md. `--out` writes the page elsewhere, also of
 * a part or of a quick run, and the page says which.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchCore, nativeCrc } from './core.mjs';
import { benchExec } from './exec.mjs';
import { benchHold, benchPipeline } from './kernel.mjs';
import { benchModel } from './model.mjs';
import { page, table } from './page.mjs';
import { findPeers } from './peers.mjs';
import { profiles } from './profile.mjs';
import { benchManyMachines, benchMemory } from './sweep.mjs';
import { benchWorkers } from './workers.mjs';

const PARTS = ['core', 'kernel', 'model', 'workers', 'sweep'];
const PAGE = new URL('../docs/bench.md', import.meta.url);
/** Rooms and functions that the page lists. */
const LISTED = 12;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});
if (values.only !== undefined && !PARTS.includes(values.only)) {
  console.error(`--only takes one of ${PARTS.join(', ')}`);
  process.exit(2);
}
const wants = (part) => values.only === undefined || values.only === part;
const rounds = values.quick ? 3 : 11;
const effort = { rounds, seconds: values.quick ? 0.01 : 0.04 };
const slowRounds = values.quick ? 1 : 5;

const sections = [];
const versions = { Node: process.versions.node, V8: process.versions.v8 };

function show(section) {
  sections.push(section);
  console.log(`\n## ${section.title}\n\n${table(section.rows)}`);
  for (const { what, nanoseconds } of section.rows) {
    if (nanoseconds !== undefined) console.log(`${what} ${nanoseconds.median.toFixed(0)} ns here`);
  }
}

if (wants('core')) {
  versions['@node-rs/crc32'] = nativeCrc()?.version ?? 'skipped: not installed';
  show({
    title: 'Instruction set',
    text: "The executor on real bytes. For moves, fills and compares the ratio is dsasim's time over the bare `copyWithin`, `fill` or `Buffer.compare` on the same bytes: smaller is better. For checksums it is dsasim's rate over the other's.",
    rows: [...(await benchCore(effort)), ...(await benchExec(effort))],
  });
}
if (wants('kernel')) {
  const peers = findPeers();
  for (const peer of peers) versions[peer.name] = peer.version ?? `skipped: ${peer.skipped}`;
  const events = values.quick ? 300_000 : 1_000_000;
  show({
    title: 'Event kernel: hold model',
    text: 'As many events pending as the row says, each of which schedules its successor after 8 ps to 1 µs. All kernels take the same delays and must agree on the number of events and on the sum of their times, each in a process of its own, dsasim warm before it counts. It also checks its arguments and keeps the fingerprint of every event.',
    rows: await benchHold(peers, { rounds: slowRounds, events }),
  });
  show({
    title: 'Closed pipeline: submit, queue, arbitrate, four engines, complete',
    text: "Descriptors per second with 32 in flight. The peers' pipeline is stripped: six events a descriptor and nothing else. SimPy's stands there twice, with the same stages at the same times: made of SimPy's own Resources (core, engines) and Store (queue), as its manual builds such models, which the target is about; and with a sum, a count and a deque in their places, the fastest that we found. The whole model (bench/saturation.yaml) decodes, checks and translates every descriptor and keeps its statistics; each of the 32 has buffers of its own, which it uses again and again.",
    rows: await benchPipeline(peers, { rounds: slowRounds, descriptors: values.quick ? 50_000 : 200_000 }),
  });
}
if (wants('model')) {
  show({
    title: 'Model',
    text: 'The saturation of bench/saturation.yaml and the design comparison of workloads/design-comparison.yaml.',
    rows: await benchModel({ rounds: slowRounds }),
  });
}
if (wants('workers')) {
  show({
    title: 'Workers',
    text: 'Wall-clock time of a whole plan, threads started anew each time.',
    rows: await benchWorkers({ rounds: slowRounds }),
  });
}
if (wants('sweep')) {
  show({
    title: 'Many machines',
    text: 'The same sweep by threads of one process, by shards and by the workers of a queue, all on this machine, each giving the same bytes. Processes are started and results merged within the time; the workers of the queue run already.',
    rows: await benchManyMachines({ rounds: slowRounds, quick: values.quick }),
  });
  show({
    title: 'Memory of a sweep',
    text: 'Resident memory of the whole process with two workers, at its highest: as it comes, where V8 lets garbage lie as long as there is room, and with heaps that leave it none, which shows what is needed.',
    rows: await benchMemory({ quick: values.quick }),
  });
}
const isWhole = values.only === undefined && !values.quick;
const out = values.out ?? (isWhole ? PAGE : undefined);
if (out !== undefined) {
  const profiled = wants('model') ? await profiles() : [];
  const shares = profiled.flatMap(({ title, rooms, functions }) => [
    { title, rows: rooms.slice(0, LISTED) },
    { title: `${title}: busiest functions`, rows: functions.slice(0, LISTED) },
  ]);
  writeFileSync(
    out,
    page({
      sections,
      versions,
      shares,
      rounds,
      longRounds: slowRounds,
      only: values.only,
      quick: values.quick,
    }),
  );
  console.log(`\nwrote ${values.out ?? 'docs/bench.md'}`);
}
