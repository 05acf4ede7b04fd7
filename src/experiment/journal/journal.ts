/**
 * What was simulated so far, on disk: an append-only file of lines beside the results. Each result is handed to the
 * system as soon as it is there, so that a killed process loses only what was in work. A sweep that was interrupted
 * finds its results under their content, wherever in the workload they stand now.
 */
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { MachineConfig } from '../../models/config.js';
import type { RunResult } from '../../models/run-result.js';
import { DocumentError, OutputError } from '../errors.js';
import { isSystemError, makeFolder } from '../files.js';
import { ContentKeys } from './content-key.js';
import type { Memo } from './memo.js';
import { modelDigest } from './model-digest.js';
import { endLine, headerLine, type JournalHeader, ResultLines, resultAt, runName, scan } from './records.js';
import { RunIndex } from './run-index.js';

/** What is known of a journal before it is used. */
export interface JournalOptions {
  /** Version of dsasim, for the header. */
  version: string;
  shard?: JournalHeader['shard'];
}

/** A journal that is read and appended to. */
export class Journal implements Memo {
  readonly #keys = new ContentKeys(modelDigest());
  readonly #index = new RunIndex();
  readonly #resultLines = new ResultLines();
  /** Open from the first result on: a run that finishes nothing leaves nothing. */
  #file: number | null = null;
  /** Where the next line goes [B]. */
  #end = 0;
  /** Lines of results. */
  #lines = 0;
  #resumed = 0;
  #damaged = 0;

  private constructor(
    readonly path: string,
    private readonly options: JournalOptions,
  ) {}

  /** A journal that begins empty; what is at its place is replaced by its first line. */
  static begin(path: string, options: JournalOptions): Journal {
    return new Journal(path, options);
  }

  /**
   * The journal of an interrupted run, or an empty one where there is none.
   * @throws DocumentError when the file is no journal, or one of another model (D008)
   */
  static resume(path: string, options: JournalOptions): Journal {
    const journal = new Journal(path, options);
    if (existsSync(path)) journal.#read();
    return journal;
  }

  /** Results in it. */
  get size(): number {
    return this.#index.size;
  }

  /** Results that were in it when it was resumed. */
  get resumed(): number {
    return this.#resumed;
  }

  /** Lines that were torn or damaged when it was resumed; their results are made again. */
  get damaged(): number {
    return this.#damaged;
  }

  keyOf(config: MachineConfig): string {
    return this.#keys.of(config);
  }

  has(key: string, replication: number): boolean {
    return this.#index.has(runName(key, replication));
  }

  read(key: string, replication: number): RunResult {
    const name = runName(key, replication);
    const place = this.#index.get(name);
    if (place === undefined || this.#file === null) throw new Error(`${this.path} has no result ${name}`);
    const result = resultAt(this.#file, place, name);
    if (result === null) throw new Error(`${this.path} changed while it was in use`);
    return result;
  }

  add(key: string, replication: number, text: string): void {
    try {
      if (this.#file === null) this.#create();
      const name = runName(key, replication);
      const bytes = this.#resultLines.of(name, text);
      const offset = this.#end;
      this.#append(bytes);
      this.#lines++;
      this.#index.set(name, { file: 0, offset, length: bytes.length - 1 });
    } catch (error) {
      if (isSystemError(error)) throw new OutputError(this.path, error);
      throw error;
    }
  }

  /** Writes that all results of a shard are there. */
  finish(): void {
    try {
      if (this.#file === null) this.#create();
      this.#append(endLine(this.#lines));
    } catch (error) {
      if (isSystemError(error)) throw new OutputError(this.path, error);
      throw error;
    }
  }

  /** Hands everything to the disk. */
  close(): void {
    if (this.#file === null) return;
    fsyncSync(this.#file);
    closeSync(this.#file);
    this.#file = null;
  }

  /** Removes it, for when the results are written. */
  remove(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
    rmSync(this.path, { force: true });
  }

  #create(): void {
    makeFolder(dirname(this.path));
    this.#file = openSync(this.path, 'w+');
    const { version, shard = null } = this.options;
    this.#append(headerLine({ version, model: modelDigest(), shard }));
  }

  #append(bytes: Buffer): void {
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(this.#file!, bytes, written, bytes.length - written, this.#end + written);
    }
    this.#end += bytes.length;
  }

  /** Finds the results in the file and cuts off what a crash left behind the last whole line. */
  #read(): void {
    const { header, damaged, end } = scan(this.path, (name, offset, length) => {
      this.#index.set(name, { file: 0, offset, length });
      this.#lines++;
    });
    // Without even a header there is nothing to keep.
    if (header === null) return;
    this.#check(header);
    try {
      this.#file = openSync(this.path, 'r+');
      ftruncateSync(this.#file, end);
    } catch (error) {
      if (isSystemError(error)) throw new OutputError(this.path, error);
      throw error;
    }
    this.#end = end;
    this.#damaged = damaged;
    this.#resumed = this.#index.size;
  }

  #check({ model, version, shard }: JournalHeader): void {
    const own = this.options.shard ?? null;
    if (model !== modelDigest()) {
      throw new DocumentError(
        this.path,
        'DSASIM_D008',
        `holds results of another model (dsasim ${version}, model ${model}; this is model ${modelDigest()})`,
      );
    }
    if (own !== null && (shard?.hash !== own.hash || shard.index !== own.index || shard.of !== own.of)) {
      throw new DocumentError(this.path, 'DSASIM_D009', 'is the shard of another plan');
    }
  }
}
