import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { costRows, parseCosts } from '../../src/experiment/costs.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Ids of costs in a text; percentiles and X86 look like some. */
const idsIn = (text: string): string[] =>
  (text.match(/\b[XTELIMPS]\d\d\b/g) ?? []).filter((id) => !/^P[59]\d$|^X86$/.test(id));

/** Costs that the sources of the models, their tests and the documents name. */
function cited(): string[] {
  const files = ['src/models', 'test/models', 'docs'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|md)$/.test(file) && file !== 'bench.md')
      .map((file) => readFileSync(join(ROOT, folder, file), 'utf8')),
  );
  return files.flatMap(idsIn);
}

describe('costs', () => {
  it('are the ones that sources and documents cite: each of these has a row, and no row is idle', () => {
    const rows = costRows();
    const named = rows.flatMap(({ value, conditions, source }) => idsIn(`${value} ${conditions} ${source}`));
    const ids = rows.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids)).toEqual(new Set([...cited(), ...named]));
    expect(ids.length).toBeGreaterThan(50);
  });

  const head = 'id,what,value,unit,conditions,source,trust';
  it.each([
    ['id,value', 'line 1: the columns are not id, what'],
    [`${head}\nX01,exit,1`, 'line 2: 3 cells instead of 7'],
    [`${head}\nexit,exit,1,ns,,paper,read`, 'line 2: "exit" is no id'],
    [`${head}\nX01,exit,1,ns,,paper,read\nX01,exit,1,ns,,paper,read`, 'line 3: X01 appears a second time'],
    [`${head}\nX01,exit,,ns,,paper,read`, 'line 2: X01 lacks what, value or source'],
    [`${head}\nX01,exit,1,ns,,paper,sure`, 'line 2: trust is "sure", not read, quoted'],
  ])('of %j are refused', (text, message) => {
    expect(() => parseCosts(text)).toThrow(message);
  });

  it('hold commas and quotes as other comma-separated text does', () => {
    const [row] = parseCosts(`${head}\nX01,"exit, ""light""",1,ns,,"a, b",read\n`);
    expect(row).toMatchObject({ what: 'exit, "light"', conditions: '', source: 'a, b', trust: 'read' });
  });
});
