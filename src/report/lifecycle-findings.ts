/** What became of the events of a lifecycle, one finding an event: how long they took, and who could not. */
import type { ResultLifecycleEvent } from '../experiment/results.js';
import { formatQuantity } from '../workload/format.js';
import { capitalize, counted, listing, most } from './names.js';
import type { Overview } from './overview.js';
import { placesText } from './phrases.js';

/** The metric that says most about each action. */
const TELLING: Readonly<Record<string, string>> = {
  drain: 'drain_time',
  suspend: 'suspend_time',
  resume: 'downtime',
  migrate: 'downtime',
  'reset-wq': 'reset_time',
  'reset-device': 'reset_time',
  'function-level-reset': 'reset_time',
  remove: 'removal_time',
  'revoke-handles': 'renewal_time',
  'disable-wq': 'disabled_time',
  halt: 'recovery_time',
  kill: 'removal_time',
};

interface Played {
  readonly design: string;
  readonly event: ResultLifecycleEvent;
  /** Where in the sweep, in words; empty without one. */
  readonly where: string;
}

/** Findings about the lifecycle, in the order of its events. */
export function lifecycleFindings(view: Overview): { topic: string; text: string }[] {
  const groups = new Map<string, Played[]>();
  const longest = Math.max(0, ...view.results.points.map(({ lifecycle }) => lifecycle.length));
  for (let i = 0; i < longest; i++) {
    for (const place of view.places) {
      const where = view.places.length > 1 ? placesText(view, [place]) : '';
      for (const { id: design } of view.designs) {
        const event = view.point(design, place)?.lifecycle[i];
        if (event === undefined) continue;
        // A sweep may put another event in its place.
        const key = `${i} ${event.action} ${event.tenant} ${event.instance}`;
        groups.set(key, [...(groups.get(key) ?? []), { design, event, where }]);
      }
    }
  }
  return [...groups.values()].map((played) => {
    const { event } = played[0]!;
    const parts = [times(played, event.action), lost(played), refusals(played)].filter((part) => part !== '');
    const number = event.instance > 0 ? ` ${event.instance}` : '';
    return { topic: capitalize(`${event.action} ${event.tenant}${number}`), text: parts.join('; ') };
  });
}

/** The shortest and the longest, with whose they are and where in the sweep; once where both read alike. */
function times(played: readonly Played[], action: string): string {
  const metric = TELLING[action] ?? '';
  const known = played.flatMap(({ event, ...whose }) => {
    const seconds = event.metrics[metric]?.mean ?? null;
    return seconds === null ? [] : [{ ...whose, seconds, outcome: event.outcome }];
  });
  const sorted = known.sort((a, b) => a.seconds - b.seconds);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return '';
  const what = metric.replace('_', ' ');
  const tried = sorted.some(({ outcome }) => outcome === 'failed') ? ' (it failed on purpose)' : '';
  const text = ({ seconds }: typeof first) => formatQuantity(seconds, 's');
  const designs = [...new Set(sorted.map(({ design }) => design))];
  if (text(first) === text(last)) return `${what} ${text(first)} with ${most(designs, designs)}${tried}`;
  const end = (each: typeof first) => `${text(each)} with ${each.design}`;
  return first.where === last.where
    ? `${what} ${end(first)} to ${end(last)}${spaced(last.where)}${tried}`
    : `${what} ${end(first)}${spaced(first.where)} to ${end(last)}${spaced(last.where)}${tried}`;
}

/** The most that was lost, and where. */
function lost(played: readonly Played[]): string {
  const of = ({ event }: Played) =>
    (event.metrics.descriptors_aborted?.mean ?? 0) + (event.metrics.descriptors_rejected?.mean ?? 0);
  const worst = [...played].sort((a, b) => of(b) - of(a))[0];
  if (worst === undefined || of(worst) === 0) return '';
  const count = counted(Math.round(of(worst)), 'descriptor');
  return `up to ${count} aborted or rejected (${worst.design}${spaced(worst.where)})`;
}

function spaced(words: string): string {
  return words === '' ? '' : ` ${words}`;
}

/** Who could not, by reason. */
function refusals(played: readonly Played[]): string {
  const byReason = new Map<string, Set<string>>();
  for (const { design, event } of played) {
    if (event.outcome !== 'refused') continue;
    const designs = byReason.get(event.reason) ?? new Set();
    byReason.set(event.reason, designs.add(design));
  }
  return [...byReason]
    .map(([reason, designs]) => `refused by ${listing([...designs])}: ${reason}`)
    .join('; ');
}
