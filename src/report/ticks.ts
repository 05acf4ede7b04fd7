/** Where axes put their marks, and what they say there. */
import { formatQuantity, type SiUnit } from '../workload/format.js';

/** A scale with the places of its ticks. */
export interface Axis {
  type: 'linear' | 'log';
  domain: [low: number, high: number];
  ticks: number[];
}

/** Steps of a decade that make readable ticks. */
const STEPS = [1, 2, 2.5, 5, 10];
/** Values further apart than this factor are shown on a logarithmic axis where both are possible. */
const LOG_FROM = 8;
/** Logarithmic axes shorter than this carry 2 and 5 beside 1. */
const FEW_DECADES = 2.4;

/** Linear axis from zero to just above the largest value. */
export function axisFromZero(values: readonly number[], count = 5): Axis {
  const high = Math.max(0, ...values);
  if (!(high > 0)) return { type: 'linear', domain: [0, 1], ticks: [0] };
  const step = niceStep(high / count);
  const last = Math.ceil(high / step - 1e-9);
  const ticks = Array.from({ length: last + 1 }, (_, i) => round(i * step));
  return { type: 'linear', domain: [0, ticks.at(-1)!], ticks };
}

/** Logarithmic axis around values above zero; linear from zero where one is not, or all are close together. */
export function axisAround(values: readonly number[], count = 6): Axis {
  if (values.length === 0) return axisFromZero(values, count);
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!(low > 0)) return axisFromZero(values, count);
  if (high / low < LOG_FROM) return axisBetween(low, high, count);
  const domain: [number, number] = [low / 1.15, high * 1.15];
  const decades = Math.log10(domain[1] / domain[0]);
  const marks = decades < FEW_DECADES ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / count));
  const ticks: number[] = [];
  for (let decade = Math.floor(Math.log10(domain[0])); Number(`1e${decade}`) <= domain[1]; decade += every) {
    for (const mark of marks) ticks.push(Number(`${mark}e${decade}`));
  }
  return { type: 'log', domain, ticks: ticks.filter((tick) => tick >= domain[0] && tick <= domain[1]) };
}

/** Linear axis that need not start at zero: for curves, never for bars. */
function axisBetween(low: number, high: number, count: number): Axis {
  const margin = high > low ? (high - low) * 0.08 : high * 0.1;
  const step = niceStep((high - low + 2 * margin) / count);
  const first = Math.max(0, Math.floor((low - margin) / step));
  const last = Math.ceil((high + margin) / step);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => round((first + i) * step));
  return { type: 'linear', domain: [ticks[0]!, ticks.at(-1)!], ticks };
}

/** At most `count` of some values, evenly taken from the first on. */
export function thinned(values: readonly number[], count: number): number[] {
  if (values.length <= count) return [...values];
  const every = Math.ceil((values.length - 1) / (count - 1));
  return values.filter((_, i) => i % every === 0);
}

/** A vega expression that prints the ticks of an axis in human units. */
export function labelExpression(ticks: readonly number[], unit: SiUnit): string {
  const labels = Object.fromEntries(
    ticks.map((tick) => [String(tick), tick === 0 ? '0' : formatQuantity(tick, unit)]),
  );
  return `(${JSON.stringify(labels)})[''+datum.value]`;
}

function niceStep(least: number): number {
  const power = Number(`1e${Math.floor(Math.log10(least))}`);
  return power * STEPS.find((step) => step * power >= least * (1 - 1e-9))!;
}

/** Drops the rounding noise of multiplication, so that tick values print and look up as written. */
function round(value: number): number {
  return Number(value.toPrecision(12));
}
