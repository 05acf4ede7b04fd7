/** Other event kernels, built from the sources beside this file. One that is not installed is skipped by name. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('./peers/', import.meta.url));
/** Debian's own interpreter, which sees Debian's packages; another one only where there is none. */
const PYTHONS = ['/usr/bin/python3', 'python3'];

const environment = { ...process.env, SYSTEMC_DISABLE_COPYRIGHT_MESSAGE: '1' };

/**
 * Finds the peers and builds them.
 * @returns for each its name, and either `version` and `run(model, size, amount)` or `skipped`, the reason
 */
export function findPeers() {
  const folder = mkdtempSync(join(tmpdir(), 'dsasim-bench-'));
  const compiled = (name, source, libraries, version) => {
    const program = join(folder, source);
    const flags = ['-O2', '-std=c++17', join(SOURCES, `${source}.cpp`), ...libraries, '-o', program];
    const { error, status, stderr } = spawnSync('g++', flags, { encoding: 'utf8' });
    if (error !== undefined) return { name, skipped: 'g++ is not installed' };
    if (status !== 0) return { name, skipped: `it does not build: ${firstLine(stderr)}` };
    return { name, version: version(), run: runner(program, []) };
  };
  const compiler = () =>
    `g++ ${firstLine(execFileSync('g++', ['-dumpfullversion'], { encoding: 'utf8' }))} -O2`;
  return [
    compiled('C++ std::priority_queue', 'priority-queue', [], compiler),
    compiled('SystemC', 'systemc', ['-lsystemc'], () => `${systemcVersion()}, ${compiler()}`),
    simpy(),
  ];
}

function simpy() {
  const script = join(SOURCES, 'simpy-peer.py');
  for (const python of PYTHONS) {
    const { status, stdout } = spawnSync(python, [script, '--version'], { encoding: 'utf8' });
    if (status !== 0) continue;
    const interpreter = firstLine(execFileSync(python, ['--version'], { encoding: 'utf8' }));
    return { name: 'SimPy', version: `${firstLine(stdout)}, ${interpreter}`, run: runner(python, [script]) };
  }
  return { name: 'SimPy', skipped: 'SimPy 3 or later is not installed (Debian: python3-simpy3)' };
}

function systemcVersion() {
  const { status, stdout } = spawnSync('pkg-config', ['--modversion', 'systemc'], { encoding: 'utf8' });
  return status === 0 ? firstLine(stdout) : '2.3';
}

/** The same of dsasim itself, and its whole model, as own.mjs has them. */
export const ours = runner(process.execPath, [fileURLToPath(new URL('./own.mjs', import.meta.url))]);

/** Runs a peer and reads the line of numbers that it ends with. */
function runner(program, leading) {
  return (model, ...amounts) => {
    const text = execFileSync(program, [...leading, model, ...amounts.map(String)], {
      encoding: 'utf8',
      env: environment,
    });
    const [events, checksum, done, seconds] = text.trim().split('\n').at(-1).split(' ').map(Number);
    return { events, checksum, done, seconds };
  };
}

function firstLine(text) {
  return text.trim().split('\n')[0];
}
