/** The comparison as a table for the terminal: as many columns as the window holds, the most telling ones first. */

import { styleText } from 'node:util';
import { limitedMetric } from '../experiment/limits.js';
import type { ResultPoint, Results } from '../experiment/results.js';
import { allotmentText, designsGiven } from './allotment.js';
import { leaderKeys } from './leaders.js';
import { metricTitle } from './names.js';
import { divided, marginText, meanText } from './numbers.js';
import { type Overview, overview, type Place } from './overview.js';
import { sparklines } from './sparkline.js';
import { clip, wrap } from './text-layout.js';
import { verdictNotes } from './verdict-notes.js';

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

/** A line of the table: a point, or what one tenant of several got at it. */
interface Row {
  point: ResultPoint;
  place: Place;
  tenant: string | null;
}

/** A column, filled for every row. */
interface Column {
  heading: string;
  cells: ReadonlyMap<Row, Cell>;
}

interface Cell {
  text: string;
  /** Half-width, dropped from all cells when space is short. */
  margin: string;
  leads: boolean;
}

const GAP = '  ';
/** Columns that should fit before margins are worth their space. */
const COLUMNS_BEFORE_MARGINS = 3;

/**
 * The comparison table, its curves, what each guest was given and the limits that broke. Every line ends in a newline and
 * is no wider than the window, from 40 columns up.
 *
 * @param options.width columns of the window
 * @param options.colour whether escape codes may be used
 */
