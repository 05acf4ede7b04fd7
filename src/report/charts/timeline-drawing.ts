/**
 * Engines and queues over a short time: how many descriptors waited in each work queue, and below them what each
 * engine held when, a bar a descriptor, its stages in their colours. Drawn by hand: vega has no lanes that fill up.
 */
import type { ResultPoint } from '../../experiment/results.js';
import { formatQuantity } from '../../workload/format.js';
import { escapeHtml, type Markup, trusted } from '../markup.js';
import { stageColour } from '../palette.js';
import { axisFromZero } from '../ticks.js';
import { FONT_SIZE } from './frame.js';

const WIDTH = 980;
const LEFT = 78;
const RIGHT = 24;
const BAR = 6;
const PITCH = 8;
const QUEUE_HEIGHT = 26;
const GAP = 12;
/** Queues and engines that are drawn; more are counted. */
const MOST_LANES = 8;

type Excerpt = ResultPoint['excerpt'];

/** A descriptor with the times at which it changes hands [s]. */
interface Life {
  row: Excerpt[number];
  number: number;
  queuedFrom: number;
  dispatched: number;
  completed: number;
  done: number;
}

/**
 * The drawing.
 * @param stages names of the stages, in the order of each descriptor's
 * @param label what it shows, for screen readers
 */
