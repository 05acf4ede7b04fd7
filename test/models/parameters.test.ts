import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { leastOf, mostOf } from '../../src/models/parameter.js';
import {
  PARAMETERS,
  type ParameterDeclaration,
  parameterDeclaration,
  parameterValues,
} from '../../src/models/parameters.js';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));
const parameters: readonly ParameterDeclaration[] = PARAMETERS;

/** All source but the declarations themselves. */
const sources = ['models', 'workload'].flatMap((room) =>
  readdirSync(join(SRC, room), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('parameters.ts'))
    .map((path) => readFileSync(join(SRC, room, path), 'utf8')),
);

describe('every constant of the model', () => {
  it('is declared once', () => {
    const names = parameters.map((p) => p.name);
    expect(names.length).toBeGreaterThan(60);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has a range around its value, in a unit that fits', () => {
    for (const { name, dimension, low, nominal, high } of parameters) {
      expect(low, name).toBeLessThanOrEqual(nominal);
      expect(nominal, name).toBeLessThanOrEqual(high);
      expect(low, name).toBeGreaterThanOrEqual(0);
      // A range of one point would claim a certainty that nobody has.
      expect(high, name).toBeGreaterThan(low);
      if (dimension !== 'ratio') expect([low, nominal, high].every(Number.isInteger), name).toBe(true);
      expect(isPlausible(dimension, low, nominal, high), `${name} as ${dimension}`).toBe(true);
    }
  });

  it('can be drawn from the whole range, by itself and beside what is part of it', () => {
    for (const p of parameters) {
      expect(leastOf(p), p.name).toBeLessThanOrEqual(p.low);
      expect(mostOf(p), p.name).toBeGreaterThanOrEqual(p.high);
      const part = parameters.find(({ name }) => name === p.notBelow);
      expect(part?.high ?? 0, p.name).toBeLessThanOrEqual(p.low);
      expect(part === undefined, p.name).toBe(p.notBelow === undefined);
    }
  });

  it('says what it is, and where it comes from', () => {
    for (const { name, sentence, source, trust } of parameters) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$/);
      expect(sentence, name).toMatch(/^[A-Z].{10,}\.$/s);
      expect(source.length, name).toBeGreaterThan(5);
      expect(['read', 'derived', 'recalled', 'assumed'], name).toContain(trust);
      // What nobody has published cannot have been read.
      if (/^no published|no measurement found|software choice/.test(source))
        expect(trust, name).toBe('assumed');
    }
  });

  it('is used outside its declaration', () => {
    const unused = parameters.filter(({ name }) => {
      const plain = new RegExp(`(\\.|[{,]\\s*)${name}\\b`);
      return !sources.some((text) => text.includes(`'${name}'`) || (!name.includes('.') && plain.test(text)));
    });
    expect(unused.map((p) => p.name)).toEqual([]);
  });
});

/** Whether values look as if they were converted to the internal unit. */
function isPlausible(
  dimension: ParameterDeclaration['dimension'],
  low: number,
  nominal: number,
  high: number,
): boolean {
  switch (dimension) {
    case 'time':
      // A nanosecond is 1000; nothing here takes an hour.
      return nominal >= 1e3 && high < 3.6e15;
    case 'bandwidth':
      return low > 1e8 && high < 1e13;
    case 'size':
      return low >= 64;
    case 'count':
      // There may be none of something, but not by nature.
      return low >= 0 && nominal >= 1 && high < 1e6;
    case 'ratio':
      return high <= 100;
  }
}

describe('the table of values', () => {
  it('holds every nominal value, and overrides of them', () => {
    const values = parameterValues({ 'engine.bandwidth': 1e9 });
    for (const { name, nominal } of parameters) {
      expect(values[name as keyof typeof values]).toBe(name === 'engine.bandwidth' ? 1e9 : nominal);
    }
    expect(Object.keys(values)).toHaveLength(parameters.length);
  });

  it('refuses a name that does not exist', () => {
    expect(() => parameterValues({ 'engine.bandwith': 1 })).toThrow(RangeError);
    expect(parameterDeclaration('engine.bandwith')).toBeUndefined();
    expect(parameterDeclaration('engine.bandwidth')?.dimension).toBe('bandwidth');
  });
});
