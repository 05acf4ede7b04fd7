/** Options that several commands share, and how their texts are read. */
import { InvalidArgumentError, Option } from 'commander';

/** A whole number within bounds. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < low || value > high) {
      throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
    }
    return value;
  };
}

/** `path=value`, gathered over repetitions into pairs. */
function pathValue(text: string, previous: readonly [string, string][] = []): [string, string][] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write path=value, such as tenants.guest.batch=32.');
  return [...previous, [text.slice(0, at).trim(), text.slice(at + 1).trim()]];
}

/** The address of a Redis. */
export function redisUrl(text: string): string {
  if (!/^rediss?:\/\/[^/]/.test(text)) {
    throw new InvalidArgumentError('Write the address of a Redis, such as redis://host:6379.');
  }
  return text;
}

/** Options of every command that simulates or resolves a workload. */
export const workloadOptions = {
  seed: () =>
    new Option('--seed <number>', 'seed of all random draws, instead of the one in the file').argParser(
      wholeNumber(0, Number.MAX_SAFE_INTEGER),
    ),
  replications: () =>
    new Option(
      '--replications <number>',
      'replications of every point, instead of measure.replications',
    ).argParser(wholeNumber(1, 100_000)),
  set: () =>
    new Option(
      '--set <path=value>',
      'replace a value of the workload, or an axis of its sweep (sweep.<path>=[…]); may be repeated',
    ).argParser(pathValue),
  workers: () =>
    new Option(
      '--workers <number>',
      'worker threads (default: all cores); the result is the same for any number',
    ).argParser(wholeNumber(1, 1024)),
  worlds: () =>
    new Option(
      '--worlds <number>',
      'try the rankings with constants drawn over their ranges: 20 is quick, 200 thorough',
    ).argParser(wholeNumber(1, 10_000)),
  whatIf: () => new Option('--what-if', 'try every point with one resource more, to find what limits it'),
  queue: () =>
    new Option(
      '--queue <url>',
      'let workers of a queue simulate: a Redis, such as redis://host:6379',
    ).argParser(redisUrl),
  resume: () =>
    new Option('--resume', 'continue an interrupted run: what its journal holds is not simulated again'),
  restart: () => new Option('--restart', 'throw the journal of an interrupted run away and begin anew'),
  quiet: () => new Option('--quiet', 'say nothing but errors and limits that break'),
  json: (what: string) => new Option('--json', `print ${what} as one JSON document`),
};

/** What these options hold after parsing. */
export interface WorkloadFlags {
  seed?: number;
  replications?: number;
  set?: [string, string][];
  workers?: number;
  worlds?: number;
  whatIf?: boolean;
  quiet?: boolean;
  json?: boolean;
}
