/** Ctrl-C: the first stops the work cleanly, the second ends the process at once. Neither leaves half a file. */
import { discardUnfinished } from '../experiment/files.js';
import { EXIT } from './exit-codes.js';
import { say } from './terminal.js';

/** A signal for the work, and which exit code an interrupt asks for. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** 130 after SIGINT, 143 after SIGTERM. */
  exitCode(): number;
  /** From now on a signal ends the process at once again. */
  dispose(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Who stops its work cleanly at the first signal; null while nobody does. */
let listener: ((exit: number) => void) | null = null;

/**
 * Guards the whole process. A command that can stop its work says so with `onInterrupt`; any other, and any at the
 * second signal, is ended at once, and the file that it was writing is removed.
 */
export function guardInterrupts(): void {
  for (const name of SIGNALS) {
    process.on(name, () => {
      const exit = name === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
      const stop = listener;
      listener = null;
      if (stop !== null) {
        stop(exit);
        return;
      }
      const left = discardUnfinished();
      // A bar may stand where this is said.
      if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
      say(left === 0 ? 'interrupted' : 'interrupted; a file that was not finished is removed');
      process.exit(exit);
    });
  }
}

/** Asks for the first signal. */
export function onInterrupt(): Interrupt {
  const controller = new AbortController();
  let code: number = EXIT.interrupted;
  const stop = (exit: number): void => {
    code = exit;
    controller.abort();
  };
  listener = stop;
  return {
    signal: controller.signal,
    exitCode: () => code,
    dispose: () => {
      if (listener === stop) listener = null;
    },
  };
}

/**
 * What a command says that was interrupted.
 * @param written files that are there already
 * @param kept whether finished work is in a journal
 * @returns null where the error is something else
 */
export function interruptionOf(error: unknown, written: readonly string[], kept = false): string | null {
  if (!(error instanceof Error)) return null;
  if (error.name !== 'InterruptedError' && error.name !== 'AbortError') return null;
  const what = error.name === 'InterruptedError' ? error.message : 'interrupted';
  if (written.length > 0) return `${what}; written: ${written.join(', ')}`;
  return kept ? what : `${what}; no file was written`;
}
