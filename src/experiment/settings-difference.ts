/** What differs between the settings of two runs. */
import { type Setting, type Settings, settingsAt } from './settings.js';

/** What kind of thing a setting is: whether a comparison across it tests something or compares apples with pears. */
export type SettingKind = 'parameters' | 'devices' | 'designs' | 'workload';

/** A setting that two runs do not share. */
export interface SettingDifference {
  kind: SettingKind;
  path: string;
  /** Null where the run does not have it at all. */
  from: Setting | null;
  to: Setting | null;
  /** Points at which it differs so. */
  points: number;
}

/** A point of both runs, under the name and design that each has for it. */
export interface PointPair {
  from: { design: string; key: string };
  to: { design: string; key: string };
}

/**
 * Every setting that differs, once for each pair of values, in the order of the newer run.
 * @param pairs the points that are compared
 */
export function settingDifferences(
  from: Settings,
  to: Settings,
  pairs: readonly PointPair[],
): SettingDifference[] {
  const found = new Map<string, SettingDifference>();
  for (const pair of pairs) {
    const before = settingsAt(from, pair.from.design, pair.from.key);
    const after = settingsAt(to, pair.to.design, pair.to.key);
    for (const path of new Set([...Object.keys(after), ...Object.keys(before)])) {
      const [old, now] = [before[path] ?? null, after[path] ?? null];
      if (old?.value === now?.value && old !== null && now !== null) continue;
      const key = JSON.stringify([path, old?.value, now?.value, old === null, now === null]);
      const known = found.get(key);
      if (known === undefined) found.set(key, { kind: kindOf(path), path, from: old, to: now, points: 1 });
      else known.points++;
    }
  }
  return [...found.values()];
}

/** The queues that a tenant is given belong to the device's configuration; all else of a tenant is the work itself. */
function kindOf(path: string): SettingKind {
  if (path.startsWith('platform.')) return 'parameters';
  if (path.startsWith('devices')) return 'devices';
  if (path.startsWith('designs.')) return 'designs';
  return /^tenants\..+\.work_queues$/.test(path) ? 'devices' : 'workload';
}
