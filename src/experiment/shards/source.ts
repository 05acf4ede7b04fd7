/** The texts that a workload was loaded from, so that whoever merges its shards needs none of its files. */
import type { ExpansionStep } from '../../workload/expand.js';
import { readText } from '../../workload/files.js';
import { type LoadOptions, workloadInSteps } from '../../workload/load.js';
import type { Workload } from '../../workload/workload.js';
import type { Source } from '../journal/records.js';

/** How a workload was asked for on the command line. */
export type Asked = Pick<LoadOptions, 'overrides' | 'seed' | 'replications'>;

/**
 * Loads a workload step by step and remembers every text that it came from.
 * @param command that makes its results on one machine
 * @throws WorkloadError as `workloadInSteps`
 */
export function* loadWithSource(
  path: string,
  asked: Asked,
  command: string,
): Generator<ExpansionStep, { workload: Workload; source: Source }> {
  const files: Record<string, string> = {};
  const readFile = (name: string): string => {
    files[name] = readText(name);
    return files[name];
  };
  const workload = yield* workloadInSteps(path, { ...asked, readFile });
  const source: Source = {
    path,
    files,
    overrides: (asked.overrides ?? []).map(([where, value]) => [where, value]),
    seed: asked.seed ?? null,
    replications: asked.replications ?? null,
    command,
  };
  return { workload, source };
}

/**
 * Loads a workload from the texts in a shard, step by step.
 * @throws WorkloadError as `workloadInSteps`, also when a text is missing
 */
export function loadFromSource({
  path,
  files,
  overrides,
  seed,
  replications,
}: Source): Generator<ExpansionStep, Workload> {
  return workloadInSteps(path, {
    overrides,
    ...(seed === null ? {} : { seed }),
    ...(replications === null ? {} : { replications }),
    readFile: (name) => {
      const text = files[name];
      if (text === undefined) throw Object.assign(new Error(`no ${name} in the shard`), { code: 'ENOENT' });
      return text;
    },
  });
}
