import { constants } from 'node:buffer';
import { mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeBaseline, readBaseline, writeBaseline } from '../../src/experiment/baseline.js';
import { readResults, resultPieces, writeResults } from '../../src/experiment/document.js';
import { results } from './fixtures/experiment.js';

let path: string;
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'dsasim-document-')), 'file.json');
});

/** The code and text of the error that reading this text gives. */
async function refusal(
  text: string,
  read: (path: string) => Promise<unknown> = readResults,
): Promise<string> {
  await writeFile(path, text);
  const error = (await read(path).catch((e: unknown) => e)) as { code?: string; reason?: string };
  return `${error.code} ${error.reason}`;
}

describe('a result document on disk', () => {
  it('reads back as it was, and writes the same bytes again', async () => {
    const document = results();
    await writeResults(path, document);
    const again = await readResults(path);
    expect(again).toEqual(document);
    expect([...resultPieces(again)].join('')).toBe(await readFile(path, 'utf8'));
  });

  it('is refused with its own code for each way to be wrong', async () => {
    const text = [...resultPieces(results())].join('');
    expect(await refusal('')).toBe('DSASIM_D002 is empty');
    // A hole in the file takes no room on the disk.
    await truncate(path, constants.MAX_STRING_LENGTH + 1);
    const large = await readResults(path).catch((e: unknown) => e);
    expect(large).toMatchObject({ code: 'DSASIM_D010', reason: 'is larger than one text can be' });
    expect(await refusal(text.slice(0, 2000))).toBe(
      'DSASIM_D002 is truncated: it ends after 2000 characters in the middle of the document',
    );
    expect(await refusal('name: quickstart')).toMatch(/^DSASIM_D003 is not JSON/);
    expect(await refusal('[1]')).toBe('DSASIM_D004 is not a results.json of dsasim run');
    expect(await refusal('{"kind": "baseline", "schema_version": 1}')).toBe(
      'DSASIM_D004 is not a results.json of dsasim run (its kind is "baseline")',
    );
    expect(await refusal(text.replace('"schema_version": 2', '"schema_version": 99'))).toBe(
      'DSASIM_D005 has schema version 99, written by a newer dsasim; this one reads version 2',
    );
    expect(await refusal(text.replace('"schema_version": 2', '"schema_version": 1'))).toMatch(/^DSASIM_D007/);
    expect(await refusal(text.replace('"seed": 1', '"seed": "one"'))).toMatch(
      /^DSASIM_D006 does not have the expected shape: workload.seed: /,
    );
    expect(await refusal(text.replace('"seed": 1', '"seed": 1, "sead": 2'))).toMatch(/^DSASIM_D006 .*sead/);
  });

  it('is refused when it cannot be read', async () => {
    await expect(readResults(path)).rejects.toThrow(`${path}: cannot be read: no such file or directory`);
    await expect(readResults(tmpdir())).rejects.toThrow('it is a directory');
  });
});

describe('a baseline on disk', () => {
  const metrics = ['throughput', 'latency_mean', 'tenants.guest.throughput'];

  it('has sorted keys, one metric a line, nine digits and no time stamp', async () => {
    await writeBaseline(path, makeBaseline(results(), metrics));
    const text = await readFile(path, 'utf8');
    expect(text).toContain(
      '        "latency_mean": { "half_width": 6.35310237e-9, "mean": 4.5e-9, "values": [5e-9, 4e-9] },\n',
    );
    const keys = Object.keys(JSON.parse(text));
    expect(keys).toEqual([...keys].sort());
    // Digits beyond the ninth are zeros: a number of ten digits ends in one.
    const long = text.match(/(?<![0-9a-f.])\d{10,}(?![0-9a-f])/g) ?? [];
    expect(long.filter((digits) => /[1-9]/.test(digits.slice(9)))).toEqual([]);
    expect(text).not.toMatch(/\d{4}-\d\d-\d\d/);
    expect(await readBaseline(path)).toEqual(makeBaseline(results(), metrics));
  });

  it('is refused when truncated, of another kind or of another version', async () => {
    await writeBaseline(path, makeBaseline(results(), metrics));
    const text = await readFile(path, 'utf8');
    expect(await refusal(text.slice(0, 300), readBaseline)).toMatch(/^DSASIM_D002 is truncated/);
    expect(await refusal([...resultPieces(results())].join(''), readBaseline)).toMatch(/^DSASIM_D004/);
    const newer = text.replace('"schema_version": 1', '"schema_version": 2');
    expect(await refusal(newer, readBaseline)).toMatch(/^DSASIM_D005/);
  });
});
