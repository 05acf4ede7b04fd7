/**
 * How many machine instructions a descriptor costs, function by function: counted by Valgrind, not sampled, so that the
 * figures hardly differ from run to run, whatever else the machine does. They take minutes, and say nothing about caches.
 *
 *   node bench/instructions.mjs [workload.yaml] [n]     the first point of a workload, the n costliest functions
 *
 * Needs Valgrind (Debian: valgrind). What the optimiser puts into a function counts as that function's own.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { machinesOf, SATURATION, simulated } from './machines.mjs';

const TOP = 40;
/** Runs until everything is optimised, and runs that count. */
const WARM_UP_RUNS = 60;
const COUNTED_RUNS = 4;
/** A run of its own length would take Valgrind an hour [ps]. */
const DURATION = 1e9;

/** The part that Valgrind watches: warms up, says so, waits for a line, works, says how many descriptors that were. */
function watched(workload) {
  const [first] = machinesOf(workload, 'timing');
  const measure = { ...first.measure, durationPs: Math.min(first.measure.durationPs, DURATION) };
  const machine = { ...first, measure };
  const runs = (n) => {
    let descriptors = 0;
    for (let i = 0; i < n; i++) descriptors += simulated(machine).descriptors;
    return descriptors;
  };
  const answer = Buffer.alloc(1);
  runs(WARM_UP_RUNS);
  writeSync(1, 'warm\n');
  readSync(0, answer);
  writeSync(1, `${runs(COUNTED_RUNS)}\n`);
  readSync(0, answer);
}

/** Counts by address of one instruction. @param text of a callgrind file with --dump-instr=yes */
function* countsOf(text) {
  let address = 0;
  let isCall = false;
  let name = '';
  const names = new Map();
  for (const line of text.split('\n')) {
    if (line.startsWith('calls=')) {
      isCall = true;
      continue;
    }
    const named = /^c?fn=(\(\d+\))(?: (.*))?/.exec(line);
    if (named !== null) {
      if (named[2] !== undefined) names.set(named[1], named[2]);
      if (line.startsWith('fn=')) name = names.get(named[1]);
      continue;
    }
    const cost = /^(0x[0-9a-f]+|[+-]\d+|\*) \S+ (\d+)/.exec(line);
    if (cost === null) continue;
    const [, place, count] = cost;
    if (place.startsWith('0x')) address = Number(place);
    else if (place !== '*') address += Number(place);
    // The line after a call holds what the callee took, which is counted where it lies.
    if (isCall) isCall = false;
    else yield { address, name, count: Number(count) };
  }
}

/** Finds what V8 put at an address. @param text of the map that --perf-basic-prof writes: later code replaces earlier */
function symbolsOf(text) {
  const symbols = text
    .split('\n')
    .map((line) => /^(\w+) (\w+) (.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, start, size, name], age) => ({
      start: parseInt(start, 16),
      size: parseInt(size, 16),
      name,
      age,
    }))
    .sort((a, b) => a.start - b.start || a.age - b.age);
  return (address) => {
    let low = 0;
    let high = symbols.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (symbols[middle].start <= address) low = middle + 1;
      else high = middle;
    }
    const found = symbols[low - 1];
    return found !== undefined && address < found.start + found.size ? found.name : undefined;
  };
}

/** A symbol of V8 as place in the sources: "JS:*take file:///…/dist/models/device/transfer.js:95:9". */
function shortened(symbol) {
  const [, name, place] = /^JS:\S?(.*) file:.*\/dist\/(.*):\d+$/.exec(symbol) ?? [];
  return place === undefined ? symbol : `${name || '(anonymous)'} ${place}`;
}

async function main(workload = SATURATION, top = String(TOP)) {
  if (spawnSync('valgrind', ['--version']).error) {
    console.error('Valgrind is not installed (Debian: valgrind).');
    process.exitCode = 2;
    return;
  }
  // Everything that Valgrind and V8 leave behind.
  const folder = mkdtempSync(join(tmpdir(), 'dsasim-instructions-'));
  const out = join(folder, 'counts');
  const self = fileURLToPath(import.meta.url);
  const tool = ['--tool=callgrind', '--dump-instr=yes', '--instr-atstart=no', '--smc-check=all-non-file'];
  const node = [
    process.execPath,
    '--single-threaded',
    '--perf-basic-prof',
    self,
    '--watched',
    resolve(workload),
  ];
  const child = spawn('valgrind', [...tool, `--callgrind-out-file=${out}`, ...node], {
    stdio: ['pipe', 'pipe', 'ignore'],
    cwd: folder,
  });
  const lines = child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false });
  const control = (...what) =>
    execFileSync('callgrind_control', [...what, String(child.pid)], { stdio: 'ignore' });
  const map = `/tmp/perf-${child.pid}.map`;
  try {
    await lines.next();
    control('-i', 'on');
    child.stdin.write('\n');
    const descriptors = Number((await lines.next()).value);
    if (!(descriptors > 0)) throw new Error('the simulation under Valgrind ended early');
    control('-d');
    const symbolAt = symbolsOf(readFileSync(map, 'utf8'));
    print(readFileSync(`${out}.1`, 'utf8'), symbolAt, descriptors, Number(top));
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
    rmSync(map, { force: true });
  }
}

function print(text, symbolAt, descriptors, top) {
  const byFunction = new Map();
  let total = 0;
  for (const { address, name, count } of countsOf(text)) {
    const symbol = symbolAt(address);
    const key = symbol === undefined ? `${name} (native)` : shortened(symbol);
    byFunction.set(key, (byFunction.get(key) ?? 0) + count);
    total += count;
  }
  const each = (count) => Math.round(count / descriptors).toString();
  console.log(`${each(total)} instructions a descriptor, ${descriptors} descriptors`);
  const sorted = [...byFunction].sort((a, b) => b[1] - a[1]).slice(0, top);
  for (const [what, count] of sorted) console.log(`${each(count).padStart(7)}  ${what}`);
}

const [first, second] = process.argv.slice(2);
if (first === '--watched') watched(second);
else if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(first, second);
