/** Whole sweeps as a user runs them: memory against the number of points, and the ways to many machines. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTurns, ratio, wallSeconds } from './measure.mjs';

const DSASIM = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const WORKERS = 2;
/** Pause between two looks at the memory of a process [ms]. */
const LOOK_EVERY = 50;

/** A sweep of `steps` × 10 × 10 × 10 × 10 points, each of which is simulated in about a millisecond. */
function sweepOf(steps, { measure = '{ warmup: 1us, duration: 4us, replications: 1 }', axes = 5 } = {}) {
  const ten = '[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]';
  const sizes = '[64B, 128B, 256B, 512B, 1KiB, 2KiB, 4KiB, 8KiB, 16KiB, 32KiB]';
  const all = [
    `  tenants.tenant.load.closed.depth: ${JSON.stringify(Array.from({ length: steps }, (_, i) => i + 1))}`,
    `  tenants.tenant.operations[0].size: ${sizes}`,
    `  tenants.tenant.buffers.count: ${ten}`,
    `  tenants.tenant.portal_slots: ${ten}`,
    `  tenants.tenant.batch: ${ten}`,
  ];
  return `name: sweep
semantics: timing
devices:
  - groups:
      - engines: 4
        work_queues:
          - { name: copy, mode: dedicated, size: 128, block_on_fault: true }
designs: [native-cdev]
tenants:
  - name: tenant
    work_queue: copy
    load: { closed: { depth: 1 } }
    operations: [{ op: memmove, size: 4KiB }]
measure: ${measure}
sweep:
${all.slice(0, axes).join('\n')}
`;
}

/** Heaps that leave V8 no room for garbage: what a process then holds, it needs. */
const TIGHT = ['--max-old-space-size=128', '--max-semi-space-size=2'];

/**
 * Runs dsasim and waits for its end.
 * @param heap options of V8
 * @returns the most memory that it held at a time [B]
 */
function run(args, heap = []) {
  const child = spawn(process.execPath, [...heap, DSASIM, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let peak = 0;
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complaint = text;
  });
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024);
    } catch {
      // It has ended, or this is no Linux.
    }
  }, LOOK_EVERY);
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      clearInterval(look);
      if (code === 0) resolve(peak);
      else reject(new Error(`dsasim ${args.join(' ')} ended with ${code}: ${complaint}`));
    });
  });
}

/** Peak memory of a sweep of 100,000 points against one of 1,000: one turn each, for it takes minutes. */
export async function benchMemory({ quick }) {
  const thousands = quick ? 5 : 100;
  const row = async (how, heap) => {
    const [small, large] = [await peakOf(1, heap), await peakOf(thousands, heap)];
    const share = large / small;
    const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;
    return {
      what: `peak memory of a sweep of ${thousands},000 points${how}`,
      against: 'of a sweep of 1,000 points',
      ratio: { median: share, low: share, high: share },
      atMost: 1.3,
      remark: `${megabytes(large)} against ${megabytes(small)}, one run each`,
    };
  };
  return [await row('', []), await row(`, V8 with ${TIGHT.join(' ')}`, TIGHT)];
}

async function peakOf(thousands, heap) {
  const folder = mkdtempSync(join(tmpdir(), 'dsasim-bench-'));
  const file = join(folder, 'sweep.yaml');
  // 1 × 10 × 10 × 10 points are a thousand; ten more of the first axis and another axis are a hundred thousand.
  writeFileSync(file, thousands < 10 ? sweepOf(thousands, { axes: 4 }) : sweepOf(thousands / 10));
  const out = join(folder, 'out');
  try {
    return await run(['run', file, '--out', out, '--workers', String(WORKERS), '--quiet'], heap);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Shards and a queue against threads of one process: wall-clock time of the same sweep on as many threads. */
export async function benchManyMachines({ rounds, quick }) {
  const folder = mkdtempSync(join(tmpdir(), 'dsasim-bench-'));
  const file = join(folder, 'sweep.yaml');
  const measure = `{ warmup: 100us, duration: ${quick ? 2 : 6}ms, replications: 4 }`;
  writeFileSync(file, sweepOf(4, { measure, axes: 2 }));
  let turn = 0;
  const timed = async (work) => {
    const out = join(folder, String(turn++));
    const from = wallSeconds();
    await work(out);
    const took = wallSeconds() - from;
    const text = readFileSync(join(out, 'results.json'), 'utf8');
    expected ??= text;
    if (text !== expected) throw new Error('the ways to many machines do not give the same bytes');
    rmSync(out, { recursive: true });
    return 1 / took;
  };
  let expected;
  const subjects = {
    local: () => timed((out) => run(['run', file, '--out', out, '--workers', String(WORKERS), '--quiet'])),
    shards: () =>
      timed(async (out) => {
        const shards = `${out}.shards`;
        const shard = (i) =>
          run(['run', file, '--shard', `${i}/${WORKERS}`, '--out', shards, '--workers', '1', '--quiet']);
        await Promise.all(Array.from({ length: WORKERS }, (_, i) => shard(i + 1)));
        await run(['merge', shards, '--expect', String(WORKERS), '--out', out, '--quiet']);
        rmSync(shards, { recursive: true });
      }),
  };
  const missing = ['redis-server', 'redis-cli'].find((name) => spawnSync(name, ['--version']).error);
  const skipped = missing && `${missing} is not installed`;
  const started = [];
  if (skipped === undefined) {
    const port = await freePort();
    const url = `redis://127.0.0.1:${port}`;
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
    started.push(spawn('redis-server', options, { stdio: 'ignore' }));
    for (let i = 0; i < WORKERS; i++) {
      started.push(spawn(process.execPath, [DSASIM, 'worker', '--queue', url, '--workers', '1', '--quiet']));
    }
    subjects.queue = () => {
      // The queue keeps results for whoever asks again; each turn is to simulate.
      execFileSync('redis-cli', ['-p', String(port), 'flushall']);
      return timed((out) => run(['run', file, '--queue', url, '--out', out, '--quiet']));
    };
  }
  try {
    const rates = await inTurns(subjects, rounds, 1);
    const against = `wall-clock speed of ${WORKERS} threads of one process`;
    const row = (what, name) => ({ what, against, ratio: ratio(rates, name, 'local'), atLeast: 0.8 });
    return [
      row(`${WORKERS} shards of one thread and their merge`, 'shards'),
      skipped === undefined
        ? row(`Redis queue, ${WORKERS} workers of one thread`, 'queue')
        : { what: 'Redis queue', against, skipped },
    ];
  } finally {
    for (const child of started) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  server.close();
  return port;
}
