/** Ctrl-C: the first stops the work cleanly, the second ends the process at once. */
import { EXIT } from './exit-codes.js';

/** A signal for the work, and which exit code an interrupt asks for. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** 130 after SIGINT, 143 after SIGTERM. */
  exitCode(): number;
  /** Takes the handlers off again. */
  dispose(): void;
}

/** Listens for SIGINT and SIGTERM. */
export function onInterrupt(): Interrupt {
  const controller = new AbortController();
  let code: number = EXIT.interrupted;
  const handle = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(code);
    code = name === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
    controller.abort();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    signal: controller.signal,
    exitCode: () => code,
    dispose: () => {
      process.off('SIGINT', handle);
      process.off('SIGTERM', handle);
    },
  };
}
