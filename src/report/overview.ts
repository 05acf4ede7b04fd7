/**
 * The result document arranged for reading: places of the sweep in order, designs in order, and who was given what.
 * Nothing here depends on the order of keys in a record, so a document reads the same fresh and from its file.
 */
import type { Resources, ResultDesign, ResultPoint, Results } from '../experiment/results.js';
import { METRICS } from '../models/metrics.js';
import { formatQuantity, type SiUnit } from '../workload/format.js';
import { axisTitle } from './names.js';

/** One combination of sweep values. */
export interface Place {
  index: number;
  /** For people: `4 KiB`, or `size 4 KiB, batch 32` with several axes; empty without a sweep. */
  label: string;
  /** Value on the main axis; null when there is none or it is not a number. */
  x: number | null;
  /** The values on all other axes in words; places of equal facet form one curve. */
  facet: string;
}

/** The axis that charts run along. */
interface MainAxis {
  path: string;
  title: string;
  unit: SiUnit;
  /** Whether all values are numbers, so that curves can be drawn. */
  numeric: boolean;
}

/** What the instances of a point were given. Points of equal allotment are ranked together. */
export interface Allotment {
  /** A, B, C … in order of appearance. */
  letter: string;
  devices: number;
  resources: readonly Resources[];
}

/** A result document with its places, allotments and look-ups. */
export interface Overview {
  results: Results;
  designs: readonly ResultDesign[];
  places: readonly Place[];
  /** Null without a sweep. */
  axis: MainAxis | null;
  allotments: readonly Allotment[];
  /** All metric names of the document, in the order of the catalogue. */
  metrics: readonly string[];
  /** Tenants of the document, in order. */
  tenants: readonly string[];
  point(design: string, place: Place): ResultPoint | undefined;
  /** A point's name for people, by its key: `vfio-user at 64 B`. */
  pointTitle(key: string): string;
  allotment(point: ResultPoint): Allotment;
  unit(metric: string): SiUnit;
  /** Position of a design, which decides its colour, line and mark. */
  position(design: string): number;
}

const UNITS: readonly SiUnit[] = ['s', 'B/s', '1/s', 'B', 'Hz', ''];

/** A unit as the document writes it, or none when it is not one that we know how to scale. */
export function siUnit(unit: string): SiUnit {
  return UNITS.find((known) => known === unit) ?? '';
}

/** Arranges a result document. */
export function overview(results: Results): Overview {
  const axis = mainAxis(results);
  const { places, placeOf } = listPlaces(results, axis);
  const byDesign = new Map<string, Map<number, ResultPoint>>();
  for (const point of results.points) {
    const row = byDesign.get(point.design) ?? new Map<number, ResultPoint>();
    byDesign.set(point.design, row.set(placeOf(point).index, point));
  }
  const { allotments, allotment } = listAllotments(results);
  const positions = new Map(results.designs.map((design, i) => [design.id, i]));
  return {
    results,
    designs: results.designs,
    places,
    axis,
    allotments,
    metrics: metricNames(results),
    tenants: tenantNames(results),
    point: (design, place) => byDesign.get(design)?.get(place.index),
    pointTitle: (key) => {
      const point = results.points.find((candidate) => candidate.key === key);
      if (point === undefined) return key;
      const { label } = placeOf(point);
      return label === '' ? point.design : `${point.design} at ${label}`;
    },
    allotment,
    unit: (metric) => siUnit(results.metrics[metric]?.unit ?? ''),
    position: (design) => positions.get(design) ?? 0,
  };
}

/** The numeric axis of most values, else the axis of most values. */
function mainAxis(results: Results): MainAxis | null {
  const candidates = results.sweep.map((axis) => ({
    path: axis.path,
    title: axisTitle(axis.path),
    unit: siUnit(axis.unit),
    numeric: axis.numbers.every((n) => n !== null),
    length: axis.values.length,
  }));
  candidates.sort((a, b) => Number(b.numeric) - Number(a.numeric) || b.length - a.length);
  const best = candidates[0];
  if (best === undefined) return null;
  return { path: best.path, title: best.title, unit: best.unit, numeric: best.numeric };
}

function listPlaces(
  results: Results,
  axis: MainAxis | null,
): { places: Place[]; placeOf: (point: ResultPoint) => Place } {
  const keyOf = (point: ResultPoint) => JSON.stringify(results.sweep.map(({ path }) => point.at[path] ?? ''));
  const places = new Map<string, Place>();
  const distinct = new Set(results.points.map(keyOf)).size;
  // Axes that walk together (zip) have as many places as values and form one curve.
  const zipped = results.sweep.length > 1 && results.sweep.every(({ values }) => values.length === distinct);
  for (const point of results.points) {
    const key = keyOf(point);
    if (places.has(key)) continue;
    const words = results.sweep.map(({ path, unit, values, numbers }) => {
      const text = point.at[path] ?? '';
      const number = numbers[values.indexOf(text)] ?? null;
      const value = number !== null && unit !== '' ? formatQuantity(number, siUnit(unit)) : text;
      return { path, number, alone: value, named: `${axisTitle(path)} ${value}` };
    });
    const others = words.filter((word) => word.path !== axis?.path);
    places.set(key, {
      index: places.size,
      label: words.length === 1 ? words[0]!.alone : words.map((word) => word.named).join(', '),
      x: words.find((word) => word.path === axis?.path)?.number ?? null,
      facet: zipped ? '' : others.map((word) => word.named).join(', '),
    });
  }
  return { places: [...places.values()], placeOf: (point) => places.get(keyOf(point))! };
}

function listAllotments(results: Results): Pick<Overview, 'allotments' | 'allotment'> {
  const keyOf = (point: ResultPoint) =>
    JSON.stringify([
      point.devices,
      point.resources.map((r) => [
        r.tenant,
        r.instances,
        r.devices_per_instance,
        r.engines_per_instance,
        r.work_queues_per_instance,
        r.entries_per_instance,
        r.mode,
      ]),
    ]);
  const byKey = new Map<string, Allotment>();
  for (const point of results.points) {
    const key = keyOf(point);
    if (byKey.has(key)) continue;
    byKey.set(key, { letter: letter(byKey.size), devices: point.devices, resources: point.resources });
  }
  return { allotments: [...byKey.values()], allotment: (point) => byKey.get(keyOf(point))! };
}

/** A … Z, then A1 … */
function letter(index: number): string {
  const base = String.fromCharCode(65 + (index % 26));
  return index < 26 ? base : `${base}${Math.floor(index / 26)}`;
}

function metricNames(results: Results): string[] {
  const known = METRICS.map((metric) => metric.name).filter((name) => name in results.metrics);
  const others = Object.keys(results.metrics).filter((name) => !known.includes(name));
  return [...known, ...others.sort()];
}

function tenantNames(results: Results): string[] {
  return [...new Set(results.points.flatMap((point) => point.resources.map((r) => r.tenant)))];
}