export function renderTable(results: Results, options: { width: number; colour: boolean }): string {
  const view = overview(results);
  // The caller has decided about colour; styleText must not decide again by looking at this process's stdout.
  const paint: Paint = (style, text) =>
    options.colour ? styleText(style, text, { validateStream: false }) : text;
  const width = Math.max(20, options.width);
  const curves = sparklines(view, width);
  return [
    ...table(view, width, paint),
    ...(curves.length > 0 ? ['', ...curves] : []),
    ...legend(view, width, paint),
    ...limits(view, width, paint),
  ]
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

function table(view: Overview, width: number, paint: Paint): string[] {
  const rows = listRows(view);
  const longest = Math.max(6, ...rows.map((row) => nameOf(row).length));
  const named = Math.min(longest, Math.max(8, Math.floor(width / 2)));
  const letters = view.allotments.length > 1;
  const marks = rows.some((row) => markOf(view, row.point) !== '');
  const first = GAP.length + named + (letters ? 2 : 0) + (marks ? 2 : 0);
  const { shown, margins } = chooseColumns(columns(view, rows), width - first);
  const lines = [paint('bold', `${' '.repeat(first)}${shown.map((c) => heading(c, margins)).join('')}`)];
  let place: Place | null = null;
  for (const row of rows) {
    if (row.place !== place && row.place.label !== '') {
      lines.push(paint('bold', clip(placeHeading(view, row.place), width)));
    }
    place = row.place;
    const name = `${GAP}${clip(nameOf(row), named).padEnd(named)}`;
    const own = row.tenant === null;
    const letter = letters ? paint('dim', ` ${own ? view.allotment(row.point).letter : ' '}`) : '';
    const mark = marks ? paint('red', ` ${(own ? markOf(view, row.point) : '').padEnd(1)}`) : '';
    lines.push(name + letter + mark + shown.map((c) => drawCell(c, row, margins, paint)).join(''));
  }
  return lines;
}

/** Points by place and design, each followed by its tenants where there are several. */
function listRows(view: Overview): Row[] {
  const tenants = view.tenants.length > 1 ? view.tenants : [];
  return view.places.flatMap((place) =>
    view.designs.flatMap(({ id }) => {
      const point = view.point(id, place);
      return point === undefined ? [] : [null, ...tenants].map((tenant) => ({ point, place, tenant }));
    }),
  );
}

function nameOf({ point, tenant }: Row): string {
  return tenant === null ? point.design : `${GAP}${tenant}`;
}

/** Columns in falling order of importance. Amounts per device are only worth a column where devices differ. */
function columns(view: Overview, rows: readonly Row[]): Column[] {
  const leaders = leaderKeys(view);
  const column = (title: string, cell: (row: Row) => Cell): Column => ({
    heading: title,
    cells: new Map(rows.map((row) => [row, cell(row)])),
  });
  const metric = (name: string): Column =>
    column(metricTitle(name), ({ point, tenant }) => {
      const value = (tenant === null ? point.metrics : point.tenants[tenant])?.[name];
      return {
        text: meanText(value, view.unit(name)),
        margin: marginText(value, view.unit(name)),
        leads: tenant === null && leaders.has(`${name} ${point.key}`),
      };
    });
  const names = [
    'throughput',
    'latency_p99',
    'latency_p50',
    'cpu_per_descriptor',
    'boot_time',
    'provision_time',
  ];
  const known = names.filter((name) => view.metrics.includes(name)).map(metric);
  const unequal = new Set(view.results.points.map((point) => point.devices)).size > 1;
  if (!unequal) return known;
  const perDevice = column('per device', ({ point, tenant }) => {
    const throughput = point.metrics.throughput;
    if (throughput === undefined || tenant !== null) return { text: '', margin: '', leads: false };
    const share = divided(throughput, Math.max(1, point.devices));
    return { text: meanText(share, 'B/s'), margin: '', leads: false };
  });
  return [...known.slice(0, 1), perDevice, ...known.slice(1)];
}

/** As many columns as fit, with margins if enough fit so. */
function chooseColumns(all: readonly Column[], room: number): { shown: Column[]; margins: boolean } {
  const take = (margins: boolean): Column[] => {
    let used = 0;
    return all.filter((column, i) => {
      used += GAP.length + widthOf(column, margins);
      return used <= room || i === 0;
    });
  };
  const generous = take(true);
  return generous.length >= Math.min(COLUMNS_BEFORE_MARGINS, all.length)
    ? { shown: generous, margins: true }
    : { shown: take(false), margins: false };
}

/** Widths of the two halves of a column's cells; the margin's includes the blank before it. */
function halves(column: Column, margins: boolean): { text: number; margin: number } {
  const cells = [...column.cells.values()];
  const margin = margins ? Math.max(0, ...cells.map((cell) => cell.margin.length)) : 0;
  return { text: Math.max(0, ...cells.map((cell) => cell.text.length)), margin: margin > 0 ? margin + 1 : 0 };
}

function widthOf(column: Column, margins: boolean): number {
  const { text, margin } = halves(column, margins);
  return Math.max(column.heading.length, text + margin);
}

function heading(column: Column, margins: boolean): string {
  return GAP + column.heading.padStart(widthOf(column, margins));
}

function drawCell(column: Column, row: Row, margins: boolean, paint: Paint): string {
  const cell = column.cells.get(row)!;
  const { margin } = halves(column, margins);
  const pad = ' '.repeat(widthOf(column, margins) - margin - cell.text.length);
  const text = cell.leads ? paint(['bold', 'green'], cell.text) : cell.text;
  return `${GAP}${pad}${text}${margin > 0 ? paint('dim', cell.margin.padStart(margin)) : ''}`;
}

/** ✗ where a limit broke, ! where descriptors were lost or the model warns. */
function markOf(view: Overview, point: ResultPoint): string {
  if (view.results.limits.some((limit) => !limit.held && limit.point === point.key)) return '✗';
  const { failed, rejected } = point.conservation;
  return failed + rejected > 0 || point.warnings.length > 0 ? '!' : '';
}

function placeHeading(view: Overview, place: Place): string {
  return view.results.sweep.length === 1 ? `${view.axis!.title} ${place.label}` : place.label;
}

function legend(view: Overview, width: number, paint: Paint): string[] {
  if (view.results.points.length === 0) return [];
  const letters = view.allotments.length > 1;
  const lines = view.allotments.flatMap((allotment) =>
    wrap(
      `${designsGiven(view, allotment)}: ${allotmentText(allotment)}`,
      width,
      letters ? `${allotment.letter} ` : '',
    ),
  );
  if (leaderKeys(view).size > 0 && view.designs.length > 1) {
    lines.push(...wrap('Highlighted: in front among equal resources, ties included.', width, ''));
  }
  if (view.results.points.some((point) => markOf(view, point) === '!')) {
    lines.push(
      ...wrap('Descriptors failed or were rejected, or the model warns: see the report.', width, '! '),
    );
  }
  lines.push(...verdictNotes(view.results).flatMap((note) => wrap(note, width, '')));
  return ['', ...lines.map((line) => paint('dim', line))];
}

function limits(view: Overview, width: number, paint: Paint): string[] {
  return view.results.limits
    .filter((limit) => !limit.held)
    .flatMap((limit) => {
      const value = meanText(
        { mean: limit.value, half_width: null, values: [] },
        view.unit(limitedMetric(limit)),
      );
      return wrap(`${limit.text} does not hold for ${view.pointTitle(limit.point)}: ${value}`, width, '✗ ');
    })
    .map((line) => paint('red', line));
}
