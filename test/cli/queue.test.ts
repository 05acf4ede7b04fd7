import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipsWithout } from '../support/programs.js';
import { BIN, dsasim, type Outcome, temporaryFolder } from './dsasim.js';
import { TINY, workload } from './tiny.js';

const SWEEP = TINY.replace('[1, 8]', '[1, 2, 4, 8]')
  .replace('duration: 200us', 'duration: 2ms')
  .replace('replications: 3', 'replications: 10');

const { folder, file } = workload(SWEEP);
const bytes = (out: string) => readFileSync(join(folder, out, 'results.json'), 'utf8');
const children = new Set<ChildProcess>();
const data = temporaryFolder();
let port = 0;

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address() as { port: number };
  server.close();
  return free;
}

function start(program: string, args: readonly string[]): ChildProcess & { heard: () => string } {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  child.on('close', () => children.delete(child));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
  }
  return Object.assign(child, { heard: () => text });
}

/** Waits until something is so. */
async function until(holds: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 1200; i++) {
    if (holds()) return;
    await pause(50);
  }
  throw new Error(`waited in vain for ${what}`);
}

async function startRedis(...options: string[]): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', data, ...options];
  const redis = start('redis-server', args);
  await until(() => redis.heard().includes('Ready to accept connections'), 'Redis');
  return redis;
}

async function startWorker(): Promise<ChildProcess & { heard: () => string }> {
  const worker = start(process.execPath, [BIN, 'worker', '--queue', url(), '--workers', '1']);
  await until(() => worker.heard().includes('serving'), 'a worker');
  return worker;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.kill(signal);
  const [code] = await once(child, 'close');
  return code as number | null;
}

const url = () => `redis://127.0.0.1:${port}`;
const run = (out: string, ...more: string[]): Promise<Outcome> =>
  dsasim(['run', file, '--queue', url(), '--out', join(folder, out), ...more]);
/** Results that a run has got so far. */
const got = (out: string): number => {
  try {
    return (readFileSync(join(folder, out, 'journal.ndjson'), 'utf8').match(/^\{"run"/gm) ?? []).length;
  } catch {
    return 0;
  }
};

describe.skipIf(skipsWithout('redis-server', 'redis-server'))('a queue', () => {
  let redis: ChildProcess;
  beforeAll(async () => {
    port = await freePort();
    redis = await startRedis('--save', '', '--appendonly', 'yes');
    const local = await dsasim(['run', file, '--out', join(folder, 'local'), '--quiet']);
    expect(local.code).toBe(0);
  });
  afterAll(async () => {
    await Promise.all([...children].map((child) => end(child, 'SIGKILL')));
  });

  it('says when nobody serves it, gives the bytes of one machine, and lets its worker finish', async () => {
    const args = ['run', file, '--queue', url(), '--out', join(folder, 'plain')];
    const asking = start(process.execPath, [BIN, ...args]);
    const alone = `no worker of this model serves the queue yet: start dsasim worker --queue ${url()}`;
    await until(() => asking.heard().includes(alone), 'the run to say that it is alone');
    const worker = await startWorker();
    const [code] = asking.exitCode === null ? await once(asking, 'close') : [asking.exitCode];
    expect(code, asking.heard()).toBe(0);
    expect(bytes('plain')).toBe(bytes('local'));
    expect(await end(worker, 'SIGTERM')).toBe(0);
    expect(worker.heard()).toMatch(/simulated \d+ tasks\n$/);
  });

  it('gives two coordinators of one plan what was simulated once', async () => {
    const seed = ['--seed', '2'];
    await dsasim(['run', file, '--out', join(folder, 'local-2'), '--quiet', ...seed]);
    const worker = await startWorker();
    const both = await Promise.all([run('first', ...seed), run('second', ...seed)]);
    for (const { code, stderr } of both) expect(code, stderr).toBe(0);
    expect(bytes('first')).toBe(bytes('local-2'));
    expect(bytes('second')).toBe(bytes('local-2'));
    await end(worker, 'SIGTERM');
    const tasks = Number(/simulated (\d+) tasks/.exec(worker.heard())![1]);
    // 40 replications in tasks of at least one: simulated twice they would be more.
    expect(tasks).toBeLessThanOrEqual(40);
  });

  it('survives a worker that is killed over its tasks', async () => {
    const [victim, other] = [await startWorker(), await startWorker()];
    const outcome = run('killed', '--seed', '3');
    await until(() => got('killed') >= 2, 'first results');
    await end(victim, 'SIGKILL');
    const { code, stderr } = await outcome;
    expect(code, stderr).toBe(0);
    await dsasim(['run', file, '--seed', '3', '--out', join(folder, 'local-3'), '--quiet']);
    expect(bytes('killed')).toBe(bytes('local-3'));
    await end(other, 'SIGTERM');
  });

  it('survives a Redis that is killed and comes back, with its data or without', async () => {
    const worker = await startWorker();
    for (const [seed, persistence] of [
      ['4', 'yes'],
      ['5', 'no'],
    ]) {
      const out = `redis-${persistence}`;
      const outcome = run(out, '--seed', seed!);
      await until(() => got(out) >= 2, 'first results');
      await end(redis, 'SIGKILL');
      await pause(1000);
      redis = await startRedis('--save', '', '--appendonly', persistence!);
      const { code, stderr } = await outcome;
      expect(code, stderr).toBe(0);
      await dsasim(['run', file, '--seed', seed!, '--out', join(folder, `local-${seed}`), '--quiet']);
      expect(bytes(out)).toBe(bytes(`local-${seed}`));
    }
    await end(worker, 'SIGTERM');
  });

  it('that does not answer is an error with its address, without its password', async () => {
    const nowhere = `redis://user:secret@127.0.0.1:${await freePort()}`;
    const { code, stderr } = await dsasim(['run', file, '--queue', nowhere, '--out', join(folder, 'no')]);
    expect(code).toBe(4);
    expect(stderr).toContain('error[DSASIM_E005]: no Redis answers at redis://127.0.0.1:');
    expect(stderr).not.toContain('secret');
  });
});
