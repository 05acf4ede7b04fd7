/** The built command line as a child process. */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
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
  stderr: string;
}

/** Options of `dsasim`. */
interface Options {
  cwd?: string;
  env?: Record<string, string>;
  /** Sends these signals, each after so many milliseconds. */
  signals?: readonly (readonly [ms: number, signal: NodeJS.Signals])[];
}

/** Runs a command line to its end. Colour and CI of the machine that runs the tests are taken away. */
export function dsasim(args: readonly string[], options: Options = {}): Promise<Outcome> {
  const { CI, FORCE_COLOR, NO_COLOR, DEBUG, ...env } = process.env;
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
    for (const [ms, signal] of options.signals ?? []) setTimeout(() => child.kill(signal), ms).unref();
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** A new empty folder. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'dsasim-cli-'));
}
