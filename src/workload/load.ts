/** From a workload file to everything that is simulated, or to all that is wrong with it. */
import { parameterValues } from '../models/parameters.js';
import { readConclusion } from './conclusion.js';
import { readDesigns } from './designs.js';
import { type Diagnostic, diagnostic, sortDiagnostics, WorkloadError } from './diagnostics.js';
import { constantsOf, Expander, type ExpansionStep, firstCombination, presetOf } from './expand.js';
import { Files, type ReadFile } from './files.js';
import { readGate } from './gate.js';
import { DeviceImporter } from './import-devices.js';
import { shapeOf } from './issues.js';
import { applyReplacements, checkAgainstSweep, type Replacements } from './options.js';
import { isMap } from './path.js';
import type { WorkloadDocument } from './schema.js';
import { readYaml } from './source.js';
import { combinationCount, POINT_LIMIT, readSweep, substitute } from './sweep.js';
import { View } from './view.js';
import type { Measure, Workload } from './workload.js';

/** How a workload is loaded. */
export interface LoadOptions extends Replacements {
  /** Reads a file as text and throws when it cannot; the file system's by default. */
  readonly readFile?: ReadFile;
}

/**
 * Loads a workload: reads it and the files that it names, replaces what the options replace, checks it at every point
 * of its sweep under every design, and resolves it.
 * @param path of the file; the files that it names are relative to it
 * @throws WorkloadError with all problems, ordered by position
 */
export function loadWorkload(path: string, options: LoadOptions = {}): Workload {
  const loading = workloadInSteps(path, options);
  for (;;) {
    const step = loading.next();
    if (step.done === true) return step.value;
  }
}

/**
 * The same for whoever does something else in between: a sweep of 100,000 points takes many seconds.
 * @throws WorkloadError as {@link loadWorkload}
 */
export function* workloadInSteps(
  path: string,
  options: LoadOptions = {},
): Generator<ExpansionStep, Workload> {
  const into: Diagnostic[] = [];
  const give = (): Diagnostic[] => {
    const sorted = sortDiagnostics(into, path);
    if (sorted.some((d) => d.severity === 'error')) throw new WorkloadError(sorted);
    return sorted;
  };
  const files = new Files(path, options.readFile);
  const source = files.main(into);
  const yaml = source === null ? null : readYaml(source, 0, into);
  if (yaml === null) throw new WorkloadError(sortDiagnostics(into, path));

  const importer = new DeviceImporter(files, into);
  const written = applyReplacements(new View(normalised(yaml.value), yaml), options, into, (v) =>
    importer.expand(v),
  );
  // Paths into the devices of a file exist once it is read; a sweep over files has to come before.
  const view = sweepsFiles(written.value) ? written : importer.expand(written);
  let sweep = readSweep(view, into);
  checkAgainstSweep(view, sweep, into);
  const first = importer.expand(substitute(view, firstCombination(sweep)));
  const shaped = shapeOf(first);
  into.push(...shaped.problems);
  const { document } = shaped;
  if (document === null) throw new WorkloadError(sortDiagnostics(into, path));

  const designs = readDesigns(document, first, into);
  const gate = readGate(document, first, into);
  const count = combinationCount(sweep) * Math.max(1, designs.length);
  if (count > POINT_LIMIT) {
    into.push(
      diagnostic('W086', view.locate(['sweep'], 'key'), { path: 'sweep', count, limit: POINT_LIMIT }),
    );
    sweep = { ...sweep, groups: [] };
  }
  const expander = new Expander(files, importer, into);
  yield* expander.expand(view, sweep, designs);
  const conclusion = readConclusion(document, expander.points, first, into);
  const warnings = give();
  const { name, description, seed, semantics, measure } = document;
  return {
    file: path,
    name,
    description,
    seed,
    preset: presetOf(document).name,
    semantics,
    measure: measureOf(measure),
    sweep: sweep.axes,
    designs: designs.map(({ design }) => design),
    parameters: parameterValues(constantsOf(shapeOf(importer.expand(view)).document ?? document)),
    gate,
    conclusion,
    points: expander.points,
    warnings,
    resolved: { document, view: first },
  };
}

function measureOf({ warmup, duration, replications, until }: WorkloadDocument['measure']): Measure {
  return {
    warmupPs: warmup === 'auto' ? null : warmup,
    durationPs: duration,
    replications,
    until: until === undefined ? null : { relativeHalfWidth: until.relative_half_width, max: until.max },
  };
}

/** A platform given by its preset's name alone becomes a map, so that paths into it exist. */
function normalised(value: unknown): unknown {
  if (!isMap(value) || typeof value.platform !== 'string') return value;
  return { ...value, platform: { preset: value.platform } };
}

function sweepsFiles(value: unknown): boolean {
  if (!isMap(value) || !isMap(value.sweep)) return false;
  const { zip } = value.sweep;
  const maps = [value.sweep, ...(Array.isArray(zip) ? zip : [zip])].filter(isMap);
  return maps.some((map) => Object.keys(map).some((key) => key.endsWith('.accel_config')));
}
