/**
 * A test runner for Stryker that stays in one process: it loads the compiled tests of the core once and then only
 * switches mutants. One that imports the tests anew for each of the thousands of mutants takes a hundred times as long.
 *
 * Code that runs while modules load is the exception: for each of its mutants the modules of core and tests are loaded
 * once more, under addresses of their own. And what a mutant leaves behind in a module must not judge the next one:
 * after a kill, the test that killed has to pass without the mutant, or the process ends before the next mutant and
 * Stryker starts another.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  determineHitLimitReached,
  MutantRunStatus,
  TestStatus,
} from '@stryker-mutator/api/test-runner';

/** Inside Stryker's copy of the tree, where tsconfig.mutation.json compiles each module in its place. */
const TESTS = 'test/core';
/** What each test took before anything was mutated [ms]: the quick ones are tried first. */
const TIMES = 'test-times.json';
/** They say no more about a mutant than the others, and are slow. */
const LEFT_OUT = ['fuzz.test.js', 'allocation.test.js'];
/** Cases of a property; fewer than elsewhere, since a mutant that survives meets all of them. */
const PROPERTY_RUNS = '4';

/** How often each test met each mutant before any was active: what tells a loop from work. */
const HITS = 'test-hits.json';
/**
 * A test that meets a mutant this many times as often as without it goes round in circles. Stryker's own limit is a
 * hundred times what all tests together met, which an inner loop takes minutes to reach.
 */
const GENEROSITY = 10;
/** What a test may meet beyond that, so that one that hardly meets a mutant has room to fail by itself. */
const FREE_HITS = 10_000;
/** What may be met while modules load: tables take some ten thousand steps. */
const LOAD_HITS = 1_000_000;

/** Loaded modules are never forgotten: after so many mutants of loading code another process goes on. */
const MOST_LOADS = 60;

const VITEST = new URL('./in-process-vitest.mjs', import.meta.url).href;
/** The tests' vitest is ours, and what a module with a number after its name imports gets the same number. */
const HOOK = `export const resolve = async (name, context, next) => {
  if (name === 'vitest') return { url: ${JSON.stringify(VITEST)}, shortCircuit: true };
  const found = await next(name, context);
  const load = /\\?load=\\d+$/.exec(context.parentURL ?? '')?.[0];
  const isOurs = found.url.startsWith('file:') && !found.url.includes('/node_modules/');
  return load !== undefined && isOurs ? { ...found, url: found.url + load } : found;
};`;

/** What the instrumented code reads and counts. */
globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {};
const instruments = globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE];

class InProcessRunner {
  /** In the order in which they are tried: quick ones first, and a test that killed before all from then on. */
  tests = [];
  /** {@link HITS}, once somebody wrote it: tests by name, and how often each met each mutant. */
  hits = {};
  loads = 0;
  isTainted = false;

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun() {
    try {
      await this.load();
    } catch (error) {
      return { status: DryRunStatus.Error, errorMessage: inWords(error) };
    }
    const tests = this.tests.map((test) => {
      instruments.currentTestId = test.id;
      const from = performance.now();
      const failureMessage = failureOf(test);
      const result = {
        id: test.id,
        name: test.id,
        fileName: test.source,
        timeSpentMs: performance.now() - from,
      };
      return failureMessage === null
        ? { ...result, status: TestStatus.Success }
        : { ...result, status: TestStatus.Failed, failureMessage };
    });
    delete instruments.currentTestId;
    this.hits = instruments.mutantCoverage?.perTest ?? {};
    writeFileSync(HITS, JSON.stringify(this.hits));
    writeFileSync(TIMES, JSON.stringify(tests.map(({ id, timeSpentMs }) => [id, timeSpentMs])));
    this.tests = quickFirst(this.tests);
    return { status: DryRunStatus.Complete, tests, mutantCoverage: instruments.mutantCoverage };
  }

