import { appendFileSync, existsSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { ContentKeys } from '../../src/experiment/journal/content-key.js';
import { Journal } from '../../src/experiment/journal/journal.js';
import { RunIndex } from '../../src/experiment/journal/run-index.js';
import { makePlan } from '../../src/experiment/plan.js';
import { execute, runPlan } from '../../src/experiment/pool.js';
import { parameterValues } from '../../src/models/parameters.js';
import { machine } from './fixtures/config.js';
import { workerFile } from './fixtures/workers.js';

let path: string;
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'dsasim-journal-')), 'out', 'journal.ndjson');
});

const begin = () => Journal.begin(path, { version: '0.1.0' });
const resume = () => Journal.resume(path, { version: '0.1.0' });
const KEY = 'abcdefghijklmnopqrstuv';
/** Texts of results; one has characters of several bytes. */
const TEXTS = ['{"events":1}', '{"warnings":["zu wenig für 99 %"]}', '{"events":3}'];

/** A journal of these three, as a run leaves it. */
function written(): Buffer {
  const journal = begin();
  for (const [replication, text] of TEXTS.entries()) journal.add(KEY, replication, text);
  journal.close();
  return readFileSync(path);
}

describe('a journal', () => {
  it('gives back what was put in, at once and after it was closed', () => {
    const journal = begin();
    for (const [replication, text] of TEXTS.entries()) {
      journal.add(KEY, replication, text);
      expect(journal.read(KEY, replication)).toEqual(JSON.parse(text));
    }
    journal.close();
    const again = resume();
    expect([again.resumed, again.damaged]).toEqual([3, 0]);
    TEXTS.forEach((text, r) => {
      expect(again.read(KEY, r)).toEqual(JSON.parse(text));
    });
    expect([again.has(KEY, 3), again.has('another-key-of-the-len', 0)]).toEqual([false, false]);
  });

  it('leaves no file when nothing was finished, and none when it is removed', () => {
    begin().close();
    expect(existsSync(path)).toBe(false);
    written();
    resume().remove();
    expect(existsSync(path)).toBe(false);
  });

  it('torn after any byte keeps every whole line before, and goes on behind them', () => {
    const bytes = written();
    const ends = [...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at + 1);
    for (let length = 0; length <= bytes.length; length += 7) {
      writeFileSync(path, bytes.subarray(0, length));
      const journal = resume();
      const whole = Math.max(0, ends.filter((end) => end <= length).length - 1);
      expect(journal.resumed, `${length} of ${bytes.length} bytes`).toBe(whole);
      TEXTS.forEach((text, r) => {
        if (!journal.has(KEY, r)) journal.add(KEY, r, text);
      });
      journal.close();
      expect(readFileSync(path).equals(bytes), `${length} bytes`).toBe(true);
    }
  });

  it('tells a damaged line, wherever the damage is, and makes only its result again', () => {
    const bytes = written();
    const start = bytes.indexOf(0x0a) + 1;
    const end = bytes.indexOf(0x0a, start);
    for (let at = start; at < end; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 1;
      writeFileSync(path, damaged);
      const journal = resume();
      // A flipped bit in the name makes it the result of another run, which nobody asks for.
      expect(journal.has(KEY, 0), `byte ${at}`).toBe(false);
      expect([journal.has(KEY, 1), journal.has(KEY, 2)]).toEqual([true, true]);
      journal.close();
    }
  });

  it('refuses what is no journal, a newer one, and one of another model', () => {
    const refusal = (text: string): string => {
      writeFileSync(path, text);
      try {
        resume();
      } catch (error) {
        return `${(error as { code: string }).code} ${(error as { reason: string }).reason}`;
      }
      return 'none';
    };
    const head = written().toString().split('\n')[0]!;
    expect(refusal('name: quickstart\n')).toBe('DSASIM_D003 is no journal of dsasim');
    expect(refusal('{ "kind": "run" }\n')).toBe('DSASIM_D004 is no journal of dsasim');
    expect(refusal(`${head.replace('"schema_version":1', '"schema_version":2')}\n`)).toMatch(/^DSASIM_D005/);
    const other = `${head.replace(/"model":"[0-9a-f]+"/, '"model":"0123456789abcdef"')}\n`;
    expect(refusal(other)).toMatch(
      /^DSASIM_D008 holds results of another model \(dsasim 0.1.0, model 0123456789abcdef; this is model [0-9a-f]{16}\)$/,
    );
  });

  it('says which file cannot be written, and keeps the results that are in it', () => {
    const journal = begin();
    journal.add(KEY, 0, TEXTS[0]!);
    journal.close();
    appendFileSync(path, '{"run":"torn');
    truncateSync(path, readFileSync(path).length - 3);
    const again = resume();
    expect([again.resumed, again.damaged]).toEqual([1, 0]);
    again.close();
  });
});

