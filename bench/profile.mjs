/**
 * Where the time of a simulation goes, from V8's sampling profiler.
 *
 *   node bench/profile.mjs                       the saturation and the design comparison
 *   node bench/profile.mjs workload.yaml [n]     a workload of your own, the n busiest functions
 *   node bench/profile.mjs --read FILE [n]       a .cpuprofile that `node --cpu-prof` wrote
 */
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { pathToFileURL } from 'node:url';
import { COMPARISON, machinesOf, SATURATION, simulated } from './machines.mjs';

const TOP = 25;
const SAMPLE_MICROSECONDS = 250;
/** V8's name for the time that it spends collecting garbage, on a node of its own. */
const COLLECTOR = '(garbage collector)';

/** The folder under dist that a script lies in, or the engine for what is no script of ours. */
function roomOf(url) {
  const inside = url.split('/dist/')[1];
  if (inside === undefined) return 'V8 and Node';
  return inside.split('/').slice(0, -1).join('/');
}

/**
 * Shares of self time.
 * @param profile of V8, as the inspector or `--cpu-prof` gives it
 * @param within name of a function: only what it calls counts, and collecting garbage
 * @returns shares from 0 to 1 by function and by folder, the largest first; idle samples are left out
 */
export function sharesOf(profile, within) {
  const counted = countedNodes(profile, within);
  const byFunction = new Map();
  const byRoom = new Map();
  let total = 0;
  const add = (map, key, time) => map.set(key, (map.get(key) ?? 0) + time);
  profile.samples.forEach((id, i) => {
    const frame = counted.get(id);
    if (frame === undefined) return;
    const time = Math.max(0, profile.timeDeltas[i]);
    total += time;
    const place = frame.url.split('/dist/')[1];
    const name = frame.functionName || '(anonymous)';
    add(byFunction, place === undefined ? name : `${name} ${place}:${frame.lineNumber + 1}`, time);
    add(byRoom, roomOf(frame.url), time);
  });
  const sorted = (map) =>
    [...map].map(([what, time]) => ({ what, share: time / total })).sort((a, b) => b.share - a.share);
  return { functions: sorted(byFunction), rooms: sorted(byRoom) };
}

/** Frames of the nodes that count, by id. */
function countedNodes({ nodes }, within) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const counted = new Map();
  const visit = (node, inside) => {
    const { functionName } = node.callFrame;
    const here = inside || functionName === within;
    if ((here && functionName !== '(idle)') || functionName === COLLECTOR)
      counted.set(node.id, node.callFrame);
    for (const child of node.children ?? []) visit(byId.get(child), here);
  };
  visit(nodes[0], within === undefined);
  return counted;
}

/** Profiles a function once it is warm. */
export async function profiled(work) {
  work();
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROSECONDS });
  await session.post('Profiler.start');
  work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  return profile;
}

/** Profiles one replication of every point of a workload. */
export async function profileOf(path, semantics) {
  const machines = machinesOf(path, semantics);
  return sharesOf(
    await profiled(function simulateAll() {
      for (const machine of machines) simulated(machine);
    }),
    'simulateAll',
  );
}

/** The two profiles of the page. */
export async function profiles() {
  return [
    { title: 'Saturation, timing only', ...(await profileOf(SATURATION, 'timing')) },
    { title: 'Design comparison', ...(await profileOf(COMPARISON)) },
  ];
}

function print(title, { functions, rooms }, top) {
  console.log(`\n${title}`);
  for (const { what, share } of rooms) console.log(`${(share * 100).toFixed(1).padStart(7)} %  ${what}`);
  console.log('');
  for (const { what, share } of functions.slice(0, top)) {
    console.log(`${(share * 100).toFixed(1).padStart(7)} %  ${what}`);
  }
}

async function main([first, second, third]) {
  if (first === '--read')
    print(second, sharesOf(JSON.parse(readFileSync(second, 'utf8'))), Number(third ?? TOP));
  else if (first !== undefined) print(first, await profileOf(first), Number(second ?? TOP));
  else for (const { title, ...shares } of await profiles()) print(title, shares, TOP);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv.slice(2));