  async mutantRun({ activeMutant, mutantActivation, testFilter }) {
    if (this.isTainted || this.loads > MOST_LOADS) process.exit(1);
    await this.load();
    let tests = testFilter === undefined ? this.tests : this.chosen(testFilter);
    instruments.activeMutant = activeMutant.id;
    if (mutantActivation === 'static') {
      instruments.hitCount = 0;
      instruments.hitLimit = LOAD_HITS;
      try {
        const again = new Map((await this.collectTests()).map((test) => [test.id, test]));
        tests = tests.map(({ id }) => again.get(id)).filter((test) => test !== undefined);
      } catch (error) {
        instruments.activeMutant = undefined;
        const looped = determineHitLimitReached(instruments.hitCount, LOAD_HITS);
        return looped ?? { status: MutantRunStatus.Error, errorMessage: inWords(error) };
      }
    }
    const result = this.judge(tests, activeMutant.id);
    instruments.activeMutant = undefined;
    const looped = determineHitLimitReached(instruments.hitCount, instruments.hitLimit);
    instruments.hitCount = undefined;
    if (result.killer === undefined) {
      return looped ?? { status: MutantRunStatus.Survived, nrOfTests: result.nrOfTests };
    }
    if (mutantActivation === 'runtime') this.isTainted = failureOf(result.killer) !== null;
    const place = this.tests.findIndex(({ id }) => id === result.killer.id);
    this.tests.unshift(...this.tests.splice(place, 1));
    return (
      looped ?? {
        status: MutantRunStatus.Killed,
        killedBy: [result.killer.id],
        failureMessage: result.failureMessage,
        nrOfTests: result.nrOfTests,
      }
    );
  }

  /** Runs tests until one fails, or meets the mutant so often that it would not end. */
  judge(tests, mutant) {
    for (const [index, test] of tests.entries()) {
      instruments.hitCount = 0;
      instruments.hitLimit = GENEROSITY * (this.hits[test.id]?.[mutant] ?? 0) + FREE_HITS;
      const failureMessage = failureOf(test);
      if (failureMessage !== null) return { killer: test, failureMessage, nrOfTests: index + 1 };
    }
    return { nrOfTests: tests.length };
  }

  chosen(ids) {
    const wanted = new Set(ids);
    return this.tests.filter(({ id }) => wanted.has(id));
  }

  /** Loads core and tests without a mutant; once. */
  async load() {
    if (this.loads > 0) return;
    process.env.DSASIM_PROPERTY_RUNS ??= PROPERTY_RUNS;
    register(`data:text/javascript,${encodeURIComponent(HOOK)}`);
    this.tests = quickFirst(await this.collectTests());
    if (existsSync(HITS)) this.hits = JSON.parse(readFileSync(HITS, 'utf8'));
  }

  /** Loads core and tests, anew each time. */
  async collectTests() {
    const load = this.loads++;
    const { collect, collected } = await import(VITEST);
    collected.length = 0;
    const folder = resolve(TESTS);
    const files = readdirSync(folder).filter((name) => name.endsWith('.test.js') && !LEFT_OUT.includes(name));
    for (const name of files.sort()) {
      const title = basename(name, '.test.js');
      await collect(title, () => import(`${pathToFileURL(join(folder, name)).href}?load=${load}`));
      for (const test of collected) test.source ??= resolve(TESTS, `${title}.test.ts`);
    }
    return [...collected];
  }
}

/** Tests in the order of what they took without a mutant; as they are while that is not known. */
function quickFirst(tests) {
  const times = new Map(existsSync(TIMES) ? JSON.parse(readFileSync(TIMES, 'utf8')) : []);
  return [...tests].sort((a, b) => (times.get(a.id) ?? 0) - (times.get(b.id) ?? 0));
}

/** Runs a test. @returns why it failed, or null */
function failureOf({ run }) {
  try {
    run();
    return null;
  } catch (error) {
    return inWords(error);
  }
}

function inWords(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner)];
