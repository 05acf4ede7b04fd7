/** From an error to an exit code and to what the user reads. A stack trace is shown only with DEBUG=dsasim. */
import type { UsageCode } from './codes.js';
import { EXIT } from './exit-codes.js';
import { paint } from './terminal.js';

/** A command line that asks for something that cannot be done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  constructor(
    message: string,
    /** What to do instead. */
    readonly remedy = '',
    readonly code: UsageCode = 'DSASIM_C002',
  ) {
    super(message);
  }
}

/** What a failed command leaves behind. */
export interface Failure {
  exit: number;
  text: string;
}

/**
 * The exit code and text for anything that a command threw.
 *
 * Errors are told by their names: importing the classes would load the rooms that define them, and with them
 * everything that `dsasim --help` does not need.
 */
export async function describeFailure(error: unknown, colour: boolean): Promise<Failure> {
  const head = (code: string): string => paint(['bold', 'red'], `error[${code}]`, colour);
  if (!(error instanceof Error)) return internal(new Error(String(error)), head);
  const { code = '', remedy = '' } = error as { code?: string; remedy?: string };
  const plain = (exit: number, more = remedy): Failure => ({
    exit,
    text: `${head(code)}: ${error.message}${more === '' ? '' : `\n  = ${more}`}`,
  });
  switch (error.name) {
    case 'WorkloadError': {
      const { renderDiagnostics } = await import('../workload/render.js');
      const { diagnostics } = error as import('../workload/diagnostics.js').WorkloadError;
      return { exit: EXIT.usage, text: renderDiagnostics(diagnostics, { color: colour }) };
    }
    case 'UsageError':
      return plain(EXIT.usage);
    case 'DocumentError': {
      const { DOCUMENT_CODES } = await import('../experiment/codes.js');
      return plain(EXIT.usage, DOCUMENT_CODES[code as keyof typeof DOCUMENT_CODES].remedy);
    }
    case 'NotComparableError': {
      const { reasons } = error as import('../experiment/errors.js').NotComparableError;
      const lines = [`${head(code)}: not comparable`, ...reasons.map((reason) => `  - ${reason}`)];
      return {
        exit: EXIT.notComparable,
        text: [...lines, ...(remedy === '' ? [] : [`  = ${remedy}`])].join('\n'),
      };
    }
    case 'OutputError':
      return plain(EXIT.failed, 'nothing was half written; what was there before is untouched');
    case 'StdoutError':
      return { exit: EXIT.failed, text: `${head('DSASIM_E004')}: ${error.message}` };
    case 'QueueError':
    case 'SimulationError':
    case 'WorkerError':
      return plain(EXIT.failed);
    case 'InterruptedError':
      return { exit: EXIT.interrupted, text: `${error.message}; no file was written` };
    default:
      return internal(error, head);
  }
}

function internal(error: Error, head: (code: string) => string): Failure {
  return {
    exit: EXIT.failed,
    text: [
      `${head('DSASIM_E000')}: internal error: ${error.message}`,
      '  = this is a mistake in dsasim: please report it with the workload, the command and the output of',
      '    the same command under DEBUG=dsasim',
    ].join('\n'),
  };
}

/** The stack of an error, of the worker's one where it happened there, or '' unless DEBUG=dsasim is set. */
export function debugStack(error: unknown, env: NodeJS.ProcessEnv = process.env): string {
  if (!(env.DEBUG ?? '').split(',').includes('dsasim') || !(error instanceof Error)) return '';
  const worker = (error as { workerStack?: string }).workerStack;
  const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.stack}` : '';
  return `${worker ?? error.stack ?? ''}${cause}`;
}
