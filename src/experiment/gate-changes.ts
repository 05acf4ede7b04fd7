/** What changed between a baseline and a run, and what of it forbids comparing them. */
import type { Baseline } from './baseline.js';
import type { Settings } from './settings.js';
import { type SettingDifference, settingDifferences } from './settings-difference.js';

/**
 * Something that is compared on purpose although it differs: the version of the model, the sequence of events, or a
 * setting with its old and new value.
 */
export type GateChange =
  | { what: 'model'; from: string; to: string }
  | { what: 'events'; from: string; to: string }
  | ({ what: 'setting' } & SettingDifference);

/** What is simulated, known before it is. */
export interface Simulated {
  /** Version of dsasim. */
  model: string;
  /** Design of each point, by its key. */
  designs: Readonly<Record<string, string>>;
  settings: Settings;
}

/** What a gate lists, and the reasons for which it must not compare. */
export interface WhatChanged {
  changed: GateChange[];
  /** Settings of the work itself that differ: then two different workloads would be compared. */
  reasons: string[];
}

/** Compares what is simulated; points that only one side has are left to others. */
export function whatChanged(current: Simulated, baseline: Baseline): WhatChanged {
  const sameModel = current.model === baseline.model;
  const changed: GateChange[] = sameModel ? [] : [{ what: 'model', from: baseline.model, to: current.model }];
  const reasons: string[] = [];
  const pairs = Object.entries(current.designs).flatMap(([key, design]) => {
    const then = baseline.points[key];
    return then === undefined ? [] : [{ from: { design: then.design, key }, to: { design, key } }];
  });
  for (const difference of settingDifferences(baseline.settings, current.settings, pairs)) {
    const { kind, path, from, to } = difference;
    if (kind !== 'workload') changed.push({ what: 'setting', ...difference });
    // A setting that another version added or dropped is no difference of the workload.
    else if (sameModel || (from !== null && to !== null)) {
      reasons.push(`${path} is ${to?.value ?? 'not set'}, the baseline has ${from?.value ?? 'none'}`);
    }
  }
  return { changed, reasons };
}
