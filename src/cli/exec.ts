/** `dsasim exec`: descriptors on the reference model, without time. */
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import type { ExecResult } from '../workload/exec-result.js';
import { UsageError } from './errors.js';
import { print } from './terminal.js';

interface ExecFlags {
  ndjson?: boolean;
  json?: boolean;
  explain?: boolean;
}

/** The command. */
export function execCommand(done: (exit: number) => void): Command {
  return new Command('exec')
    .description('Execute descriptors byte-exactly on the reference model of the device, without time.')
    .argument('[program.yaml]', 'program: memory, descriptors, and what to show')
    .option('--ndjson', 'read one JSON program a line from standard input and answer one result a line')
    .option('--json', 'print the result as one JSON document')
    .option('--explain', 'say every descriptor and completion record in words')
    .addHelpText('after', '\nExample:\n  $ dsasim exec workloads/programs/memmove.yaml --explain')
    .action(async (path: string | undefined, flags: ExecFlags) => {
      if (flags.ndjson === true) {
        if (path !== undefined) throw new UsageError('--ndjson reads standard input', 'leave the file out');
        await answerStream(flags.explain === true);
      } else {
        if (path === undefined) throw new UsageError('no program given', 'name a file, or use --ndjson');
        await runFile(path, flags);
      }
      done(0);
    });
}

async function runFile(path: string, flags: ExecFlags): Promise<void> {
  const [{ loadProgram }, { runProgram }] = await Promise.all([
    import('../workload/exec-load.js'),
    import('../experiment/exec.js'),
  ]);
  const result = runProgram(loadProgram(path), flags.explain === true || flags.json !== true);
  if (flags.json === true) await print(`${JSON.stringify(result, null, 2)}\n`);
  else await print(resultText(result, flags.explain === true));
}

/** Answers every line in order; a line that cannot be run, or whose result cannot be written, is answered with its error. */
async function answerStream(explains: boolean): Promise<void> {
  const [{ readProgram, ProgramError }, { runProgram }] = await Promise.all([
    import('../workload/exec-program.js'),
    import('../experiment/exec.js'),
  ]);
  const answer = (line: string): unknown => {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return { error: { code: 'DSASIM_X001', message: 'the line is no JSON' } };
    }
    const read = readProgram(value);
    if ('problems' in read) {
      const texts = read.problems.map(({ path, message }) =>
        [path.join('.'), message].filter(Boolean).join(': '),
      );
      return { error: { code: 'DSASIM_X002', message: texts.join('; ') } };
    }
    return runProgram(read.program, explains);
  };
  const answerText = (line: string): string => {
    try {
      return JSON.stringify(answer(line));
    } catch (error) {
      // Whatever a program runs into is about that program: those that wait behind it are to be answered all the same.
      const code = error instanceof ProgramError ? error.code : 'DSASIM_X005';
      const message = error instanceof Error ? error.message : String(error);
      return JSON.stringify({ error: { code, message } });
    }
  };
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() !== '') await print(`${answerText(line)}\n`);
  }
}

const BYTES_A_LINE = 32;

/** The result for people. @param explains whether reports are printed in full */
function resultText(result: ExecResult, explains: boolean): string {
  const lines = [...(result.explanation ?? [])];
  for (const { address, hex } of result.memory) {
    for (let at = 0; at < hex.length; at += 2 * BYTES_A_LINE) {
      const place = `0x${(Number(address) + at / 2).toString(16)}`;
      lines.push(
        `${place.padStart(18)}  ${hex.slice(at, at + 2 * BYTES_A_LINE).replace(/(.{16})(?=.)/g, '$1 ')}`,
      );
    }
  }
  const say = (head: string, report: ExecResult['event_log'][number]): string => {
    const text = `${head}: ${report.status} (0x${report.code.toString(16)}) by ${report.operation} of PASID ${report.pasid}`;
    return explains ? `${text} at ${report.address}, record ${report.record}` : text;
  };
  for (const entry of result.event_log) lines.push(say('event log', entry));
  if (result.software_error !== null) lines.push(say('software error', result.software_error));
  if (result.interrupts.length > 0) {
    lines.push(`interrupts: ${result.interrupts.map(({ handle }) => handle).join(' ')}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}
