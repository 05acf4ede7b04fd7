#!/usr/bin/env node
/**
 * Runs every committed workload on each Node that dsasim supports and compares what comes out, byte by byte.
 *
 *   npm run test:nodes
 *   npm run test:nodes -- --only 20,24 --replications 5
 *
 * The binaries come from the `node` package of the npm registry and go to a folder outside the checkout, where they
 * stay for the next time. Exit 1 when results differ, a run fails, or a version cannot be installed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const VERSIONS = ['20', '22', '24', '26'];
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BINARIES = join(tmpdir(), 'dsasim-nodes');

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: VERSIONS.join(',') },
    replications: { type: 'string', default: '1' },
  },
});

/** Installs a version and returns its binary. @throws Error with npm's own words */
function installed(version) {
  const folder = join(BINARIES, version);
  const binary = join(folder, 'node_modules', 'node', 'bin', 'node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const npm = spawnSync('npm', ['install', '--no-audit', '--no-fund', `node@${version}`], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (npm.error !== undefined || npm.status !== 0 || !existsSync(binary)) {
      throw new Error(`node@${version} cannot be installed: ${npm.error?.message ?? npm.stderr.trim()}`);
    }
  }
  const says = execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim();
  if (!says.startsWith(`v${version}.`)) throw new Error(`node@${version} says that it is ${says}`);
  return { version, says, binary };
}

/** What a version makes of a workload: the hash of results.json, and of each point the parts that must agree. */
function outcome(binary, file, folder) {
  const out = join(folder, file);
  const main = join(ROOT, 'dist', 'cli', 'main.js');
  const path = join('workloads', file);
  const args = [main, 'run', path, '--replications', values.replications, '--quiet', '--out', out];
  const { status, stderr } = spawnSync(binary, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} ended with ${status}: ${complaint(stderr)}`);
  const text = readFileSync(join(out, 'results.json'));
  const points = JSON.parse(text).points.map((point) => ({
    key: point.key,
    fingerprints: point.fingerprints.join(' '),
    memory: (point.memory_digests ?? []).join(' '),
  }));
  return { sha256: createHash('sha256').update(text).digest('hex'), points };
}

/** The line of an error output that says what is wrong. */
function complaint(stderr) {
  const lines = stderr.trim().split('\n');
  return lines.find((line) => /error/i.test(line)) ?? lines[0];
}

/** Where two outcomes of one workload differ, in words; empty when they do not. */
function differences(reference, other) {
  const found = [];
  reference.points.forEach((point, i) => {
    const twin = other.points[i];
    if (twin?.key !== point.key) found.push(`point ${point.key} is missing`);
    else if (twin.fingerprints !== point.fingerprints) found.push(`${point.key}: order of events`);
    else if (twin.memory !== point.memory) found.push(`${point.key}: content of memory`);
  });
  if (found.length === 0 && reference.sha256 !== other.sha256) found.push('results.json');
  return found;
}

const files = readdirSync(join(ROOT, 'workloads'))
  .filter((name) => name.endsWith('.yaml'))
  .sort();
const folder = mkdtempSync(join(tmpdir(), 'dsasim-test-nodes-'));
let failed = false;
const fail = (message) => {
  failed = true;
  console.error(message);
};

const nodes = [];
for (const version of values.only.split(',')) {
  try {
    nodes.push(installed(version));
  } catch (error) {
    fail(error.message);
  }
}
console.log(`Node ${nodes.map(({ says }) => says).join(', ')}; ${files.length} workloads`);

for (const file of files) {
  let reference;
  for (const { version, says, binary } of nodes) {
    try {
      const result = outcome(binary, file, join(folder, version));
      reference ??= { says, ...result };
      const found = differences(reference, result);
      if (found.length > 0) fail(`${file}: ${says} differs from ${reference.says}: ${found.join('; ')}`);
    } catch (error) {
      fail(`${says}: ${error.message}`);
    }
  }
  if (reference !== undefined) console.log(`${reference.sha256.slice(0, 16)}  ${file}`);
}
rmSync(folder, { recursive: true, force: true });
console.log(failed ? 'not the same everywhere' : 'the same bytes everywhere');
process.exitCode = failed ? 1 : 0;
