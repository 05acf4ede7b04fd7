/** The shards of a workload, read as if they were one journal. Nothing is simulated from here on. */
import { closeSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MachineConfig } from '../../models/config.js';
import type { RunResult } from '../../models/run-result.js';
import { DocumentError, NotComparableError, unreadable } from '../errors.js';
import type { OpenExecutor } from '../executor.js';
import { isSystemError } from '../files.js';
import { ContentKeys } from '../journal/content-key.js';
import type { Memo } from '../journal/memo.js';
import { modelDigest } from '../journal/model-digest.js';
import { resultAt, runName, type Scanned, type Source, scan } from '../journal/records.js';
import { RunIndex } from '../journal/run-index.js';
import { shardOfFile } from './division.js';

/** Shards that a message lists one by one. */
const LISTED = 10;

/** All shards of a workload. */
export class Shards implements Memo {
  readonly #keys = new ContentKeys(modelDigest());
  readonly #index: RunIndex;
  readonly #files: number[];

  private constructor(
    paths: readonly string[],
    index: RunIndex,
    /** What the workload was loaded from. */
    readonly source: Source,
    /** Hash of the workload that was simulated. */
    readonly hash: string,
  ) {
    this.#index = index;
    this.#files = paths.map((path) => openSync(path, 'r'));
  }

  /**
   * Opens the shards in a folder.
   * @param expected how many there must be; never guessed from what is there, since what failed is not there
   * @throws NotComparableError naming every shard that is missing, unfinished or damaged, or that belongs to another
   *   workload, division or model; DocumentError when the folder cannot be read
   */
  static open(folder: string, expected: number): Shards {
    const found = shardsIn(folder);
    const index = new RunIndex();
    const reasons: string[] = [];
    const scanned = found.map(({ path }, file) => {
      let results = 0;
      const whole = scan(path, (name, offset, length) => {
        results++;
        index.set(name, { file, offset, length });
      });
      return { path, results, ...whole };
    });
    const first = scanned.find(({ header }) => header?.shard != null)?.header?.shard;
    for (const shard of scanned) reasons.push(...strangers(shard, first?.hash, expected));
    if (reasons.length === 0) {
      const missing: string[] = [];
      for (let i = 1; i <= expected; i++) {
        const own = scanned.filter(({ header }) => header?.shard?.index === i);
        if (own.length === 0) missing.push(`shard ${i} of ${expected} is missing`);
        else missing.push(...own.flatMap((shard) => unfinished(shard, i, expected)));
      }
      reasons.push(...shortened(missing));
      if (found.length === 0) reasons.unshift(`there is no shard in ${folder}`);
    }
    if (reasons.length > 0 || first == null) throw new NotComparableError(reasons);
    return new Shards(
      found.map(({ path }) => path),
      index,
      first.source,
      first.hash,
    );
  }

  /** Refuses to simulate: what is in no shard is an error. */
  readonly executor: OpenExecutor = () => ({
    width: 1,
    run: ({ runs }) =>
      Promise.reject(
        new NotComparableError([
          `${runs.length === 1 ? 'a replication is' : 'replications are'} in no shard: the shards are not those of their own workload`,
        ]),
      ),
    close: () => Promise.resolve(),
  });

  keyOf(config: MachineConfig): string {
    return this.#keys.of(config);
  }

  has(key: string, replication: number): boolean {
    return this.#index.has(runName(key, replication));
  }

  read(key: string, replication: number): RunResult {
    const name = runName(key, replication);
    const place = this.#index.get(name);
    if (place === undefined) throw new Error(`no shard has the result ${name}`);
    const result = resultAt(this.#files[place.file]!, place, name);
    if (result === null) throw new Error('a shard changed while it was in use');
    return result;
  }

  add(): never {
    throw new Error('shards are not added to');
  }

  close(): void {
    for (const file of this.#files) closeSync(file);
    this.#files.length = 0;
  }
}

/** The files of a folder that are called as shards are, in order. */
function shardsIn(folder: string): { path: string }[] {
  try {
    return readdirSync(folder)
      .filter((name) => shardOfFile(name) !== null)
      .sort()
      .map((name) => ({ path: join(folder, name) }));
  } catch (error) {
    if (isSystemError(error)) throw unreadable(folder, error);
    throw error;
  }
}

type Shard = Scanned & { path: string; results: number };

/** Why a file is not one of the shards that are to be merged. */
function strangers({ path, header }: Shard, hash: string | undefined, expected: number): string[] {
  // A shard that was killed before its first line was whole is an unfinished one, not a stranger.
  if (header === null) return [];
  const { shard, model, version } = header;
  if (shard === null) throw new DocumentError(path, 'DSASIM_D004', 'is the journal of a run, not a shard');
  if (shard.of !== expected) return [`${path} is one of ${shard.of} shards, not of ${expected}`];
  if (model !== modelDigest()) {
    return [
      `${path} was simulated by another model (dsasim ${version}, model ${model}; this is model ${modelDigest()})`,
    ];
  }
  if (shard.hash !== hash) return [`${path} is of another workload than the first shard`];
  return [];
}

/** Why a shard is not whole. */
function unfinished({ path, ended, damaged, results }: Shard, index: number, of: number): string[] {
  const it = `shard ${index} of ${of}`;
  if (ended === results) return [];
  if (damaged > 0) {
    return [
      `${it} is damaged: ${damaged} ${damaged === 1 ? 'line' : 'lines'} of ${path}; run it again with --resume`,
    ];
  }
  return [`${it} is not finished: ${path} holds ${results} results so far; run it again with --resume`];
}

function shortened(reasons: readonly string[]): string[] {
  if (reasons.length <= LISTED) return [...reasons];
  return [...reasons.slice(0, LISTED), `and ${reasons.length - LISTED} more shards`];
}
