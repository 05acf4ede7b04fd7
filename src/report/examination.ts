/** What `--worlds` and `--what-if` found, in sentences. */
import type { Results } from '../experiment/results.js';
import { formatQuantity } from '../workload/format.js';
import { axisTitle, capitalize, counted, listing, metricTitle } from './names.js';
import { siUnit } from './overview.js';

/** Rankings and points that are told one by one; the rest is counted. */
const TOLD = 8;

/** Sentences about robustness, then about bottlenecks; empty when neither was asked for. */
export function examinationSentences(results: Results): string[] {
  return [...robustnessSentences(results), ...whatIfSentences(results)];
}

function robustnessSentences({ robustness }: Results): string[] {
  if (robustness === null) return [];
  const { worlds, constants, rankings } = robustness;
  if (rankings.length === 0)
    return ['Robustness: no two designs were given equal resources, so nothing was ranked.'];
  const firm = rankings.filter(({ holds, of }) => holds === of);
  const tried = `${counted(worlds, 'world')} with ${counted(constants, 'constant')} drawn over their ranges`;
  const sentences = [
    `Robustness: ${firm.length} of ${counted(rankings.length, 'ranking')} hold in all of ${tried}.`,
  ];
  const shaky = rankings
    .filter(({ holds, of }) => holds < of)
    .sort((a, b) => a.holds / a.of - b.holds / b.of);
  for (const ranking of shaky.slice(0, TOLD)) {
    const { metric, at, designs, leaders, holds, of, flip } = ranking;
    const places = Object.entries(at).map(([path, value]) => `${axisTitle(path)} ${value}`);
    const where = places.length === 0 ? '' : ` at ${places.join(', ')}`;
    const who = leaders.length === designs.length ? 'all level' : `${listing(leaders)} in front`;
    sentences.push(
      `${capitalize(metricTitle(metric))}${where}: ${who} in ${holds} of ${of} worlds; ${dependsOn(flip, leaders, designs)}.`,
    );
  }
  if (shaky.length > TOLD) sentences.push(`${counted(shaky.length - TOLD, 'ranking')} more in results.json.`);
  return sentences;
}

type Ranking = NonNullable<Results['robustness']>['rankings'][number];

function dependsOn(flip: Ranking['flip'], leaders: readonly string[], designs: readonly string[]): string {
  if (flip === null) return 'no constant by itself changes that';
  const value = formatQuantity(flip.value, siUnit(flip.unit));
  return `it depends on ${flip.constant}: ${flip.side} ${value} ${turn(leaders, flip.leaders, designs)}`;
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

function whatIfSentences({ what_if: tried, points }: Results): string[] {
  if (tried === null || tried.length === 0) return [];
  // Designs at one place of which the same is to be said share a sentence.
  const outcomes = new Map<string, { designs: string[]; place: string; text: string }>();
  for (const entry of tried) {
    const point = points.find(({ key }) => key === entry.point);
    const at = Object.entries(point?.at ?? {}).map(([path, value]) => `${axisTitle(path)} ${value}`);
    const place = at.length === 0 ? '' : ` at ${at.join(', ')}`;
    const text = outcomeText(entry);
    const outcome = outcomes.get(place + text) ?? { designs: [], place, text };
    outcome.designs.push(point?.design ?? entry.point);
    outcomes.set(place + text, outcome);
  }
  const all = [...outcomes.values()];
  const sentences = all
    .slice(0, TOLD)
    .map(({ designs, place, text }) => `${listing(designs)}${place}: ${text}.`);
  if (all.length > TOLD) sentences.push(`${counted(all.length - TOLD, 'outcome')} more in results.json.`);
  return ['What if:', ...sentences];
}

function outcomeText({ limited_by, changes }: NonNullable<Results['what_if']>[number]): string {
  const best = changes.find(({ id }) => id === limited_by);
  const others = changes
    .filter(({ id, throughput }) => id !== limited_by && throughput !== null)
    .map(({ text, throughput }) => `${text} ${gain(throughput!)}`);
  const rest = others.length === 0 ? '' : `; ${others.join(', ')}`;
  return best === undefined
    ? `none of the changes raises throughput, so the load or the data path limits it${rest}`
    : `limited by ${LIMIT[best.id] ?? best.id}: ${best.text} gives ${gain(best.throughput!)}${rest}`;
}

const LIMIT: Readonly<Record<string, string>> = {
  engine: 'its engines',
  work_queue: 'work-queue entries',
  read_buffers: 'read buffers',
  thread: 'its submitting threads',
  posted_interrupts: 'interrupt delivery',
};

function gain({ ratio, matters }: { ratio: number; matters: boolean }): string {
  if (!matters) return '+0 %';
  const percent = (ratio - 1) * 100;
  const text = Math.abs(percent) < 10 ? percent.toFixed(1) : percent.toFixed(0);
  return `${percent > 0 ? '+' : ''}${text} %`;
}