export function timelineDrawing(excerpt: Excerpt, stages: readonly string[], label: string): Markup {
  const lives = excerpt.map((row, number) => lifeOf(row, number, stages));
  const until = Math.max(...lives.map(({ done }) => done));
  const axis = axisFromZero([until], 6);
  const x = (t: number): number => Number((LEFT + ((WIDTH - LEFT - RIGHT) * t) / until).toFixed(1));
  const parts: string[] = [];
  let y = 6;
  const name = (text: string, at: number): string =>
    `<text x="${LEFT - 10}" y="${at}" text-anchor="end" font-size="${FONT_SIZE}" fill="var(--muted,#595959)">${escapeHtml(text)}</text>`;

  const queues = lanesOf(lives, ({ row }) => row.queue);
  const deepest = Math.max(1, ...queues.map(({ own }) => Math.max(...levels(own).map(([, level]) => level))));
  for (const { key, own } of queues.slice(0, MOST_LANES)) {
    const ground = y + QUEUE_HEIGHT;
    const steps = levels(own).map(
      ([t, level]) => `H${x(t)}V${(ground - ((QUEUE_HEIGHT - 2) * level) / deepest).toFixed(1)}`,
    );
    const most = Math.max(...levels(own).map(([, level]) => level));
    parts.push(
      name(`queue ${key}`, ground - QUEUE_HEIGHT / 2 + 4),
      `<path d="M${LEFT},${ground}${steps.join('')}H${x(until)}V${ground}Z" fill="${stageColour('queue')}" fill-opacity="0.75"><title>queue ${key}: up to ${most} of these wait at once</title></path>`,
      `<path d="M${LEFT},${ground}H${WIDTH - RIGHT}" stroke="var(--rule,#8c8c8c)" stroke-width="0.7"/>`,
    );
    y = ground + GAP;
  }
  const engines = lanesOf(lives, ({ row }) => row.engine).filter(({ key }) => key >= 0);
  const strokes = new Map<string, string[]>();
  for (const { key, own } of engines.slice(0, MOST_LANES)) {
    const places = stacked(own);
    const deep = Math.max(...places.map(({ place }) => place)) + 1;
    parts.push(name(`engine ${key}`, y + Math.max(10, (deep * PITCH) / 2 + 3)));
    for (const { life, place } of places) {
      const middle = y + place * PITCH + BAR / 2;
      segments(life, stages).forEach(({ stage, from, to }) => {
        const drawn = strokes.get(stage) ?? [];
        drawn.push(`M${x(from)},${middle}H${x(to)}`);
        strokes.set(stage, drawn);
      });
      parts.push(
        `<rect x="${x(life.dispatched)}" y="${middle - BAR / 2}" width="${Number((x(life.completed) - x(life.dispatched)).toFixed(1))}" height="${BAR}" fill="#000" fill-opacity="0"><title>${saidOf(life, stages)}</title></rect>`,
      );
    }
    y += Math.max(2, deep) * PITCH + GAP;
  }
  const coloured = [...strokes].map(
    ([stage, drawn]) =>
      `<path d="${drawn.join('')}" stroke="${stageColour(stage)}" stroke-width="${BAR}" fill="none"/>`,
  );
  const ticks = axis.ticks
    .filter((tick) => tick <= until)
    .map(
      (tick) =>
        `<path d="M${x(tick)},4V${y}" stroke="var(--grid,#e3e3e3)"/><text x="${x(tick)}" y="${y + 16}" text-anchor="middle" font-size="${FONT_SIZE}" fill="var(--muted,#595959)">${tick === 0 ? '0' : escapeHtml(formatQuantity(tick, 's'))}</text>`,
    );
  const height = y + 24;
  // Bars that answer a pointer lie on top.
  const below = ticks.join('') + parts.filter((part) => !part.startsWith('<rect')).join('');
  const above = parts.filter((part) => part.startsWith('<rect')).join('');
  return trusted(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(label)}" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif">${below}${coloured.join('')}${above}</svg>`,
  );
}

/** How many queues or engines a drawing leaves out. */
export function lanesLeftOut(excerpt: Excerpt): number {
  const count = (of: (row: Excerpt[number]) => number): number => new Set(excerpt.map(of)).size;
  const beyond = (lanes: number): number => Math.max(0, lanes - MOST_LANES);
  return beyond(count((row) => row.queue)) + beyond(count((row) => row.engine));
}

function lifeOf(row: Excerpt[number], number: number, stages: readonly string[]): Life {
  const at = (stage: string): number =>
    row.start + row.stages.slice(0, stages.indexOf(stage) + 1).reduce((sum, each) => sum + each, 0);
  const dispatched = at('queue');
  return {
    row,
    number,
    queuedFrom: dispatched - (row.stages[stages.indexOf('queue')] ?? 0),
    dispatched,
    completed: at('complete'),
    done: at('notify'),
  };
}

/** Descriptors by queue or engine, lowest number first. */
function lanesOf(lives: readonly Life[], of: (life: Life) => number): { key: number; own: Life[] }[] {
  const keys = [...new Set(lives.map(of))].sort((a, b) => a - b);
  return keys.map((key) => ({ key, own: lives.filter((life) => of(life) === key) }));
}

/** How many wait, from each change on. */
function levels(lives: readonly Life[]): [t: number, level: number][] {
  const changes = lives
    .flatMap(({ queuedFrom, dispatched }): [number, number][] => [
      [queuedFrom, 1],
      [dispatched, -1],
    ])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let level = 0;
  return changes.map(([t, change]) => {
    level += change;
    return [t, Math.max(0, level)];
  });
}

/** Each descriptor on the first place of its engine that is free. */
function stacked(lives: readonly Life[]): { life: Life; place: number }[] {
  const free: number[] = [];
  return [...lives]
    .sort((a, b) => a.dispatched - b.dispatched)
    .map((life) => {
      let place = free.findIndex((until) => until <= life.dispatched);
      if (place < 0) place = free.length;
      free[place] = life.completed;
      return { life, place };
    });
}

/** The stages of a descriptor in its engine, one after the other. */
function segments(life: Life, stages: readonly string[]): { stage: string; from: number; to: number }[] {
  let reached = life.dispatched;
  return stages.slice(stages.indexOf('queue') + 1, stages.indexOf('complete') + 1).flatMap((stage) => {
    const took = life.row.stages[stages.indexOf(stage)] ?? 0;
    const from = reached;
    reached += took;
    return took > 0 ? [{ stage, from, to: reached }] : [];
  });
}

function saidOf({ row, number, done }: Life, stages: readonly string[]): string {
  const parts = stages.flatMap((stage, i) =>
    (row.stages[i] ?? 0) > 0 ? [`${stage} ${formatQuantity(row.stages[i]!, 's')}`] : [],
  );
  return escapeHtml(
    `descriptor ${number + 1} of thread ${row.thread}: ${formatQuantity(done - row.start, 's')} = ${parts.join(' + ')}`,
  );
}