describe('a plan with a journal', () => {
  const points = ['a', 'b', 'c'].map((key, seed) => ({ key, config: { ...machine(), seed } }));
  /** Answers with the seed and replication; the third seed cannot be simulated. */
  const worker = (fails: boolean) =>
    workerFile(`export default ({ configs, runs }) => runs.map((run) => {
      const { seed } = configs[run.config];
      return ${fails} && seed === 2 ? { ok: false, reason: 'no', stack: '' }
        : { ok: true, text: JSON.stringify({ is: seed * 10 + run.replication }) };
    });`);

  it('simulates only what is not in it, in whatever order and for whatever points it was filled', async () => {
    const first = begin();
    const error = await runPlan(makePlan(points, 3), {
      workers: 1,
      workerFile: worker(true),
      memo: first,
    }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'DSASIM_E002' });
    first.close();
    const second = resume();
    const had = second.resumed;
    expect(had).toBeGreaterThan(0);
    const more = [...points].reverse();
    const runs = await execute(makePlan(more, 4), { workers: 2, workerFile: worker(false), memo: second });
    expect(more.map((_, i) => runs.of(i))).toEqual(
      [2, 1, 0].map((seed) => [0, 1, 2, 3].map((replication) => ({ is: seed * 10 + replication }))),
    );
    expect(second.size).toBe(12);
    second.close();
  });

  it('starts no worker when everything is in it', async () => {
    const journal = begin();
    await execute(makePlan(points, 2), { workers: 1, workerFile: worker(false), memo: journal });
    const runs = await execute(makePlan(points, 2), { workerFile: '/does/not/exist.mjs', memo: journal });
    expect(runs.of(1)).toEqual([{ is: 10 }, { is: 11 }]);
    journal.close();
  });
});

describe('content keys', () => {
  const keys = new ContentKeys('model');

  it('are those of the content: not of the object, nor of the words of a design', () => {
    const config = machine();
    const same = structuredClone({ ...config, design: { ...config.design, summary: 'Other words.' } });
    expect(keys.of(same)).toBe(keys.of(config));
    expect(keys.of(config)).toMatch(/^[\w-]{22}$/);
  });

  it('differ with the model and with anything that is simulated', () => {
    const config = machine();
    const others = [
      new ContentKeys('another').of(config),
      keys.of({ ...config, seed: 2 }),
      keys.of({ ...config, semantics: 'timing' }),
      keys.of({ ...config, measure: { ...config.measure, warmupPs: 1 } }),
      keys.of({ ...config, design: { ...config.design, suspend: 'none' } }),
      keys.of({ ...config, parameters: parameterValues({ 'engine.bandwidth': 12e9 }) }),
      keys.of({ ...config, tenants: [{ ...config.tenants[0]!, batch: 2 }] }),
    ];
    expect(new Set([...others, keys.of(config)]).size).toBe(others.length + 1);
  });
});

describe('the index of a journal', () => {
  it('finds what a Map would find', () => {
    const name = fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.nat(3)).map(([k, r]) => `key${k}.${r}`);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.nat(1e9)), { maxLength: 4000 }), (entries) => {
        const index = new RunIndex();
        const map = new Map<string, number>();
        for (const [key, offset] of entries) {
          index.set(key, { file: offset % 3, offset, length: 1 + (offset % 7) });
          map.set(key, offset);
        }
        expect(index.size).toBe(map.size);
        for (const [key, offset] of map) {
          expect(index.get(key)).toEqual({ file: offset % 3, offset, length: 1 + (offset % 7) });
        }
        expect(index.has('never put in.0')).toBe(false);
        expect(index.get('never put in.0')).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });
});
