/** The built command line as a child process. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The program, as package.json's `bin` names it. */
export const BIN = join(ROOT, 'dist/cli/main.js');

/** What a command left behind. */
export interface Outcome {
  code: number | null;
  stdout: string;
  /** Without lines of progress: whether there are any depends on how busy the machine is. */
  stderr: string;
}

const PROGRESS = /^\d+ %, \d+\/\d+ .*\n/gm;

/** Options of `dsasim`. */
interface Options {
  cwd?: string;
  env?: Record<string, string>;
  /** Sends these signals, each as soon as its condition holds and those before it were sent. */
  signals?: readonly (readonly [when: () => boolean, signal: NodeJS.Signals])[];
}

/** Time between two looks at a condition [ms]. */
const LOOK_EVERY = 5;

/** Runs a command line to its end. Colour, CI and npm of the machine that runs the tests are taken away. */
export function dsasim(args: readonly string[], options: Options = {}): Promise<Outcome> {
  const { CI, FORCE_COLOR, NO_COLOR, DEBUG, npm_command: _, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd: options.cwd ?? ROOT,
      env: { ...env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const waiting = [...(options.signals ?? [])];
    const watch = setInterval(() => {
      while (waiting.length > 0 && waiting[0]![0]()) child.kill(waiting.shift()![1]);
      if (waiting.length === 0) clearInterval(watch);
    }, LOOK_EVERY);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      resolve({ code, stdout, stderr: stderr.replace(PROGRESS, '') });
    });
  });
}

/**
 * Tells when a command has begun to simulate.
 * @returns what to add to its environment, and whether one of its worker threads has started
 */
export function begins(): { env: Record<string, string>; begun: () => boolean } {
  const folder = temporaryFolder();
  const [hook, mark] = [join(folder, 'hook.cjs'), join(folder, 'begun')];
  writeFileSync(
    hook,
    `if (!require('node:worker_threads').isMainThread) require('node:fs').writeFileSync(${JSON.stringify(mark)}, '');\n`,
  );
  return { env: { NODE_OPTIONS: `--require ${hook}` }, begun: () => existsSync(mark) };
}

/** A new empty folder. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'dsasim-cli-'));
}
