/** What a reader must know before believing the numbers, in sentences. */
import { counted, listing } from './names.js';
import type { Overview } from './overview.js';

/** Trust levels of constants that nobody has read in a source or derived from one. */
const UNCERTAIN: readonly string[] = ['assumed', 'recalled'];

/** Placements that no measured row has, in words. */
const FAR_MEMORY: ReadonlyMap<string, string> = new Map([
  ['remote', "another socket's memory"],
  ['cxl', 'CXL memory'],
  ['peer', "another device's memory"],
]);

/**
 * What stands against the answer as a whole: broken limits, designs that nobody can run, what nothing checks.
 * @param devices most that a point has
 */
export function reservations(view: Overview, devices = mostDevices(view)): string[] {
  return [...limits(view), ...predictions(view, devices)];
}

/** Of these what makes the numbers predictions: designs that nobody can run, and what nothing checks. */
export function predictions(view: Overview, devices = mostDevices(view)): string[] {
  return [...standing(view), ...unvalidated(view, devices)];
}

function mostDevices({ results }: Overview): number {
  return results.points.reduce((most, point) => Math.max(most, point.devices), 0);
}

/** What else to know of the document, most important first. */
export function notices(view: Overview): string[] {
  return [...losses(view), ...replications(view), ...unmeasured(view), ...constants(view), ...warnings(view)];
}

function limits(view: Overview): string[] {
  const broken = view.results.limits.filter((limit) => !limit.held);
  if (broken.length === 0) return [];
  const texts = [...new Set(broken.map((limit) => limit.text))];
  return [
    `${counted(broken.length, 'limit')} of the workload ${broken.length === 1 ? 'is' : 'are'} broken: ${listing(texts)}.`,
  ];
}

/** Work that was submitted and neither completed nor still in flight. */
function losses(view: Overview): string[] {
  let failed = 0;
  let rejected = 0;
  let aborted = 0;
  for (const { conservation } of view.results.points) {
    failed += conservation.failed;
    rejected += conservation.rejected;
    aborted += conservation.aborted;
  }
  if (failed + rejected + aborted === 0) return [];
  const others =
    aborted > 0 ? `, ${rejected} were rejected and ${aborted} aborted` : ` and ${rejected} were rejected`;
  return [`${counted(failed, 'descriptor')} failed${others}.`];
}

function replications(view: Overview): string[] {
  if (view.results.measure.replications > 1) return [];
  return ['There is one replication only, so nothing says whether a difference is more than luck.'];
}

/** Tails that too few descriptors completed to tell. */
function unmeasured(view: Overview): string[] {
  if (!view.metrics.includes('latency_p99')) return [];
  const { points } = view.results;
  const missing = points.filter((point) => (point.metrics.latency_p99?.mean ?? null) === null).length;
  if (missing === 0) return [];
  const where = missing === points.length ? 'at any point' : `at ${missing} of ${points.length} points`;
  return [`Too few descriptors completed to tell the p99 latency ${where}: a longer measure.duration would.`];
}

/** Designs that nobody can run today. */
function standing(view: Overview): string[] {
  const groups: [words: string, ids: string[]][] = [
    ['argued on the lists and never merged', withStatus(view, 'argued')],
    ['only partly shipped', withStatus(view, 'partly-shipped')],
    [
      'hypothetical',
      view.designs
        .filter((design) => design.status === 'hypothetical' || design.validity === 'hypothetical')
        .map((design) => design.id),
    ],
  ];
  const parts = groups.flatMap(([words, ids]) =>
    ids.length === 0 ? [] : [`${listing(ids)} ${ids.length === 1 ? 'is' : 'are'} ${words}`],
  );
  if (parts.length === 0) return [];
  return [`${parts.join('; ')}: such numbers are predictions.`];
}

/** What no measured row covers: far memory, and several devices on one memory system. */
function unvalidated({ results }: Overview, devices: number): string[] {
  const { common, designs, points } = results.settings;
  const places = new Set(
    [common, ...Object.values(designs), ...Object.values(points)].flatMap((settings) =>
      Object.entries(settings).flatMap(([path, { value }]) => {
        const far = path.endsWith('.placement') ? FAR_MEMORY.get(String(value)) : undefined;
        return far === undefined ? [] : [far];
      }),
    ),
  );
  const what = [...places].sort();
  if (devices > 1) what.push('several devices on the memory of a socket');
  if (what.length === 0) return [];
  return [`No measured row checks ${listing(what)}: such numbers are unvalidated.`];
}

function withStatus(view: Overview, status: string): string[] {
  return view.designs
    .filter((design) => design.status === status && design.validity !== 'hypothetical')
    .map((design) => design.id);
}

function constants(view: Overview): string[] {
  const { parameters } = view.results;
  const counts = UNCERTAIN.map(
    (trust) => [parameters.filter((p) => p.trust === trust).length, trust] as const,
  );
  const told = counts.filter(([count]) => count > 0).map(([count, trust]) => `${count} ${trust}`);
  if (told.length === 0) return [];
  return [`Of ${counted(parameters.length, 'constant')}, ${listing(told)}: a close call may turn with them.`];
}

function warnings(view: Overview): string[] {
  const count =
    view.results.warnings.length + view.results.points.reduce((sum, point) => sum + point.warnings.length, 0);
  return count === 0 ? [] : [`${counted(count, 'warning')}: see the notices.`];
}
