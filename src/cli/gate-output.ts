/** Where what a gate found goes: standard output, files, and GitHub. */
import { appendFile, stat } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import type { GateOutcome } from '../experiment/gate-outcome.js';
import { UsageError } from './errors.js';
import type { GateFlags } from './gate.js';
import type { Judged } from './gate-run.js';
import { shellWord } from './simulate.js';
import { print, say, wantsColour } from './terminal.js';
import { version } from './version.js';

const KINDS = ['text', 'json', 'markdown', 'junit', 'github'] as const;
type Kind = (typeof KINDS)[number];

/** GitHub refuses a comment that is longer [characters, and so at most as many bytes]. */
const COMMENT_BYTES = 65_536;

/** A format and the file that it goes to; null is standard output. */
export interface GateFormat {
  kind: Kind;
  file: string | null;
}

/** Reads `kind` or `kind=file`, gathered over repetitions. */
export function gateFormat(text: string, previous: readonly GateFormat[] = []): GateFormat[] {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  const kind = KINDS.find((known) => known === name);
  if (kind === undefined || at === text.length - 1) {
    throw new InvalidArgumentError(`Write one of ${KINDS.join(', ')}, or for example junit=gate.xml.`);
  }
  return [...previous, { kind, file: at < 0 ? null : text.slice(at + 1) }];
}

/**
 * The formats that were asked for, text unless told.
 * @throws UsageError when two documents would share standard output
 */
export function checkFormats({ format, json }: GateFlags): GateFormat[] {
  const formats: GateFormat[] = [
    ...(format ?? []),
    ...(json === true ? [{ kind: 'json', file: null } as const] : []),
  ];
  if (formats.length === 0) return [{ kind: 'text', file: null }];
  const printed = formats.filter(({ kind, file }) => file === null && kind !== 'github');
  if (printed.length > 1) {
    throw new UsageError(
      `--format ${printed.map(({ kind }) => kind).join(' and ')} both go to standard output`,
      'write all but one to a file: --format junit=gate.xml',
      'DSASIM_C006',
    );
  }
  return formats;
}

/** Writes every format, and the page where one was asked for. */
export async function present(
  judged: readonly Judged[],
  formats: readonly GateFormat[],
  flags: GateFlags,
  failed: boolean,
  written: string[],
): Promise<void> {
  const outcomes = judged.map(({ outcome }) => outcome);
  const { writeWhole } = await import('../experiment/files.js');
  const toFile = async (file: string, text: string): Promise<void> => {
    await writeWhole(file, [text]);
    written.push(file);
    if (flags.quiet !== true) say(`wrote ${file}`);
  };
  const machineOnStdout = formats.some(
    ({ kind, file }) => file === null && kind !== 'text' && kind !== 'github',
  );
  for (const { kind, file } of formats) {
    if (kind === 'github') {
      const { githubAnnotations } = await import('../report/gate/github.js');
      const annotations = githubAnnotations(outcomes);
      // The runner reads commands from both streams; a document on standard output must stay one.
      if (machineOnStdout) process.stderr.write(annotations);
      else await print(annotations);
      await summarize(outcomes, file, toFile);
    } else if (file !== null) await toFile(file, await rendered(kind, outcomes, false));
    else if (kind !== 'text' || flags.quiet !== true || failed) {
      await print(await rendered(kind, outcomes, wantsColour(process.stdout)));
    }
  }
  if (flags.report !== undefined) {
    const { gatePage } = await import('../report/gate/page.js');
    const command = ['dsasim', ...process.argv.slice(2)].map(shellWord).join(' ');
    await toFile(flags.report, gatePage(judged, { version: version(), command }));
  }
}

async function rendered(
  kind: Exclude<Kind, 'github'>,
  outcomes: readonly GateOutcome[],
  colour: boolean,
): Promise<string> {
  switch (kind) {
    case 'text':
      // What was not comparable has been said on standard error.
      return (await import('../report/gate/text.js')).gateText(
        outcomes.length === 1 ? outcomes.filter(({ status }) => status !== 'not comparable') : outcomes,
        colour,
      );
    case 'json': {
      const { gateDocument } = await import('../report/gate/json.js');
      const { canonicalText } = await import('../experiment/canonical.js');
      return canonicalText(gateDocument(outcomes) as never);
    }
    case 'markdown':
      return (await import('../report/gate/markdown.js')).gateMarkdown(outcomes, COMMENT_BYTES);
    case 'junit':
      return (await import('../report/gate/junit.js')).gateJunit(outcomes);
  }
}

/** The step summary goes to the file that was named, or behind what the step has already written to its own. */
async function summarize(
  outcomes: readonly GateOutcome[],
  file: string | null,
  toFile: (file: string, text: string) => Promise<void>,
): Promise<void> {
  const { githubSummary } = await import('../report/gate/github.js');
  if (file !== null) return toFile(file, githubSummary(outcomes, 0));
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (summary === undefined || summary === '') return;
  const { OutputError } = await import('../experiment/errors.js');
  const used = await stat(summary).then(
    ({ size }) => size,
    () => 0,
  );
  await appendFile(summary, githubSummary(outcomes, used)).catch((error: NodeJS.ErrnoException) => {
    throw new OutputError(summary, error);
  });
}
