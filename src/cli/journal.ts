/** The journal of a run, as the command line asks for it. */
import { existsSync } from 'node:fs';
import type { Journal, JournalOptions } from '../experiment/journal/journal.js';
import { UsageError } from './errors.js';
import { say } from './terminal.js';

/** How a run stands to what an earlier one left. */
export interface ResumeFlags {
  resume?: boolean;
  restart?: boolean;
  quiet?: boolean;
}

/**
 * Opens the journal of a run.
 * @throws UsageError when another process is writing it, or results of an earlier run are there and nobody said what is
 *   to become of them;
 *   DocumentError for a file that cannot be continued
 */
export async function openJournal(
  path: string,
  flags: ResumeFlags,
  options: JournalOptions,
): Promise<Journal> {
  const { Journal } = await import('../experiment/journal/journal.js');
  if (flags.resume === true && flags.restart === true) {
    throw new UsageError('--resume and --restart contradict each other', 'give one of them');
  }
  const { claim } = await import('../experiment/journal/claim.js');
  if (!(await claim(path))) {
    throw new UsageError(
      `another dsasim is at work on ${path}`,
      'wait until it ends, or choose another folder with --out',
      'DSASIM_C017',
    );
  }
  if (flags.restart === true || !existsSync(path)) {
    if (flags.resume === true && flags.quiet !== true) {
      say(`nothing to resume: there is no ${path}`);
    }
    return Journal.begin(path, options);
  }
  const journal = Journal.resume(path, options);
  const results = `${journal.resumed} finished ${journal.resumed === 1 ? 'replication' : 'replications'}`;
  if (flags.resume !== true && journal.resumed > 0) {
    journal.close();
    throw new UsageError(
      `${path} holds ${results} of an interrupted run`,
      'continue it with --resume, or throw it away with --restart',
      'DSASIM_C014',
    );
  }
  if (flags.resume === true && flags.quiet !== true) {
    say(`resuming: ${results} found${damageText(journal)}`);
  }
  return journal;
}

function damageText({ damaged }: Journal): string {
  if (damaged === 0) return '';
  return damaged === 1
    ? ', one more is damaged and is made again'
    : `, ${damaged} more are damaged and are made again`;
}
