/** What `--worlds` and `--what-if` found, as findings of the answer. */
import type { Results } from '../experiment/results.js';
import { formatPercent, formatQuantity } from '../workload/format.js';
import type { Finding } from './finding.js';
import { axisTitle, counted, listing, metricTitle, most } from './names.js';
import { type Overview, type Place, siUnit } from './overview.js';
import { placesText } from './phrases.js';

/** Rankings and limits that are told one by one; the rest is counted. */
const TOLD = 4;
const ONE_REPLICATION = 'one replication, which is what a world repeats,';

/** How many rankings hold in all worlds, and what those depend on that do not; empty where nobody asked. */
export function robustnessFindings({ results: { robustness } }: Overview): Finding[] {
  if (robustness === null) return [];
  const { worlds, constants, untold, rankings } = robustness;
  if (rankings.length === 0) return [{ topic: 'Robustness', text: nothingAsked(untold) }];
  const shaky = rankings
    .filter(({ holds, of }) => holds < of)
    .sort((a, b) => a.holds / a.of - b.holds / b.of);
  const firm = rankings.length - shaky.length;
  const tried = `${counted(worlds, 'world')} with ${counted(constants, 'constant')} drawn over their ranges`;
  const partly = rankings.some(({ holds, of }) => holds === of && of < worlds);
  const known = partly ? ', as far as they have values to rank' : '';
  const left = untold > 0 ? `; ${notAsked(untold)}` : '';
  const hold = rankings.length === 1 ? 'holds' : 'hold';
  return [
    {
      topic: 'Robustness',
      text: `${firm} of ${counted(rankings.length, 'ranking')} ${hold} in all of ${tried}${known}${left}`,
      ...leftOut(shaky.length, 'that do not', 'robustness'),
    },
    ...shaky.slice(0, TOLD).map((ranking) => {
      const { metric, at, designs, leaders, holds, of } = ranking;
      const places = Object.entries(at).map(([path, value]) => `${axisTitle(path)} ${value}`);
      const where = places.length === 0 ? '' : ` at ${places.join(', ')}`;
      const all = leaders.length === designs.length;
      const who = all ? `${listing(leaders)} level` : `${listing(leaders)} in front`;
      return {
        topic: `Robustness, ${metricTitle(metric)}${where}`,
        text: `${who} in ${holds || 'none'} of ${of === worlds ? `${of} worlds` : `the ${of} worlds with values to rank`}${dependsOn(ranking)}`,
      };
    }),
  ];
}

/** Why no ranking was asked about. @param untold how many one replication cannot tell */
export function nothingAsked(untold: number): string {
  const why =
    untold === 0
      ? 'no two designs with equal resources have values that may be believed'
      : `${ONE_REPLICATION} cannot tell the ${untold === 1 ? 'one' : untold} that the run makes`;
  return `no ranking was asked about, as ${why}`;
}

/** That some rankings were not asked about beside those that were. */
export function notAsked(untold: number): string {
  const [were, them] = untold === 1 ? ['was', 'it'] : ['were', 'them'];
  return `${counted(untold, 'more ranking')} ${were} not asked about, as ${ONE_REPLICATION} cannot tell ${them}`;
}

/** What is left out where only some are told, as a part of a finding. */
function leftOut(count: number, that: string, section: string): Pick<Finding, 'rest'> {
  return count > TOLD ? { rest: { count: count - TOLD, that, section } } : {};
}

type Ranking = NonNullable<Results['robustness']>['rankings'][number];

/** What turns a ranking, as far as that was searched for. */
function dependsOn({ flip, candidates, leaders, designs }: Ranking): string {
  if (flip === null) {
    return candidates === 0
      ? ''
      : `; none of the ${counted(candidates, 'constant')} that it goes with most turns it by itself`;
  }
  const value = formatQuantity(flip.value, siUnit(flip.unit));
  return `; it depends on ${flip.constant}: ${flip.side} ${value} ${turn(leaders, flip.leaders, designs)}`;
}

/** What changes between two sets of leaders. */
function turn(before: readonly string[], after: readonly string[], designs: readonly string[]): string {
  if (after.length === designs.length) return 'all are level';
  const fallen = before.filter((id) => !after.includes(id));
  const risen = after.filter((id) => !before.includes(id));
  const verb = (ids: readonly string[], one: string, many: string): string => (ids.length === 1 ? one : many);
  return [
    ...(risen.length === 0 ? [] : [`${listing(risen)} ${verb(risen, 'comes', 'come')} to the front`]),
    ...(fallen.length === 0 ? [] : [`${listing(fallen)} ${verb(fallen, 'falls', 'fall')} behind`]),
  ].join(' and ');
}

type Tried = NonNullable<Results['what_if']>[number];

