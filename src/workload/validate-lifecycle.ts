/** Whether the events of a lifecycle can follow one another, and mean instances that exist. */
import type { LifecycleAction } from '../models/lifecycle/events.js';
import { TIME_MAX_PS } from '../sim/simulator.js';
import type { Code } from './codes.js';
import { type Diagnostic, diagnostic, type Fill } from './diagnostics.js';
import { nearest } from './nearest.js';
import { pathText } from './path.js';
import type { WorkloadDocument } from './schema.js';
import type { LifecycleEventDocument } from './schema-lifecycle.js';
import { quantityText } from './units.js';
import type { View } from './view.js';

/** Keys that belong to one action only. */
const OWN_KEYS: readonly [key: 'for' | 'fails', action: LifecycleAction][] = [
  ['for', 'disable-wq'],
  ['fails', 'migrate'],
];

/** When simulated time ends, for people. */
export const TIME_ENDS = `${Math.floor(TIME_MAX_PS / 1e12)}s`;

/** Checks the lifecycle of a point, and that there is time for it behind the measured phase. */
export function validateLifecycle(document: WorkloadDocument, view: View): Diagnostic[] {
  const found: Diagnostic[] = [];
  const { tenants, measure } = document;
  const names = tenants.map((tenant) => tenant.name);
  const states = new Map<string, 'suspended' | 'gone'>();
  let earliestPs = typeof measure.warmup === 'number' ? measure.warmup + measure.duration : 0;
  let earliest = 'the measured phase';
  const say = (code: Code, i: number, key: string | null, values: Fill, suggestion?: string): void => {
    const path = key === null ? ['lifecycle', i] : ['lifecycle', i, key];
    found.push(diagnostic(code, view.locate(path), { path: pathText(path), ...values }, suggestion));
  };
  let hasTime = earliestPs <= TIME_MAX_PS;
  if (!hasTime) {
    const path = ['measure', 'duration'];
    const values = { end: TIME_ENDS, what: 'the measured phase', hint: '' };
    found.push(diagnostic('W126', view.locate(path), { path: pathText(path), ...values }));
  }
  (document.lifecycle ?? []).forEach((event, i) => {
    for (const [key, action] of OWN_KEYS) {
      if (event[key] !== undefined && event.do !== action) say('W121', i, key, { key, action });
    }
    if (event.at !== undefined) {
      if (event.at < earliestPs) {
        const values = {
          at: quantityText('time', event.at),
          earliest,
          end: quantityText('time', earliestPs),
        };
        say('W120', i, 'at', values);
      }
      earliestPs = Math.max(earliestPs, event.at);
      earliest = 'the event before';
    }
    if (hasTime && earliestPs + (event.for ?? 0) + measure.duration > TIME_MAX_PS) {
      hasTime = false;
      const what = `${event.do}, with ${quantityText('time', measure.duration)} of load behind it,`;
      say('W126', i, event.for === undefined ? 'at' : 'for', { end: TIME_ENDS, what, hint: '' });
    }
    const tenant = event.tenant === undefined ? 0 : names.indexOf(event.tenant);
    if (tenant < 0) {
      const values = { name: event.tenant!, known: names.join(', ') };
      say('W055', i, 'tenant', values, nearest(event.tenant!, names));
      return;
    }
    const { instances, name } = tenants[tenant]!;
    if (event.instance >= instances) {
      say('W122', i, 'instance', { name, instances, last: instances - 1 });
      return;
    }
    follow(event, `${name} ${event.instance}`, states, (code, values) => say(code, i, 'do', values));
  });
  return found;
}

/** Moves the state of an instance on, as far as the event fits it. */
function follow(
  event: LifecycleEventDocument,
  who: string,
  states: Map<string, 'suspended' | 'gone'>,
  say: (code: Code, values: Fill) => void,
): void {
  const state = states.get(who);
  if (state === 'gone') {
    say('W124', { who, action: event.do });
    return;
  }
  if (event.do === 'resume') {
    if (state === undefined) say('W123', { who });
    states.delete(who);
  } else if (state === 'suspended' && event.do !== 'kill') say('W125', { who, action: event.do });
  else if (event.do === 'suspend') states.set(who, 'suspended');
  else if (event.do === 'remove' || event.do === 'kill') states.set(who, 'gone');
}
