/** The two streams of the process: data to standard output, everything else to standard error. */
import { styleText } from 'node:util';
import { isSystemError } from '../experiment/files.js';

/** Standard output that could not be written for a reason other than a reader that went away. */
class StdoutError extends Error {
  override readonly name = 'StdoutError';
}

/** Whether a stream takes colour: FORCE_COLOR, then NO_COLOR, then whether it is a terminal. */
export function wantsColour(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): boolean {
  const force = env.FORCE_COLOR;
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Columns of a terminal; 100 where the stream is none. */
export function widthOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY === true && stream.columns > 0 ? stream.columns : 100;
}

/** Text in a style, when `colour` says so. */
export function paint(style: Parameters<typeof styleText>[0], text: string, colour: boolean): string {
  return colour ? styleText(style, text, { validateStream: false }) : text;
}

let readerGone = false;
let stdoutFailure: StdoutError | null = null;

/**
 * Makes a reader that goes away (`| head`) harmless: what is left is not written, and the command goes on, since its
 * files and its exit code are still wanted. Any other failure of standard output is remembered for `flushed`.
 */
export function guardStreams(): void {
  process.stdout.on('error', (error) => {
    readerGone = true;
    if (isSystemError(error) && error.code === 'EPIPE') return;
    stdoutFailure = new StdoutError(`cannot write to standard output: ${error.message}`, { cause: error });
  });
  process.stderr.on('error', () => undefined);
}

/** Writes data to standard output and waits while its reader is slower. */
export async function print(data: string | Uint8Array): Promise<void> {
  if (readerGone || data.length === 0) return;
  if (process.stdout.write(data)) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      for (const event of ['drain', 'error', 'close']) process.stdout.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'error', 'close']) process.stdout.on(event, done);
  });
}

/** Writes pieces of one document, all text or all bytes, to standard output, text in larger chunks. */
export async function printPieces(pieces: Iterable<string | Uint8Array>): Promise<void> {
  let chunk = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') chunk += piece;
    else await print(piece);
    if (chunk.length >= 1 << 16) {
      await print(chunk);
      chunk = '';
    }
    if (readerGone) return;
  }
  await print(chunk);
}

/** Waits until standard output was handed over. @throws StdoutError when it was not */
export async function flushed(): Promise<void> {
  if (!readerGone) await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  if (stdoutFailure !== null) throw stdoutFailure;
}

/** Writes a line to standard error. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
