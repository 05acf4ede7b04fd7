/** Which points could not stand their load, and which numbers still moved while they were measured. */
import type { Results } from '../experiment/results.js';
import { counted, listing } from './names.js';

/** Points that are named; more are counted. */
const NAMED = 3;

/** Sentences about points whose load or metrics need a word; empty when all is well. */
export function verdictNotes(results: Pick<Results, 'points'>): string[] {
  const { points } = results;
  const where = (keys: readonly string[]): string =>
    keys.length <= NAMED ? listing(keys) : `${counted(keys.length, 'point')} of ${points.length}`;
  const overloaded = points.filter((point) => point.load === 'overloaded').map((point) => point.key);
  const notes: string[] = [];
  if (overloaded.length > 0) {
    const what = 'the line grows as long as the load lasts, and latencies with it';
    notes.push(`Overloaded: ${where(overloaded)}; ${what}.`);
  }
  const moving = points
    .filter(({ verdicts }) => Object.values(verdicts).includes('not stationary'))
    .map((point) => point.key);
  if (moving.length > 0) {
    const what = 'numbers still moved while they were measured: a longer measure.warmup, or auto, would help';
    notes.push(`Not stationary: ${where(moving)}; ${what}.`);
  }
  return notes;
}