/** What limits one design, at places of which the same is to be said. */
interface Limited {
  design: string;
  places: Place[];
  limit: string | null;
  /** What the change with the largest gain does, and the gains at these places. */
  change: string;
  gains: number[];
  /** The other changes that help, in words. */
  others: string;
  /** Where none helps, the resources that were tried, in words. */
  tried: string;
}

/** Which resource limits whom where, and what more of it gives; empty where nobody asked. */
export function limitFindings(view: Overview): Finding[] {
  const tried = view.results.what_if;
  if (tried === null || tried.length === 0) return [];
  const byPoint = new Map(tried.map((entry) => [entry.point, entry]));
  const found: Limited[] = [];
  for (const { id } of view.designs) {
    for (const place of view.places) {
      const entry = byPoint.get(view.point(id, place)?.key ?? '');
      if (entry === undefined) continue;
      const own = limited(id, place, entry);
      const last = found.at(-1);
      const goesOn = (['design', 'limit', 'others', 'tried'] as const).every(
        (key) => last?.[key] === own[key],
      );
      if (last !== undefined && goesOn) {
        last.places.push(place);
        last.gains.push(...own.gains);
      } else found.push(own);
    }
  }
  // Designs of which the same is to be said share a clause.
  const clauses = new Map<string, string[]>();
  for (const each of found) {
    const text = limitText(view, each);
    clauses.set(text, [...(clauses.get(text) ?? []), each.design]);
  }
  const ids = view.designs.map(({ id }) => id);
  const told = [...clauses].slice(0, TOLD).map(([text, designs]) => `${most(designs, ids)}${text}`);
  return [
    { topic: 'What limits throughput', text: told.join('; '), ...leftOut(clauses.size, '', 'what-if') },
  ];
}

/** Of how many points each resource is the limit, where they are too many to be told one by one. */
export function limitShares({ results: { what_if: tried } }: Overview): Finding[] {
  if (tried === null || tried.length === 0) return [];
  const idle = triedText(tried.flatMap(({ limited_by: by, changes }) => (by === null ? changes : [])));
  const none = `none of the resources tried${idle === '' ? '' : ` (${idle})`}`;
  const counts = new Map<string, number>();
  for (const { limited_by: by } of tried) {
    const limit = by === null ? none : resourceTitle(by);
    counts.set(limit, (counts.get(limit) ?? 0) + 1);
  }
  const shares = [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([limit, count]) => `${limit} at ${formatPercent(count / tried.length)}`);
  return [
    { topic: 'What limits throughput', text: `${listing(shares)} of ${counted(tried.length, 'point')}` },
  ];
}

function limited(design: string, place: Place, { limited_by: limit, changes }: Tried): Limited {
  const best = changes.find(({ id }) => id === limit);
  const others = changes
    .filter(({ id, throughput }) => id !== limit && throughput?.matters === true && throughput.ratio > 1)
    .map(({ text, throughput }) => `${gain([throughput!.ratio])} with ${text}`);
  const gains = best === undefined ? [] : [best.throughput!.ratio];
  return {
    design,
    places: [place],
    limit,
    change: best?.text ?? '',
    gains,
    others: listing(others),
    tried: limit === null ? triedText(changes) : '',
  };
}

/** The resources of which more was tried, whatever it gave. */
function triedText(changes: Tried['changes']): string {
  const ids = changes.filter(({ throughput }) => throughput !== null).map(({ id }) => id);
  return listing([...new Set(ids)].map(resourceTitle));
}

function limitText(view: Overview, { places, limit, change, gains, others, tried }: Limited): string {
  const where = placesText(view, places);
  const at = where === '' ? '' : ` ${where}`;
  if (limit === null) {
    return `${at}: ${tried === '' ? 'nothing could be tried' : `none of the resources tried gives more (${tried})`}`;
  }
  const beside = others === '' ? 'nothing else helps' : others;
  return `${at}: ${resourceTitle(limit)} (${gain(gains)} with ${change}, ${beside})`;
}

const LIMIT: Readonly<Record<string, string>> = {
  engine: 'engines',
  work_queue: 'work-queue entries',
  read_buffers: 'read buffers',
  thread: 'submitting threads',
  posted_interrupts: 'interrupt delivery',
};

/** The resource that a change adds to. */
export function resourceTitle(change: string): string {
  return LIMIT[change] ?? change;
}

/** `+24 %`, `+96 to +101 %`. */
function gain(ratios: readonly number[]): string {
  const print = (ratio: number): string => {
    const percent = (ratio - 1) * 100;
    const text = Math.abs(percent) < 10 ? percent.toFixed(1) : percent.toFixed(0);
    return `${percent > 0 ? '+' : ''}${text}`;
  };
  const [low, high] = [print(Math.min(...ratios)), print(Math.max(...ratios))];
  return low === high ? `${low} %` : `${low} to ${high} %`;
}
