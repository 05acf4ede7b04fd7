/** Every problem of documents, runs and gates: a stable code, what it means and what to do. Codes are never reused. */

/** What a code means, and what to do about it. */
export interface CodeText {
  readonly meaning: string;
  readonly remedy: string;
}

const code = (meaning: string, remedy: string): CodeText => ({ meaning, remedy });

/** Documents that are read: results and baselines. */
export const DOCUMENT_CODES = {
  DSASIM_D001: code('A file cannot be read.', 'Check the path and the permissions.'),
  DSASIM_D002: code('A document is empty or ends in the middle.', 'Make it again: it was not written whole.'),
  DSASIM_D003: code('A file is not JSON.', 'Give a file that dsasim wrote.'),
  DSASIM_D004: code(
    'A document is of another kind than the command reads.',
    'Give a results.json of dsasim run, or a baseline of dsasim gate, as the command asks.',
  ),
  DSASIM_D005: code(
    'A document was written by a newer dsasim.',
    'Update dsasim, or make the document again.',
  ),
  DSASIM_D006: code(
    'A document lacks something or holds something unexpected.',
    'Make it again; it was edited or damaged.',
  ),
  DSASIM_D007: code('A document was written by an older dsasim.', 'Make it again.'),
  DSASIM_D008: code(
    'A journal holds results of another build of the model, which must not be mixed with those of this one.',
    'Continue with the dsasim that wrote it, or start anew with --restart.',
  ),
  DSASIM_D009: code(
    'A shard is there already, of another workload or another division into shards.',
    'Name another folder with --out, or start anew with --restart.',
  ),
  DSASIM_D010: code(
    'A document has more than the 536,870,888 characters that one text can have: the results of a very large sweep.',
    'Read the report that was written with it, or the file with a tool that streams JSON.',
  ),
} as const satisfies Record<string, CodeText>;

/** Simulations and their outputs. */
export const RUN_CODES = {
  DSASIM_E001: code(
    'A file could not be written: the disk is full, the path is taken or closed to you.',
    'Make room or choose another place; nothing was half written, what was there before is untouched.',
  ),
  DSASIM_E002: code(
    'A simulation failed. The message names the point and the replication.',
    'Report it with the workload; DEBUG=dsasim shows the stack.',
  ),
  DSASIM_E003: code(
    'A worker thread could not start, ran out of memory or was ended from outside.',
    'Use fewer --workers, or `semantics: timing`, which keeps no memory of tenants.',
  ),
  DSASIM_E005: code(
    'A queue cannot be used: bullmq is not installed, Redis does not answer, or workers give tasks up.',
    'npm install bullmq ioredis; check the address; see what dsasim worker says.',
  ),
} as const satisfies Record<string, CodeText>;

/** Gates and comparisons. */
export const GATE_CODES = {
  DSASIM_G001: code(
    'Two runs must not be compared, or nothing was compared: every reason is listed.',
    'Write the baseline with --update-baseline where there is none or the change is wanted, and commit it.',
  ),
} as const satisfies Record<string, CodeText>;

/** A code of {@link DOCUMENT_CODES}. */
export type DocumentErrorCode = keyof typeof DOCUMENT_CODES;
