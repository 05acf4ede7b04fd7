// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are source code that the scan must see through
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { determinismViolations, importsOf, importViolations, ROOMS } from './rules.js';
import { tokenize } from './tokens.js';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.[cm]?[jt]sx?$/.test(entry.name))
  .map((entry) => relative(SRC, join(entry.parentPath, entry.name)))
  .sort();
const sources = new Map(files.map((path) => [path, readFileSync(join(SRC, path), 'utf8')]));
const folders = readdirSync(SRC, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe('the rooms of src/', () => {
  it('are the known ones, and in each of them there are files to look at', () => {
    expect(folders.length).toBeGreaterThan(0);
    for (const room of folders) {
      expect(ROOMS).toContain(room);
      expect(files.filter((path) => path.startsWith(`${room}/`)).length, `files in ${room}`).toBeGreaterThan(
        0,
      );
    }
    expect(folders).toEqual(expect.arrayContaining(['sim', 'core', 'models']));
  });

  it('import only from themselves and from the rooms to their right', () => {
    expect(files.flatMap((path) => importViolations(path, sources.get(path)!))).toEqual([]);
  });

  it('do import: the scan sees the imports that are known to be there', () => {
    const seen = files.flatMap((path) => importsOf(tokenize(sources.get(path)!)).map((i) => i.specifier));
    expect(seen.length).toBeGreaterThan(files.length / 2);
    expect(importsOf(tokenize(sources.get('sim/simulator.ts')!)).map((i) => i.specifier)).toEqual(
      expect.arrayContaining(['./fingerprint.js', './event-loop.js']),
    );
  });

  it('use nothing in sim, core and models whose result depends on time, place or version', () => {
    expect(files.flatMap((path) => determinismViolations(path, sources.get(path)!))).toEqual([]);
  });
});

describe('the scan of imports', () => {
  it.each([
    ["import { x } from '../models/x.js';", 'core may not import from models'],
    ["import type { X } from '../models/x.js';", 'core may not import from models'],
    ["import\n  x,\n  { y }\n  from\n  '../cli/x.js';", 'core may not import from cli'],
    ["import '../report/x.js';", 'core may not import from report'],
    ["export * from '../analysis/x.js';", 'core may not import from analysis'],
    ["export type { X as Y } from '../workload/x.js';", 'core may not import from workload'],
    ["const x = await import('../experiment/x.js');", 'core may not import from experiment'],
    ['const x = await import(`../experiment/x.js`);', 'core may not import from experiment'],
    ["type X = import('../models/x.js').X;", 'core may not import from models'],
    ["const x = require('../models/x.js');", 'core may not import from models'],
    ["new URL('../models/worker.js', import.meta.url)", 'core may not import from models'],
    ['`${import("../models/x.js")}`', 'core may not import from models'],
    ["new URL('../../dist/models/worker.js', import.meta.url)", 'core may not import from models'],
    ['await import(name);', 'imports something that only a run would tell'],
    ['await import(`../${name}.js`);', 'imports something that only a run would tell'],
    ["import { x } from '../../scripts/x.js';", '../../scripts/x.js leaves the rooms'],
    ["import fs from 'node:fs';", 'core may not import node:fs'],
    ["import fs from 'fs';", 'core may not import fs'],
    ["import { mean } from 'simple-statistics';", 'core may not import simple-statistics'],
  ])('catches %s', (code, expected) => {
    expect(importViolations('core/deep.ts', code).join()).toContain(expected);
  });

  it('catches a file outside the rooms, and resolves from folders inside a room', () => {
    expect(importViolations('loose.ts', '')).toEqual(['loose.ts: lies in no room']);
    expect(importViolations('attic/x.ts', '')).toEqual(['attic/x.ts: lies in no room']);
    expect(importViolations('sim/a/b.ts', "import '../../core/x.js';")).toEqual([
      'sim/a/b.ts:1: sim may not import from core',
    ]);
    expect(importViolations('sim/a/b.ts', "import '../x.js';\nimport '../../sim/y.js';")).toEqual([]);
  });

  it.each([
    ["import { x } from '../sim/x.js';\nimport y from './y.js';"],
    ["// import { x } from '../models/x.js';"],
    ["/* import '../models/x.js'; */ /** from '../cli/x.js' */"],
    ['const s = "import \'../models/x.js\'";'],
    ["const s = `import '../models/x.js' ${1} from '../cli/x.js'`;"],
    ["const r = /import '..\\/models'/.test(s);"],
    ['const half = total / 2; const s = "../models/x.js"; const third = total / 3;'],
    ["table.from('../models/x.js');"],
  ])('is not misled by %s', (code) => {
    expect(importViolations('core/x.ts', code)).toEqual([]);
  });

  it('lets the rooms to the left import packages', () => {
    expect(importViolations('cli/x.ts', "import 'commander'; import fs from 'node:fs';")).toEqual([]);
  });

  it('says the line', () => {
    const code = "/*\n*/ const a = `\n${1}\n`;\n'x';\nimport '../cli/x.js';";
    expect(importViolations('sim/x.ts', code)).toEqual(['sim/x.ts:6: sim may not import from cli']);
  });
});

describe('the scan for what is not deterministic', () => {
  it.each([
    ['Date.now()', 'Date'],
    ['new Date()', 'Date'],
    ['performance.now()', 'performance'],
    ['process.hrtime()', 'process'],
    ['globalThis.process', 'globalThis'],
    ['setTimeout(f, 1)', 'setTimeout'],
    ['async function f() {}', 'async'],
    ['const f = async () => 1', 'async'],
    ['await f()', 'await'],
    ['new Promise(f)', 'Promise'],
    ['Math.random()', 'Math.random'],
    ['Math\n  .pow(2, 3)', 'Math.pow'],
    ["Math['random']()", 'Math as a value'],
    ['const { random } = Math;', 'Math as a value'],
    ['Math?.random()', 'Math as a value'],
    ['Math.sinh(1)', 'Math.sinh'],
    ['x ** 2', 'operator **'],
    ['x **= 2', 'operator **='],
    ['`${x ** 2}`', 'operator **'],
    ['`${`${Date.now()}`}`', 'Date'],
    ['const d = { at: Date.now() };', 'Date'],
    ['for (const k in o) f(k);', 'for ... in'],
    ['for (k in o) f(k);', 'for ... in'],
    ['a.localeCompare(b)', '.localeCompare'],
    ['import.meta.url', 'import.meta'],
    ['x = a / b; y = Date.now() / c;', 'Date'],
    ['if (x) { fetch(url); }', 'fetch'],
    ['const y = x ? fetch(url) : z;', 'fetch'],
    ['const e = cond ? Date : Other;', 'Date'],
    ['const { fetch = f } = o;', 'fetch'],
    ['enum E { a = 1, b = Date.now() }', 'Date'],
  ])('catches %s', (code, expected) => {
    expect(determinismViolations('sim/x.ts', code)).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    ['// Date.now() ** 2'],
    ['/** no Math.random, Math.pow, async */'],
    ['\'Math.random() ** 2\' + "await Date"'],
    ['`for (const k in o) ${name} Date.now()`'],
    ['/Date|process/.test(s)'],
    ['for (const x of list) if ("a" in x) f(x);'],
    ['for (let i = "a" in x ? 0 : 1; i < 2; i++) f();'],
    ['for (let i = 0; "a" in x; i++) f();'],
    ['queue.process(x); this.#process(y); a.Date;'],
    ['class X { private fetch(slot: number): void { f(slot); } process() {} }'],
    ['const half = a[i]! / 2; const s = "Date";'],
    ['interface X { process: number; fetch?: string }'],
    ['export const enum STAGE { queue = 3, fetch = 5, process }'],
    ['Math.imul(a, b) * Math.log1p(c) + Math.PI'],
    ['a * b /* ** */ * c'],
    ['const dated = Dates.of(processed);'],
  ])('is not misled by %s', (code) => {
    expect(determinismViolations('models/x.ts', code)).toEqual([]);
  });

  it('lets the rooms to the left read the clock', () => {
    expect(determinismViolations('cli/x.ts', 'Date.now() ** 2')).toEqual([]);
  });
});

describe('the lexer', () => {
  it.each(["'open", '`open ${1}', '/* open', 'x = /open'])('refuses to guess at %s', (code) => {
    expect(() => tokenize(code)).toThrow(/does not end/);
  });

  it('reads numbers, private names and nested templates as they are', () => {
    const text = tokenize('#a.b(0x1f, 1_000.5e-3, .5, 10n, `x${{ y: `z${1}` }}w`)').map((t) => t.text);
    const expected = ['#a', '.', 'b', '(', '0x1f', ',', '1_000.5e-3', ',', '.5', ',', '10n', ','];
    expect(text).toEqual([...expected, 'x', '{', 'y', ':', 'z', '1', '', '}', 'w', ')']);
  });
});
