/** Every problem of the command line itself: a stable code, what it means and what to do. Codes are never reused. */
import type { CodeText } from '../experiment/codes.js';

const code = (meaning: string, remedy: string): CodeText => ({ meaning, remedy });

/** Wrong command lines. */
export const USAGE_CODES = {
  DSASIM_C001: code(
    'A command, option or argument is unknown, missing or malformed.',
    'See --help of the command.',
  ),
  DSASIM_C002: code(
    'The command line asks for something that cannot be done.',
    'The message says what instead.',
  ),
  DSASIM_C004: code(
    'A baseline is not updated under CI, where nobody would review it.',
    'Update it on your machine and commit it, or add --force.',
  ),
  DSASIM_C005: code(
    'A metric is named that is not compared, or that there is not.',
    'See dsasim list metrics.',
  ),
  DSASIM_C006: code(
    'Two formats of the gate share standard output.',
    'Write all but one to a file: --format junit=gate.xml.',
  ),
  DSASIM_C007: code(
    'Several workloads have one file as their baseline.',
    'Name a folder: it holds a <workload name>.json for each.',
  ),
  DSASIM_C008: code(
    'Results are given for some workloads and not for others.',
    'Give the results of every workload, or none.',
  ),
  DSASIM_C009: code(
    'Two workloads have the same name.',
    'The name decides about the baseline: give each its own.',
  ),
  DSASIM_C010: code('A trace is asked for that cannot be made.', 'The message says which points there are.'),
  DSASIM_C011: code(
    'github-action-benchmark takes metrics of one direction a file.',
    'Add --direction bigger or --direction smaller.',
  ),
  DSASIM_C012: code('The starter workload would overwrite a file.', 'Name another folder, or move the file.'),
  DSASIM_C014: code(
    'The journal of an interrupted run is where this one would begin.',
    'Continue it with --resume, or throw it away with --restart.',
  ),
  DSASIM_C015: code(
    'An option needs the whole sweep, and only a shard of it is simulated.',
    'Leave it out; dsasim merge takes --json.',
  ),
  DSASIM_C016: code(
    'With a queue it is its workers that simulate.',
    'Give --workers to dsasim worker; use either shards or a queue.',
  ),
  DSASIM_C017: code(
    'Another dsasim writes its results into the same folder.',
    'Wait until it ends, or choose another folder with --out.',
  ),
  DSASIM_C018: code(
    'A file that would be written is one that the command reads, or holds something else than it will.',
    'Name another file.',
  ),
  DSASIM_C013: code('Nothing is called as asked.', 'See dsasim list for parameters, metrics and designs.'),
} as const satisfies Record<string, CodeText>;

/** Programs of `dsasim exec --ndjson`. */
const PROGRAM_CODES = {
  DSASIM_X001: code('A line of the stream is no JSON.', 'Write one JSON document a line.'),
  DSASIM_X002: code('A program does not have the expected shape.', 'See schema/exec-program.schema.json.'),
  DSASIM_X003: code('A program touches more memory than the model keeps.', 'Use smaller or fewer buffers.'),
  DSASIM_X004: code(
    'A program shows memory that nothing in it names.',
    'Name the pages under memory, or show others.',
  ),
  DSASIM_X005: code(
    'A program could not be run to its end.',
    'The message says why; show less memory at once.',
  ),
} as const satisfies Record<string, CodeText>;

/** What goes wrong beside the command line. */
export const CLI_CODES = {
  ...USAGE_CODES,
  ...PROGRAM_CODES,
  DSASIM_E000: code(
    'An internal error: a mistake in dsasim.',
    'Report it with the workload and the command.',
  ),
  DSASIM_E004: code(
    'Standard output cannot be written.',
    'Check where it leads; a full disk is the usual reason.',
  ),
  DSASIM_MEMORY_LIMIT: code(
    'Tenants touched more simulated memory than the model keeps.',
    'Use fewer or smaller buffers, or `semantics: timing`.',
  ),
} as const satisfies Record<string, CodeText>;

/** A code of {@link USAGE_CODES}. */
export type UsageCode = keyof typeof USAGE_CODES;
